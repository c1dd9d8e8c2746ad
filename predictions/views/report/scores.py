"""The scorecard section of a page: what every scorecard shows, with more diagrams and with bars in the funnel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from predictions.render.blocks import Paragraph, Table
from predictions.render.charts.means import DRAWN, means_chart
from predictions.render.charts.svg import Svg, share_bar
from predictions.scoring.track_record import FEW, TrackRecord
from predictions.views.scorecard.card import Scorecard
from predictions.views.scorecard.funnel import TypeRecord
from predictions.views.scorecard.imputed import OURS
from predictions.views.scorecard.names import kind
from predictions.views.scorecard.screen import ShortCard, taken_off_told
from predictions.views.scorecard.tables import Face
from predictions.views.scorecard.type_scores import TypeScores

SHOWN = 6  # diagrams of forecasters
LISTED = 200  # rows of claims


def scores_view(card: Scorecard) -> dict[str, object]:
    """Return what the section shows, by the names that the template uses; who was right has a section of its own."""
    face, short = card.face(diagrams=SHOWN, listed=LISTED), card.short
    return {
        "face": face,
        "few": FEW,
        "ours": OURS,
        "says": [_capitalised(block.text) for block in short.opening() if isinstance(block, Paragraph)],
        "means": means_chart(face.chart, face.only) if face.chart else None,
        "means_left_out": max(len(face.chart) - DRAWN, 0),
        "said": [
            (stats.slug, kind(stats.record.forecaster), f"{_capitalised(stats.verdict)}.") for stats in face.stated
        ],
        "undrawn": max(len(face.enough) - SHOWN, 0),
        "notes": [_capitalised(note) for note in (*face.notes, *_below_scores(short))],
        "calibration_note": _capitalised(face.calibration_note),
        "not_counted": [_capitalised(f"{face.only}{name}: {why}") for name, why in short.not_counted],
        "not_counted_of_types": [
            f"{_capitalised(scores.title.lower())}: {why}" for scores, why in _types_left_out(face, short.names)
        ],
        "bounds": _capitalised(short.bounds),
        "types": [block for block in card.of_types() if not isinstance(block, Paragraph) or block.text],
        "unforecast": card.unforecast,
        "caveats": [_capitalised(caveat) for caveat in face.rules],
        "taken_off": _capitalised(taken_off_told(card.taken_off)) if card.taken_off else "",
        "funnel": face.funnel and _with_bars(face.funnel, face.counted),
        "only": _capitalised(face.only),
        "judged": [(scores.calibration(short.names), scores.fifths(short.names)[:SHOWN]) for scores in face.types],
    }


def _capitalised(text: str) -> str:
    """Return a sentence with a capital letter and without its full stop, which the template adds."""
    return text[:1].upper() + text[1:].removesuffix(".")


def _below_scores(short: ShortCard) -> Iterator[str]:
    """Yield the caveats about scores on yes/no claims, and how many of these claims were hardly in doubt."""
    yield from short.caveats.below_scores
    yield from (block.text for block in short.undoubted)


def _types_left_out(face: Face, names: Mapping[str, str]) -> Iterator[tuple[TypeScores, str]]:
    """Yield each type of claim with forecasts that are in no mean, and the reasons."""
    for scores in face.types:
        if why := scores.not_counted(names):
            yield scores, why


def _with_bars(funnel: Table, records: Sequence[TypeRecord]) -> Table:
    """Return the funnel with one more column before the last: a bar for the share of claims that is in the mean."""
    rows = [
        (*row[:-1], _scored_bar(type_, record), row[-1])
        for row, (type_, record) in zip(funnel.rows, records, strict=True)
    ]
    return funnel._replace(names=(*funnel.names[:-1], "share scored", funnel.names[-1]), rows=rows)


def _scored_bar(type_: str, record: TrackRecord) -> Svg:
    """Draw the share of a forecaster's claims of one type that is in the mean."""
    slug, scored, forecast = record.forecaster.slug, record.funnel["scored"], record.funnel["forecast"]
    share = scored / max(forecast, 1)
    description = f"{scored:,} of {forecast:,} forecast are in the mean"
    parts = [(share, "past"), (1 - share, "left")]
    return share_bar(parts, f"funnel-{type_}-{slug}", f"Claims of {slug}", description)
