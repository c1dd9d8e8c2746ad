"""The score columns of a scorecard as data: the name, label, form and formula of each.

The tables of the card, ``rows()``, ``forecasters()``, ``explain``, docs/scores.md and the command's help all read
SCORE_COLUMNS, so a new score is one entry here and the function that computes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.numerals import figure, whole_percent


class Reference(StrEnum):
    """A plain rule that a forecaster is compared with."""

    HALF = "always 50 %"
    BASE_RATE = "base rate"  # how often the other statements came true, which is hindsight
    CLOCK = "the clock"  # begins at the base rate and then only sees time pass; for claims that ask for events
    CROWD = "the others"  # the median of everybody else's standing forecasts


HINDSIGHT = "base rate: how often the other statements came true, which was not known at the time"
LEVEL = 0.9  # of every interval and band on a card
SEED = 1  # of every resampling, so that a card printed twice agrees to the digit
LATER_IS_EASIER = "those who speak later have it easier"
OVER_STATEMENTS = "one mean a statement, then the mean over statements"
SAVED = "sum over the window of share x (({0} - outcome)^2 - (p - outcome)^2)"


class CardPart(StrEnum):
    """The table of a card in which a score stands; the value is its caption."""

    MEANS = "mean scores, one observation a statement"
    SKILL = "skill over time: Brier saved over the scheduled window, more is better, against"
    CALIBRATION = (
        "Brier = miscalibration - discrimination + uncertainty (CORP, over claims); p-value and e are of "
        "being calibrated; shrunk is the mean Brier drawn towards the others'"
    )
    BESIDE = "bounds: the mean Brier if the verdicts still missing went for the forecaster, or all against"


class ValueForm(StrEnum):
    """How a value is printed."""

    NUMBER = "number"
    SIGNED = "signed"
    PERCENT = "percent"
    COUNT = "count"
    SPAN = "span"  # two numbers, the lower and the higher end
    COUNTS = "counts"  # several numbers, each with its name
    CHANCE = "chance"  # a p-value; a small one is printed as "<0.01", never as 0
    E_VALUE = "e-value"  # what 1 has become; a large one is printed as ">1,000"


@dataclass(frozen=True)
class ScoreColumn:
    """One figure of a scorecard.

    Attributes:
        name: Its name in rows, frames, JSON, ``explain`` and ``sort``.
        label: The heading of its column on a card; ``explain`` takes it too.
        formula: Its definition, in the words of ``explain``.
        part: The table of the card that it belongs to.
        better: Which end is good: lower, higher, or empty if neither is.
        decimals: The fewest decimals that a card prints.
        form: How it is printed.
        function: The function in the package ``forecasts`` that computes it; empty for counts.
        source: Who proposed it; empty if that is common knowledge.
        everybody: True if the sums over all series give it for everybody; the others are computed for the forecasters
            who are printed or asked for, because they take longer.
        beware: Why sorting by it does not make a ranking; empty if it is not a score.
    """

    name: str
    label: str
    formula: str
    part: CardPart
    better: str = ""
    decimals: int = 3
    form: ValueForm = ValueForm.NUMBER
    function: str = ""
    source: str = ""
    everybody: bool = False
    beware: str = ""

    def shown(self, value: object) -> str:
        """Return a value as a card prints it: a dash for None; an interval by its ends, or by one if both look alike.

        >>> [SCORES["coverage"].shown(share) for share in (0.25, None)], SCORES["p_value"].shown(0.004)
        (['25 %', '-'], '<0.01')
        >>> SCORES["interval"].shown((0.1, 0.25)), SCORES["time_skill"].shown(0.125), SCORES["n"].shown(1200)
        ('0.100 .. 0.250', '+0.125', '1,200')
        """
        if isinstance(value, tuple):
            return " .. ".join(dict.fromkeys(map(self.shown, value)))
        if not isinstance(value, (int, float)):
            return "-"
        if self.form is ValueForm.COUNT:
            return f"{value:,}"
        if self.form is ValueForm.PERCENT:
            return whole_percent(value)
        if self.form is ValueForm.CHANCE and value < 0.01:
            return "<0.01"
        if self.form is ValueForm.E_VALUE and value > 1_000:
            return ">1,000"
        return figure(value, self.decimals, sign=self.form is ValueForm.SIGNED)


_MEAN = partial(ScoreColumn, part=CardPart.MEANS, everybody=True)
_SKILL = partial(
    ScoreColumn, part=CardPart.SKILL, better="higher", form=ValueForm.SIGNED,
    source="Metaculus, scores FAQ, of Brier scores", function="time_scores.time_skill",
    beware="everybody chooses their own statements",
)  # fmt: skip
_SPLIT = partial(
    ScoreColumn, part=CardPart.CALIBRATION, source="Dimitriadis, Gneiting & Jordan (2021)",
    function="corp.corp_decomposition",
)  # fmt: skip
_BOUNDS = partial(
    ScoreColumn, part=CardPart.BESIDE, form=ValueForm.SPAN, function="questions.YesNo", everybody=True,
)  # fmt: skip
SCORE_COLUMNS = (
    _MEAN("n", "n", "n = statements in the means; of several claims each is a part", decimals=0, form=ValueForm.COUNT),
    _MEAN(
        "brier", "Brier", f"Brier = (p - outcome)^2 of the forecast; {OVER_STATEMENTS}", better="lower",
        function="scores.brier", source="Brier (1950), halved", beware=LATER_IS_EASIER,
    ),
    _MEAN(
        "entered", "entered", f"entered = share of the window gone when the first forecast stood; {OVER_STATEMENTS}",
        decimals=0, form=ValueForm.PERCENT, function="standing.standing",
    ),
    ScoreColumn(
        "interval", f"{100 * LEVEL:.0f} % interval",
        f"interval = the middle {100 * LEVEL:.0f} % of the mean Briers of statements drawn with replacement, corrected "
        "for bias and skew (BCa); it holds for one look, planned beforehand",
        CardPart.MEANS, form=ValueForm.SPAN, function="comparison.paired_bootstrap", source="Efron (1987)",
    ),
    _MEAN(
        "brier_original", "(0..2)", f"Brier of 1950 = 2 x (p - outcome)^2; {OVER_STATEMENTS}", better="lower",
        function="scores.brier_original", source="Brier (1950)", beware=LATER_IS_EASIER,
    ),
    _MEAN(
        "log_score", "log", f"log = -ln of the chance given to what happened, of options its share; {OVER_STATEMENTS}",
        better="lower", decimals=2, function="scores.log_score", source="Good (1952)", beware=LATER_IS_EASIER,
    ),
    _MEAN(
        "coverage", "coverage",
        f"coverage = share of the scheduled window in which a forecast stood; {OVER_STATEMENTS}",
        decimals=0, form=ValueForm.PERCENT, function="standing.standing",
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
        decimals=2, form=ValueForm.CHANCE, function="corp.consistency_test",
    ),
    ScoreColumn(
        "e_value", "e",
        "e = the most that 1 has become, in the order of settling, by bets on 29 recalibrations; 1 / e is "
        "a p-value of being calibrated that holds however often one looks",
        CardPart.CALIBRATION, decimals=2, form=ValueForm.E_VALUE, function="recalibrations.calibration_e_process",
        source="Henzi & Ziegel (2022); Arnold, Henzi & Ziegel (2023)",
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
        "bounds = mean Brier if every claim without a verdict went for the forecaster, and if all went against, a date "
        "before its deadline on the days to come or never; one mean a statement",
    ),
    ScoreColumn(
        "funnel", "funnel",
        "funnel = the scored claims with a forecast, of these the due, of these the resolved, of these those in a mean",
        CardPart.BESIDE, form=ValueForm.COUNTS, everybody=True,
    ),
)  # fmt: skip
SCORES = {column.name: column for column in SCORE_COLUMNS}
OTHER_LABELS = {  # headings of other tables of the card, which explain takes as well
    "skill": "time_skill", "skill over time": "time_skill", "cover": "coverage", "covered": "coverage",
    "forecast": "funnel", "due": "funnel", "resolved": "funnel", "scored": "funnel",
}  # fmt: skip
SORTED_BY = tuple(column.name for column in SCORE_COLUMNS if column.everybody and column.part is not CardPart.BESIDE)


def column_named(name: object) -> ScoreColumn:
    """Return the column with that name or label.

    Raises:
        InvalidValue: No column has it.
    """
    column = column_among(SCORE_COLUMNS, name)
    if column:
        return column
    hint = did_you_mean(name, [*SCORES]) or "; say one such as brier, time_skill, coverage;"
    raise InvalidValue(f"{short_repr(name)} is no figure{hint} docs/scores.md lists all")


def column_among(columns: Iterable[ScoreColumn], name: object) -> ScoreColumn | None:
    """Return the first of *columns* with that name or label, in any case of letters; None if none has it."""
    wanted = OTHER_LABELS.get(name, name).lower() if isinstance(name, str) else ""
    return next((column for column in columns if wanted in {column.name, column.label.lower()}), None)


def is_figure(name: object) -> bool:
    """Return True if a score column has that name or label."""
    return column_among(SCORE_COLUMNS, name) is not None


def columns_in(part: CardPart) -> list[ScoreColumn]:
    """Return the columns of one table of a card, from left to right."""
    return [column for column in SCORE_COLUMNS if column.part is part]


@dataclass(frozen=True)
class SkillAgainst:
    """Skill over time against one reference.

    Attributes:
        skill: The mean loss saved; above 0 is better than the reference.
        statements: How many statements the mean is over.
    """

    skill: float
    statements: int


@dataclass(frozen=True)
class PlainRule:
    """The scores of a rule without insight, on all statements of a card.

    Attributes:
        name: The rule.
        n: How many statements the means are over.
        brier: Its mean Brier score.
        log_score: Its mean logarithmic score.
    """

    name: Reference
    n: int
    brier: float
    log_score: float

    @property
    def brier_original(self) -> float:
        """The mean Brier score in the form of 1950, from 0 to 2."""
        return 2 * self.brier
