"""Cards from columns are what is told claim by claim, row by row and figure by figure."""

from __future__ import annotations

import copy
import pickle
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Clock
from random_ledgers import World
from retold import pooled, record, told
from retold_doubts import contributions, hardly, line
from retold_statements import plain

from forecasts.distribution_calibration import coverage_of_ranges, places_histogram
from predictions import InvalidValue, Ledger, LedgerError, Tampered
from predictions.enums import Outcome
from predictions.records import Claim, Forecaster, Resolution, Source, Statement
from predictions.scoring.eligibility import Category
from predictions.scoring.leaderboard.rows import leaderboard_rows
from predictions.scoring.leaderboard.standings import Standings
from predictions.scoring.leaderboard.yardstick import Yardstick
from predictions.scoring.near_counts import near_count
from predictions.scoring.plain_counts import Came
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_skill
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_calibration import RANGES, places_of
from predictions.snapshot import Snapshot
from predictions.status import outcome_of, settle_on
from predictions.storage.imports import ImportReader, Imports
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.testing import clock_at
from predictions.views.scorecard.card import Scorecard

DAY = 86_400_000_000
BEGUN = date(2025, 1, 1)
ROW = (
    "place", "value", "probability", "low", "high", "brier", "brier_low", "brier_high", "log_score", "time_skill",
    "coverage", "entered", "imputed", "backdated", "set_apart", "statement",
)  # fmt: skip


def check(ledger: Ledger, options: dict[str, Any]) -> None:
    """Hold a card, row by row and figure by figure, against what is told again in plain Python."""
    card = ledger.scorecard(**options)
    first, last = options.get("window", "0000/9999").split("/")
    snapshot = ledger.snapshot(today=options.get("today"))
    how = {"cohort": options.get("cohort", "settled"), "rule": options.get("rule", "first")}
    rows = told(snapshot, lambda claim: first <= str(claim.deadline)[: len(first)] <= last, **how)
    # Where all are yes or no, somebody of whom every claim on the card is superseded said nothing on it.
    said = {who for (_, who), row in rows.items() if card.types or row["place"] != "superseded"}
    listed = {key: row for key, row in rows.items() if key[1] in options.get("by", said)}
    found = {
        (str(row["claim"]), str(row["forecaster"])): row for row in card.rows() if row["place"] != Category.NO_NUMBER
    }
    if "window" not in options:
        held_in_plain_counts(card, plain(snapshot, rows, cohort=how["cohort"]))
        held_in_lines(card, rows, snapshot)
    assert found.keys() == listed.keys()
    undoubted, added = hardly(snapshot, rows.values()), contributions(rows.values())
    for key, row in listed.items():
        for name in ROW:
            assert found[key][name] == near(row[name], 1e-6 if name == "entered" else 1e-11), (key, name)
        part, whole = undoubted.get(key[0], (None, None))
        assert found[key]["undoubted"] == (None if part is None else pytest.approx(part / whole, abs=1e-7)), key
        assert found[key]["contribution"] == near(added.get(key))
        original = row["brier"] if row["type"] == "yes-no" else None
        assert found[key]["brier_original"] == near(None if original is None else 2 * original)
        assert found[key]["settles_on"] == str(settle_on(snapshot.find(Claim, key[0])))
    for kind, records in {"yes-no": card.records, **{one.word: one.records for one in card.types}}.items():
        for one in records:
            own = [row for (_, who), row in rows.items() if who == one.forecaster.slug and row["type"] == kind]
            held(one, own)
            if kind != "yes-no":
                held_of_type(one, own, card.every_type)
    want = pooled(listed.values())
    assert {one.forecaster.slug: one.row() for one in card.pooled} == {who: near(one) for who, one in want.items()}


def held_in_lines(card: Scorecard, rows: dict[tuple[str, str], dict[str, Any]], snapshot: Snapshot) -> None:
    """Hold what the lines of a leaderboard count of each forecaster, whether anybody can be ranked or not."""
    pool = card.every_type
    everybody = Standings(pool, Yardstick(np.ones(len(pool.table.forecasters), np.bool_)))
    undoubted = hardly(snapshot, rows.values())
    for row in leaderboard_rows(everybody):
        if not row.from_words:
            own = [one for (_, who), one in rows.items() if who == row.forecaster]
            for name, value in line(snapshot, own, undoubted).items():
                within = {"entered": 1e-6, "undoubted": 1e-7}.get(name, 1e-11)
                assert getattr(row, name) == near(value, within), (row.forecaster, name)


def held_in_plain_counts(card: Scorecard, want: dict[str, Counter[str]]) -> None:
    """Hold how many statements of each forecaster came out in each way, with those that have no number."""
    found = {str(row["forecaster"]): row for row in card.forecasters()}
    assert found.keys() >= {who for who, counts in want.items() if counts["said"]} or card.asked != "everybody"
    for who, row in found.items():
        names = ("said", "no_number", *(came.name.lower() for came in Came if came not in {Came.TRUE, Came.NOT}))
        for name in (*names, "came_true", "did_not"):
            assert row[name] == want[who][name], (who, name)


