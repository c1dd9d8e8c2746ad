"""Proofs: of every kind of record, under every head, by every name; and no forged one is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from forged_proofs import GOOD, NO_SEALS, SEAL, forged
from invented import EVERY_KIND, write
from prefixes import prefix_proof
from tampering import tamper

from predictions import Head, InvalidValue, Ledger, NotFound, Tampered
from predictions.trust.proofs import Placed, Proof


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with every kind of record in it, some under each seal."""
    path = tmp_path_factory.mktemp("proof") / "ledger.db"
    write(path, EVERY_KIND)
    with Ledger(path) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def proof(full: Ledger) -> Proof:
    return full.prove(5)


def test_every_entry_of_every_kind_has_a_proof_that_holds(full: Ledger) -> None:
    proofs = [full.prove(n) for n in range(full.head().size)]

    assert not any(proof.fault() for proof in proofs)
    assert {str(proof.record.fields["record"]) for proof in proofs} >= {"genesis", "seal", "claim", "forecast"}
    for proof in proofs:
        first, last = proof.seal.fields["first"], proof.seal.index
        assert isinstance(first, int)
        assert first <= proof.record.index <= last


def test_a_proof_holds_under_every_head_since_its_record(full: Ledger) -> None:
    for size, tree_root in full._journal.heads():
        head = Head(size, tree_root, full.head().ledger_id)
        if size > 5:
            proof = full.prove(5, head=head)
            assert (proof.head, proof.fault()) == (head, None)
        else:
            with pytest.raises(NotFound, match="was recorded after head"):
                full.prove(5, head=head)


def test_a_proof_shows_the_record_and_when_it_was_recorded(ledger: Ledger) -> None:
    ledger.add("It rains in Lisbon", deadline="2026-06-30", p=0.3)

    proof = ledger.prove("claim it-rains-in-lisbon")

    assert proof.record.fields["wording"] == "It rains in Lisbon"
    assert "recorded 2026-01-01T09:00" in str(proof)
    assert json.loads(proof.text) == proof.to_dict()
    assert [row["index"] for row in proof.rows()] == [proof.record.index, proof.seal.index]


