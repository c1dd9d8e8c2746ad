"""A long board: one line a claim, what waits first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from predictions.enums import ClaimType, Outcome
from predictions.fits import fits
from predictions.numerals import counted, some_of, two_places
from predictions.records import Claim, Forecast
from predictions.render.blocks import Block, Heading, Hint, Listing, Paragraph, Section
from predictions.render.charts.curve_values import value_told, values_at
from predictions.render.columns import WIDTH, columns_of
from predictions.slug_beginnings import Beginnings
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot
from predictions.status import LATE, Status
from predictions.tally.tally import tally
from predictions.views.board.contested import who_contests
from predictions.views.board.filter import BoardFilter
from predictions.views.forecast_text import in_short, set_apart, standing_forecasts
from predictions.views.outcome_text import outcome_cut, outcome_said

MOST_WAITING, MOST_OPEN, MOST_SETTLED = 10, 10, 5  # rows of each section, at most
WIDTHS = (23, 10, 7, 11, 16)  # columns of a row: name, day, how long, mine, the others'
LONGEST_VERDICT = 11  # columns
MOST_OF_OPTIONS = 17  # columns of what the others say of options
LISTED_DIGITS = 4  # of a number that came out
LISTED_WORD, SHORTEST_WORD = 11, 4  # columns of an option or a unit
MOST_SAID = 2  # distributions of others in one row
AND_MORE = " ..."  # behind the first of them, where there is no room for two
WITHIN = timedelta(days=350)  # a day within these is told without its year
STATUSES_COUNTED = {
    "due": {Status.DUE},
    "overdue": {Status.OVERDUE},
    "open": {Status.OPEN},
    "settled": {Status.RESOLVED},
    "unclear": {Status.AMBIGUOUS, Status.ANNULLED},
}
MARK = "*"  # behind a number of which all or a part stands apart
WHAT_IT_MARKS = f"{MARK} backdated: nothing carries its day; or too late: it stands apart on every card"
FILTERS = Hint(
    "filters: --status  --by WHO  --source S  --tag T  --search TEXT  --type choice",
    'ledger.board(status="open"), ledger.board(search="..."), also by=, source=, tag=, type=; ledger.due()',
)
SHOW_BLOCKS = Hint("--full: a block for each", "full=True: a block for each")


def listing_blocks(
    snapshot: Snapshot, claims: Sequence[Claim], stands: Mapping[str, Status], only: BoardFilter
) -> list[Block]:
    """Lay out a line for each scored claim, by what it waits for; of each section only the first, unless filtered.

    Args:
        snapshot: What was recorded.
        claims: The scored claims of the board.
        stands: The status of each claim, by slug.
        only: The board's filter; a status that was asked for is listed whole.
    """
    statements = len({claim.statement for claim in claims})
    many = f", {counted(len(claims), 'claim')}" if len(claims) != statements else ""
    fitting = f" ({only})" if only else ""
    counts = f": {_counts(claims, stands)}" if claims else ""
    found: list[Block] = [Heading(f"{counted(statements, 'statement')}{many}{fitting}{counts}", str(snapshot.today))]
    listed = _Listed(snapshot, stands, only)
    sections = listed.sections(claims)
    if sections:
        widths = WIDTHS if listed.me else WIDTHS[:3]
        beginnings = Beginnings(claim.slug for claim in snapshot.all(Claim))
        room = _room_for_names(sections)
        drawn = [section._replace(rows=_beginnings(section.rows, beginnings, room)) for section in sections]
        found += [Paragraph(""), Listing(drawn, figures=(len(sections[0].names) - 1,), least=widths)]
    marked = any(MARK in "".join(row[3:]) for section in sections for row in section.rows)
    marks = [Paragraph(""), Paragraph(WHAT_IT_MARKS)] if marked else []
    return [*found, *marks, Paragraph(""), FILTERS, SHOW_BLOCKS]


def _beginnings(rows: Sequence[Sequence[str]], beginnings: Beginnings, room: int) -> list[Sequence[str]]:
    """Name each claim by a beginning of its slug that fits its column and can be typed, where there is one."""
    return [(beginnings.within(slug, room), *cells) for slug, *cells in rows]


def _room_for_names(sections: Sequence[Section]) -> int:
    """Return how many columns the other cells leave to the names, so that each claim has one line."""
    rows = [row for section in sections for row in (section.names, *section.rows)]
    _, *others = zip(*rows, strict=True)
    return min(WIDTHS[0], WIDTH - sum(max(map(columns_of, cells)) + 2 for cells in others))


def listed_claims(
    snapshot: Snapshot, claims: Sequence[Claim], stands: Mapping[str, Status], only: BoardFilter
) -> list[str]:
    """Return the slugs of the claims that :func:`listing_blocks` has a line for."""
    return [row[0] for section in _Listed(snapshot, stands, only).sections(claims) for row in section.rows]


def _counts(claims: Sequence[Claim], stands: Mapping[str, Status]) -> str:
    found = [(name, sum(stands[claim.slug] in group for claim in claims)) for name, group in STATUSES_COUNTED.items()]
    return ", ".join(f"{count:,} {name}" for name, count in found if count)


class _Listed:
    """The rows of each section, made for the claims that are drawn only."""

    def __init__(self, snapshot: Snapshot, stands: Mapping[str, Status], only: BoardFilter) -> None:
        self._snapshot, self._stands, self._only = snapshot, stands, only
        self._whole = only.status is not None
        titles = snapshot.forecaster_titles
        self.me = slug_of_name(snapshot.me, titles)
        self._heads = ("you", "others", "") if self.me else ("forecasts", "")

    def sections(self, claims: Sequence[Claim]) -> list[Section]:
        """List what waits first; what is unclear only where it was asked for, or nothing else is there."""
        found = [self.waiting(claims), self.open(claims), self.settled(claims)]
        return [section for section in found if section] or [section for section in [self.unclear(claims)] if section]

    def waiting(self, claims: Sequence[Claim]) -> Section | None:
        """List the claims whose window is over, the oldest first, with what is on file for them."""
        late = [claim for claim in claims if self._stands[claim.slug] in LATE]
        late.sort(key=lambda claim: claim.deadline)
        drawn = late if self._whole else late[:MOST_WAITING]
        rows = [
            (claim.slug, str(claim.deadline), counted((self._snapshot.today - claim.deadline).days, "day"),
             *self._forecasts(claim))
            for claim in drawn
        ]  # fmt: skip
        notes = {place: note for place, claim in enumerate(drawn) if (note := self._on_file(claim))}
        return self._section(("no verdict yet", "deadline", "over"), rows, len(late), "due", notes)

    def open(self, claims: Sequence[Claim]) -> Section | None:
        """List the open claims, the next to close first."""
        ahead = [claim for claim in claims if self._stands[claim.slug] is Status.OPEN]
        ahead.sort(key=lambda claim: claim.deadline)
        drawn = ahead if self._whole else ahead[:MOST_OPEN]
        rows = [
            (claim.slug, str(claim.deadline), f"{(claim.deadline - self._snapshot.today).days:,} d",
             *self._forecasts(claim))
            for claim in drawn
        ]  # fmt: skip
        met = "the evidence on file meets it"
        notes = {place: met for place, claim in enumerate(drawn) if tally(self._snapshot, claim).met}
        return self._section(("open, next to close", "deadline", "left"), rows, len(ahead), "open", notes)

    def settled(self, claims: Sequence[Claim]) -> Section | None:
        """List the resolved claims, the one known last first."""
        resolved = [claim for claim in claims if self._stands[claim.slug] is Status.RESOLVED]
        return self._decided(resolved, "settled lately", "settled")

    def unclear(self, claims: Sequence[Claim]) -> Section | None:
        """List the ambiguous and annulled claims, the one known last first."""
        ended = [claim for claim in claims if self._stands[claim.slug] in STATUSES_COUNTED["unclear"]]
        return self._decided(ended, "unclear", "unclear")

    def _decided(self, claims: Sequence[Claim], name: str, status: str) -> Section | None:
        """List claims that have a verdict, the one known last first; *status* is the filter that lists them all."""
        dated = [(claim, self._known_on(claim)) for claim in claims]
        dated.sort(key=lambda pair: pair[1] or date.min, reverse=True)
        drawn = dated if self._whole else dated[:MOST_SETTLED]
        rows = [(claim.slug, self._said(claim), self._day(day), *self._forecasts(claim)) for claim, day in drawn]
        doubted = ((place, who_contests(self._snapshot, claim)) for place, (claim, _) in enumerate(drawn))
        notes = {place: f"contested: {who}" for place, who in doubted if who}
        return self._section((name, "verdict", "known"), rows, len(dated), status, notes)

    def _section(
        self, names: Sequence[str], rows: Sequence[Sequence[str]], total: int, status: str, notes: Mapping[int, str]
    ) -> Section | None:
        """Return a section of the board, or None without *rows*.

        Args:
            names: The headings of its first columns; the columns of forecasts follow.
            rows: The rows that are shown.
            total: How many rows there are.
            status: The filter by which the reader sees them all.
            notes: A note below a row, by the number of the row.
        """
        if not rows:
            return None
        more = None
        if left_out := total - len(rows):
            lead = f"{left_out:,} more"
            python = f'status="{status}"' if self._only else f'ledger.board(status="{status}")'
            more = Hint(f"{lead}\t--status {status}", f"{lead}: {python}")
        return Section((*names, *self._heads), rows, notes, more)

    def _forecasts(self, claim: Claim) -> tuple[str, ...]:
        """Return the reader's own forecast (if there is a reader), the span of the others, and how many they are."""
        standing = standing_forecasts(self._snapshot, claim)
        others = [forecast for forecaster, forecast in standing if forecaster != self.me]
        span, count = _probability_span(others) or _said_by_some(others, claim), f"{len(others):,}"
        span += self._mark(claim, others)
        if not self.me:
            return span, count
        mine = [forecast for forecaster, forecast in standing if forecaster == self.me]
        return _with_word_cut(mine[0], claim, WIDTHS[3]) + self._mark(claim, mine) if mine else "-", span, count

    def _mark(self, claim: Claim, forecasts: Sequence[Forecast]) -> str:
        """Return the mark that some of the forecasts are backdated or late; empty if none is."""
        return MARK if any(set_apart(self._snapshot, claim, forecast) for forecast in forecasts) else ""

    def _on_file(self, claim: Claim) -> str:
        """Say how far the evidence on file meets a claim; empty if not at all."""
        made_of = tally(self._snapshot, claim)
        if not (made_of.partly or made_of.perhaps):
            return ""
        return made_of.noted.replace(made_of.count, f"{made_of.count} on file", 1)

    def _known_on(self, claim: Claim) -> date | None:
        """Return the day on which the verdict became public; None without a verdict."""
        verdict = self._snapshot.verdict(claim)
        return verdict.known_on if verdict else None

    def _said(self, claim: Claim) -> str:
        verdict = self._snapshot.verdict(claim)
        if verdict is None or self._stands[claim.slug] is Status.ANNULLED:
            return str(Outcome.ANNULLED)
        return outcome_cut(verdict, claim.options, outcome_said(verdict, claim, digits=LISTED_DIGITS), LONGEST_VERDICT)

    def _day(self, day: date | None) -> str:
        """Write a day within the last year as month and day, an earlier one as year and month."""
        if day is None:
            return "-"
        return f"{day:%m-%d}" if self._snapshot.today - day < WITHIN else f"{day:%Y-%m}"


