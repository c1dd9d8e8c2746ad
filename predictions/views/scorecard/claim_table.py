"""A row for each scored claim: what was said, how it came out, and what a reader must know of it."""

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

SAID_LETTERS = 27  # of what was said and what happened, in a row of claims
CAME_LETTERS = 11  # of what happened, at most
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
    """Return a row for each claim that is listed; None without any."""
    came = [_outcome_in_few_words(row) for row in listed]
    room = SAID_LETTERS - max(map(columns_of, ["outcome", *came]))
    cells = []
    for row, happened in zip(listed, came, strict=True):
        chance, scores = (
            CHANCE.shown(row[CHANCE.name]),
            [_of_one_claim(column, row[column.name]) for column in SCORE_CELLS],
        )
        if row["probability"] is None and row["said"]:
            chance = Cut(cut_to(_in_few_words(row), room), str(row["said"]))
        cells.append((str(row["claim"]), str(row["forecaster"]), chance, happened, *scores, ", ".join(marks(row))))
    score = "Brier" if all(row["probability"] is not None or not row["said"] for row in listed) else "score"
    names = ("claim", "forecaster", "p", "outcome", score, "skill", "cover", "")
    return Table(names, cells, figures=(2, 4, 5, 6), caption="each scored claim") if cells else None


def _of_one_claim(column: ScoreColumn, value: Value) -> str:
    """Write a figure of one claim, as wide as those of the rows around it: a skill next to 0 is above or below it.

    >>> _of_one_claim(SCORES["time_skill"], -0.00003), _of_one_claim(SCORES["brier"], None)
    ('>-0.001', '-')
    """
    if column.form is ValueForm.SIGNED and isinstance(value, float):
        return figure(value, column.decimals, sign=True, more=0)
    return column.shown(value)


def _in_few_words(row: Mapping[str, Value]) -> str:
    """Say what no single number tells: of a curve the point that holds the half, or the last day; of shares the first.

    If no point holds the half, it is the last one.
    """
    said = str(row["said"] or "")
    points = said.split(", ")
    if row["type"] == ClaimType.NUMBER:
        return next((point for point in points if float(point.split()[0]) >= 0.5), points[-1])
    return points[-1] if row["type"] == ClaimType.DATE else said


def _outcome_in_few_words(row: Mapping[str, Value]) -> Cut:
    """Say how a claim came out, or else where its row stands; of a number that is too long six digits."""
    value, came = row["value"], str(row["outcome"] or str(row["place"]).split(",")[0])
    is_long = row["type"] == ClaimType.NUMBER and isinstance(value, float) and len(came) > CAME_LETTERS
    return Cut(f"{value:.6g}" if is_long else cut_to(came, CAME_LETTERS), came)


def marks(row: Mapping[str, Value]) -> Iterator[str]:
    """Yield what a reader must know of a row: why it is in no mean, imputed, backdated, superseded, in doubt."""
    if row["outcome"] and row["place"] in STANDS_APART:  # else the place stands where the outcome would
        yield str(row["place"])
    elif row["outcome"] and not row["settled"]:
        yield f"settles {row['settles_on']}"
    for name, mark in MARKS.items():
        if row[name] and (row["outcome"] or row["place"] != mark):
            yield mark
    if isinstance(row["doubts"], list):
        yield from map(str, row["doubts"])
