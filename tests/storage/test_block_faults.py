"""What no import can have written is named by verify and by the script alike, though every hash of it is right.

Somebody who writes a ledger again can seal any bytes as a block: so both decode each block, and check order, ranks,
values and what stands beside it. The control is the same import without the fault.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest
from imports_by_hand import HALF, NOON, SURE, WITHDRAWAL, Block, Draft, write_import
from tampering import checked, tamper
from verify_scripts import FILES, run

from predictions.timestamps import EARLIEST, LATEST

MINUS_ZERO, INFINITY, OTHER_NAN = 0x8000000000000000, 0x7FF0000000000000, 0x7FF8000000000001


def change(block: int, row: int, **cells: int) -> Callable[[Draft], None]:
    """Give cells of one row other values."""

    def changed(draft: Draft) -> None:
        rows = draft.blocks[block].rows
        names = ("claim", "forecaster", "made_at", "bits")
        values = [cells.get(name, value) for name, value in zip(names, rows[row], strict=True)]
        rows[row] = (values[0], values[1], values[2], values[3])

    return changed


def swap(draft: Draft) -> None:
    rows = draft.blocks[0].rows
    rows[0], rows[1] = rows[1], rows[0]


def beside(block: int, **values: object) -> Callable[[Draft], None]:
    return lambda draft: draft.blocks[block].__dict__.update(values)


def whole(**values: object) -> Callable[[Draft], None]:
    return lambda draft: draft.__dict__.update(values)


def turn_round(draft: Draft) -> None:
    draft.blocks.reverse()


def many_rows(count: int) -> Callable[[Draft], None]:
    rows = [(0, 0, NOON + number, HALF) for number in range(count)]
    return whole(blocks=[Block(rows)], forecasts=count)


GOOD = {
    "nothing": whole(),
    "a withdrawal": change(1, 1, bits=WITHDRAWAL),
    "the first moment there is": change(0, 0, made_at=EARLIEST),
    "the last one": change(1, 1, made_at=LATEST),
    "certainty": change(1, 1, bits=SURE),
    "records beside the blocks": whole(forecasts=7),
    "a full block": many_rows(4096),
}
BESIDE = "its number of rows, or its first or last claim, is not what stands beside it"
BAD = {
    "rows out of order": (swap, "block 0: its rows are not in order"),
    "a row twice": (change(0, 1, made_at=NOON), "block 0: its rows are not in order"),
    "blocks out of order": (turn_round, "block 1: its rows are not in order"),
    "the last row of the block before": (
        lambda draft: draft.blocks[1].rows.insert(0, draft.blocks[0].rows[-1]),
        "block 1: its rows are not in order",
    ),
    "a claim beyond the list": (change(1, 1, claim=3), "block 1: it has a rank beyond"),
    "a forecaster beyond the list": (change(0, 2, forecaster=2), "block 0: it has a rank beyond"),
    "a forecaster far beyond": (change(0, 2, forecaster=2**32 - 1), "block 0: it has a rank beyond"),
    "a time before the year 1": (change(0, 0, made_at=EARLIEST - 1), "it has a time outside the years 0001 to 9999"),
    "a time after 9999": (change(1, 1, made_at=LATEST + 1), "it has a time outside the years 0001 to 9999"),
    "more than certainty": (change(1, 1, bits=SURE + 1), "block 1: it has a value that is no probability"),
    "less than nothing": (change(1, 1, bits=MINUS_ZERO + 1), "block 1: it has a value that is no probability"),
    "no number of the usual kind": (change(1, 1, bits=OTHER_NAN), "it has a value that is no probability"),
    "infinity": (change(0, 0, bits=INFINITY), "block 0: it has a value that is no probability"),
    "zero with a sign": (change(0, 3, bits=MINUS_ZERO), "block 0: it has a value that is no probability"),
    "another kind": (beside(1, kind=5), "its kind is 5"),
    "a row less in the header": (beside(0, size=3), "its length is not that of its rows"),
    "a row more in the header": (beside(0, size=5), "its length is not that of its rows"),
    "bytes after the rows": (beside(1, tail=b"\0"), "its length is not that of its rows"),
    "no rows": (beside(1, size=0), "its length is not that of its rows"),
    "more rows than a block has": (many_rows(4097), "its length is not that of its rows"),
    "another number beside it": (beside(0, forecasts=3), BESIDE),
    "another first claim beside it": (beside(1, first_claim="rain"), BESIDE),
    "another last claim beside it": (beside(0, last_claim="rain"), BESIDE),
    "more rows than were imported": (whole(forecasts=5), "blocks hold "),
    "a position left out": (beside(1, position=2), ""),
    "a list out of order": (whole(claims=("rain", "sun", "snow")), "is not in order"),
    "a claim twice in the list": (whole(claims=("rain", "snow", "snow", "sun")), "is not in order"),
    "a list that ends within a number": (whole(tail=b"\0"), ""),
    "a claim more in the list than sealed": (whole(tail=pack("<I", 4)), "list"),
    "no lists": (whole(with_lists=False), ""),
}  # fmt: skip


def verdicts(path: Path) -> tuple[str, str]:
    """What verify says first, and what the script says; empty where all is well."""
    found, said = checked(path), run(FILES, str(path))
    assert "Traceback" not in said.stderr
    return "; ".join(map(str, found.faults)), said.stderr.strip()


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_an_import_put_in_by_hand_is_good_to_both(change: Callable[[Draft], object], tmp_path: Path) -> None:
    write_import(tmp_path / "ledger.db", change)

    assert verdicts(tmp_path / "ledger.db") == ("", "")


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_what_no_import_writes_is_named_by_both(change: Callable[[Draft], object], words: str, tmp_path: Path) -> None:
    write_import(tmp_path / "ledger.db", change)

    ours, theirs = verdicts(tmp_path / "ledger.db")

    assert ours
    assert theirs.startswith("not ok: ")
    assert words in ours
    assert words in theirs


TAMPERED = {
    "another probability": "update block set content = "
    "cast(substr(content, 1, length(content) - 2) || x'f03f' as blob) where position = 1",
    "another header": "update block set content = cast(x'02' || substr(content, 2) as blob) where position = 0",
    "another digest": "update block set digest = zeroblob(32) where position = 1",
    "another number beside it": "update block set forecasts = forecasts + 1 where position = 0",
    "another claim beside it": "update block set last_claim = first_claim where position = 0",
    "another place": "update block set position = 7 where position = 1",
    "a block gone": "delete from block where position = 1",
    "a block twice": "insert into block select import, 2, forecasts, first_claim, last_claim, digest, content "
    "from block where position = 1",
    "blocks exchanged": "update block set position = 1 - position + 10; update block set position = position - 10",
    "another list": "update import_list set claims = "
    "cast(substr(claims, 5, 4) || substr(claims, 1, 4) || substr(claims, 9) as blob)",
    "a list cut": "update import_list set forecasters = substr(forecasters, 1, 4)",
    "a list cut within a number": "update import_list set forecasters = substr(forecasters, 1, 7)",
    "a list gone": "delete from import_list",
    "a list of what is no claim": "update import_list set claims = cast(forecasters || substr(claims, 1, 4) as blob)",
    "the import gone": "delete from import",
    "the count of blocks": "update import set blocks = 0",
    "the number of forecasts": "update import set forecasts = 60",
    "a block of no import": "update block set import = 999 where position = 1",
    "a list of no import": "insert into import_list values (999, x'', x'')",
    "words of a statement": "update statement set words = zeroblob(32)",
    "text of a statement": "update statement set text = upper(text)",
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_afterwards_is_named_by_both(statements: str, tmp_path: Path) -> None:
    write_import(tmp_path / "ledger.db")
    tamper(tmp_path / "ledger.db", *statements.split("; "))

    ours, theirs = verdicts(tmp_path / "ledger.db")

    assert ours
    assert theirs.startswith("not ok: ")


def test_with_the_sealed_digest_alone_a_wrong_block_would_pass(tmp_path: Path) -> None:
    """The control of the decoding: the hashes of such a ledger are all right, entry by entry."""
    write_import(tmp_path / "ledger.db", BAD["rows out of order"][0])

    faults = checked(tmp_path / "ledger.db").faults

    assert [(fault.record, fault.what) for fault in faults] == [("import 1", BAD["rows out of order"][1])]
