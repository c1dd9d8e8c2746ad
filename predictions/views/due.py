"""What waits for somebody: claims due for a verdict, claims the tally says are met, forecasts gone stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from predictions.doubts import Doubt, doubts, made_by_parts
from predictions.enums import Outcome
from predictions.errors import NotFound
from predictions.records import Claim, Forecast, Forecaster
from predictions.render.blocks import Block, Heading, Pairs, Paragraph
from predictions.render.result import Result
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot, not_found
from predictions.status import WAITING, Status, outcome_of, settle_on, status, waits
from predictions.tally import tally
from predictions.tally_result import Tally
from predictions.views.forecast_text import not_shown, spoken, standing_forecasts

STALE_AFTER = timedelta(days=30)
EARLY = (
    "Before its day no takes --impossible (or --published-in, where the platform that asked has resolved it so), with "
    "--known-on and --reason; ambiguous and annulled take these two, on any day."
)


@dataclass(frozen=True)
class Item:
    """One claim that waits, and for what."""

    claim: str
    status: Status
    why: str
    tally: str  # in one line
    settle_on: date
    lines: Mapping[str, str]  # from when each verdict can be given, and the line to type
    forecast: str | None  # the one that went stale
    record: Claim = field(repr=False)
    made_of: Tally = field(repr=False)


@dataclass(frozen=True, repr=False)
class Agenda(Result, rows="items", of=Item):
    """Claims that wait, most pressing first."""

    items: tuple[Item, ...]
    today: date = field(repr=False)
    empty: str = field(repr=False)
    unread: int = field(default=0, repr=False)  # imported forecasts that were not looked at

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Paragraph(f"as of {self.today}; days are UTC" if self.items else self.empty)]
        for item in self.items:
            found.append(Heading(f"{item.claim}: {item.why}", str(item.status), str(item.status)))
            found.append(Pairs([("tally", item.tally), *item.lines.items()]))
        if any(item.status in WAITING and not item.forecast for item in self.items):
            found += [Paragraph(""), Paragraph(EARLY)]
        if self.unread:
            found.append(Paragraph(not_shown(self.unread)))
        return found

    def __len__(self) -> int:
        return len(self.items)


def due(snapshot: Snapshot) -> Agenda:
    """What waits for a verdict: window over, the tally says it is met, or what stands is in doubt."""
    found = [item for claim in snapshot.all(Claim) if (item := _due(snapshot, claim))]
    found.sort(key=lambda item: (item.status is Status.OPEN, item.record.deadline))
    return Agenda(tuple(found), snapshot.today, "nothing waits for a verdict")


def review(snapshot: Snapshot, by: str | None, *, me: str | None = None) -> Agenda:
    """The same, and the open claims on which the forecaster's number has stood for over thirty days.

    Raises NotFound where *by* names nobody; *me*, who stands in for it, may not have forecast yet.
    """
    waiting = due(snapshot).items
    titles = {one.slug: one.title for one in snapshot.all(Forecaster)}
    forecaster = slug_of_name(me if by is None else by, titles)
    if by is not None and forecaster is None:
        raise NotFound(not_found("forecaster", by, list(titles)))
    stale = [
        _item(
            snapshot,
            claim,
            f"{who} said {spoken(forecast)} on {forecast.made_at.date()}, {_age(forecast, snapshot.today)} days ago",
            {"again": f"predictions forecast {claim.slug} P --by {who}"},
            spoken(forecast),
        )
        for claim in snapshot.all(Claim)
        if status(snapshot, claim) is Status.OPEN
        for who, forecast in standing_forecasts(snapshot, claim)
        if who == forecaster and _age(forecast, snapshot.today) > STALE_AFTER.days
    ]
    return Agenda(
        (*waiting, *stale), snapshot.today, "nothing to review: nothing due, no forecast gone stale", snapshot.unread
    )


def _due(snapshot: Snapshot, claim: Claim) -> Item | None:
    stands = status(snapshot, claim)
    if stands not in WAITING:
        verdict, found = snapshot.verdict(claim), doubts(snapshot, claim)
        if verdict and verdict.reason:  # somebody has looked at the day
            found.pop(Doubt.EARLIER, None)
        against = "; ".join(found.values())
        anew = f"predictions resolve {claim.slug} VERDICT --known-on DAY --reason WHY"
        return _item(snapshot, claim, against, {"anew": anew}) if against else None
    made_of = tally(snapshot, claim)
    if stands is Status.OPEN and not made_of.met:
        return None
    why = "the evidence on file meets it" if stands is Status.OPEN else waits(claim, snapshot.today)
    return _item(snapshot, claim, why, dict(_lines(snapshot, claim, made_of)))


def _item(snapshot: Snapshot, claim: Claim, why: str, lines: Mapping[str, str], stale: str | None = None) -> Item:
    stands, made_of = status(snapshot, claim), tally(snapshot, claim)
    return Item(claim.slug, stands, why, made_of.short, settle_on(claim), lines, stale, claim, made_of)


def _lines(snapshot: Snapshot, claim: Claim, made_of: Tally) -> Iterator[tuple[str, str]]:
    """From when each verdict can be given, and the line to type."""
    typed, no_from = f"predictions resolve {claim.slug}", f"no from {settle_on(claim)}"
    makes = made_by_parts(snapshot, claim)
    if not claim.parts:
        by, because = made_of.happened or (None, "SLUG")
        day = by if by and by <= snapshot.today else "DAY"
        yield f"yes from {claim.opens_on}", f"{typed} yes --happened-on {day} --because {because}"
        yield no_from, f"{typed} no{' --reason WHY' * made_of.perhaps}"
    elif makes is None:
        parts = [part for part in claim.parts if outcome_of(snapshot, snapshot.find(Claim, part)) is None]
        yield "yes, no", f"once its parts are resolved: {', '.join(parts)}"
    elif makes is Outcome.NO:
        yield no_from, f"{typed} no"
    else:
        yield f"{makes} now", f"{typed} {makes} --known-on DAY --reason WHY"


def _age(forecast: Forecast, today: date) -> int:
    return (today - forecast.made_at.date()).days
