"""Judges the records of a card: each forecaster's figures, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from forecasts.comparison import paired_bootstrap, shrink_differences
from forecasts.corp import ConsistencyTest, CorpDecomposition, consistency_test, corp_decomposition
from forecasts.inputs import FloatArray, IndexArray
from forecasts.scores import brier, log_score
from forecasts.sequential import boundary, confidence_sequence, mixture_spread
from forecasts.standing import time_skill
from predictions.scoring.claims import ClaimColumns
from predictions.scoring.figures import BESIDE_OTHERS, LEVEL, SCORES, SEED, Against, Part, Plain, Reference, columns_in
from predictions.scoring.pool import Pool
from predictions.scoring.references import Stood, mean_over_units
from predictions.scoring.totals import FEW, Scored, TrackRecord, by_unit

Ends: TypeAlias = tuple[float, float]

RESAMPLES = 4_000
OPTIMUM = 10.0  # the intrinsic time at which the anytime interval is tightest, chosen beforehand
DRAWS = 1_000  # of calibrated outcomes, for the p-value
MOST = 10**7  # statements beyond which no number is told
REFERENCES = {column.name: Reference(column.label) for column in columns_in(Part.SKILL)}
ANY: Ends = (-1.0, 1.0)  # where the difference of two Brier scores lies
BESIDE_HALF: Ends = (-0.25, 0.75)  # and where (p - v)^2 - (0.5 - v)^2 does, over any part of a window too


def plain_rules(pool: Pool) -> tuple[Plain, ...]:
    """The scores of always saying 50 %, and of the base rate of the other statements, on all statements listed."""
    claims = [record.series.claim for record in pool.listed]
    chosen = np.unique(np.concatenate(claims)) if claims else np.zeros(0, np.int32)
    if not chosen.size:
        return ()
    of = pool.table.claims
    unit, truth = of.units.fair[chosen], of.outcome[chosen]
    found = []
    for name, chances in ((Reference.HALF, np.full(truth.shape, 0.5)), (Reference.BASE_RATE, pool.base_rates[chosen])):
        squared, log = (by_unit(unit, np.asarray(score(chances, truth))) for score in (brier, log_score))
        found.append(Plain(name, squared.size, float(squared.mean()), float(log.mean())))
    return tuple(found)


def in_settling_order(said: Scored, claims: ClaimColumns) -> Scored:
    """The same by the last settle day of each cluster, then by slug: a sequence takes them as they become known."""
    _, which = np.unique(said.cluster, return_inverse=True)
    last = np.zeros(which.max(initial=-1) + 1, np.intp)
    np.maximum.at(last, which, claims.settles_on[said.claim])
    names = np.unique([claims.statements[claim] for claim in said.claim.tolist()], return_inverse=True)[1]
    return said.part(np.lexsort((names, last[which])))


def cautious(
    values: FloatArray, clusters: IndexArray, interval: Callable[[FloatArray, IndexArray], Ends | None]
) -> Ends | None:
    """The interval of a mean over units; no narrower than with the clusters that were declared too late for it.

    *values* and *clusters* have one for each unit; a cluster declared afterwards must never make a card surer.
    """
    plain = interval(values, np.arange(values.size))
    if np.unique(clusters).size == values.size:
        return plain
    merged = interval(values, clusters)
    return (min(plain[0], merged[0]), max(plain[1], merged[1])) if plain and merged else None


def interval_of(values: FloatArray, clusters: IndexArray) -> Ends | None:
    """The interval of the mean for one look, from resampling: bias-corrected where it can be, else the plain one."""

    def one(values: FloatArray, clusters: IndexArray) -> Ends | None:
        boot = paired_bootstrap(
            values.tolist(), clusters=clusters.tolist(), seed=SEED, level=LEVEL, resamples=resamples(values.size)
        )
        ends = (boot.bca or boot.percentile) if boot else None
        return (ends.lower, ends.upper) if ends else None

    return cautious(values, clusters, one)


def resampled(record: TrackRecord) -> Ends | None:
    """The interval of the mean Brier from resampled units; None where there are too few."""
    said = in_settling_order(record.series, record.table.claims)
    return interval_of(said.by_unit(said.brier), said.clusters)


def calibrated(record: TrackRecord) -> ConsistencyTest | None:
    """How the miscalibration compares with that of a calibrated forecaster; None where there is too little."""
    said = record.series
    return None if record.few else consistency_test(said.probability, said.value, seed=SEED, resamples=DRAWS)


def beside_half(said: Scored) -> FloatArray:
    """For each statement the mean Brier less that of always saying 50 %; negative is better."""
    return said.by_unit(said.brier - brier(np.full(said.value.shape, 0.5), said.value))


def resamples(count: int) -> int:
    """How often to resample so many observations: often where they are few, and enough where they are many."""
    return max(min(RESAMPLES, 8_000_000 // max(count, 1)), 1_000)


def anytime(differences: FloatArray, clusters: IndexArray, within: Ends) -> Ends | None:
    """The interval of the mean difference that holds however often one looks; units in the order of settling.

    It presumes that what has settled does not bear on forecasts made before. *within* is where every difference must
    lie whatever happens: the narrower, the sooner something is told. It is known before any outcome is:
    ``BESIDE_HALF`` beside always saying 50 %, ``ANY`` beside everybody else.
    """

    def one(values: FloatArray, clusters: IndexArray) -> Ends | None:
        inside = np.clip(by_unit(clusters, values), *within)  # sums over time may leave it by a rounding
        sequence = confidence_sequence(inside, alpha=1 - LEVEL, low=within[0], high=within[1], optimum=OPTIMUM)
        return (float(sequence.lower[-1]), float(sequence.upper[-1])) if sequence else None

    return cautious(differences, clusters, one)


def more_needed(differences: Sequence[float] | FloatArray, within: Ends) -> int | None:
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


def figure_of(record: TrackRecord, name: str) -> Any:  # as its column says
    """A figure that everybody has, as one pass gave it."""
    if name in {"n", "funnel"}:
        return getattr(record, name)
    if name in {"bounds_due", "bounds_open"}:
        return record.bounds(every_open=name == "bounds_open")
    if name == "brier_original":
        return None if record.mean("brier") is None else 2 * record.means["brier"]
    return record.mean(name)


class Judged(Mapping[str, "Figures"]):
    """The figures of each forecaster of a card, by slug."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._figures = {record.forecaster.slug: Figures(record, self) for record in pool.listed}

    def __getitem__(self, forecaster: str) -> Figures:
        return self._figures[forecaster]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    @cached_property
    def drawn(self) -> dict[str, Drawn]:
        """Everybody's mean Brier drawn towards the others'."""
        return drawn_together(self.pool.people)


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one forecaster's scored rows, each computed when it is first asked for; None without any.

    Attributes:
        record: What one pass over all series came to.
        among: The figures of everybody on the card.
    """

    record: TrackRecord
    among: Judged

    @property
    def slug(self) -> str:
        """Whose they are."""
        return self.record.forecaster.slug

    def value(self, name: str) -> Any:  # a number, an interval or counts, as its column says
        """The figure of that name in the table of scores."""
        if SCORES[name].everybody:
            return figure_of(self.record, name)
        if name in REFERENCES:
            against = self.skill.get(REFERENCES[name])
            return against.skill if against else None
        return getattr(self, name)

    @property
    def brier(self) -> float | None:
        """The mean Brier score."""
        return self.record.mean("brier")

    @cached_property
    def interval(self) -> Ends | None:
        """Where the mean Brier lies, from resampled statements."""
        return resampled(self.record)

    @cached_property
    def skill(self) -> dict[Reference, Against]:
        """The loss saved over time against each reference that has something to say."""
        pool = self.among.pool
        beside_others = sum(one.n for one in pool.everybody) <= BESIDE_OTHERS
        return _skills(Stood(pool, self.record.scored), beside_others=beside_others)

    @cached_property
    def split(self) -> CorpDecomposition | None:
        """The parts of the mean Brier, over claims."""
        said = self.record.series
        return corp_decomposition(said.probability, said.value)

    @property
    def miscalibration(self) -> float | None:
        return self.split.miscalibration if self.split else None

    @property
    def discrimination(self) -> float | None:
        return self.split.discrimination if self.split else None

    @property
    def uncertainty(self) -> float | None:
        return self.split.uncertainty if self.split else None

    @cached_property
    def p_value(self) -> float | None:
        """How often a calibrated forecaster would look as miscalibrated."""
        test = calibrated(self.record)
        return test.p_value if test else None

    @property
    def shrunk(self) -> float | None:
        """The mean Brier drawn towards the others'."""
        drawn = self.among.drawn.get(self.slug)
        return drawn.shrunk if drawn else None

    @cached_property
    def verdict(self) -> str:
        """What can be said of it, however often one looks."""
        return _verdict(self.among.pool, self.record)


