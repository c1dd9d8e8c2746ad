"""What a table says comes back as it was, verdicts without a reason too; each field that does not is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from predictions import Ledger
from predictions.exchange.written import RowsWritten
from predictions.records import Claim, Evidence, Forecast, Forecaster, Record, Resolution, Source, Statement

OVER = {"opens_on": "2026-01-01", "deadline": "2026-06-30"}
ABC = {"options": ["a", "b", "other"]}
CARS = {"unit": "million", "between": (0, 10)}
LINK = "https://a.example/x"
BARE: list[tuple[dict[str, Any], object, dict[str, Any]]] = [  # the claim, its outcome, and what is said of that
    ({}, "yes", {"happened_on": "2026-03-01"}),
    ({}, "yes", {"happened_on": "2026-03-01", "known_on": "2026-03-04"}),
    ({}, "yes", {"known_on": "2026-03-01", "because": LINK}),
    ({}, "no", {}),
    ({}, "no", {"known_on": "2026-07-05"}),
    (ABC, "a", {"known_on": "2026-07-05"}),
    (ABC, "b", {"known_on": "2026-07-05", "because": LINK}),
    ({**ABC, "ordered": True}, "other", {"known_on": "2026-07-05"}),
    (CARS, 4.2, {"known_on": "2026-07-05"}),
    (CARS, 42, {"known_on": "2026-07-05T10:00Z"}),
    ({"when": True}, "yes", {"happened_on": "2026-03-02"}),
    ({"when": True}, "yes", {"happened_on": "2026-03", "known_on": "2026-05-01"}),
    ({"when": True}, "no", {}),
    ({"at_least": 2}, "yes", {"happened_on": "2026-03-01"}),
]
LOST = {  # by the record and its field, what an export counts where it is lost
    (Claim, "reading"): "marks that a claim is one's own", (Claim, "closes_at"): "moments of closing",
    (Claim, "given"): "claims that another is given", (Claim, "supersedes"): "links to a claim that is superseded",
    (Claim, "statement"): "short names of statements", (Claim, "conditions"): "conditions",
    (Claim, "sourcing"): "rules of sourcing", (Claim, "revision"): "earlier revisions of what was corrected",
    (Claim, "reason"): "earlier revisions of what was corrected",
    (Claim, "horizon"): "windows whose words are read again", (Claim, "edtf"): "windows whose words are read again",
    (Claim, "horizon_read"): "windows whose words are read again",
    (Statement, "speaker"): "marks that a claim is one's own",
    (Statement, "source"): "marks that a claim is one's own",
    (Forecast, "revision"): "earlier revisions of what was corrected",
    (Forecast, "reason"): "earlier revisions of what was corrected",
    (Forecast, "because"): "forecasts with evidence that caused them",
    (Forecast, "published_in_evidence"): "publications of a forecast",
    (Resolution, "decided_by"): "who decided for somebody else",
    (Resolution, "number"): "earlier verdicts and dissents",
}  # fmt: skip
GONE = {  # by the record, what is counted where it does not come back
    Statement: "statements that are not resolvable", Resolution: "earlier verdicts and dissents",
    Evidence: "short names of evidence", Source: "marks that a claim is one's own",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "first.db", me="ana") as made:
        yield made


def again(ledger: Ledger, folder: Path) -> tuple[RowsWritten, Ledger]:
    written = ledger.export("table", folder / "out.csv")
    second = Ledger(folder / "second.db", me="ana")
    second.import_from("table", folder / "out.csv")
    assert isinstance(written, RowsWritten)
    return written, second


def records(ledger: Ledger, kind: type[Record]) -> dict[tuple[str, ...], dict[str, object]]:
    """The records of a kind by their keys."""
    snapshot = ledger.snapshot()
    found: list[Any] = [item.record for claim in snapshot.all(Claim) for item in snapshot.forecasts_on(claim)]
    if kind is Resolution:
        found = [one for claim in snapshot.all(Claim) if (one := snapshot.verdict(claim))]
    elif kind is not Forecast:
        found = list(snapshot.all(kind))
    keys = ("slug", "claim", "forecaster", "made_at")
    return {
        tuple(str(getattr(one, key)) for key in keys if hasattr(one, key)): one.model_dump(
            exclude={"recorded_by"}, exclude_none=True
        )
        for one in found
    }


@pytest.mark.parametrize("number", range(len(BARE)))
def test_a_verdict_without_a_reason_comes_back_without_one(ledger: Ledger, number: int, tmp_path: Path) -> None:
    terms, outcome, told = BARE[number]
    claim = ledger.add("A question", **OVER, **terms)
    ledger.resolve(claim, outcome, **told)

    _, second = again(ledger, tmp_path)

    with second:
        assert records(second, Resolution) == records(ledger, Resolution)


def everything(ledger: Ledger) -> None:
    """Say all that a row of the table cannot."""
    ledger.add("Own", opens_on="2026-01-01", deadline="2099-06-30", p=0.3, closes_at="2099-05-01T10:00Z", note="why")
    ledger.correct("own", title="Another title", reason="nicer")
    ledger.log_evidence("own", LINK, "A report", slug="report")
    ledger.log_evidence("own", "https://b.example/y", "Another", slug="another", published="2026-02-03")
    ledger.forecast("own", 0.5, by="bob", kind="person", made_at="2026-02-01")
    ledger.forecast("own", 0.6, by="bob", made_at="2026-02-01", reason="a slip")
    ledger.forecast("own", 0.7, by="bob", because="report")
    ledger.forecast("own", 0.7, by="cy", kind="model", published_in="another", made_at="2026-02-03")
    ledger.quote("Prof", "Nothing", not_resolvable="no test", said_on="2026-02-05", link="https://d.example/a")
    ledger.quote("Prof", "It rains", deadline="2026-06-30", said_on="2026-02-05", link="https://d.example/a")
    ledger.resolve("it-rains", "annulled", reason="silly")
    ledger.resolve("it-rains", "ambiguous", reason="two reports", by="the judge")
    ledger.add("Given", deadline="2099", given="own")
    ledger.supersede("own", deadline="2099-07-01", slug="later", reason="moved")
    ledger.add("Two labs", deadline="2099-01-31", at_least=2, conditions={"list": "A full list"})


def test_every_field_that_does_not_come_back_is_counted(ledger: Ledger, tmp_path: Path) -> None:
    everything(ledger)

    written, second = again(ledger, tmp_path)

    counted = {loss.what for loss in written.lost}
    unexplained = []
    with second:
        for kind in (Source, Statement, Claim, Forecaster, Forecast, Resolution, Evidence):
            before, after = records(ledger, kind), records(second, kind)
            for key, record in before.items():
                if key not in after:
                    unexplained += [] if GONE.get(kind) in counted else [(kind, key)]
                    continue
                for name in {*record, *after[key]}:
                    same = record.get(name) == after[key].get(name)
                    unexplained += [] if same or LOST.get((kind, name)) in counted else [(kind, key, name)]
    assert unexplained == []
    assert {*LOST.values(), *GONE.values()} - counted == {"rules of sourcing"}


def test_forecasts_that_no_longer_fit_a_corrected_draft_do_not_make_a_file_that_is_refused(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.add("Which?", deadline="2099", options=["red", "green", "pink"], p={"red": 0.2, "green": 0.5, "pink": 0.3})
    ledger.correct("which", options=["green", "pink"])
    ledger.forecast("which", {"green": 0.6, "pink": 0.4}, by="bob", kind="person")

    written, second = again(ledger, tmp_path)

    with second:
        assert [forecast.forecaster for forecast in second.snapshot().all(Forecast)] == ["bob"]
    assert {loss.what: loss.count for loss in written.lost}["forecasts that no longer fit their claim"] == 1


SPACED: list[tuple[dict[str, Any], dict[str, Any]]] = [  # of the claim, and of its verdict
    ({"text": " It rains\n"}, {"reason": "silly"}),
    ({"criteria": " The gauge."}, {"reason": "silly"}),
    ({"note": " a hunch "}, {"reason": "silly"}),
    ({"p": 0.3, "note": "- a\n b\n"}, {"reason": "silly"}),
    ({}, {"reason": " silly\n"}),
]


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.xlsx"])
@pytest.mark.parametrize(("claim", "verdict"), SPACED)
def test_spaces_around_any_text_are_counted_and_are_no_change_where_the_file_is_read_again(
    ledger: Ledger, claim: dict[str, Any], verdict: dict[str, Any], name: str, tmp_path: Path
) -> None:
    ledger.add(**{"text": "It rains", "opens_on": "2026-01-01", "deadline": "2099-06-30", **claim})
    ledger.resolve("it-rains", "annulled", known_on="2026-07-05", **verdict)

    written = ledger.export("table", tmp_path / name)
    taken = ledger.import_from("table", tmp_path / name)

    assert isinstance(written, RowsWritten)
    assert {loss.what: loss.count for loss in written.lost}["spaces around a text"] == 1
    assert (taken.changes, taken.new.total()) == ((), 0)
