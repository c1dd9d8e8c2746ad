"""What needs attention: claims that wait for a verdict, verdicts in doubt, and old forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from predictions.numerals import counted, plural
from predictions.records import Claim, Forecast, Forecaster, Statement
from predictions.render.blocks import Block, Heading, Hint, Lead, Paragraph
from predictions.render.columns import cut_at_word
from predictions.render.commands import command, naming_briefly
from predictions.render.result import Result
from predictions.slug_beginnings import Beginnings
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot
from predictions.status import WAITING, Status, settle_on, status, waits
from predictions.tally.doubts import Doubt, doubts
from predictions.tally.result import Tally
from predictions.tally.tally import tally
from predictions.views.board.filter import claims_said_by, forecaster_named
from predictions.views.distribution_text import asked_of, line_of_forecast, on_days_over
from predictions.views.forecast_text import (
    in_short,
    mark_of,
    not_shown,
    said_briefly,
    standing_forecasts,
)
from predictions.views.verdict_lines import verdict_lines

STALE_AFTER = timedelta(days=90)
MOST = 5  # claims that fill one screen; more are shown only if all are asked for
LONGEST_STATEMENT = 70  # characters of a statement


@dataclass(frozen=True)
class Item:
    """One claim that needs attention.

    Attributes:
        why: What it waits for, and since when.
        words: The text of its statement.
        forecasts: Its standing forecasts in a few words.
        on_file: Its tally in one line.
        settle_on: The first day on which the verdict may be no.
        lines: The commands that would settle it.
        stale: The old forecast that should be renewed, in short; None for a claim that waits for a verdict.
        made_of: Its tally as a result.
        hints: The same as *lines*, for the command line and for Python.
    """

    claim: str
    status: Status
    why: str
    words: str
    forecasts: str
    on_file: str
    settle_on: date
    lines: tuple[str, ...]
    stale: str | None
    record: Claim = field(repr=False)
    made_of: Tally = field(repr=False)
    hints: tuple[Hint, ...] = field(repr=False)


@dataclass(frozen=True, repr=False)
class Due(Result, rows="items", of=Item):
    """Claims that need attention, the most urgent first.

    Attributes:
        items: All of them.
        stale: The number of old forecasts on open claims, by the reader or whoever was asked for.
        only_stale: Whether the items are these old forecasts, in place of claims that wait for a verdict.
        everything: Whether all items are shown, or only the first.
        unread: The number of imported forecasts that were not looked at.
    """

    items: tuple[Item, ...]
    today: date
    stale: int = 0
    only_stale: bool = False
    everything: bool = False
    unread: int = field(default=0, repr=False)

    def blocks(self) -> Sequence[Block]:
        """Lay out the first items, or all of them, and how to see the others."""
        layout = self._heading()
        shown = self.items if self.everything else self.items[:MOST]
        for item in shown:
            layout += [Paragraph(""), *item_blocks(item)]
        layout += self._more(len(self.items) - len(shown))
        if self.unread:
            layout.append(Paragraph(not_shown(self.unread)))
        return layout

    def _heading(self) -> list[Block]:
        """Return the heading: how many claims wait, or how many forecasts are old."""
        day = f"as of {self.today}"
        if self.only_stale:
            old = f"older than {STALE_AFTER.days} days on what is open"
            return [Heading(f"{counted(len(self.items), 'forecast')} {old}", day)]
        if not self.items:
            return [Paragraph("nothing waits for a verdict")]
        return [Heading(f"{len(self.items):,} {plural(len(self.items), 'waits', 'wait')} for a verdict", day)]

    def _more(self, left_out: int) -> list[Block]:
        """Return hints at how to see the items *left_out*, how to walk through them, and how to list old forecasts."""
        hints: list[Block] = []
        flag, argument = ("--stale ", "stale=True, ") if self.only_stale else ("", "")
        if left_out:
            lead = f"{left_out:,} more: "
            typed = f"{lead}due {flag}--all      one after the other: due {flag}--walk"
            hints.append(Hint(typed, f"{lead}ledger.due({argument}all=True)"))
        elif self.items:
            hints.append(Hint(f"one after the other: due {flag}--walk", ""))
        if self.stale and not self.only_stale:
            lead = f"your forecasts older than {STALE_AFTER.days} days on what is open: {self.stale:,}"
            hints.append(Hint(f"{lead}       due --stale", f"{lead}; ledger.due(stale=True)"))
        return [Paragraph(""), *hints] if hints else []

    def __len__(self) -> int:
        return len(self.items)


def due(snapshot: Snapshot, *, by: str | None = None, everything: bool = False, stale: bool = False) -> Due:
    """Find claims that wait for a verdict: their window is over, the evidence meets them, or their verdict is in doubt.

    Args:
        snapshot: The records.
        by: Only claims that this forecaster stated or forecast, and only their old forecasts; None for all claims, and
            for old forecasts of the reader.
        everything: Show all, not only the first.
        stale: Find old forecasts on open claims instead.

    Raises:
        NotFound: *by* names nobody.
    """
    forecaster = forecaster_named(snapshot, by) if by is not None else _slug_of_me(snapshot, snapshot.me)
    old = _stale_forecasts(snapshot, forecaster)
    if stale:
        items = [_stale_item(snapshot, claim, forecast) for claim, forecast in old]
        return Due(_named_briefly(snapshot, items), snapshot.today, len(old), True, everything, snapshot.unread)
    claims = snapshot.all(Claim) if by is None else claims_said_by(snapshot, snapshot.all(Claim), by)
    items = [item for claim in claims if (item := _waiting_item(snapshot, claim))]
    items.sort(key=lambda item: (item.status is Status.OPEN, item.record.deadline))
    return Due(_named_briefly(snapshot, items), snapshot.today, len(old), False, everything, snapshot.unread)


def item_blocks(item: Item) -> list[Block]:
    """Lay out one claim that waits: its statement, forecasts, evidence, and the commands to type."""
    layout: list[Block] = [Lead(item.claim, item.why)]
    layout.append(
        Paragraph(cut_at_word(item.words, LONGEST_STATEMENT).between('"', f'"  {item.forecasts}'.rstrip()), 2)
    )
    if asked := asked_of(item.record):
        layout.append(Paragraph(asked, 2))
    if item.on_file:
        layout.append(Paragraph(f"on file: {item.on_file}", 2))
    return [*layout, *item.hints]


def _slug_of_me(snapshot: Snapshot, me: str | None) -> str | None:
    """Return the slug of the reader, whose slug or name is *me*; None if nobody in the ledger has it."""
    return slug_of_name(me, {forecaster.slug: forecaster.title for forecaster in snapshot.all(Forecaster)})


def _waiting_item(snapshot: Snapshot, claim: Claim) -> Item | None:
    """Return the claim as an item if it waits for a verdict or its verdict is in doubt, else None.

    An open claim waits only once its evidence meets it: it can then be decided early.
    """
    standing = status(snapshot, claim)
    if standing not in WAITING:
        return _doubtful_item(snapshot, claim)
    made_of = tally(snapshot, claim)
    if standing is Status.OPEN and not made_of.met:
        return None
    why = waits(claim, snapshot.today)
    if standing is Status.OVERDUE:
        why = f"overdue; {why}"
    elif standing is Status.OPEN:
        why = f"open; the evidence on file meets it; {why}"
    return _item(snapshot, claim, why, verdict_lines(snapshot, claim, made_of))


def _doubtful_item(snapshot: Snapshot, claim: Claim) -> Item | None:
    """Return a decided claim as an item if its verdict is in doubt, else None."""
    verdict, sentences = snapshot.verdict(claim), doubts(snapshot, claim)
    if verdict and verdict.reason:  # the person who gave a reason has thought about the day
        sentences.pop(Doubt.EARLIER, None)
    if not sentences:
        return None
    lines = [command("resolve", claim.slug, "VERDICT", known_on="DAY", reason="WHY")]
    return _item(snapshot, claim, "; ".join(sentences.values()), lines)


def _stale_forecasts(snapshot: Snapshot, forecaster: str | None) -> list[tuple[Claim, Forecast]]:
    """List the old standing forecasts by one forecaster on open claims, the next to close first.

    Empty if *forecaster* is None: the reader is unknown.
    """
    if not forecaster:
        return []
    pairs = []
    for claim in snapshot.all(Claim):
        if snapshot.today <= claim.deadline and status(snapshot, claim) is Status.OPEN:
            standing = dict(standing_forecasts(snapshot, claim)).get(forecaster)
            if standing and snapshot.today - standing.made_at.date() > STALE_AFTER:
                pairs.append((claim, standing))
    return sorted(pairs, key=lambda pair: pair[0].deadline)


def _stale_item(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> Item:
    """Return an old forecast as an item, with the command that renews it."""
    since = f"since {forecast.made_at.date()}{mark_of(snapshot, claim, forecast)}"
    why = f"{waits(claim, snapshot.today)}; {in_short(forecast, claim)} stands {since}"
    is_own = forecast.forecaster == _slug_of_me(snapshot, snapshot.me)
    options = {} if is_own else {"by": forecast.forecaster}
    if over := on_days_over(claim, forecast, snapshot.today):
        why += f"; {over}"
    return _item(
        snapshot, claim, why, [line_of_forecast(claim, again=bool(over), **options)], in_short(forecast, claim)
    )


def _named_briefly(snapshot: Snapshot, items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with their commands; in these, a long slug is shortened to a beginning that no other has."""
    beginnings = Beginnings(claim.slug for claim in snapshot.all(Claim))
    completed = []
    for item in items:
        hints = tuple(naming_briefly(item.hints, item.claim, beginnings.of))
        completed.append(replace(item, hints=hints, lines=tuple(hint.typed for hint in hints)))
    return tuple(completed)


def _item(snapshot: Snapshot, claim: Claim, why: str, hints: Sequence[Hint], stale: str | None = None) -> Item:
    """Return an item without its *lines*, which :func:`_named_briefly` adds; *stale* is an old forecast in short."""
    claim_tally, statement = tally(snapshot, claim), snapshot.find(Statement, claim.statement)
    return Item(
        claim=claim.slug,
        status=status(snapshot, claim),
        why=why,
        words=statement.text,
        forecasts=said_briefly(snapshot, claim),
        on_file="nothing that counts" if claim_tally.is_empty else claim_tally.short,
        settle_on=settle_on(claim),
        lines=(),
        stale=stale,
        record=claim,
        made_of=claim_tally,
        hints=tuple(hints),
    )