def held(one: TrackRecord, rows: list[dict[str, Any]]) -> None:
    """Hold the figures of one forecaster on claims of one type."""
    want = record(rows)
    for name in ("brier", "log_score", "time_skill", "coverage", "entered"):
        mean = one.mean(name)
        assert (None if mean is None or np.isnan(mean) else mean) == near(
            want[name], 1e-6 if name == "entered" else 1e-12
        )
    assert (one.bounds(every_open=False), one.bounds(every_open=True)) == (near(want["due"]), near(want["open"]))
    assert (one.n, one.words_only, one.backdated) == (want["n"], want["words_only"], want["backdated"])
    assert one.backdated_brier == near(want["backdated_brier"])
    assert {name: one.funnel[name] for name in want["funnel"]} == want["funnel"]


def held_of_type(one: TrackRecord, rows: list[dict[str, Any]], pool: Pool) -> None:
    """Hold what is told of the claims of one type alone: how often somebody was near, calibration, bounds over time."""
    want = record(rows)
    assert tuple(near_count(one))[:3] == want["near"]
    if one.scored and want["judged"]:
        cluster, (ranges, fifths) = one.series.cluster, want["judged"]
        found = coverage_of_ranges(places_of(one), cluster, levels=RANGES)
        assert [each.share for each in found] == pytest.approx(ranges, abs=1e-9)
        assert places_histogram(places_of(one), cluster).counts.tolist() == pytest.approx(fifths, abs=1e-9)
    bounds = possible_skill(pool, one)
    assert (bounds is not None) == want["unknown"]
    assert bounds is None or bounds == pytest.approx(want["saved_ends"], abs=1e-9)


def near(value: Any, within: float = 1e-12) -> Any:
    if isinstance(value, dict):
        return {name: near(one, within) for name, one in value.items()}
    numbers = isinstance(value, float) or (isinstance(value, tuple) and value)
    return pytest.approx(value, rel=within, abs=within) if numbers else value


