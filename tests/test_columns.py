"""Cards from sums over columns are those from records, row by row and figure by figure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from predictions import Ledger
from predictions.bulk.wide import WideScorecard
from predictions.cards.scorecard import Scorecard
from predictions.journal import Journal
from predictions.records import Claim, Resolution, Source, Statement
from predictions.store import Store

DAY = 86_400_000_000
BEGUN = date(2025, 1, 1)
FIGURES = ("brier", "log_score", "time_skill")


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
            resolves_by = opens_on + timedelta(int(random.integers(5, 150)))
            claim = Claim(
                slug=slug, statement=of, reading="headline", title=slug, wording="It happens.", criteria="Seen.",
                opens_on=opens_on, resolves_by=resolves_by, scored=number % 10 != 9, settle_days=10,
                given="claim-00" if number == 5 else None, supersedes="claim-01" if number == 6 else None,
            )  # fmt: skip
            store.put(writing, claim)
            fate = 0 if number == 0 else int(random.integers(0, 7))
            known_on = min(opens_on + timedelta(int(random.integers(1, 160))), resolves_by + timedelta(3))
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
        figures = narrow.judgement.figures[record.forecaster.slug]
        assert sums.mean("coverage") == pytest.approx(figures.coverage, abs=1e-12)
        assert (sums.claimed, sums.claimed_brier) == (figures.claimed, pytest.approx(figures.claimed_brier, abs=1e-12))
    assert wide.unforecast == narrow.unforecast
    apart = {(row["claim"], row["forecaster"]) for row in narrow.rows() if row["claimed_apart"]}
    assert {(row["claim"], row["forecaster"]) for row in wide.claim_rows() if row["claimed_apart"]} == apart


def test_imported_times_after_their_recording_are_claimed_on_both_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.bulk.importing.AHEAD", timedelta(days=400))  # as another program may write it
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
    assert narrow.record("zoe").funnel["claimed (apart)"] == 1
