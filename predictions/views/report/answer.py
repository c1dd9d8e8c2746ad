"""The first section of a page, who was right: for each forecaster a row of squares, one for each statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from predictions.numerals import counted, figure
from predictions.render.charts.svg import Svg, element, text_of
from predictions.scoring.counting import Counting
from predictions.scoring.plain_counts import EVERY_CAME, Came
from predictions.views.scorecard.card import Scorecard
from predictions.views.scorecard.card_lines import CardLine
from predictions.views.scorecard.leaderboard import WHAT
from predictions.views.scorecard.right_side import BRACKETS, NO_SCORE, right_side, right_side_told
from predictions.views.scorecard.screen import end_of_row

SQUARES = 60  # statements of one forecaster that are drawn one by one; more are a bar
CAME_BY_COLUMN = {
    "came true": (Came.TRUE,),
    "did not": (Came.NOT,),
    "unclear": (Came.PARTLY, Came.AMBIGUOUS, Came.ANNULLED),
    "no verdict": (Came.NO_VERDICT,),
    "open": (Came.OPEN,),
}
PIXELS = 14
_MARKS = {  # a shape for each column, so that nobody needs colours to tell them apart
    "came true": {"d": "M1,1h12v12h-12z", "fill": "currentColor"},
    "did not": {"d": "M2,2h10v10h-10z M2,2l10,10", "fill": "none"},
    "unclear": {"d": "M2,2h10v10h-10z M7,6v2", "fill": "none"},
    "no verdict": {"d": "M2,2h10v10h-10z", "fill": "none", "stroke_dasharray": "2 2"},
    "open": {"d": "M7,2a5,5 0 1,0 0,10a5,5 0 1,0 0,-10z", "fill": "none"},
}
_OPACITY = {"came true": 1.0, "did not": 0.55, "unclear": 0.35, "no verdict": 0.25, "open": 0.12}


class Square(NamedTuple):
    """One statement of one forecaster.

    Attributes:
        claim: The slug of the claim, to which the square leads.
        title: The claim's title.
        came_out: How it came out, and the number that was said: ``came true; Ana said 0.7``.
        drawing: The square.
    """

    claim: str
    title: str
    came_out: str
    drawing: Svg


def answer_view(card: Scorecard, titles: Mapping[str, str]) -> dict[str, object]:
    """Return what the section shows, by the names that the template uses.

    Args:
        card: The scorecard.
        titles: The titles of the claims that are drawn as squares, by slug.
    """
    reader = card.pool.reader
    verdicts = reader.doubted_verdicts
    doubted = verdicts.contested, reader.early_verdicts.is_early, verdicts.condition_failed
    counting = Counting(card.pool.table, card.cohort, reader.claim_status, *doubted)
    short = card.short
    return {
        "columns": list(CAME_BY_COLUMN),
        "rows": [_forecaster_row(card, counting, line, titles) for line in short.lines],
        "board": card.leaderboard,
        "letters": short.caveats.letters,
        "lettered": [caveat.told for caveat in (*short.caveats.of_scores, *short.caveats.others) if caveat.letter],
        "ranked_by": WHAT,
        "notes": [*short.notes, *short.marks],
        "near": short.near,
        "no_score": f"{BRACKETS}; {NO_SCORE}" if any(line.count.interval for line in short.lines) else NO_SCORE,
    }


def _forecaster_row(
    card: Scorecard, counting: Counting, line: CardLine, titles: Mapping[str, str]
) -> dict[str, object]:
    """Return the row of one forecaster: a square for each statement, or one bar if they are more than SQUARES."""
    count = line.count
    cells = [(name, sum(count[came] for came in cames)) for name, cames in CAME_BY_COLUMN.items()]
    *cells_due, (open_name, open_count) = cells
    has_squares = count.due + count[Came.OPEN] <= SQUARES
    squares = _squares_by_column(card, counting, line, titles) if has_squares else {}
    outcomes = ", ".join(f"{number:,} {name}" for name, number in cells_due if number)
    parts = [f"{count.said:,} said, {count.due:,} due" + (f": {outcomes}" if outcomes else "")]
    if open_count:
        parts.append(f"{open_count:,} {open_name}")
    if count.not_resolvable:
        parts.append(f"{count.not_resolvable:,} not resolvable")
    has_sides = count.sided or count.at_half  # whether a statement that came out yes or no has a number
    return {
        "name": line.name,
        "notes": end_of_row(line.notes, card.short.caveats.letters_of_counts(line.record)),
        "sentence": "; ".join(parts),
        "said": count.said,
        "cells": [(name, number, squares.get(name, [])) for name, number in cells],
        "bar": None if has_squares else _bar(line.name, cells),
        "right": right_side(count) if has_sides else "",
        "beside": right_side_told(count, line.when_said) if has_sides else "",
        "statements": [square for name in CAME_BY_COLUMN for square in squares.get(name, ())],
    }


def _squares_by_column(
    card: Scorecard, counting: Counting, line: CardLine, titles: Mapping[str, str]
) -> dict[str, list[Square]]:
    """Return the statements of one forecaster that are due or open, in ledger order within each column."""
    table = card.pool.table
    part = table.series.part(table.positions_of(line.record.number))
    column_of = {came: name for name, cames in CAME_BY_COLUMN.items() for came in cames}
    squares: dict[str, list[Square]] = {}
    columns = counting.places(part), part.claim, part.probability, counting.from_words(part)
    for place, claim, probability, in_words in zip(*(column.tolist() for column in columns), strict=True):
        slug, came = table.claims.slugs[claim], EVERY_CAME[place]
        column_name = column_of.get(came)
        if column_name is None or slug not in titles:
            continue
        has_number = not np.isnan(probability)
        number = _number_words(line.name, figure(probability, 2), in_words) if has_number else ""
        came_out = f"{came}; {number}" if number else str(came)
        drawing = _square(column_name, f"{titles[slug]}: {came_out}")
        squares.setdefault(column_name, []).append(Square(slug, titles[slug], came_out, drawing))
    return squares


def _number_words(name: str, number: str, in_words: bool) -> str:
    """Return whose number it is, and whether it was said or read from words."""
    return f"words of {name}, read as {number}" if in_words else f"{name} said {number}"


def _square(column: str, tooltip: str) -> Svg:
    """Draw a square with the mark of its column, and a text that appears when somebody points at it."""
    mark = element("path", stroke="currentColor", stroke_width=1.5, **_MARKS[column])
    return element("svg", element("title", text_of(tooltip)), mark, width=PIXELS, height=PIXELS, class_="square")


def _bar(name: str, cells: Sequence[tuple[str, int]]) -> Svg:
    """Draw all statements of one forecaster as one bar, with a part for each column that has any."""
    total, start, parts = sum(number for _, number in cells), 0, []
    for column, number in cells:
        if number:
            title = element("title", text_of(f"{name}: {counted(number, 'statement')} {column}"))
            span = {"x": f"{100 * start / total:.2f}%", "width": f"{100 * number / total:.2f}%"}
            part = element(
                "rect", title, y=0, height=PIXELS, fill="currentColor", fill_opacity=_OPACITY[column], **span
            )
            parts.append(part)
            start += number
    frame = element("rect", width="100%", height=PIXELS, fill="none", stroke="currentColor", stroke_opacity=0.6)
    return element("svg", *parts, frame, width="100%", height=PIXELS, class_="counts")
