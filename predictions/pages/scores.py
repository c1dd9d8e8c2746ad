"""What a page shows of a scorecard: figures, a chart of the means, diagrams, bounds and the way to each mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from predictions.cards.scorecard import Scorecard
from predictions.cards.scorelayout import (
    IMPUTED,
    calibration,
    caveats,
    claims,
    headline,
    imputed,
    kind,
    means,
    ranked,
    skill,
    span,
    verdicts,
)
from predictions.charts.means import DRAWN, means_chart
from predictions.charts.svg import Svg, reliability_chart, share_bar
from predictions.display import Block, Paragraph, Table
from predictions.kinds import ForecasterKind
from predictions.numerals import figure
from predictions.scoring.figures import Reference
from predictions.scoring.places import FUNNEL
from predictions.scoring.reliability import reliability
from predictions.scoring.totals import TrackRecord

SHOWN = 6  # diagrams of forecasters, at most
LISTED = 1_000  # rows of claims, at most


def scores_view(card: Scorecard) -> dict[str, object]:
    """Everything a page shows of a scorecard."""
    records, figures, plain = card.records, card.figures, card.plain
    drawn = means(records, figures)
    curved = [record for record in records if record.n and not record.few and not record.words_only]
    return {
        "says": [_capital(block.text) for block in card.opening() if isinstance(block, Paragraph)],
        "means": means_chart(drawn) if drawn else None,
        "means_left_out": max(len(drawn) - DRAWN, 0),
        "figures": _tables([
            *headline(records, figures, plain), *skill(records, figures), *calibration(records, figures)
        ]),
        "said": [(record.forecaster.slug, kind(record.forecaster), _said(card, record)) for record in ranked(records)],
        "caveats": [_capital(caveat) for caveat in caveats(records, plain)],
        "words_only": [
            (verdicts(record, card.partly_met), kind(record.forecaster), _imputed(record))
            for record in records
            if record.words_only
        ],
        "diagrams": [
            (record.forecaster.title, reliability_chart(reliability(record), record.forecaster.slug))
            for record in curved[:SHOWN]
        ],
        "diagrams_left_out": max(len(curved) - SHOWN, 0),
        "claims": next(iter(_tables(claims(card.pool, LISTED))), None),
        "claims_of": sum(record.funnel["forecast"] for record in records),
        "funnel": _funnel(records),
        "unforecast": card.unforecast,
        "bounds": _bounds(records),
    }  # fmt: skip


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _said(card: Scorecard, record: TrackRecord) -> list[str]:
    """What the figures of one forecaster come to, in sentences."""
    who = record.forecaster
    sentences = [_capital(f"{card.figures[who.slug].verdict}.")]
    if record.n and who.kind is not ForecasterKind.CROWD:
        sentences.append(_capital(card.compare(who.slug, str(Reference.BASE_RATE)).sentence))
    return sentences


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _imputed(record: TrackRecord) -> Table:
    caption = f"Imputed numbers of {record.forecaster.slug} at the low, middle and high end of their range"
    return Table(IMPUTED, imputed(record), (2, 3), caption)


def _funnel(records: Sequence[TrackRecord]) -> Table | None:
    """From the claims forecast to those in the mean, in figures and as a bar; and why the others are not in it."""
    rows = []
    for record in records:
        counted, name = record.funnel, record.forecaster.slug
        out = [f"{counted[step]:,} {step}" for step in FUNNEL[4:] if counted[step]]
        waiting = counted["forecast"] - counted["due"]
        steps = [f"{counted[step]:,}" for step in FUNNEL[:4]]
        rows.append((name, *steps, _bar(record), ", ".join([*([f"{waiting:,} not due"] * bool(waiting)), *out]) or "-"))
    names = ("forecaster", *FUNNEL[:4], "share scored", "why the others are not, and other marks")
    return Table(names, rows, (1, 2, 3, 4), "From the claims forecast to those in the mean") if rows else None


def _bar(record: TrackRecord) -> Svg:
    counted, name = record.funnel, record.forecaster.slug
    share = counted["scored"] / max(counted["forecast"], 1)
    told = f"{counted['scored']:,} of {counted['forecast']:,} forecast are in the mean"
    return share_bar([(share, "past"), (1 - share, "left")], f"funnel-{name}", f"Claims of {name}", told)


def _bounds(records: Sequence[TrackRecord]) -> Table | None:
    """The mean Brier of everybody, and what the verdicts still missing leave possible."""
    rows = [
        (
            f"{record.forecaster.slug}{' (imputed)' * record.words_only}",
            figure(record.mean("brier")),
            *(_ends(record.bounds(every_open=every)) for every in (False, True)),
        )
        for record in records
    ]
    names = ("forecaster", "Brier", "with those due without a verdict", "with every open one too")
    caption = "Bounds: the mean Brier if all verdicts still missing went for or against the forecaster"
    return Table(names, rows, (1, 2, 3), caption) if rows else None


def _ends(bounds: tuple[float, float] | None) -> str:
    """Both bounds, or the one figure they are where no verdict is missing."""
    return figure(bounds[0]) if bounds and bounds[0] == bounds[1] else span(bounds)
