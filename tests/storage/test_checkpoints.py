"""Heads as text and as C2SP checkpoints: what is read, what is refused, and what a ledger makes of each."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Clock
from hypothesis import given
from hypothesis import strategies as st

from predictions import Head, InvalidValue, Ledger
from predictions.storage.checkpoints import (
    ORIGIN,
    looks_like_a_head,
    read_checkpoint,
    read_head,
    read_heads,
    same_ledger,
)

LEDGER_ID = "0123456789abcdef" * 2
HEAD = Head(214, bytes(range(32)), LEDGER_ID)
ROOT = b64encode(HEAD.root).decode()
CHECKPOINT = f"{ORIGIN}{LEDGER_ID}\n214\n{ROOT}\n"


def test_a_checkpoint_is_origin_size_and_root_in_three_lines() -> None:
    assert HEAD.checkpoint() == CHECKPOINT


@given(st.integers(0, 10**15 - 1), st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_every_head_comes_back_from_its_text_and_its_checkpoint(size: int, root: bytes, ledger_id: bytes) -> None:
    head = Head(size, root, ledger_id.hex())

    assert read_head(head.checkpoint()) == read_checkpoint(head.checkpoint()) == head
    assert read_head(str(head)) == head._replace(ledger_id="")


def test_a_signed_checkpoint_is_read_without_its_signatures() -> None:
    assert read_head(f"{CHECKPOINT}\n— somebody AAAA\n— else BBBB\n") == HEAD


@pytest.mark.parametrize(
    "text",
    [
        CHECKPOINT.replace("\n214\n", "\n0214\n"),
        CHECKPOINT.replace("\n214\n", "\n+214\n"),
        CHECKPOINT.replace("\n214\n", "\n2_14\n"),
        CHECKPOINT.replace("\n214\n", "\n-1\n"),
        CHECKPOINT.replace("\n214\n", "\n٢١٤\n"),
        CHECKPOINT.replace("\n214\n", "\n" + "9" * 16 + "\n"),
        CHECKPOINT.replace("predictions.invalid", "example.com"),
        CHECKPOINT.replace(LEDGER_ID, LEDGER_ID[:-1]),
        CHECKPOINT.replace(LEDGER_ID, LEDGER_ID.upper()),
        CHECKPOINT.replace(ROOT, ROOT[:-1]),
        CHECKPOINT.replace(ROOT, ROOT[:-2] + "9="),
        CHECKPOINT.replace(ROOT, ROOT[:20]),
        CHECKPOINT.replace(ROOT, " " + ROOT),
        CHECKPOINT.replace("\n", "\r\n"),
        CHECKPOINT + "an extension line\n",
        CHECKPOINT + "\nno signature\n",
        "\n" + CHECKPOINT,
        f"{ORIGIN}{LEDGER_ID}\n214\n",
        "\n\n\n\n",
        "1\n2",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_head(text)


@pytest.mark.parametrize("text", ["", "214", "214:", "214:abc", "214:abcdefabcdef0", "x:" + "a" * 64, "214:" + "A" * 64,
                                  "214:" + "a" * 66, "٢١٤:" + "a" * 64, 214, None, b"214:" + b"a" * 64])  # fmt: skip
def test_what_is_no_head_is_refused(text: object) -> None:
    with pytest.raises(InvalidValue, match="is no head"):
        read_head(text)


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    for read in (read_head, read_heads, read_checkpoint):
        with suppress(InvalidValue):
            assert read(text)


def test_several_heads_are_read_from_lines_without_notes_and_empty_ones_in_order_of_size() -> None:
    text = f"# kept on the notice board\n\n{HEAD}\n7:{'ab' * 32}\n"

    assert [head.size for head in read_heads(text)] == [7, 214]
    assert read_heads([HEAD, "7:" + "ab" * 32]) == (*read_heads(text)[:1], HEAD)
    assert read_heads(CHECKPOINT) == (HEAD,)
    signed = f"{CHECKPOINT}\n— {ORIGIN}{LEDGER_ID} AAAA\n"
    assert read_heads(f"{text}{signed}\n\n{CHECKPOINT}{signed}") == (*read_heads(text), HEAD, HEAD, HEAD)
    assert read_heads([text, CHECKPOINT]) == (*read_heads(text), HEAD)
    for wrong in (CHECKPOINT + text, f"{text}214\n", ["", CHECKPOINT]):
        with pytest.raises(InvalidValue):
            read_heads(wrong)


@pytest.mark.parametrize("nothing", ["", "\n\n", "# a note\n", []])
def test_no_head_at_all_is_refused(nothing: object) -> None:
    with pytest.raises(InvalidValue, match="no head there"):
        read_heads(nothing)


def test_a_shortened_head_and_a_long_text_are_refused_for_comparison() -> None:
    with pytest.raises(InvalidValue, match="shortened"):
        read_heads("214:abcdefabcdef")
    with pytest.raises(InvalidValue, match="a text of 100,001 characters is no head"):
        read_heads("#" * 100_001)


def test_a_head_without_its_ledger_or_whole_root_makes_no_checkpoint() -> None:
    for head in (HEAD._replace(ledger_id=""), HEAD._replace(root=HEAD.root[:6])):
        with pytest.raises(InvalidValue, match="no checkpoint can be made of it"):
            head.checkpoint()


def test_days_and_moments_do_not_look_like_heads() -> None:
    assert all(looks_like_a_head(value) for value in (HEAD, str(HEAD), HEAD.short, CHECKPOINT))
    assert not any(looks_like_a_head(value) for value in ("2026-01-01", "2026-01-01T00:00Z", None, 214))


def test_a_head_of_another_ledger_is_refused_and_one_that_names_none_is_not() -> None:
    with pytest.raises(InvalidValue, match=rf"is a head of the ledger {LEDGER_ID}; this one is {'f' * 32}"):
        same_ledger(HEAD, "f" * 32)
    assert same_ledger(HEAD._replace(ledger_id=""), "f" * 32).size == 214


def test_as_of_takes_a_head_its_text_short_or_whole_and_its_checkpoint(ledger: Ledger) -> None:
    ledger.add("It rains in Lisbon", deadline="2026-06-30", p=0.3)
    then = ledger.head()
    ledger.add("It rains in Porto", deadline="2026-06-30", p=0.4)

    boards = {str(ledger.board(as_of=as_of)) for as_of in (then, str(then), then.short, then.checkpoint())}

    assert len(boards) == 1
    assert "Porto" not in boards.pop()


def test_as_of_refuses_a_head_of_another_ledger_as_such(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.db") as other:
        foreign = other.head()

    with pytest.raises(InvalidValue, match=f"is a head of the ledger {foreign.ledger_id}"):
        ledger.board(as_of=foreign.checkpoint())
    with pytest.raises(InvalidValue, match="is no head of this ledger"):
        ledger.board(as_of=str(foreign))


def test_verify_takes_a_head_in_every_form_and_names_where_several_part(ledger: Ledger) -> None:
    heads = [ledger.head()]
    for place in ("Lisbon", "Porto", "Faro"):
        ledger.add(f"It rains in {place}", deadline="2026-06-30", p=0.3)
        heads.append(ledger.head())
    forged = heads[2]._replace(root=bytes(32))

    good = [ledger.verify(head=head) for head in (heads[1], str(heads[1]), heads[1].checkpoint(), heads,
                                                  "\n".join(map(str, heads)))]  # fmt: skip
    bad = ledger.verify(head=[heads[1], forged, heads[3]])

    assert all(verification.ok and verification.head_compared for verification in good)
    assert not bad.ok
    assert "they part at or before seal 3" in str(bad.faults[0])
    assert f"after entry {heads[1].size - 1}, up to which a head agrees" in str(bad.faults[0])


def test_verify_says_so_of_a_head_of_another_ledger_and_of_a_longer_one(ledger: Ledger) -> None:
    here = ledger.head()

    other = ledger.verify(head=here._replace(ledger_id="f" * 32))
    longer = ledger.verify(head=here._replace(size=here.size + 1))

    assert f"is of the ledger {'f' * 32}; this one says it is {here.ledger_id}" in str(other.faults[0])
    assert "cut at its end, or is an older copy" in str(longer.faults[0])


def test_a_head_shows_itself_as_it_is_kept():
    head = Head(2, bytes(32))

    assert repr(head) == f"<Head {head}>"
