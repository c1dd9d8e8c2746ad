"""Signed notes against the reference implementation's own, and against whoever changes one after it was signed."""

from __future__ import annotations

import stat
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_notes import HEAD, KEY, NOTE, SAMPLE, SAMPLE_PRIVATE, SAMPLE_PUBLIC, SAMPLE_TEXT

from predictions import InvalidValue, Ledger, LedgerError, MissingExtra
from predictions.trust.signatures import (
    PrivateKey,
    make_key,
    open_head,
    open_note,
    read_private_key,
    read_public_key,
    sign_head,
    sign_note,
)


def other_key(name: str = HEAD.origin) -> PrivateKey:
    return PrivateKey(name, sha256(b"another seed").digest())


def test_the_sample_note_of_the_reference_implementation_verifies() -> None:
    assert open_note(SAMPLE, read_public_key(SAMPLE_PUBLIC)) == SAMPLE_TEXT


def test_the_sample_key_signs_the_sample_note_byte_for_byte() -> None:
    key = read_private_key(SAMPLE_PRIVATE)

    assert sign_note(SAMPLE_TEXT, key) == SAMPLE
    assert (str(key.public), key.text) == (SAMPLE_PUBLIC, SAMPLE_PRIVATE)


def test_a_signed_head_comes_back_once_its_signature_was_found_good() -> None:
    assert open_head(NOTE, KEY.public) == HEAD
    assert NOTE.startswith(HEAD.checkpoint() + "\n— " + HEAD.origin + " ")


def test_a_key_comes_back_from_its_text_and_hides_its_seed() -> None:
    key = make_key("ana.example/ledger")

    assert read_private_key(key.text + "\n") == key
    assert read_public_key(str(key.public)) == key.public
    assert repr(key) == "PrivateKey('ana.example/ledger')"
    assert make_key("ana.example/ledger") != key


def test_a_wrong_key_is_refused_also_under_the_right_name() -> None:
    with pytest.raises(InvalidValue, match="is not signed by"):
        open_head(NOTE, other_key().public)


def test_a_signature_that_only_pretends_to_be_of_the_key_is_refused() -> None:
    forged = b64encode(KEY.public.id + b64decode(sign_note("else\n", KEY).split()[-1])[4:]).decode()

    with pytest.raises(InvalidValue, match="is not good"):
        open_head(f"{HEAD.checkpoint()}\n— {HEAD.origin} {forged}\n", KEY.public)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("\n214\n", "\n215\n"),
        ("\n214\n", "\n0214\n"),
        ("\n214\n", "\n214\n\n"),
        (HEAD.ledger_id, HEAD.ledger_id[::-1]),
        ("=\n\n", "=\nan extension line\n\n"),
        ("=\n\n", "=\n\n\n"),
        ("predictions.invalid", "predictions.example"),
        ("\n\n—", "\n—"),
        ("— ", "- "),
        ("— ", "—  "),
        ("\n214\n", "\r\n214\n"),
        ("\n214\n", "\n214\x00\n"),
    ],
)
def test_a_changed_note_is_refused(was: str, becomes: str) -> None:
    assert was in NOTE

    with pytest.raises(InvalidValue):
        open_head(NOTE.replace(was, becomes, 1), KEY.public)


def test_a_note_with_any_character_changed_is_refused() -> None:
    taken = []
    for place, character in enumerate(NOTE):
        with suppress(InvalidValue):
            taken.append((place, open_head(NOTE[:place] + chr(ord(character) ^ 1) + NOTE[place + 1 :], KEY.public)))

    assert taken == []


def test_extra_lines_are_refused_also_where_the_key_signed_them() -> None:
    for extra in ("an extension\n", "\n— somebody AAAA\n"):
        with pytest.raises(InvalidValue):
            open_head(sign_note(HEAD.checkpoint() + extra, KEY), KEY.public)


def test_a_checkpoint_of_another_ledger_is_refused_though_the_key_signed_it() -> None:
    foreign = HEAD._replace(ledger_id="f" * 32)

    with pytest.raises(InvalidValue, match=f"the checkpoint is of {foreign.origin}"):
        open_head(sign_note(foreign.checkpoint(), KEY), KEY.public)
    with pytest.raises(InvalidValue, match="is not this ledger's"):
        sign_head(foreign, KEY)


def test_signatures_of_strangers_are_passed_over_and_each_of_ours_is_looked_at() -> None:
    stranger = sign_note(HEAD.checkpoint(), other_key("stranger.example")).rsplit("\n\n", 1)[1]
    again = NOTE.rsplit("\n\n", 1)[1]
    cut = b64encode(KEY.public.id + b"short").decode()

    assert open_head(NOTE + stranger, KEY.public) == HEAD
    assert open_head(NOTE + again, KEY.public) == HEAD
    with pytest.raises(InvalidValue, match="is not good"):
        open_head(f"{NOTE}— {HEAD.origin} {cut}\n", KEY.public)
    with pytest.raises(InvalidValue, match="no signed note"):
        open_head(NOTE + stranger * 100, KEY.public)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\tb", "\ud800"])
