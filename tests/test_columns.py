"""Cards from columns are what is told claim by claim, row by row and figure by figure."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from math import inf, nan
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from forecasts.scores import brier, log_score
from forecasts.standing import first_forecast, last_forecast, standing, time_skill
from predictions import InvalidValue, Ledger, LedgerError, Tampered
from predictions.journal import Journal
from predictions.kinds import Outcome
from predictions.moments import end_of, start_of
from predictions.records import Claim, Forecaster, Resolution, Source, Statement
from predictions.scoring.counted import Counted, counting
from predictions.snapshot import Snapshot
from predictions.status import Status, outcome_of, scorable_until, settle_on, status
from predictions.storage.imports import ImportReader
from predictions.store import Store

DAY = 86_400_000_000
BEGUN = date(2025, 1, 1)


@pytest.fixture(autouse=True)
def _blocks_and_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the two imports of a world the longer one becomes blocks, the other records."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 200)


def world(path: Path, seed: int, *, platform: bool = True, shared: bool = False) -> None:
    """Claims of every fate, with imported and hand-logged forecasts by five people."""
    random = np.random.default_rng(seed)
    with Ledger(path, me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 1, 1, tzinfo=UTC)
    journal = Journal(path, clock=lambda: datetime(2025, 1, 2, tzinfo=UTC))
    store = Store(journal)
    with journal.writing() as writing:
        store.put(writing, Source(slug="platform", title="A platform", kind="platform", published="2025-08"))
        for number in range(30):
            slug = f"claim-{number:02}"
            of = f"claim-{number // 2 * 2:02}" if shared else slug
            if of == slug:
                store.put(writing, Statement(slug=slug, source="platform", text="It happens."))
            opens_on = BEGUN + timedelta(int(random.integers(0, 100)))
            deadline = opens_on + timedelta(int(random.integers(5, 150)))
            claim = Claim(
                slug=slug, statement=of, reading="headline", title=slug, wording="It happens.", criteria="Seen.",
                opens_on=opens_on, deadline=deadline, scored=number % 10 != 9, settle_days=10,
                given="claim-00" if number == 5 else None, supersedes="claim-01" if number == 6 else None,
                tags=("few",) if number % 4 == 1 else (),
            )  # fmt: skip
            store.put(writing, claim)
            fate = 0 if number == 0 else int(random.integers(0, 7))
            known_on = min(opens_on + timedelta(int(random.integers(1, 160))), deadline + timedelta(3))
            known_on = opens_on if number % 7 == 3 else known_on
            outcome = ("no", "yes", "fraction", "ambiguous", "annulled", None, "yes")[fate]
            if outcome:
                fields = {"fraction": 0.25} if outcome == "fraction" else {}
                store.put(writing, Resolution(claim=slug, number=1, outcome=outcome, known_on=known_on, **fields))
            if outcome == "ambiguous" and number % 2:
                store.put(writing, Resolution(claim=slug, number=2, outcome="yes", known_on=known_on, dissent=True))
    journal.close()
    size = 400
    start = (BEGUN - date(1970, 1, 1)).days * DAY
    withdrawn = random.random(size) < 0.15
    columns = {
        "claim": [f"claim-{number:02}" for number in random.integers(0, 30, size)],
        "forecaster": random.choice(["ana", "ben", "cy", "dee", "eve"], size).tolist(),
        "made_at": start + random.integers(0, 300, size) * DAY + random.integers(0, DAY, size),
        "probability": np.where(withdrawn, np.nan, np.round(random.random(size), 3)),
        "withdrawn": withdrawn,
    }
    with Ledger(path, me="ana") as ledger:
        ledger.import_forecasts(
            {name: column[:250] for name, column in columns.items()}, published_in="platform" if platform else None
        )
        ledger.import_forecasts({name: column[250:] for name, column in columns.items()}, published_in="platform")
        for number in range(0, 24, 3):
            moment = datetime(2025, 2, 1, tzinfo=UTC) + timedelta(int(random.integers(0, 90)), seconds=number)
            ledger.forecast(
                f"claim-{number:02}", round(0.5 + number / 100, 2), by="ben", made_at=moment, published_in="platform"
            )
            ledger.forecast(f"claim-{number:02}", 0.4, by="dee", made_at=moment)
            low = round(float(random.random()) * 0.6, 2)
            for by, source in (("fay", "platform"), ("gus", "platform" if number % 2 else None)):  # ranges alone
                ledger.forecast(
                    f"claim-{number:02}", low=low, high=round(low + 0.2, 2), by=by, made_at=moment, published_in=source
                )
        ledger.withdraw("claim-03", by="ben", made_at=datetime(2025, 6, 1, tzinfo=UTC))


def places(snapshot: Snapshot, claim: Claim, said: Counted, *, stood: bool, cohort: str) -> str:
    """Where a forecaster's claim is counted, told plainly."""
    now = status(snapshot, claim)
    ended = {Status.ANNULLED: "annulled", Status.AMBIGUOUS: "ambiguous", Status.OVERDUE: "overdue"}
    if now in ended:
        return ended[now]
    if now is not Status.RESOLVED or (cohort == "settled" and snapshot.today < settle_on(claim)):
        return "due, no verdict" if now is Status.DUE else "not due"
    if said.backdated or stood:
        return "backdated" if said.backdated else "scored"
    late = said.forecasts[0].made_at >= scorable_until(claim, snapshot.verdict(claim))
    return "too late" if late else "withdrawn"