@pytest.fixture
def named(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger with a claim, a correction, evidence, two forecasts and a verdict on it."""
    ledger.add("It rains in Lisbon", deadline="2026-01-31", p=0.3, slug="rain")
    ledger.correct("claim rain", title="Rain", reason="shorter")
    ledger.log_evidence("rain", "https://example.org/a", "It rained", slug="gauge", bears="supports")
    clock.set("2026-01-02")
    ledger.forecast("rain", 0.8)
    ledger.forecast("rain", 0.6, by="ben", kind="person")
    ledger.resolve("rain", "yes", known_on="2026-01-02", because="gauge")
    ledger.add("A claim that is called as an entry is", deadline="2026-06-30", slug="3")
    return ledger


@pytest.mark.parametrize(
    ("name", "noun", "field", "value"),
    [
        ("gauge", "evidence", "slug", "gauge"),
        ("claim rain", "claim", "title", "Rain"),
        ("statement rain", "statement", "slug", "rain"),
        ("rain ana", "forecast", "probability", 0.8),
        ("forecast rain ana", "forecast", "probability", 0.8),
        ("rain ben", "forecast", "probability", 0.6),
        ("rain gauge", "bearing", "bears", "supports"),
        ("rain 1", "resolution", "outcome", "yes"),
        ("resolution rain", "resolution", "outcome", "yes"),
        ("ben", "forecaster", "slug", "ben"),
        ("0", "genesis", "format", 1),
        (0, "genesis", "format", 1),
        (3, "statement", "slug", "rain"),
        ("entry 3", "statement", "slug", "rain"),
        ("claim 3", "claim", "slug", "3"),
        ("  claim   rain ", "claim", "title", "Rain"),
    ],
)
def test_a_record_is_named_by_slug_kind_and_slug_or_number(
    named: Ledger, name: str | int, noun: str, field: str, value: object
) -> None:
    fields = named.prove(name).record.fields

    assert (fields["record"], fields[field]) == (noun, value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rain", "'rain' may mean several records; say 'statement rain' or 'claim rain'"),
        ("3", "may mean several records; say 'entry 3' or 'statement 3' or 'claim 3'"),
        ("rainn", "no record 'rainn' in this ledger; did you mean 'statement rain' or 'claim rain'?"),
        ("rain 2", "no record 'rain 2'"),
        ("rain nobody", "no record 'rain nobody'"),
        ("claim gauge", "no claim 'gauge'"),
        ("a b c d", "no record 'a b c d'"),
        ("", "no record ''"),
        ("import " + "9" * 5000, "no record 'import 999"),
        ("resolution rain " + "9" * 5000, "no record 'resolution rain 999"),
        (99, "no entry 99 in this ledger"),
        (-1, "no entry -1 in this ledger"),
        (10**30, "no entry 1000000000000000000000000000000 in this ledger"),
    ],
)
def test_a_name_that_says_nothing_or_too_much_is_told_so(named: Ledger, name: str | int, words: str) -> None:
    with pytest.raises(NotFound) as refused:
        named.prove(name)

    assert words in str(refused.value)


@pytest.mark.parametrize("name", [None, True, 1.0, ["rain"]])
def test_what_is_no_name_is_refused(named: Ledger, name: Any) -> None:
    with pytest.raises(InvalidValue, match="names no record"):
        named.prove(name)


def test_a_correction_is_proved_and_the_first_wording_by_its_number(named: Ledger) -> None:
    standing, first = named.prove("claim rain"), named.prove(4)

    assert (standing.record.fields["revision"], first.record.fields["revision"]) == (2, 1)
    assert standing.record.fields["reason"] == "shorter"


def flipped(digits: str, place: int) -> str:
    return digits[:place] + f"{int(digits[place], 16) ^ 1:x}" + digits[place + 1 :]


@pytest.mark.parametrize("part", ["record", "seal"])
def test_a_proof_with_any_digit_of_its_hashes_changed_does_not_hold(proof: Proof, part: str) -> None:
    placed: Placed = getattr(proof, part)
    hashes = [placed.salt, *placed.path]

    for number, digest in enumerate(hashes):
        for place in range(0, 2 * len(digest), 5):
            salt, *path = [*hashes[:number], bytes.fromhex(flipped(digest.hex(), place)), *hashes[number + 1 :]]
            spoilt = replace(proof, **{part: replace(placed, salt=salt, path=tuple(path))})
            assert spoilt.fault() == f"the {part} does not stand under the head"


def test_the_seal_of_another_transaction_is_refused(full: Ledger, proof: Proof) -> None:
    other = full.prove(full.head().size - 1)

    assert Proof(proof.head, proof.record, other.seal).fault() == "the seal is not the one over the record"


def test_a_well_made_forgery_shows_only_that_its_maker_has_such_a_tree() -> None:
    assert forged([GOOD, SEAL]).fault() is None


@pytest.mark.parametrize("seal", NO_SEALS)
def test_what_is_no_seal_is_refused_though_its_hashes_agree(seal: str) -> None:
    assert forged([GOOD, seal]).fault()


def test_a_proof_of_a_record_that_was_changed_by_hand_is_not_given(named: Ledger) -> None:
    tamper(named._journal.path, "update claim set title = 'Snow' where revision = 2 and slug = 'rain'")

    with pytest.raises(Tampered, match="the record does not stand under the head; run verify"):
        named.prove("claim rain")


@pytest.mark.parametrize(
    "change",
    [
        ("seal_no_update", "update seal set size = 2 where entry = (select max(entry) from seal)"),
        ("entry_no_delete", "delete from entry where n = 1"),
    ],
)
def test_a_tree_of_another_size_than_its_head_gives_no_proof(named: Ledger, change: tuple[str, str]) -> None:
    trigger, statement = change
    old = named.head()
    connection = named._journal.connection
    connection.execute("pragma foreign_keys = 0")
    connection.execute(f"drop trigger {trigger}")
    connection.execute(statement)

    for act in (lambda: named.prove(1), lambda: named.prove("claim rain"), lambda: prefix_proof(named, old)):
        with pytest.raises((Tampered, NotFound)):
            act()


def test_every_earlier_head_is_a_prefix_and_every_other_is_none(full: Ledger) -> None:
    now = full.head()
    for size, tree_root in full._journal.heads():
        old = Head(size, tree_root, now.ledger_id)
        for form in (old, str(old), old.checkpoint()):
            comparison = prefix_proof(full, form)
            assert (comparison.old, comparison.new, comparison.fault()) == (old, now, None)
        with pytest.raises(Tampered, match="is no prefix of this ledger"):
            prefix_proof(full, old._replace(root=bytes(32)))


def test_a_head_of_another_a_longer_or_a_shortened_one_is_refused(full: Ledger) -> None:
    now = full.head()

    with pytest.raises(InvalidValue, match="is a head of the ledger"):
        prefix_proof(full, now._replace(ledger_id="f" * 32))
    with pytest.raises(Tampered, match="is of a longer ledger"):
        prefix_proof(full, now._replace(size=now.size + 1))
    with pytest.raises(InvalidValue, match="shortened, which proves nothing"):
        prefix_proof(full, now.short)


def test_a_proof_is_written_into_a_new_file_only(ledger: Ledger, tmp_path: Path) -> None:
    head = ledger.head()
    ledger.add("It rains in Lisbon", deadline="2026-06-30", slug="rain")

    proof = ledger.prove("claim rain", file=tmp_path / "a.json")
    ledger.verify(head=head, proof=tmp_path / "b.json")

    assert (tmp_path / "a.json").read_text("utf-8") == proof.text
    written = json.loads((tmp_path / "b.json").read_text("utf-8"))
    assert (written["old"], written["new"]) == (head.checkpoint(), ledger.head().checkpoint())
    with pytest.raises(InvalidValue, match="is there already"):
        ledger.prove("claim rain", file=tmp_path / "a.json")
