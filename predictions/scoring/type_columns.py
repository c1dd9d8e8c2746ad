"""Describe the figures that only claims of another type than yes or no have: heading, explanation, form and source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from predictions.numerals import percent
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED
from predictions.scoring.score_columns import LEVEL, CardPart, ScoreColumn, ValueForm
from predictions.scoring.type_calibration import JUDGED, RANGES

ALIKE = "one observation whatever hangs together"
FIFTHS = "fifth = that part of a distribution in which the outcome lay: below it stand 0 to 20 % of the chances, ..."
_calibration_column = partial(ScoreColumn, part=CardPart.CALIBRATION)
BOUNDS_OVER_TIME = ScoreColumn(
    "bounds_time_skill", "bounds: skill over time",
    "bounds = mean skill over time if every claim without a verdict came out worst for the forecaster, known when that "
    "is worst, and if best, before a deadline on the days to come or never; what stands now is taken to stand to the "
    "end; one mean a statement",
    CardPart.BESIDE, form=ValueForm.SPAN,
)  # fmt: skip
IN_RANGES = {
    f"in_{100 * level:.0f}": _calibration_column(
        f"in_{100 * level:.0f}", f"in {percent(level)}",
        f"in {percent(level)} = share of the outcomes in the middle {percent(level)} of the distributions, those "
        f"between {(1 - level) / 2:.2g} and {(1 + level) / 2:.2g} of the chances; {ALIKE}",
        form=ValueForm.PERCENT, function="distribution_calibration.coverage_of_ranges",
        source="Gneiting, Balabdaoui & Raftery (2007)",
    )
    for level in RANGES
}  # fmt: skip
SPREAD = _calibration_column(
    "fifths", "fifths", f"{FIFTHS}; {ALIKE}", form=ValueForm.COUNTS,
    function="distribution_calibration.places_histogram", source="Dawid (1984)",
)  # fmt: skip
BAND = _calibration_column(
    "fifths_band", "each",
    f"each = how many outcomes lie in a fifth in the middle {percent(LEVEL)} of records of calibrated distributions",
    form=ValueForm.SPAN, function="distribution_calibration.places_histogram",
    source="Gneiting, Balabdaoui & Raftery (2007)",
)  # fmt: skip
UNDOUBTED = ScoreColumn(
    "undoubted", "undoubted", "undoubted = which share of what a claim asks was hardly in doubt; one mean a statement, "
    "then the mean over statements", CardPart.BESIDE, form=ValueForm.PERCENT,
)  # fmt: skip
EVERY_TYPE = ScoreColumn(
    "every_type", "every type",
    "skill on every type = the loss saved over time / what knowing nothing expects to lose on the claim; one mean a "
    "statement, then the mean over statements",
    CardPart.SKILL, better="higher", form=ValueForm.SIGNED,
)  # fmt: skip
NAMED_IT, IN_THEIR_RANGE, IN_TIME = NEAR = {
    "named it": "the option they held likeliest came true",
    "in their range": "the number lay between their 10 % and 90 %, drawn straight where they said neither",
    "in time or not": "it happened by the deadline and they gave that more than 50 %, or it did not and they gave less",
}
_NEAR = {
    heading: ScoreColumn("near", heading, f"{heading} = on how many claims {what}", CardPart.MEANS, decimals=0)
    for heading, what in NEAR.items()
}
_NEAR_OF_KIND = {CHOICE: NAMED_IT, ORDERED: NAMED_IT, NUMBER: IN_THEIR_RANGE, DATE: IN_TIME}
TYPE_COLUMNS = (*_NEAR.values(), *IN_RANGES.values(), SPREAD, BAND, BOUNDS_OVER_TIME, UNDOUBTED, EVERY_TYPE)


def type_columns(kind: int) -> Mapping[str, ScoreColumn]:
    """Return the columns that only claims of one type have, by name; *kind* is the number of the type."""
    judged = (*IN_RANGES.values(), SPREAD, BAND) if kind in JUDGED else ()
    return {column.name: column for column in (BOUNDS_OVER_TIME, UNDOUBTED, *judged, _NEAR[_NEAR_OF_KIND[kind]])}