def told(
    snapshot: Snapshot, fits: Callable[[Claim], bool], *, cohort: str, rule: str
) -> dict[tuple[str, str], dict[str, object]]:
    """What every row of a card should say, one forecaster on one claim after the other."""
    found = {}
    for claim in snapshot.all(Claim):
        for who in (
            {one.record.forecaster for one in snapshot.forecasts_on(claim)} if claim.scored and fits(claim) else ()
        ):
            said, verdict = counting(snapshot, claim, who), snapshot.verdict(claim)
            moments = [one.made_at.timestamp() for one in said.forecasts]
            opens, closes = start_of(claim.opens_on).timestamp(), end_of(claim.deadline).timestamp()
            known = start_of(verdict.known_on).timestamp() if verdict else inf
            annulled = outcome_of(snapshot, claim) is Outcome.ANNULLED
            value = verdict.truth if verdict and not annulled else None
            row: dict[str, object] = {}
            for end in ("low", "probability", "high"):
                numbers = [
                    getattr(one, end) if end != "probability" and one.low is not None else one.point
                    for one in said.forecasts
                ]
                numbers = [nan if number is None else number for number in numbers]
                stood = standing(moments, numbers, opens=opens, closes=closes, known=known)
                chance = (first_forecast if rule == "first" else last_forecast)(stood)
                scored = chance is not None and value is not None
                row[end] = chance
                row["brier" if end == "probability" else f"brier_{end}"] = brier(chance, value) if scored else None
                if end == "probability":
                    row |= {
                        "coverage": stood.coverage, "log_score": log_score(chance, value) if scored else None,
                        "time_skill": time_skill(stood, value) if scored else None,
                        "place": places(snapshot, claim, said, stood=chance is not None, cohort=cohort),
                    }  # fmt: skip
            found[claim.slug, who] = row | {
                "value": value, "imputed": any(one.imputed for one in said.forecasts), "backdated": said.backdated,
                "backdated_apart": said.apart, "superseded": snapshot.superseded_by(claim) is not None,
                "statement": claim.statement,
            }  # fmt: skip
    return found