def _skills(stood: Stood, *, beside_others: bool) -> dict[Reference, Against]:
    found = {}
    for reference in Reference:
        values = stood.saved(reference) if beside_others or reference is not Reference.CROWD else []
        mean = mean_over_units(stood.rows, values) if values else None
        if mean is not None:
            over = {row.claim.unit for row, value in zip(stood.rows, values, strict=True) if value is not None}
            found[reference] = Against(mean, len(over))
    return found


class Drawn(NamedTuple):
    """One forecaster's mean Brier drawn towards the others'."""

    brier: float
    raw: float  # the mean Brier less that of always saying 50 %, on the same statements
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
    result = shrink_differences([beside_half(record.series) for record in pool]) if len(pool) > 1 else None
    if result is None:
        return {}
    return {
        record.forecaster.slug: Drawn(record.mean("brier") or 0.0, raw, moved, weight, result.centre, len(pool))
        for record, raw, moved, weight in zip(
            pool, result.raw.tolist(), result.shrunk.tolist(), result.weight.tolist(), strict=True
        )
    }


def _verdict(pool: Pool, record: TrackRecord) -> str:
    """What can be said of the skill over time beside always saying 50 %; it holds whatever verdicts are missing."""
    if record.few:
        more = FEW - record.n
        return f"too few to say; at least {more} more statement{'s'[: more != 1]} needed"
    at_best, at_worst, missing = beside_half_over_time(pool, record)
    best, worst = (anytime(one.by_unit(one.brier), one.clusters, BESIDE_HALF) for one in (at_best, at_worst))
    whatever = f", whatever becomes of {missing:,} without a verdict" if missing else ""
    if worst and worst[1] < 0:
        return f"better than always saying 50 %, however often one looks{whatever}"
    if best and best[0] > 0:
        return f"worse than always saying 50 %, however often one looks{whatever}"
    more_or_none = None if missing else more_needed(at_worst.by_unit(at_worst.brier), BESIDE_HALF)
    about = f"; about {more_or_none:,} more would tell, if it stays so" if more_or_none else ""
    lacking = f"; {missing:,} without a verdict could still turn it" if missing else ""
    return f"not yet to be told from always saying 50 %, if one looks after every statement{about}{lacking}"


def beside_half_over_time(pool: Pool, record: TrackRecord) -> tuple[Scored, Scored, int]:
    """The loss over time less that of always saying 50 %, in the place of the Brier score; negative is better.

    At best and at worst: as the claims that are due without a verdict may come out. And how many of these there are.
    """
    table = record.table
    part = table.series.part(record.places("due"))
    units, missing = table.claims.units, np.isnan(table.claims.outcome.take(part.claim))
    stood = pool.standing(table.keys(part.part(missing)))
    either = [np.atleast_1d(time_skill(stood, np.full(stood.opens.size, truth))) for truth in (0.0, 1.0)]
    found = []
    for pick in (np.maximum, np.minimum):
        saved = part.saved.copy()
        saved[missing] = pick(*either)
        said = Scored(
            part.claim, units.fair.take(part.claim), units.wide.take(part.claim), part.probability,
            table.claims.outcome.take(part.claim), -saved,
        )  # fmt: skip
        found.append(in_settling_order(said, table.claims))
    return found[0], found[1], int(missing.sum())
