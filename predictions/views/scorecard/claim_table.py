"""The table of scored claims: a row for each, with the forecast, the outcome, the scores and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from predictions.enums import ClaimType
from predictions.numerals import figure
from predictions.render.blocks import Table
from predictions.render.columns import Cut, columns_of, cut_to
from predictions.render.result import Value
from predictions.scoring.columns.lazy_rows import LazyRows
from predictions.scoring.eligibility import Category
from predictions.scoring.score_columns import SCORES, CardPart, ScoreColumn, ValueForm

SAID_LETTERS = 27  # columns of the forecast and the outcome together
CAME_LETTERS = 11  # columns of the outcome
CHANCE = ScoreColumn("probability", "p", "p = what was said", CardPart.BESIDE, decimals=2)
SCORE_CELLS = (SCORES["brier"], SCORES["time_skill"], SCORES["coverage"])
MARKS = {
    "imputed": "imputed", "backdated": "backdated", "set_apart": "others apart", "written_after": "written afterwards",
    "known": "known to it",
}  # fmt: skip
STANDS_APART = {
    Category.TOO_LATE, Category.LAST_DAY, Category.WITHDRAWN, Category.SUPERSEDED, Category.MISFIT, Category.READ_LATE,
    Category.NO_NUMBER,
}  # fmt: skip


def claim_table(listed: LazyRows) -> Table | None:
    """Return the table of the *listed* rows; None without any."""
    outcomes = [_outcome_in_few_words(row) for row in listed]
    room = SAID_LETTERS - max(map(columns_of, ["outcome", *outcomes]))
    cells = []
    for row, outcome in zip(listed, outcomes, strict=True):
        forecast = CHANCE.shown(row[CHANCE.name])
        if row["probability"] is None and row["said"]:
            forecast = Cut(cut_to(_in_few_words(row), room), str(row["said"]))
        scores = [_of_one_claim(column, row[column.name]) for column in SCORE_CELLS]
        cells.append((str(row["claim"]), str(row["forecaster"]), forecast, outcome, *scores, ", ".join(marks(row))))
    score = "Brier" if all(row["probability"] is not None or not row["said"] for row in listed) else "score"
    names = ("claim", "forecaster", "p", "outcome", score, "skill", "cover", "")
    return Table(names, cells, figures=(2, 4, 5, 6), caption="each scored claim") if cells else None


def _of_one_claim(column: ScoreColumn, value: Value) -> str:
    """Return a figure of one claim as text; a skill that rounds to 0 shows on which side it is, in the same width.

    >>> _of_one_claim(SCORES["time_skill"], -0.00003), _of_one_claim(SCORES["brier"], None)
    ('>-0.001', '-')
    """
    if column.form is ValueForm.SIGNED and isinstance(value, float):
        return figure(value, column.decimals, sign=True, more=0)
    return column.shown(value)


def _in_few_words(row: Mapping[str, Value]) -> str:
    """Return the part of a distribution that says most about it.

    For a number it is the first point with a chance of at least one half, or the last; for a date, the last day.
    """
    text = str(row["said"] or "")
    points = text.split(", ")
    if row["type"] == ClaimType.NUMBER:
        return next((point for point in points if float(point.split()[0]) >= 0.5), points[-1])
    return points[-1] if row["type"] == ClaimType.DATE else text


def _outcome_in_few_words(row: Mapping[str, Value]) -> Cut:
    """Return the outcome of a claim; without one, the category of the row. A long number is shown with six digits."""
    value, text = row["value"], str(row["outcome"] or str(row["place"]).split(",")[0])
    is_long = row["type"] == ClaimType.NUMBER and isinstance(value, float) and len(text) > CAME_LETTERS
    return Cut(f"{value:.6g}" if is_long else cut_to(text, CAME_LETTERS), text)


def marks(row: Mapping[str, Value]) -> Iterator[str]:
    """Yield the remarks on a row: why it is in no mean, that it is imputed or backdated, and doubts of its verdict."""
    if row["outcome"] and row["place"] in STANDS_APART:  # without an outcome, its column has the category
        yield str(row["place"])
    elif row["outcome"] and not row["settled"]:
        yield f"settles {row['settles_on']}"
    for name, mark in MARKS.items():
        if row[name] and (row["outcome"] or row["place"] != mark):
            yield mark
    if isinstance(row["doubts"], list):
        yield from map(str, row["doubts"])