def mean_by_statement(rows: Iterable[dict[str, object]], name: str) -> float | None:
    groups: dict[object, list[float]] = {}
    for row in rows:
        groups.setdefault(row["statement"], []).append(row[name])  # type: ignore[arg-type]  # scored: a number
    return fmean([fmean(group) for group in groups.values()]) if groups else None


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rule": "last"},
        {"cohort": "resolved", "today": "2025-05-01"},
        {"today": "2025-04-15", "by": ["ben", "cy"]},
        {"source": "platform", "window": "2025-03/2025-05"},
        {"tag": "few", "by": ["fay", "gus", "ben"]},
    ],
)
@pytest.mark.parametrize("shape", [{}, {"platform": False}, {"shared": True}])
def test_a_card_is_what_is_told_claim_by_claim(
    tmp_path: Path, seed: int, options: dict[str, Any], shape: dict[str, bool]
) -> None:
    world(tmp_path / "ledger.db", seed, **shape)
    with Ledger(tmp_path / "ledger.db") as ledger:
        snapshot = ledger.snapshot(today=options.get("today"))
        card = ledger.scorecard(**options)

    def fits(claim: Claim) -> bool:
        return (
            ("tag" not in options or options["tag"] in claim.tags)
            and ("window" not in options or "2025-03-01" <= claim.deadline.isoformat() <= "2025-05-31")
        )  # fmt: skip

    rule, cohort = options.get("rule", "first"), options.get("cohort", "settled")
    rows = told(snapshot, fits, cohort=cohort, rule=rule)
    listed = {who: one for who, one in rows.items() if who[1] in options.get("by", (who[1],))}
    assert {(row["claim"], row["forecaster"]) for row in card.rows()} == listed.keys()
    for row in card.rows():
        for name, value in listed[row["claim"], row["forecaster"]].items():
            assert row[name] == (pytest.approx(value, rel=1e-11, abs=1e-11) if isinstance(value, float) else value), (
                name
            )
    fitting = [claim.slug for claim in snapshot.all(Claim) if claim.scored and fits(claim)]
    assert card.unforecast == sum(slug not in {claim for claim, _ in listed} for slug in fitting)
    for record in card.records:
        mine = [row for (_, who), row in rows.items() if who == record.forecaster.slug]
        counted = [row for row in mine if row["place"] == "scored" and not row["imputed"]]
        assert record.n == len({row["statement"] for row in counted})
        for name in ("brier", "log_score", "time_skill", "coverage"):
            assert record.mean(name) == pytest.approx(mean_by_statement(counted, name), abs=1e-12)
        assert record.words_only == (bool(mine) and all(row["imputed"] for row in mine))
        for every_open in (False, True):
            among = {"scored", "due, no verdict", "overdue"} | ({"not due"} if every_open else set())
            possible = [
                row for row in mine
                if row["place"] in among and not row["backdated"] and row["probability"] is not None
                and row["imputed"] == record.words_only
            ]  # fmt: skip
            ends = [
                {"statement": row["statement"], "least": min(both), "most": max(both)}
                for row in possible
                for both in [[row["brier"]] if row["brier"] is not None else
                             [brier(row["probability"], value) for value in (0, 1)]]
            ]  # fmt: skip
            bounds = tuple(mean_by_statement(ends, name) for name in ("least", "most")) if ends else None
            assert record.bounds(every_open=every_open) == (bounds and pytest.approx(bounds, abs=1e-12))
        count = Counter(row["place"] for row in mine)
        names = {"due, no verdict": "no verdict yet", "backdated": "backdated (apart)"}
        names |= {name: name for name in ("annulled", "ambiguous", "overdue", "too late", "withdrawn")}
        assert {record.funnel[name] - count[place] for place, name in names.items()} == {0}
        assert record.funnel["forecast"] == len(mine)
        assert record.funnel["scored"] == len(counted)
        assert record.funnel["superseded"] == sum(bool(row["superseded"]) for row in mine)
        assert record.funnel["with backdated ones apart"] == sum(bool(row["backdated_apart"]) for row in mine)
        apart = [row for row in mine if row["place"] == "backdated" and row["brier"] is not None]
        assert record.backdated_brier == pytest.approx(mean_by_statement(apart, "brier"), abs=1e-12)


