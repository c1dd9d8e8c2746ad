"""An export over an earlier one is refused if a row there, perhaps added by hand, would be lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger

FORMATS = [("table", "csv"), ("table", "tsv"), ("csv", "csv"), ("fatebook", "csv")]
OF_ONE_USE = [("table", "xlsx"), ("table", "json"), ("table", "parquet")]


def exported(ledger: Ledger, what: str, file: Path) -> bytes:
    ledger.export(what, file)
    return file.read_bytes()


@pytest.mark.parametrize(("what", "ending"), FORMATS)
def test_a_row_or_cell_added_by_hand_is_never_written_over(
    ledger: Ledger, clock: Clock, tmp_path: Path, what: str, ending: str
) -> None:
    clock.set("2026-02-01")
    ledger.add("It rains, or not", deadline="2027", p=0.3, tags=["sky"])
    ledger.add("It snows", deadline="2027", p=0.4, note="two\nlines", tags=["sky"])
    file = tmp_path / f"out.{ending}"
    first = exported(ledger, what, file)
    assert exported(ledger, what, file) == first
    last_line = first.splitlines(keepends=True)[-1]
    for changed in (
        first + last_line.replace(b"0.", b"0.1").replace(b"%", b"1%").replace(b"snow", b"hail") + b"x",
        first.replace(b"0.3", b"0.35").replace(b"30%", b"35%"),
        first + b"# a comment\n",
    ):
        file.write_bytes(changed)
        with pytest.raises(InvalidValue, match=r"is there already, and its row [0-9] \(.* would be lost; import what"):
            ledger.export(what, file)
        assert file.read_bytes() == changed
        assert len(list(tmp_path.glob("out*"))) == 1
    file.write_bytes(first)
    ledger.add("It hails", deadline="2027", p=0.5, note="new", tags=["sky"])
    assert len(exported(ledger, what, file)) > len(first)


def test_a_row_that_has_gained_a_verdict_is_written_over_what_it_was(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-02-01")
    for text in ("It rains", "It snows"):
        ledger.add(text, deadline="2027", p=0.3)
    clock.set("2026-03-01")
    ledger.resolve("it-rains", "yes", happened_on="2026-02-20")
    exported(ledger, "table", tmp_path / "out.csv")
    ledger.resolve("it-snows", "yes", happened_on="2026-02-20")
    assert exported(ledger, "table", tmp_path / "out.csv").count(b"2026-02-20") >= 2


@pytest.mark.parametrize(("what", "ending"), OF_ONE_USE)
def test_formats_that_people_cannot_read_line_by_line_replace_nothing(
    ledger: Ledger, tmp_path: Path, what: str, ending: str
) -> None:
    ledger.add("It rains", deadline="2027", p=0.3)
    before = exported(ledger, what, tmp_path / f"out.{ending}")
    with pytest.raises(InvalidValue, match="is there already"):
        ledger.export(what, tmp_path / f"out.{ending}")
    assert (tmp_path / f"out.{ending}").read_bytes() == before
