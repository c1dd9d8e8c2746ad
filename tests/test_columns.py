"""Cards from sums over columns are those from records, row by row and figure by figure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from predictions.cards.wide import WideScorecard

from predictions import InvalidValue, Ledger, NotFound
from predictions.cards.scorecard import Scorecard
from predictions.journal import Journal
from predictions.records import Claim, Forecaster, Resolution, Source, Statement
from predictions.storage.imports import ImportReader
from predictions.store import Store

DAY = 86_400_000_000
BEGUN = date(2025, 1, 1)
FIGURES = ("brier", "log_score", "time_skill")
OF_A_ROW = (*FIGURES, "probability", "value", "coverage")
TOLD_OF_A_ROW = ("place", "imputed", "backdated", "backdated_apart", "superseded")


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


def both(path: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> tuple[Scorecard, WideScorecard]:
    with Ledger(path) as ledger:
        narrow = ledger.scorecard(**options)
        monkeypatch.setattr("predictions.reading.MOST_ROWS", 0)
        wide = ledger.scorecard(**options)
    assert isinstance(narrow, Scorecard)
    assert isinstance(wide, WideScorecard)
    return narrow, wide


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
def test_the_wide_card_is_the_narrow_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, options: dict[str, object], shape: dict[str, bool]
) -> None:
    world(tmp_path / "ledger.db", seed, **shape)

    narrow, wide = both(tmp_path / "ledger.db", monkeypatch, **options)

    assert [one.forecaster for one in wide.records] == sorted(one.forecaster.slug for one in narrow.records if one.rows)
    for record in narrow.records:
        if not record.rows:
            continue
        sums = wide.record(record.forecaster.slug)
        assert (sums.n, sums.claims, sums.funnel) == (record.n, len(record.scored), record.funnel)
        for name in FIGURES:
            assert sums.mean(name) == pytest.approx(record.mean(name), abs=1e-12)
        for every_open in (False, True):
            assert sums.bounds(every_open=every_open) == pytest.approx(record.bounds(every_open=every_open), abs=1e-12)
        if record.scored:
            drawn, same = (card.reliability(record.forecaster.slug) for card in (narrow, wide))
            assert (drawn.counts, drawn.n, len(drawn.band)) == (same.counts, same.n, len(same.band))
            assert drawn.recalibrated == pytest.approx(same.recalibrated, abs=1e-12)
        figures = narrow.judgement.figures[record.forecaster.slug]
        assert sums.mean("coverage") == pytest.approx(figures.coverage, abs=1e-12)
        assert (sums.backdated, sums.backdated_brier) == (
            figures.backdated,
            pytest.approx(figures.backdated_brier, abs=1e-12),
        )
    assert wide.unforecast == narrow.unforecast
    rows = {(row["claim"], row["forecaster"]): row for row in wide.claim_rows()}
    assert rows.keys() == {(row["claim"], row["forecaster"]) for row in narrow.rows()}
    for row in narrow.rows():
        same = rows[row["claim"], row["forecaster"]]
        assert [same[name] for name in TOLD_OF_A_ROW] == [row[name] for name in TOLD_OF_A_ROW]
        for name in OF_A_ROW:
            assert same[name] == pytest.approx(row[name], abs=1e-12)


def test_imported_times_after_their_recording_are_backdated_on_both_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.ledger.AHEAD", timedelta(days=400))  # as another program may write it
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 1, 2, tzinfo=UTC)
        ledger.add("It snows", by="2025-03-31", opens_on="2025-01-01", slug="snow")
        made_at = int(datetime(2025, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000
        columns = {"claim": ["snow"], "forecaster": ["zoe"], "made_at": [made_at], "probability": [0.4]}
        ledger.import_forecasts(columns)
        ledger._journal._clock = lambda: datetime(2025, 9, 2, tzinfo=UTC)
        ledger.resolve("snow", "no", lapsed=True)

    narrow, wide = both(tmp_path / "ledger.db", monkeypatch)

    assert narrow.record("zoe").funnel == wide.record("zoe").funnel
    assert narrow.record("zoe").funnel["backdated (apart)"] == 1


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_correction_dated_later_than_the_day_takes_its_verdict_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tmp_path / "ledger.db", 0)
    journal = Journal(tmp_path / "ledger.db", clock=lambda: datetime(2025, 9, 1, tzinfo=UTC))
    with journal.writing() as writing:
        later = Resolution(
            claim="claim-00", number=1, revision=2, outcome="no", known_on=date(2025, 8, 31), reason="mistyped"
        )
        Store(journal).put(writing, later)
    journal.close()

    narrow, wide = both(tmp_path / "ledger.db", monkeypatch, today="2025-08-01")

    places = {(row["claim"], row["forecaster"]): row["place"] for row in narrow.rows()}
    assert {(row["claim"], row["forecaster"]): row["place"] for row in wide.claim_rows()} == places
    assert {place for (claim, _), place in places.items() if claim == "claim-00"} == {"overdue"}


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
    ledger._holder = None
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


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        ({"by": "nobody"}, NotFound, "no forecaster 'nobody'"),
        ({"cohort": "bogus"}, InvalidValue, "'bogus' is no cohort of a scorecard; say settled or resolved"),
        ({"rule": "bogus"}, InvalidValue, "'bogus' is no rule of a scorecard; say first or last"),
        ({"crowds": True}, InvalidValue, "crowds are made of single forecasts"),
    ],
)
def test_a_wide_card_is_asked_for_as_any_other(
    tmp_path: Path, options: dict[str, object], kind: type[Exception], sentence: str
) -> None:
    ledger = many_claims(tmp_path / "ledger.db")

    with pytest.raises(kind, match=sentence):
        ledger.scorecard(**options)


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # times that only the importer claims
@pytest.mark.parametrize("by", ["cy", "bo", "dee", "eve"])
def test_somebody_who_is_in_one_import_or_by_hand_only_or_silent_has_his_card_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It rains", by="2027-12-31", opens_on="2025-01-01", slug="rain")
        for month, people in enumerate((["bo"], ["bo", "dee"]), 1):
            ledger.import_forecasts([("rain", who, f"2026-0{month}-02T09:00:00Z", 0.3) for who in people])
        ledger.forecast("rain", 0.4, by="cy")
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Forecaster(slug="eve", title="eve", kind="person"))

    narrow, wide = both(tmp_path / "ledger.db", monkeypatch, by=by)

    assert [record.forecaster.slug for record in narrow.records] == [record.forecaster for record in wide.records]
    assert [row["probability"] for row in narrow.rows()] == [row["probability"] for row in wide.claim_rows()]


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # late ones are wanted here
def test_a_late_entry_by_hand_takes_no_published_forecast_out_of_the_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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

    for card in both(tmp_path / "ledger.db", monkeypatch):
        record = card.record("bob")
        assert (record.n, record.mean("brier")) == (3, pytest.approx(0.81))


def test_a_wide_card_says_why_its_means_are_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger._journal._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
        ledger.add("It snows", by="2025-03-31", opens_on="2025-01-01", slug="snow")
        ledger.import_forecasts([("snow", "bob", "2025-02-02T10:00Z", 0.9)])
        ledger.resolve("snow", "no", known_on="2025-04-01", reason="seen")

    _, backdated = both(tmp_path / "ledger.db", monkeypatch)
    with Ledger(tmp_path / "ledger.db") as ledger:
        none = ledger.scorecard(window="1999")

    assert "the times of these forecasts are backdated" in str(backdated)
    assert "nothing on this card: no forecast on a scored claim of window 1999" in str(none)


def test_a_card_with_nothing_in_the_means_says_so(tmp_path: Path) -> None:
    card = many_claims(tmp_path / "ledger.db").scorecard(today="2025-01-05")

    assert "nothing in the means yet" in str(card)
    assert "worst" not in str(card)


def test_a_forecaster_is_known_by_title_on_the_wide_card(tmp_path: Path) -> None:
    with many_claims(tmp_path / "ledger.db") as ledger:
        with ledger._journal.writing() as writing:
            ledger._store.put(
                writing, Forecaster(slug="ben", revision=2, title="Ben Sample", kind="person", reason="name")
            )
        ledger.resolve("claim-000", "no", known_on="2025-01-11", reason="seen")

        card = ledger.scorecard(today="2025-12-31")

        assert card.reliability("Ben Sample").n == 1
        with pytest.raises(InvalidValue, match="no forecaster 'eve' on this card"):
            card.reliability("eve")
        with pytest.raises(InvalidValue, match="made of sums over more"):
            card.plot_reliability()


def test_a_wide_card_says_that_it_does_not_draw_every_claim(tmp_path: Path) -> None:
    card = many_claims(tmp_path / "ledger.db").scorecard(today="2025-12-31")

    with pytest.raises(InvalidValue, match="made of sums over more"):
        card.plot_scores()


def test_the_worst_rows_are_said_to_be_of_those_in_the_means(tmp_path: Path) -> None:
    with many_claims(tmp_path / "ledger.db") as ledger:
        ledger.resolve("claim-000", "no", known_on="2025-01-11", reason="seen")

        card = ledger.scorecard(today="2025-12-31")

    assert "the 2 worst of the 2 rows in the means" in str(card)