def test_imported_times_after_their_recording_are_backdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.ledger.AHEAD", timedelta(days=400))  # as another program may write it
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 1, 2, tzinfo=UTC)
        ledger.add("It snows", by="2025-03-31", opens_on="2025-01-01", slug="snow")
        made_at = int(datetime(2025, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000
        columns = {"claim": ["snow"], "forecaster": ["zoe"], "made_at": [made_at], "probability": [0.4]}
        ledger.import_forecasts(columns)
        ledger._journal._clock = lambda: datetime(2025, 9, 2, tzinfo=UTC)
        ledger.resolve("snow", "no")

        assert ledger.scorecard().record("zoe").funnel["backdated (apart)"] == 1


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_correction_dated_later_than_the_day_takes_its_verdict_along(tmp_path: Path) -> None:
    world(tmp_path / "ledger.db", 0)
    journal = Journal(tmp_path / "ledger.db", clock=lambda: datetime(2025, 9, 1, tzinfo=UTC))
    with journal.writing() as writing:
        later = Resolution(
            claim="claim-00", number=1, revision=2, outcome="no", known_on=date(2025, 8, 31), reason="mistyped"
        )
        Store(journal).put(writing, later)
    journal.close()

    with Ledger(tmp_path / "ledger.db") as ledger:
        rows = ledger.scorecard(today="2025-08-01").rows()

    assert {row["place"] for row in rows if row["claim"] == "claim-00"} == {"overdue"}


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_card_is_whole_after_its_ledger_was_closed(tmp_path: Path) -> None:
    world(tmp_path / "ledger.db", 1)
    with Ledger(tmp_path / "ledger.db") as ledger:
        open_card = ledger.scorecard()
        said = [str(open_card), open_card.rows(), str(open_card.compare("ben", "cy"))]
        ledger._reader = None
        card = ledger.scorecard()

    assert [str(card), card.rows(), str(card.compare("ben", "cy"))] == said


def many_claims(path: Path) -> Ledger:
    """Forty thousand forecasts on four hundred claims, in the order of their last days; nothing by hand."""
    with Ledger(path, me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2024, 1, 1, tzinfo=UTC)
    journal = Journal(path, clock=lambda: datetime(2024, 1, 2, tzinfo=UTC))
    with journal.writing() as writing:
        Store(journal).put(writing, Source(slug="platform", title="A platform", kind="platform"))
        for number in range(400):
            slug, opens_on = f"claim-{number:03}", BEGUN + timedelta(number)
            Store(journal).put(writing, Statement(slug=slug, source="platform", text="It happens."))
            claim = Claim(
                slug=slug, statement=slug, reading="headline", title=slug, wording="It happens.", criteria="Seen.",
                opens_on=opens_on, deadline=opens_on + timedelta(9), scored=True,
            )  # fmt: skip
            Store(journal).put(writing, claim)
    journal.close()
    ledger = Ledger(path, me="ana")
    number = np.arange(40_000)
    ledger.import_forecasts(
        {
            "claim": [f"claim-{one:03}" for one in number // 100], "forecaster": ["ben", "cy"] * 20_000,
            "made_at": ((BEGUN - date(1970, 1, 1)).days + number // 100) * DAY + number % 100,
            "probability": number % 100 / 100,
        },
        published_in="platform",
    )  # fmt: skip
    return ledger


def blocks_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, **options: object) -> int:
    """How many blocks are decoded for a fresh card."""
    read: list[int] = []
    kept = ImportReader.read
    monkeypatch.setattr(ImportReader, "read", lambda self, where: (read.append(len(where)), kept(self, where))[1])
    ledger._reader = None
    ledger.scorecard(today="2025-01-02", **options)
    monkeypatch.setattr(ImportReader, "read", kept)
    return sum(read)


def test_a_filtered_card_reads_only_the_blocks_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with many_claims(tmp_path / "ledger.db") as ledger:
        windows: list[dict[str, object]] = [{"window": "1999"}, {"window": "2025-05"}, {}]

        assert [blocks_read(ledger, monkeypatch, **window) for window in windows] == [0, 2, 10]


def test_what_is_held_is_filtered_as_what_is_read(tmp_path: Path) -> None:
    with many_claims(tmp_path / "ledger.db") as ledger:
        options = {"today": "2025-12-31", "window": "2025-05", "by": ["ben"]}

        fresh = ledger.scorecard(**options)
        ledger.scorecard(today="2025-12-31")
        held = ledger.scorecard(**options)

        assert held.rows() == fresh.rows()
        assert (held.to_dict()["filter"], held.unforecast, fresh.unforecast) == ("window 2025-05", 0, 0)
        assert "only window 2025-05" in str(held)


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # times that only the importer claims
@pytest.mark.parametrize("by", ["cy", "bo", "dee", "eve"])
def test_somebody_who_is_in_one_import_or_by_hand_only_or_silent_has_his_card_too(tmp_path: Path, by: str) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It rains", by="2027-12-31", opens_on="2025-01-01", slug="rain")
        for month, people in enumerate((["bo"], ["bo", "dee"]), 1):
            ledger.import_forecasts([("rain", who, f"2026-0{month}-02T09:00:00Z", 0.3) for who in people])
        ledger.forecast("rain", 0.4, by="cy")
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Forecaster(slug="eve", title="eve", kind="person"))

        card = ledger.scorecard(by=by)

    assert [record.forecaster.slug for record in card.records] == [by]
    assert len(card.rows()) == (by != "eve")


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_late_entry_by_hand_takes_no_published_forecast_out_of_the_means(tmp_path: Path) -> None:
    slugs, moment = ["sun", "rain", "snow"], "2025-02-02T10:00Z"
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 1, 1, tzinfo=UTC)
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Source(slug="platform", title="A platform", kind="platform"))
        for slug in slugs:
            ledger.add(f"It is {slug}", by="2025-03-31", opens_on="2025-01-01", slug=slug)
        ledger._journal._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
        ledger.import_forecasts([(slug, "bob", moment, 0.9) for slug in slugs], published_in="platform")
        for slug in slugs:
            ledger.resolve(slug, "no", known_on="2025-04-01", reason="seen")
        ledger.forecast("rain", 0.9, by="bob", made_at=moment, published_in="platform")
        ledger.forecast("snow", 0.05, by="bob", made_at=moment, reason="misread")

        record = ledger.scorecard().record("bob")
        assert (record.n, record.mean("brier")) == (3, pytest.approx(0.81))


