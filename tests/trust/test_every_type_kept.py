"""Claims of every type are merged, proved, redacted and carried to other ledgers as those of yes or no are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from club_of_types import DEADLINE, OPENS, TERMS, TYPES, club_of_types, resolve, said
from conftest import Clock
from verify_scripts import FILES, PROOFS, run

from predictions import Ledger
from predictions.errors import MergeConflict
from predictions.records import Claim, Forecast, Resolution

DAY = "2026-01-03T00:00:00.000000Z"
SHARES = {"low": 0.5, "mid": 0.5, "high": 0}, {"low": 0.5, "mid": 0, "high": 0.5}
SAID: Mapping[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "yes-no": ({"p": 0.2}, {"p": 0.3}, "probability 0.2 here, 0.3 there"),
    "choice": ({"p": SHARES[0]}, {"p": SHARES[1]}, "shares mid: 0.5, high: 0 here, mid: 0, high: 0.5 there"),
    "ordered": ({"p": SHARES[0]}, {"p": SHARES[1]}, "shares mid: 0.5, high: 0 here, mid: 0, high: 0.5 there"),
    "number": ({"quantiles": {0.2: 4}}, {"quantiles": {0.2: 4.5}}, "points 4: 0.2 here, 4.5: 0.2 there"),
    "date": ({"p": {DEADLINE: 0.2}}, {"p": {DEADLINE: 0.3}}, "days 2026-04-10: 0.2 here, 2026-04-10: 0.3 there"),
}
VERDICTS = {
    "yes-no": "outcome 'no' here, 'yes' there",
    "choice": "option 'low' here, 'high' there",
    "ordered": "option 'low' here, 'high' there",
    "number": "value 2.6 here, 8.2 there",
    "date": "happened_on '2026-01-23' here, '2026-03-20' there",
}
every_type = pytest.mark.parametrize("type_", TYPES)


def asked(path: Path, type_: str, me: str) -> Ledger:
    ledger = Ledger(path, me=me)
    ledger.add("How it comes out", slug="q", opens_on=OPENS, deadline=DEADLINE, **TERMS[type_])
    return ledger


def facts(ledger: Ledger) -> set[object]:
    """What was said, and how it came out."""
    snapshot = ledger.snapshot()
    aside = {"recorded_by", "revision", "reason", "published_in", "number", "dissent"}
    return {record.model_dump_json(exclude=aside) for cls in (Forecast, Resolution) for record in snapshot.all(cls)}


def verdict(ledger: Ledger) -> tuple[object, ...]:
    """How the claim came out, as it stands."""
    snapshot = ledger.snapshot()
    found = snapshot.verdict(snapshot.find(Claim, "q"))
    return (found.said, found.happened_on) if found else ()


@every_type
def test_contradictions_are_told_in_words_and_settled(type_: str, clock: Clock, tmp_path: Path) -> None:
    here_path, there_path = tmp_path / "here.db", tmp_path / "there.db"
    with asked(here_path, type_, "ana") as here:
        here.backup(there_path)
        with Ledger(there_path, me="ben") as there:
            clock.set("2026-01-05")
            one, other, words = SAID[type_]
            here.forecast("q", made_at=DAY, **one)
            there.forecast("q", made_at=DAY, by="ana", **other)
            said(here, "q", type_, "cyd", 0.3)
            said(there, "q", type_, "ben", 0.8)
            with pytest.raises(MergeConflict, match=f"forecast q ana {DAY}: {words}"):
                here.merge(there_path)
            here.merge(there_path, settle={f"forecast q ana {DAY}": "other"})
            there.merge(here_path)
            assert facts(here) == facts(there)
            clock.set("2026-06-01")
            resolve(here, "q", type_, 0.2)
            resolve(there, "q", type_, 0.9)

            with pytest.raises(MergeConflict, match=VERDICTS[type_]):
                here.merge(there_path)
            here.merge(there_path, settle={"resolution q": "other"})
            there.merge(here_path)

            assert verdict(here) == verdict(there) != ()
            assert here.verify(deep=True).ok
            assert here.merge(there_path).added == 0


@every_type
def test_a_copy_that_went_on_and_another_ledger_bring_what_they_hold(type_: str, clock: Clock, tmp_path: Path) -> None:
    with asked(tmp_path / "here.db", type_, "ana") as here, asked(tmp_path / "other.db", type_, "dee") as other:
        here.backup(tmp_path / "copy.db")
        with Ledger(tmp_path / "copy.db", me="ben") as copy:
            said(copy, "q", type_, "ben", 0.4)
            assert here.merge(tmp_path / "copy.db").way == "fast-forward"
            assert facts(here) == facts(copy)
        said(other, "q", type_, "dee", 0.7)
        clock.set("2026-06-01")
        resolve(other, "q", type_, 0.9)

        here.merge(tmp_path / "other.db")

        assert facts(here) > facts(other)
        assert {row["place"] for row in here.scorecard().rows()} == {"scored"}
        assert here.verify(deep=True).ok


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    club_of_types(ledger, clock, 1)
    return ledger


@every_type
def test_what_was_said_is_proved_to_somebody_without_the_library(club: Ledger, type_: str, tmp_path: Path) -> None:
    club.prove(f"{type_}-0 ben", tmp_path / "proof.json")

    proved = run(PROOFS, str(tmp_path / "proof.json"))

    record = club.record(f"{type_}-0 ben")
    assert proved.returncode == 0
    assert f'"made_at":"{record.made_at:%Y-%m-%dT%H:%M:%S.%fZ}"' in proved.stdout  # type: ignore[attr-defined]
    for name in ("option", "at", "day", "chance", "share"):
        for line in (*record.shares, *record.points, *record.days):  # type: ignore[attr-defined]
            assert name not in vars(line) or f'"{name}":' in proved.stdout


@pytest.mark.parametrize("what", ["forecaster ben", "a statement", "a verdict"])
@every_type
def test_a_redacted_copy_is_read_as_any_other(club: Ledger, type_: str, what: str, tmp_path: Path) -> None:
    on_file = [one.entry for one in club.snapshot().recorded(Resolution) if one.record.claim == f"{type_}-0"]
    name = {"a statement": f"statement {type_}-0", "a verdict": on_file[0]}.get(what, what)

    club.redact(name, to=tmp_path / "copy.db", with_references=True)

    assert run(FILES, str(tmp_path / "copy.db")).stdout.startswith("ok: ")
    with Ledger(tmp_path / "copy.db", create=False) as copy:
        for read in (copy.board, copy.scorecard, copy.history, copy.leaderboard):
            assert "redacted" in str(read()).lower()
        if what != "a statement":
            assert f"{type_} 0" in str(copy.claim(f"{type_}-0"))
        whole, left = club.scorecard().rows(), copy.scorecard().rows()
        whole, left = ([row | {"undoubted": None} for row in rows] for rows in (whole, left))  # what nobody doubted
        same = [row for row in left if row["claim"] != f"{type_}-0"]
        assert all(row in whole for row in same)
        scored = [row for row in left if row["claim"] == f"{type_}-0" and row["place"] == "scored"]
        assert len(scored) == (2 if what == "forecaster ben" else 0)
        copy.export("table", tmp_path / "table.csv")
        copy.report(tmp_path / "report.html")


def test_the_table_carries_all_of_it_into_another_ledger(club: Ledger, tmp_path: Path) -> None:
    club.export("table", tmp_path / "table.csv")

    with Ledger(tmp_path / "other.db", me="ana") as other:
        other.import_from("table", tmp_path / "table.csv")

        both = club, other
        assert facts(other) == facts(club)
        briers = [{(row["claim"], row["forecaster"]): row["brier"] for row in one.scorecard().rows()} for one in both]
        assert briers[0] == briers[1]


def test_the_history_tells_what_was_said_in_words(club: Ledger) -> None:
    text = " ".join(str(club.history()).split())

    for words in (
        "choice-0 ana low 0.",
        "number-0 ana 10 % at most",
        "date-0 ana by 2026-",
        "number-0 1 4.469165469299",
    ):
        assert words in text
