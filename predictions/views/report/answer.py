"""What a page begins with: who was right, each statement a square that leads to it, and the same as lists of links."""

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
_MARKS = {  # told apart by shape, never by colour
    "came true": {"d": "M1,1h12v12h-12z", "fill": "currentColor"},
    "did not": {"d": "M2,2h10v10h-10z M2,2l10,10", "fill": "none"},
    "unclear": {"d": "M2,2h10v10h-10z M7,6v2", "fill": "none"},
    "no verdict": {"d": "M2,2h10v10h-10z", "fill": "none", "stroke_dasharray": "2 2"},
    "open": {"d": "M7,2a5,5 0 1,0 0,10a5,5 0 1,0 0,-10z", "fill": "none"},
}
_DEPTH = {"came true": 1.0, "did not": 0.55, "unclear": 0.35, "no verdict": 0.25, "open": 0.12}


class Square(NamedTuple):
    """One statement of one forecaster: its claim, what became of it and what was said, and the square it is."""

    claim: str
    title: str
    told: str
    square: Svg


def answer_view(card: Scorecard, titles: Mapping[str, str]) -> dict[str, object]:
    """Return what a page shows of who was right.

    Args:
        card: The scorecard.
        titles: The title of each claim that has a square.
    """
    reader = card.pool.reader
    verdicts = reader.doubted_verdicts
    doubted = verdicts.contested, reader.early_verdicts.found, verdicts.condition_failed
    counting = Counting(card.pool.table, card.cohort, reader.claim_status, *doubted)
    short = card.short
    return {
        "columns": list(CAME_BY_COLUMN),
        "rows": [_forecaster_row(card, counting, line, titles) for line in short.lines],
        "board": card.leaderboard,
        "letters": short.caveats.letters,
        "lettered": [one.told for one in (*short.caveats.of_scores, *short.caveats.others) if one.letter],
        "ranked_by": WHAT,
        "notes": [*short.notes, *short.marks],
        "near": short.near,
        "no_score": f"{BRACKETS}; {NO_SCORE}" if any(line.count.interval for line in short.lines) else NO_SCORE,
    }


def _forecaster_row(
    card: Scorecard, counting: Counting, line: CardLine, titles: Mapping[str, str]
) -> dict[str, object]:
    """Return one forecaster's statements: a square for each, or one bar where there are too many."""
    count = line.count
    cells = [(name, sum(count[came] for came in cames)) for name, cames in CAME_BY_COLUMN.items()]
    drawn = count.due + count[Came.OPEN] <= SQUARES
    statements = _statements(card, counting, line, titles) if drawn else {}
    came = ", ".join(f"{number:,} {name}" for name, number in cells[:-1] if number)
    parts = [f"{count.said:,} said, {count.due:,} due" + (f": {came}" if came else "")]
    parts += [f"{number:,} {name}" for name, number in cells[-1:] if number]
    parts += [f"{count.not_resolvable:,} not resolvable"] if count.not_resolvable else []
    return {
        "name": line.name,
        "notes": end_of_row(line.notes, card.short.caveats.letters_of_counts(line.record)),
        "sentence": "; ".join(parts),
        "said": count.said,
        "cells": [(name, number, statements.get(name, [])) for name, number in cells],
        "bar": None if drawn else _bar(line.name, cells),
        "right": right_side(count) if count.sided or count.at_half else "",
        "beside": right_side_told(count, line.when_said) if count.sided or count.at_half else "",
        "statements": [one for name in CAME_BY_COLUMN for one in statements.get(name, ())],
    }


def _statements(
    card: Scorecard, counting: Counting, line: CardLine, titles: Mapping[str, str]
) -> dict[str, list[Square]]:
    """Return the statements of one forecaster that are due or open, by column, in ledger order."""
    table = card.pool.table
    part = table.series.part(table.positions_of(line.record.number))
    column_of = {came: name for name, cames in CAME_BY_COLUMN.items() for came in cames}
    found: dict[str, list[Square]] = {}
    columns = counting.places(part), part.claim, part.probability, counting.from_words(part)
    for place, claim, said, in_words in zip(*(column.tolist() for column in columns), strict=True):
        slug, came = table.claims.slugs[claim], EVERY_CAME[place]
        name = column_of.get(came)
        if name is None or slug not in titles:
            continue
        told = str(came) if np.isnan(said) else f"{came}; {_who_said(line.name, figure(said, 2), in_words)}"
        found.setdefault(name, []).append(Square(slug, titles[slug], told, _square(name, titles[slug], told)))
    return found


def _who_said(name: str, number: str, in_words: bool) -> str:
    return f"words of {name}, read as {number}" if in_words else f"{name} said {number}"


def _square(column: str, title: str, told: str) -> Svg:
    mark = element("path", stroke="currentColor", stroke_width=1.5, **_MARKS[column])
    return element(
        "svg", element("title", text_of(f"{title}: {told}")), mark, width=PIXELS, height=PIXELS, class_="square"
    )


def _bar(name: str, cells: Sequence[tuple[str, int]]) -> Svg:
    """Return all statements of one forecaster as one bar, a part for each column."""
    whole, start, parts = sum(number for _, number in cells), 0, []
    for column, number in cells:
        if number:
            title = element("title", text_of(f"{name}: {counted(number, 'statement')} {column}"))
            place = {"x": f"{100 * start / whole:.2f}%", "width": f"{100 * number / whole:.2f}%"}
            part = element("rect", title, y=0, height=PIXELS, fill="currentColor", fill_opacity=_DEPTH[column], **place)
            parts.append(part)
            start += number
    frame = element("rect", width="100%", height=PIXELS, fill="none", stroke="currentColor", stroke_opacity=0.6)
    return element("svg", *parts, frame, width="100%", height=PIXELS, class_="counts")