def test_a_card_says_why_its_means_are_empty(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
        ledger.add("It snows", by="2025-03-31", opens_on="2025-01-01", slug="snow")
        ledger.import_forecasts([("snow", "bob", "2025-02-02T10:00Z", 0.9)])
        ledger.resolve("snow", "no", known_on="2025-04-01", reason="seen")

        assert "backdated only, apart: statements (Brier) bob 1 (0.810)" in str(ledger.scorecard())
        none = ledger.scorecard(window="1999")
    assert "nothing on this card: no scored claim is of window 1999" in str(none)


def test_forty_thousand_imported_forecasts_have_every_figure(tmp_path: Path) -> None:
    with many_claims(tmp_path / "ledger.db") as ledger:
        with ledger._journal.writing() as writing:
            renamed = Forecaster(slug="ben", revision=2, title="Ben Sample", kind="person", reason="name")
            ledger._store.put(writing, renamed)
        for number in range(12):
            slug, known_on = f"claim-{number:03}", BEGUN + timedelta(number + 10)
            ledger.resolve(slug, "no", known_on=known_on, reason="seen")

        before, card = ledger.scorecard(today="2025-02-20"), ledger.scorecard(today="2025-12-31")
        crowds = ledger.scorecard(today="2025-12-31", window="2025-01", crowds=True)

        assert len(card.rows()) == 2 * 365
        assert "the 60 worst of 730 rows" in str(card)
        assert card.compare("ben", "cy").difference == pytest.approx(0.98**2 - 0.99**2, abs=1e-6)
        assert card.compare("Ben Sample", "the others").difference is not None
        assert crowds.record("crowd-median").n == 12
        assert card.explain("brier", "ben").value == pytest.approx(card.record("ben").mean("brier"))
        assert card.reliability("Ben Sample").n == 12
        assert ledger.scorecard(today="2025-12-31").diff(before).changes
        assert ledger.report(tmp_path / "page.html", today="2025-02-20").stat().st_size > 10_000
        with pytest.raises(InvalidValue, match="no forecaster 'eve' on this card"):
            card.reliability("eve")


# -- what fresh eyes found ------------------------------------------------------------------------------------


def told_of(tmp_path: Path, moment: datetime = datetime(2026, 1, 5, tzinfo=UTC)) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.db", me="ana")
    ledger._journal._clock = lambda: moment
    ledger.add("It rains", by="2026-03-31", opens_on="2026-01-01", slug="rain")
    return ledger


def test_a_range_may_begin_at_nothing(tmp_path: Path) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", low=0, high=0.6)

        [row] = ledger.scorecard().rows()

    assert (row["low"], row["probability"], row["high"]) == (0, 0.3, 0.6)


def test_crowds_of_nobody_say_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "empty.db") as ledger:
        assert ledger.scorecard(crowds=True).rows() == []
    with told_of(tmp_path) as ledger:
        assert ledger.scorecard(crowds=True).rows() == []
        ledger.forecast("rain", low=0.1, high=0.6)

        assert [row["forecaster"] for row in ledger.scorecard(crowds=True).rows()] == ["ana"]


def test_a_correction_counts_on_no_day_before_it_was_recorded(tmp_path: Path) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.2)
        ledger.forecast("rain", 0.4, by="ben", new=True)
        ledger._journal._clock = lambda: datetime(2026, 3, 9, tzinfo=UTC)
        ledger.correct("forecast rain ben", probability=0.9, reason="mistyped")

        cards = [ledger.scorecard(rule="last", crowds=True, today=day) for day in ("2026-01-15", "2026-03-10")]
        early, late = ({row["forecaster"]: row["probability"] for row in card.rows()} for card in cards)

    assert (early["ben"], early["crowd-median"]) == (0.4, 0.3)
    assert (late["ben"], late["crowd-median"]) == (0.9, 0.55)


