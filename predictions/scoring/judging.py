"""Judges the records of a card: each forecaster's figures, and how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from forecasts.comparison import Bootstrap, paired_bootstrap, shrink_differences
from forecasts.corp import ConsistencyTest, consistency_test, corp_decomposition
from forecasts.scores import brier, log_score
from forecasts.sequential import boundary, confidence_sequence, mixture_spread
from predictions.scoring.company import Company
from predictions.scoring.figures import Against, Figures, Judgement, Plain, Reference
from predictions.scoring.places import Place
from predictions.scoring.references import Stood, mean_over_statements
from predictions.scoring.reliability import LEVEL, SEED
from predictions.scoring.rows import Row
from predictions.scoring.track import FEW, TrackRecord
from predictions.status import settle_on

Ends: TypeAlias = tuple[float, float]

RESAMPLES = 4_000
OPTIMUM = 10.0  # the intrinsic time at which the anytime interval is tightest, chosen beforehand
DRAWS = 1_000  # of calibrated outcomes, for the p-value
MOST = 10**7  # statements beyond which no number is told
ANY: Ends = (-1.0, 1.0)  # where the difference of two Brier scores lies
BESIDE_HALF: Ends = (-0.25, 0.75)  # and where (p - v)^2 - (0.5 - v)^2 does, over any part of a window too


def judge(company: Company) -> Judgement:
    """The figures of each forecaster a card lists, and of the plain rules on all of its statements."""
    stood = Stood(company)
    return Judgement(_all_figures(company, stood), tuple(_plain(company, stood)))


def _all_figures(company: Company, stood: Stood) -> dict[str, Figures]:
    saved = {reference: stood.saved(reference) for reference in Reference}
    drawn = drawn_together(company.people)
    found, start = {}, 0
    for record in company.listed:
        end = start + len(record.scored)
        part = {reference: values[start:end] for reference, values in saved.items()}
        found[record.forecaster.slug] = _figures(record, part, drawn.get(record.forecaster.slug))
        start = end
    return found


def _plain(company: Company, stood: Stood) -> list[Plain]:
    """The scores of always saying 50 %, and of the base rate of the other statements."""
    listed = sum(len(record.scored) for record in company.listed)
    firsts = {row.claim.slug: place for place, row in reversed(list(enumerate(stood.rows[:listed])))}
    places = sorted(firsts.values())
    if not places:
        return []
    rows, truth = [stood.rows[place] for place in places], stood.outcomes[places]
    found = []
    for name, chances in ((Reference.HALF, np.full(truth.shape, 0.5)), (Reference.BASE_RATE, stood.base_rates[places])):
        squared = mean_over_statements(rows, brier(chances, truth).tolist())
        log = mean_over_statements(rows, np.asarray(log_score(chances, truth)).tolist())
        n = len({row.claim.statement for row in rows})
        found.append(Plain(name, n, squared or 0.0, log or 0.0))
    return found


def statement_means(rows: Sequence[Row], name: str = "brier") -> dict[str, float]:
    """One observation a statement: the mean score of its claims."""
    groups: dict[str, list[float]] = {}
    for row in rows:
        groups.setdefault(row.claim.statement, []).append(row.middle.figures()[name])
    return {statement: math.fsum(values) / len(values) for statement, values in groups.items()}


def interval_of(boot: Bootstrap | None) -> tuple[float, float] | None:
    """The bias-corrected interval where there is one, else the plain one."""
    ends = (boot.bca or boot.percentile) if boot else None
    return (ends.lower, ends.upper) if ends else None


def resampled(record: TrackRecord) -> Bootstrap | None:
    """The mean Brier with its intervals from resampled statements; None where there are too few."""
    means = list(statement_means(record.scored).values())
    return paired_bootstrap(means, seed=SEED, level=LEVEL, resamples=resamples(record.n))


def calibrated(record: TrackRecord) -> ConsistencyTest | None:
    """How the miscalibration compares with that of a calibrated forecaster; None where there is too little."""
    chances = [row.middle.probability or 0.0 for row in record.scored]
    truth = [row.value or 0.0 for row in record.scored]
    return None if record.few else consistency_test(chances, truth, seed=SEED, resamples=DRAWS)


def beside_half(rows: Sequence[Row]) -> list[float]:
    """For each statement the mean Brier less that of always saying 50 %; negative is better."""
    halves = brier(np.full(len(rows), 0.5), [row.value or 0.0 for row in rows]).tolist()
    groups: dict[str, list[float]] = {}
    for row, half in zip(rows, halves, strict=True):
        groups.setdefault(row.claim.statement, []).append((row.middle.brier or 0.0) - half)
    return [math.fsum(values) / len(values) for values in groups.values()]


def resamples(count: int) -> int:
    """How often to resample so many observations: often where they are few, and enough where they are many."""
    return max(min(RESAMPLES, 8_000_000 // max(count, 1)), 1_000)


def anytime(differences: Sequence[float], within: Ends) -> Ends | None:
    """The interval of the mean difference that holds however often one looks; in the order of settling.

    *within* is where every difference must lie whatever happens: the narrower, the sooner something is told. It is
    known before any outcome is: ``BESIDE_HALF`` beside always saying 50 %, ``ANY`` beside everybody else.
    """
    inside = np.clip(differences, *within)  # sums over time may leave it by a rounding
    sequence = confidence_sequence(inside, alpha=1 - LEVEL, low=within[0], high=within[1], optimum=OPTIMUM)
    return (float(sequence.lower[-1]), float(sequence.upper[-1])) if sequence else None


def more_needed(differences: Sequence[float], within: Ends) -> int | None:
    """About how many more statements would put zero outside that interval, if mean and spread stay as they are.

    None where nothing varies, the mean is zero, or ten million would not do.

    >>> more_needed([-0.5, -0.3, -0.4, -0.2] * 5, ANY)
    5
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.size < 2 or not values.mean() or not values.var():
        return None
    spread, mean, variance = mixture_spread(OPTIMUM, 1 - LEVEL), abs(values.mean()), values.var()
    width = within[1] - within[0]

    def tells(count: int) -> bool:
        time = np.array([max(count * variance, 1.0)])
        return bool(boundary(time, alpha=(1 - LEVEL) / 2, width=width, spread=spread)[0] / count <= mean)

    low = high = int(values.size)
    while not tells(high):
        low, high = high, 2 * high
        if high > MOST:
            return None
    while high - low > max(low // 100, 1):
        middle = (low + high) // 2
        low, high = (low, middle) if tells(middle) else (middle, high)
    return max(high - int(values.size), 1)


def _figures(record: TrackRecord, saved: Mapping[Reference, list[float | None]], drawn: Drawn | None) -> Figures:
    rows = record.scored
    chances = [row.middle.probability or 0.0 for row in rows]
    truth = [row.value or 0.0 for row in rows]
    split = corp_decomposition(chances, truth)
    test = calibrated(record)
    apart = [row for row in record.rows if row.place is Place.BACKDATED and row.middle.brier is not None]
    return Figures(
        forecaster=record.forecaster.slug,
        n=record.n,
        claims=len(rows),
        brier=record.mean("brier"),
        interval=interval_of(resampled(record)),
        log_score=record.mean("log_score"),
        coverage=mean_over_statements(rows, [row.coverage for row in rows]),
        skill=_skills(rows, saved),
        miscalibration=split.miscalibration if split else None,
        discrimination=split.discrimination if split else None,
        uncertainty=split.uncertainty if split else None,
        p_value=test.p_value if test else None,
        shrunk=drawn.shrunk if drawn else None,
        contributions=_contributions(rows),
        backdated=len({row.claim.statement for row in apart}),
        backdated_brier=mean_over_statements(apart, [row.middle.brier for row in apart]),
        verdict=_verdict(record),
    )


def _skills(rows: Sequence[Row], saved: Mapping[Reference, list[float | None]]) -> dict[Reference, Against]:
    found = {}
    for reference, values in saved.items():
        mean = mean_over_statements(rows, values)
        if mean is not None:
            over = {row.claim.statement for row, value in zip(rows, values, strict=True) if value is not None}
            found[reference] = Against(mean, len(over))
    return found


def _contributions(rows: Sequence[Row]) -> dict[str, float]:
    """The part of the mean Brier that each claim makes; they sum to it."""
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.claim.statement] = sizes.get(row.claim.statement, 0) + 1
    return {row.claim.slug: (row.middle.brier or 0.0) / sizes[row.claim.statement] / len(sizes) for row in rows}