OPTIONS: list[dict[str, Any]] = [
    {}, {"rule": "last"}, {"cohort": "resolved", "today": "2025-02-20"}, {"today": "2025-02-10", "by": ["ben", "ana"]},
    {"window": "2025-01-15/2025-02-20"},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_a_card_is_what_is_told_claim_by_claim(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    World(tmp_path / "ledger.db", seed, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db") as ledger:
        for options in OPTIONS:
            check(ledger, options)


@pytest.mark.campaign(25)
def test_a_thousand_random_ledgers_are_told_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(10, 1_020):
        path = tmp_path / f"{seed}.db"
        World(path, seed, monkeypatch).write()
        with Ledger(path) as ledger:
            check(ledger, OPTIONS[seed % len(OPTIONS)])
        path.unlink()


def test_random_ledgers_hold_what_can_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places, marks = Counter[str](), Counter[str]()
    for seed in range(20):
        World(tmp_path / f"{seed}.db", seed, monkeypatch).write()
        with Ledger(tmp_path / f"{seed}.db") as ledger:
            places.update(str(row["place"]) for row in ledger.scorecard().rows())
            units, claims = ledger._snapshots.reader.claims.units, ledger._snapshots.reader.claims
            marks.update(
                late=int(units.late.sum()), chained=int((units.chain >= 0).sum()), blocks=ledger._store.has_blocks(),
                apart=int((units.fair != units.wide).sum()), by_day_after_all=int(claims.by_day_after_all.sum()),
                distributions=sum(
                    one.point is None and not one.withdrawn
                    for _, one in Imports(ledger._journal.connection).forecasts()
                ),
                verdicts_corrected=sum(row.fields["revision"] > 1 for row in ledger._store.rows(Resolution)),
                types_changed=sum(
                    len({row.fields.get("type") for row in ledger._store.rows_under(Claim, slug=slug)}) > 1
                    for slug in claims.slugs
                ),
            )  # fmt: skip

    assert set(places) >= {str(place) for place in Category} - {Category.OPEN, Category.DUE}
    assert min(marks.values()) > 0


def test_imported_times_after_their_recording_are_backdated(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = "predictions.importing.validate.ForecastChecker._check_times"
    monkeypatch.setattr(check, lambda *_: None)  # as another program may write it
    clock.set("2025-01-02T00:00Z")
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It snows", deadline="2025-03-31", opens_on="2025-01-01", slug="snow")
        made_at = int(datetime(2025, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000
        columns = {"claim": ["snow"], "forecaster": ["zoe"], "made_at": [made_at], "probability": [0.4]}
        ledger.import_forecasts(columns)
        clock.set("2025-09-02T00:00Z")
        ledger.resolve("snow", "no")

        assert ledger.scorecard().record("zoe").funnel["backdated (apart)"] == 1


def test_a_correction_dated_later_than_the_day_takes_its_verdict_along(clock: Clock, tmp_path: Path) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
        clock.set("2026-06-09T00:00Z")
        ledger.resolve("rain", "no", known_on="2026-05-01", reason="seen")
        with ledger._journal.writing() as writing:
            later = Resolution(
                claim="rain", number=1, revision=2, outcome="no", known_on=date(2026, 6, 8), reason="mistyped"
            )
            ledger._store.put(writing, later)

        [row] = ledger.scorecard(today="2026-06-07").rows()

    assert row["place"] == "overdue"


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_card_is_whole_after_its_ledger_was_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    World(tmp_path / "ledger.db", 1, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db") as ledger:
        open_card = ledger.scorecard()
        said = [str(open_card), open_card.rows(), str(open_card.compare("ben", "cy"))]
        ledger._snapshots.reader = None
        card = ledger.scorecard()

    assert [str(card), card.rows(), str(card.compare("ben", "cy"))] == said


def many_claims(path: Path) -> Ledger:
    """Forty thousand forecasts on four hundred claims, in the order of their last days; nothing by hand."""
    with clock_at("2024-01-01T00:00Z"), Ledger(path, me="ana"):
        pass
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
    ledger._snapshots.reader = None
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
        ledger.add("It rains", deadline="2027-12-31", opens_on="2025-01-01", slug="rain")
        for month, people in enumerate((["bo"], ["bo", "dee"]), 1):
            ledger.import_forecasts([("rain", who, f"2026-0{month}-02T09:00:00Z", 0.3) for who in people])
        ledger.forecast("rain", 0.4, by="cy")
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Forecaster(slug="eve", title="eve", kind="person"))

        card = ledger.scorecard(by=by)

    assert [record.forecaster.slug for record in card.records] == [by]
    assert len(card.rows()) == (by != "eve")


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_late_entry_by_hand_takes_no_published_forecast_out_of_the_means(clock: Clock, tmp_path: Path) -> None:
    slugs, moment = ["sun", "rain", "snow"], "2025-02-02T10:00Z"
    clock.set("2025-01-01T00:00Z")
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Source(slug="platform", title="A platform", kind="platform"))
        for slug in slugs:
            ledger.add(f"It is {slug}", deadline="2025-03-31", opens_on="2025-01-01", slug=slug)
        clock.set("2025-06-01T00:00Z")
        ledger.import_forecasts([(slug, "bob", moment, 0.9) for slug in slugs], published_in="platform")
        for slug in slugs:
            ledger.resolve(slug, "no", known_on="2025-04-01", reason="seen")
        ledger.forecast("rain", 0.9, by="bob", made_at=moment, published_in="platform")
        ledger.forecast("snow", 0.05, by="bob", made_at=moment, reason="misread")

        record = ledger.scorecard().record("bob")
        assert (record.n, record.mean("brier")) == (3, pytest.approx(0.81))


def test_a_card_says_why_its_means_are_empty(clock: Clock, tmp_path: Path) -> None:
    clock.set("2025-06-01T00:00Z")
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It snows", deadline="2025-03-31", opens_on="2025-01-01", slug="snow")
        ledger.import_forecasts([("snow", "bob", "2025-02-02T10:00Z", 0.9)])
        ledger.resolve("snow", "no", known_on="2025-04-01", reason="seen")

        assert "backdated only, apart: statements (Brier) bob 1 (0.810)" in str(ledger.scorecard(full=True))
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
        assert "the 60 worst of 730 rows" in str(replace(card, full=True))
        assert card.compare("ben", "cy").difference == pytest.approx(0.9 * (0.98**2 - 0.99**2))
        assert card.compare("Ben Sample", "the others").difference is not None
        assert crowds.record("crowd-median").n == 12
        assert card.explain("brier", "ben").value == pytest.approx(card.record("ben").mean("brier"))
        assert card.reliability("Ben Sample").n == 12
        assert ledger.scorecard(today="2025-12-31").diff(before).changes
        assert ledger.report(tmp_path / "page.html", today="2025-02-20").stat().st_size > 10_000
        with pytest.raises(InvalidValue, match="no forecaster 'eve' on this card"):
            card.reliability("eve")


# -- what fresh eyes found ------------------------------------------------------------------------------------


def told_of(tmp_path: Path, clock: Clock) -> Ledger:
    clock.set("2026-01-05T00:00Z")
    ledger = Ledger(tmp_path / "ledger.db", me="ana")
    ledger.add("It rains", deadline="2026-03-31", opens_on="2026-01-01", slug="rain")
    return ledger


def test_a_range_may_begin_at_nothing(clock: Clock, tmp_path: Path) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", low=0, high=0.6)

        [row] = ledger.scorecard().rows()

    assert (row["low"], row["probability"], row["high"]) == (0, 0.3, 0.6)


def test_crowds_of_nobody_say_nothing(clock: Clock, tmp_path: Path) -> None:
    with Ledger(tmp_path / "empty.db") as ledger:
        assert ledger.scorecard(crowds=True).rows() == []
    with told_of(tmp_path, clock) as ledger:
        assert ledger.scorecard(crowds=True).rows() == []
        ledger.forecast("rain", low=0.1, high=0.6)

        assert [row["forecaster"] for row in ledger.scorecard(crowds=True).rows()] == ["ana"]


def test_a_correction_counts_on_no_day_before_it_was_recorded(clock: Clock, tmp_path: Path) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
        ledger.forecast("rain", 0.4, by="ben", kind="person")
        clock.set("2026-03-09T00:00Z")
        ledger.correct("forecast rain ben", probability=0.9, reason="mistyped")

        cards = [ledger.scorecard(rule="last", crowds=True, today=day) for day in ("2026-01-15", "2026-03-10")]
        early, late = ({row["forecaster"]: row["probability"] for row in card.rows()} for card in cards)

    assert (early["ben"], early["crowd-median"]) == (0.4, 0.3)
    assert (late["ben"], late["crowd-median"]) == (0.9, 0.55)


@pytest.mark.parametrize("beside", ["-journal", "-wal"])
def test_a_card_that_is_printed_later_leaves_everything_as_it_is(clock: Clock, tmp_path: Path, beside: str) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
    with Ledger(tmp_path / "ledger.db", read_only=True) as ledger:
        card = ledger.scorecard()
    planted = tmp_path / f"ledger.db{beside}"
    planted.write_bytes(b"precious")

    with suppress(LedgerError):
        str(card)

    assert planted.read_bytes() == b"precious"


def test_a_card_is_of_its_own_file_only(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
        ledger.log_evidence("rain", "https://example.org/", "Wet", on="2026-01-02", bears="context")
        card, again = ledger.scorecard(), ledger.scorecard(by="ana")
    monkeypatch.chdir(tmp_path.parent)
    assert "ana" in str(card)
    (tmp_path / "ledger.db").unlink()
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.9)

    with pytest.raises(Tampered, match="is not the file that this card was made of"):
        list(again.rows())


def test_cards_are_compared_copied_and_kept_as_values(clock: Clock, tmp_path: Path) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
        head = str(ledger.head())
        card, again = (ledger.scorecard(as_of=head, today="2026-01-06") for _ in range(2))
        clock.set("2026-01-06T00:00Z")
        ledger.forecast("rain", 0.3)
        later = ledger.scorecard(today="2026-01-06", rule="last")

        assert card == again != later
        assert str(pickle.loads(pickle.dumps(card))) == str(copy.deepcopy(card)) == str(card)
        assert repr(card.record("ana")) == "<record of ana: 0 statements scored of 1 claims>"


@pytest.mark.parametrize("name", ["anna", "", None, 3, ["ana"]])
def test_who_is_not_on_a_card_is_said_in_a_sentence(clock: Clock, tmp_path: Path, name: Any) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.2)
        card = ledger.scorecard()

        for ask in (card.record, card.reliability, lambda one: card.compare("ana", one)):
            with pytest.raises(InvalidValue, match=r"no forecaster .* on this card"):
                ask(name)
        with pytest.raises(InvalidValue, match="is no figure"):
            card.explain(name, by="ana")


def test_a_crowd_moves_by_its_members_and_says_whose(clock: Clock, tmp_path: Path) -> None:
    with told_of(tmp_path, clock) as ledger:
        ledger.forecast("rain", 0.3)
        ledger.forecast("rain", 0.5, by="ben", kind="person")
        before = ledger.scorecard(crowds=True, rule="last")
        clock.set("2026-01-08T00:00Z")
        ledger.forecast("rain", 0.9, by="cy", made_at="2026-01-06", kind="person")
        ledger.forecast("rain", low=0.1, high=0.8, by="dee", kind="person")
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


@pytest.mark.parametrize("seed", range(6))
def test_every_claim_of_a_forecaster_is_scored_or_has_one_reason_why_not(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    World(tmp_path / "ledger.db", seed, monkeypatch).write()
    with Ledger(tmp_path / "ledger.db") as ledger:
        rows = ledger.scorecard(today="2025-02-15").face().funnel.rows

    for *_, forecast, _, _, scored, why in rows:  # each type of claims in rows of its own
        reasons = re.findall(r"(\d+) ", why.split(";")[0])
        assert int(forecast) == int(scored) + sum(map(int, reasons))