def test_a_name_that_could_be_read_in_two_ways_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="is no name of a key"):
        make_key(name)


@pytest.mark.parametrize("text", ["a line without its end", "tab\there\n", "nul\x00\n", "half \ud800\n", "a\r\n", ""])
def test_a_text_that_cannot_be_a_notes_is_not_signed(text: str) -> None:
    with pytest.raises(InvalidValue, match="a note ends with a new line"):
        sign_note(text, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", SAMPLE_PRIVATE, SAMPLE_PUBLIC[:-4], SAMPLE_PUBLIC.replace("c74f20a3", "c74f20a4"),
        SAMPLE_PUBLIC.replace("+AR", "+Ag"), SAMPLE_PUBLIC.replace("Peter", "Petra"), "x" * 2_000,
        SAMPLE_PUBLIC + "=", "a+b+c", "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)  # fmt: skip
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_public_key(text)


@pytest.mark.parametrize(
    "text", ["", SAMPLE_PUBLIC, SAMPLE_PRIVATE[:-4], SAMPLE_PRIVATE.replace("c74f20a3", "00000000"), "x" * 2_000]
)
def test_what_is_no_private_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_private_key(text)

    assert SAMPLE_PRIVATE[-20:-5] not in str(refused.value)


@settings(max_examples=200)
@given(st.text(max_size=300) | st.text(max_size=80).map(lambda text: NOTE + text))
def test_no_text_makes_a_note_that_was_not_signed(text: str) -> None:
    with suppress(InvalidValue):
        assert open_note(text, KEY.public) == HEAD.checkpoint()
        assert text.startswith(NOTE)


def test_keygen_writes_a_key_of_the_ledgers_name_that_only_its_owner_can_read(ledger: Ledger, tmp_path: Path) -> None:
    public = read_public_key(ledger.keygen(tmp_path / "key"))

    key = read_private_key((tmp_path / "key").read_text())
    assert key.public == public
    assert open_head(sign_head(ledger.head(), key), public) == ledger.head()
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(InvalidValue, match="is there already"):
        ledger.keygen(tmp_path / "key")
    with pytest.raises(LedgerError, match="no folder"):
        ledger.keygen(tmp_path / "none" / "key")


def test_a_ledger_signs_its_head_and_verifies_what_was_signed(ledger: Ledger, tmp_path: Path) -> None:
    public = ledger.keygen(tmp_path / "key")
    note = ledger.head(sign=tmp_path / "key")
    ledger.add("It rains in Lisbon", deadline="2026-06-30")

    found = ledger.verify(head=[note, ledger.head(sign=tmp_path / "key")], key=public)

    assert (found.ok, found.head_compared) == (True, True)
    assert f"the signature under the head is good, by the key {public.split('+')[1]}" in found.remarks
    unchecked = "the signature under the head was not checked: that takes the signer's public key"
    assert unchecked in ledger.verify(head=note).remarks
    assert open_head(note, read_public_key(public)).checkpoint() + "\n" == note.partition("— ")[0]
    for unsigned in (ledger.head(), str(ledger.head()), ledger.head().checkpoint(), [note, ledger.head()]):
        with pytest.raises(InvalidValue, match="no signed note"):
            ledger.verify(head=unsigned, key=public)
    with pytest.raises(InvalidValue, match="key= checks the signature under a head"):
        ledger.verify(key=public)


def test_a_key_of_another_ledger_neither_signs_nor_vouches(ledger: Ledger, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.db") as other:
        public = other.keygen(tmp_path / "key")
        foreign = other.head(sign=tmp_path / "key")

    with pytest.raises(InvalidValue, match="is not this ledger's"):
        ledger.head(sign=tmp_path / "key")
    assert "is of the ledger" in str(ledger.verify(head=foreign, key=public).faults[0])


@pytest.mark.parametrize("path", ["nowhere", ".", "a\x00b", 5.5])
def test_a_key_that_cannot_be_read_is_one_sentence(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InvalidValue, match="cannot read the key"):
        ledger.head(sign=path)


def test_without_cryptography_a_signature_names_the_extra(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = KEY.public
    for name in [name for name in sys.modules if name.startswith("cryptography")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)

    (tmp_path / "key").write_text(SAMPLE_PRIVATE)
    for act in (
        lambda: ledger.head(sign=tmp_path / "key"),
        lambda: ledger.verify(head=NOTE, key=str(public)),
        lambda: sign_note("a\n", KEY),
        lambda: KEY.public,
        lambda: open_note(SAMPLE, read_public_key(SAMPLE_PUBLIC)),
    ):
        with pytest.raises(MissingExtra, match=r"install prediction-ledger\[sign\]"):
            act()