class Drawn(NamedTuple):
    """One forecaster's mean Brier drawn towards the others'."""

    brier: float
    raw: float  # the mean Brier less that of always saying 50 %, on his statements
    moved: float  # that, drawn towards the centre
    weight: float  # the share that the centre has in it
    centre: float
    people: int

    @property
    def shrunk(self) -> float:
        return self.brier + self.moved - self.raw


def drawn_together(people: Sequence[TrackRecord]) -> dict[str, Drawn]:
    """Mean Briers drawn towards each other; by forecaster, where at least two have one.

    Among *people* there must be none that follows from others: it would count their statements a second time.
    """
    pool = [record for record in people if record.n]
    result = shrink_differences([beside_half(record.scored) for record in pool]) if len(pool) > 1 else None
    if result is None:
        return {}
    return {
        record.forecaster.slug: Drawn(record.mean("brier") or 0.0, raw, moved, weight, result.centre, len(pool))
        for record, raw, moved, weight in zip(
            pool, result.raw.tolist(), result.shrunk.tolist(), result.weight.tolist(), strict=True
        )
    }


def _verdict(record: TrackRecord) -> str:
    if record.few:
        more = FEW - record.n
        return f"too few to say; at least {more} more statement{'s'[: more != 1]} needed"
    differences = beside_half(sorted(record.scored, key=lambda row: (settle_on(row.claim), row.claim.statement)))
    interval = anytime(differences, BESIDE_HALF)
    if interval and interval[1] < 0:
        return "better than always saying 50 %, however often one looks"
    if interval and interval[0] > 0:
        return "worse than always saying 50 %, however often one looks"
    more_or_none = more_needed(differences, BESIDE_HALF)
    about = f"; about {more_or_none:,} more would tell, if it stays so" if more_or_none else ""
    return f"not yet to be told from always saying 50 %, if one looks after every statement{about}"
