"""What a scorecard says of a forecaster, as data: each score with its name, form and formula; and the plain rules.

The tables of the card, ``rows()``, ``forecasters()``, ``explain``, docs/scores.md and the command's help read COLUMNS.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from predictions.errors import InvalidValue, short_repr
from predictions.numerals import figure, percent


class Reference(StrEnum):
    """A forecaster without insight, to be compared with."""

    HALF = "always 50 %"
    BASE_RATE = "base rate"  # of the outcomes of the other statements: hindsight
    CLOCK = "the clock"  # the base rate at the opening, then only time passing: for claims that ask for events
    CROWD = "the others"  # the median of everybody else's standing forecasts


HINDSIGHT = "base rate: how often the other statements came true, which was not known at the time"
LEVEL = 0.9  # of every interval and band on a card
SEED = 1  # of every resampling, so that a card prints again to the digit
LATER = "whoever speaks later has it easier"
OVER_STATEMENTS = "one mean a statement, then the mean over statements"
SAVED = "sum over the window of share x (({0} - outcome)^2 - (p - outcome)^2)"


class CardPart(StrEnum):
    """Where a score stands on a card."""

    MEANS = "mean scores, one observation a statement"
    SKILL = "skill over time: Brier saved over the scheduled window, more is better, against"
    CALIBRATION = (
        "Brier = miscalibration - discrimination + uncertainty (CORP, over claims); the p-value is of being "
        "calibrated; shrunk is the mean Brier drawn towards the others'"
    )
    BESIDE = "bounds: the mean Brier if the verdicts still missing went for the forecaster, or all against"


class Form(StrEnum):
    """How a value is spelled."""

    NUMBER = "number"
    SIGNED = "signed"
    PERCENT = "percent"
    COUNT = "count"
    SPAN = "span"  # from the least to the most
    COUNTS = "counts"  # by name
    CHANCE = "chance"  # never nought: a small p-value is said to be small


@dataclass(frozen=True)
class ScoreColumn:
    """One figure of a scorecard.

    Attributes:
        name: Its name in rows, frames, JSON, ``explain`` and ``sort``.
        label: What stands over it on a card; ``explain`` takes it too.
        formula: What it is, as ``explain`` says it.
        part: Where it stands.
        better: Which end is good: lower, higher, or empty where neither is.
        decimals: How many a card shows, at least.
        form: How it is spelled.
        function: What computes it in the package ``forecasts``; empty where counting does.
        source: Who proposed it.
        everybody: Whether one pass computes it for everybody; else it is computed for those drawn or asked for.
        beware: Why an order by it is no ranking; empty where it is no score.
    """

    name: str
    label: str
    formula: str
    part: CardPart
    better: str = ""
    decimals: int = 3
    form: Form = Form.NUMBER
    function: str = ""
    source: str = ""
    everybody: bool = False
    beware: str = ""

    def shown(self, value: object) -> str:
        """Spell a value for a card; a dash where there is none, an interval by its ends, or as one where they agree.

        >>> [SCORES["coverage"].shown(one) for one in (0.25, None)], SCORES["p_value"].shown(0.004)
        (['25 %', '-'], '<0.01')
        >>> SCORES["interval"].shown((0.1, 0.25)), SCORES["time_skill"].shown(0.125), SCORES["n"].shown(1200)
        ('0.100 .. 0.250', '+0.125', '1,200')
        """
        if isinstance(value, tuple):
            return " .. ".join(dict.fromkeys(map(self.shown, value)))
        if not isinstance(value, (int, float)):
            return "-"
        if self.form is Form.COUNT:
            return f"{value:,}"
        if self.form is Form.PERCENT:
            return percent(value)
        if self.form is Form.CHANCE and value < 0.01:
            return "<0.01"
        return figure(value, self.decimals, sign=self.form is Form.SIGNED)


_MEAN = partial(ScoreColumn, part=CardPart.MEANS, everybody=True)
_SKILL = partial(
    ScoreColumn, part=CardPart.SKILL, better="higher", form=Form.SIGNED,
    source="Metaculus, scores FAQ, of Brier scores", function="standing.time_skill",
    beware="everybody chooses their own statements",
)  # fmt: skip
_SPLIT = partial(
    ScoreColumn, part=CardPart.CALIBRATION, source="Dimitriadis, Gneiting & Jordan (2021)",
    function="corp.corp_decomposition",
)  # fmt: skip
_BOUNDS = partial(
    ScoreColumn, part=CardPart.BESIDE, form=Form.SPAN, function="questions.YesNo", everybody=True,
)  # fmt: skip
COLUMNS = (
    _MEAN("n", "n", "n = statements in the means; of several claims each is a part", decimals=0, form=Form.COUNT),
    _MEAN(
        "brier", "Brier", f"Brier = (p - outcome)^2 of the forecast; {OVER_STATEMENTS}", better="lower",
        function="scores.brier", source="Brier (1950), halved", beware=LATER,
    ),
    _MEAN(
        "entered", "entered", f"entered = share of the window gone when the first forecast stood; {OVER_STATEMENTS}",
        decimals=0, form=Form.PERCENT, function="standing.standing",
    ),
    ScoreColumn(
        "interval", f"{100 * LEVEL:.0f} % interval",
        f"interval = the middle {100 * LEVEL:.0f} % of the mean Briers of statements drawn with replacement, corrected "
        "for bias and skew (BCa); it holds for one look, planned beforehand",
        CardPart.MEANS, form=Form.SPAN, function="comparison.paired_bootstrap", source="Efron (1987)",
    ),
    _MEAN(
        "brier_original", "(0..2)", f"Brier of 1950 = 2 x (p - outcome)^2; {OVER_STATEMENTS}", better="lower",
        function="scores.brier_original", source="Brier (1950)", beware=LATER,
    ),
    _MEAN(
        "log_score", "log", f"log = -ln of the probability given to what happened; {OVER_STATEMENTS}", better="lower",
        decimals=2, function="scores.log_score", source="Good (1952)", beware=LATER,
    ),
    _MEAN(
        "coverage", "coverage",
        f"coverage = share of the scheduled window in which a forecast stood; {OVER_STATEMENTS}",
        decimals=0, form=Form.PERCENT, function="standing.standing",
    ),
    _SKILL(
        "time_skill", Reference.HALF, f"skill over time = {SAVED.format(0.5)}; {OVER_STATEMENTS}", everybody=True
    ),
    _SKILL(
        "skill_base_rate", Reference.BASE_RATE,
        f"skill against the base rate = {SAVED.format('rate')}; the rate is how often the other statements came true; "
        f"{OVER_STATEMENTS}",
    ),
    _SKILL(
        "skill_clock", Reference.CLOCK,
        "skill against the clock = its loss over the time a forecast stood, less the forecast's; the clock starts with "
        f"the base rate and only watches the window run out; {OVER_STATEMENTS}",
    ),
    _SKILL(
        "skill_others", Reference.CROWD,
        f"skill against the others = {SAVED.format('median')}, where others spoke too; {OVER_STATEMENTS}",
    ),
    _SPLIT(
        "miscalibration", "miscalibration", "miscalibration = mean Brier - mean Brier of the recalibrated forecasts",
        better="lower",
    ),
    _SPLIT(
        "discrimination", "discrimination", "discrimination = uncertainty - mean Brier of the recalibrated forecasts",
        better="higher",
    ),
    _SPLIT(
        "uncertainty", "uncertainty",
        "uncertainty = base rate x (1 - base rate), the mean Brier of saying the base rate",
    ),
    _SPLIT(
        "p_value", "p-value",
        "p-value = share of records with a miscalibration at least as large: this one, and others of the same "
        "forecasts, each of which comes true with its own probability",
        decimals=2, form=Form.CHANCE, function="corp.consistency_test",
    ),
    _SPLIT(
        "shrunk", "shrunk",
        "shrunk = Brier + weight x (centre - raw); raw is the mean Brier less that of always saying 50 %, the centre "
        "that of all forecasters together, and weight = (s^2 / n) / (s^2 / n + tau^2), of s^2 between statements and "
        "tau^2 between forecasters",
        better="lower", function="comparison.shrink_differences", source="DerSimonian & Laird (1986)",
    ),
    _BOUNDS(
        "bounds_due", "bounds: those due",
        "bounds = mean Brier if the claims that are due and have no verdict went for the forecaster, and if all went "
        "against; one mean a statement",
    ),
    _BOUNDS(
        "bounds_open", "with every open claim",
        "bounds = mean Brier if every claim without a verdict went for the forecaster, and if all went against; one "
        "mean a statement",
    ),
    ScoreColumn(
        "funnel", "funnel",
        "funnel = the scored claims with a forecast, of these the due, of these the resolved, of these those in a mean",
        CardPart.BESIDE, form=Form.COUNTS, everybody=True,
    ),
)  # fmt: skip
SCORES = {column.name: column for column in COLUMNS}
ALSO = {  # what stands over the claims, and over the funnel
    "skill": "time_skill", "cover": "coverage", "forecast": "funnel", "due": "funnel", "resolved": "funnel",
    "scored": "funnel",
}  # fmt: skip
SORTED_BY = tuple(column.name for column in COLUMNS if column.everybody and column.part is not CardPart.BESIDE)


def column_named(name: object) -> ScoreColumn:
    """The column of that name or label; InvalidValue where there is none."""
    said = ALSO.get(name, name) if isinstance(name, str) else ""
    for column in COLUMNS:
        if said.lower() in {column.name, column.label.lower()}:
            return column
    raise InvalidValue(f"{short_repr(name)} is no figure that can be explained; say one of {', '.join(SCORES)}")


def columns_in(part: CardPart) -> list[ScoreColumn]:
    """The columns of one table of a card, in its order."""
    return [column for column in COLUMNS if column.part is part]


@dataclass(frozen=True)
class SkillAgainst:
    """Skill over time against one reference: the loss saved, over how many statements."""

    skill: float
    statements: int


@dataclass(frozen=True)
class PlainRule:
    """What saying the same of every claim would have scored on all statements of a card."""

    name: Reference
    n: int
    brier: float
    log_score: float

    @property
    def brier_original(self) -> float:
        """The same as Brier wrote it, 0..2."""
        return 2 * self.brier