@pytest.mark.parametrize("beside", ["-journal", "-wal"])
def test_a_card_that_is_printed_later_leaves_everything_as_it_is(tmp_path: Path, beside: str) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.2)
    with Ledger(tmp_path / "ledger.db", read_only=True) as ledger:
        card = ledger.scorecard()
    planted = tmp_path / f"ledger.db{beside}"
    planted.write_bytes(b"precious")

    with suppress(LedgerError):
        str(card)

    assert planted.read_bytes() == b"precious"


def test_a_card_is_of_its_own_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.2)
        ledger.log_evidence("rain", "https://example.org/", "Wet", on="2026-01-02", bears="context")
        card, again = ledger.scorecard(), ledger.scorecard(by="ana")
    monkeypatch.chdir(tmp_path.parent)
    assert "ana" in str(card)
    (tmp_path / "ledger.db").unlink()
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.9)

    with pytest.raises(Tampered, match="is not the file that this card was made of"):
        list(again.rows())


def test_cards_are_compared_copied_and_kept_as_values(tmp_path: Path) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.2)
        head = str(ledger.head())
        card, again = (ledger.scorecard(as_of=head, today="2026-01-06") for _ in range(2))
        ledger._journal._clock = lambda: datetime(2026, 1, 6, tzinfo=UTC)
        ledger.forecast("rain", 0.3)
        later = ledger.scorecard(today="2026-01-06", rule="last")

        assert card == again != later
        assert str(pickle.loads(pickle.dumps(card))) == str(copy.deepcopy(card)) == str(card)
        assert repr(card.record("ana")) == "<record of ana: 0 statements scored of 1 claims>"


@pytest.mark.parametrize("name", ["anna", "", None, 3, ["ana"]])
def test_who_is_not_on_a_card_is_said_in_a_sentence(tmp_path: Path, name: Any) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.2)
        card = ledger.scorecard()

        for ask in (card.record, card.reliability, lambda one: card.compare("ana", one)):
            with pytest.raises(InvalidValue, match=r"no forecaster .* on this card"):
                ask(name)
        with pytest.raises(InvalidValue, match="no figure that can be explained"):
            card.explain(name, by="ana")


def test_a_crowd_moves_by_its_members_and_says_whose(tmp_path: Path) -> None:
    with told_of(tmp_path) as ledger:
        ledger.forecast("rain", 0.3)
        ledger.forecast("rain", 0.5, by="ben", new=True)
        before = ledger.scorecard(crowds=True, rule="last")
        ledger._journal._clock = lambda: datetime(2026, 1, 8, tzinfo=UTC)
        ledger.forecast("rain", 0.9, by="cy", made_at="2026-01-06", new=True)
        ledger.forecast("rain", low=0.1, high=0.8, by="dee", new=True)
        ledger.forecast("rain", 0.4)

        changes = before.diff(ledger.scorecard(crowds=True, rule="last")).changes

    [why] = {change.why for change in changes if change.forecaster == "crowd-median"}
    assert why == ("ana: forecast 0.4 of 2026-01-08, recorded 2026-01-08",)


def test_a_long_chain_of_claims_given_each_other_is_read(tmp_path: Path) -> None:
    path = tmp_path / "chain.db"
    journal = Journal(path, create=True, clock=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    store = Store(journal)
    with journal.writing() as writing:
        store.put(writing, Source(slug="self", title="Own claims", kind="self"))
        for number in range(1_200):
            slug = f"g{number}"
            store.put(writing, Statement(slug=slug, source="self", text=f"G {number}"))
            claim = Claim(
                slug=slug, statement=slug, reading="own", title=slug, wording=f"G {number}", criteria="x", scored=True,
                opens_on=date(2026, 1, 1), deadline=date(2026, 1, 1), given=f"g{number - 1}" if number else None,
            )  # fmt: skip
            store.put(writing, claim)
            store.put(writing, Resolution(claim=slug, number=1, outcome="no", known_on=date(2026, 1, 2), reason="x"))
    journal.close()

    with Ledger(path) as ledger:
        snapshot = ledger.snapshot()

        outcomes = [outcome_of(snapshot, snapshot.find(Claim, f"g{number}")) for number in (0, 1, 2, 1_199)]
        assert outcomes == [Outcome.NO, Outcome.ANNULLED, Outcome.NO, Outcome.ANNULLED]
        assert str(ledger.scorecard())
        assert str(ledger.claim("g1199"))