def _probability_span(forecasts: Sequence[Forecast]) -> str:
    points = sorted(forecast.point for forecast in forecasts if forecast.point is not None)
    if not points:
        return ""
    least, most = two_places(points[0]), two_places(points[-1])
    return least if least == most else f"{least} .. {most}"


def _said_by_some(forecasts: Sequence[Forecast], claim: Claim) -> str:
    """Say the distributions of some: the span of the middles, or the likeliest option of each, named once in a row."""
    fitting = [forecast for forecast in forecasts if fits(claim, forecast)]
    said = list(dict.fromkeys(in_short(forecast, claim, LISTED_WORD) for forecast in fitting))
    if claim.type is ClaimType.NUMBER and len(said) > 1:
        middles = sorted(values_at(claim, one.points, 0.5)[0] for one in fitting if one.points)
        return f"{value_told(claim, middles[0])} .. {value_told(claim, middles[-1])}"
    listed = some_of(_named_once(said) if said and claim.options else said, MOST_SAID, ", ")
    if columns_of(listed) > MOST_OF_OPTIONS and claim.options:
        return _with_word_cut(fitting[0], claim, MOST_OF_OPTIONS - len(AND_MORE)) + (AND_MORE if len(said) > 1 else "")
    return listed or "-"


def _with_word_cut(forecast: Forecast, claim: Claim, room: int) -> str:
    """Say a forecast in so many columns, with less of its option or unit where it would take more."""
    shorter = (in_short(forecast, claim, most) for most in range(LISTED_WORD, SHORTEST_WORD, -1))
    return next((said for said in shorter if columns_of(said) <= room), in_short(forecast, claim, SHORTEST_WORD))


def _named_once(said: Sequence[str]) -> list[str]:
    """Leave out an option where the one before it is the same.

    >>> _named_once(["openai 0.35", "openai 0.50", "other 0.40"])
    ['openai 0.35', '0.50', 'other 0.40']
    """
    names = [one.rpartition(" ")[0] for one in said]
    same = [False, *(one == before for before, one in pairwise(names))]
    return [one.rpartition(" ")[2] if again else one for one, again in zip(said, same, strict=True)]
