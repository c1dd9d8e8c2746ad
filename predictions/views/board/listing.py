"""A long board: one line for each claim, those that wait for a verdict first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

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

MOST_WAITING, MOST_OPEN, MOST_SETTLED = 10, 10, 5  # rows of each section
WIDTHS = (23, 10, 7, 11, 16)  # the least columns of the cells: name, day, how long, own forecast, those of others
LONGEST_VERDICT = 11  # columns
MOST_OF_OPTIONS = 17  # columns of the others' forecasts on a choice
LISTED_DIGITS = 4  # digits of the value in a verdict
LISTED_WORD, SHORTEST_WORD = 11, 4  # columns of an option or a unit, and the fewest to which it is cut
MOST_SAID = 2  # distributions of others in one row
AND_MORE = " ..."  # after the first of them, if there is no room for two
WITHIN = timedelta(days=350)  # a day as recent as this is shown without its year
STATUSES_COUNTED = {
    "due": {Status.DUE},
    "overdue": {Status.OVERDUE},
    "open": {Status.OPEN},
    "settled": {Status.RESOLVED},
    "unclear": {Status.AMBIGUOUS, Status.ANNULLED},
}
MARK = "*"  # after a number that is, or in part comes from, a backdated or late forecast
WHAT_IT_MARKS = f"{MARK} backdated: nothing carries its day; or too late: it stands apart on every card"
FILTERS = Hint(
    "filters: --status  --by WHO  --source S  --tag T  --search TEXT  --type choice",
    'ledger.board(status="open"), ledger.board(search="..."), also by=, source=, tag=, type=; ledger.due()',
)
SHOW_BLOCKS = Hint("--full: a block for each", "full=True: a block for each")


def listing_blocks(
    snapshot: Snapshot, claims: Sequence[Claim], stands: Mapping[str, Status], only: BoardFilter
) -> list[Block]:
    """Lay out a line for each scored claim, in sections by status.

    Args:
        snapshot: The records.
        claims: The scored claims of the board.
        stands: The status of each claim, by slug.
        only: The board's filter. If it asks for a status, all claims are listed; else only the first of each section.
    """
    statements = len({claim.statement for claim in claims})
    claim_count = f", {counted(len(claims), 'claim')}" if len(claims) != statements else ""
    filter_words = f" ({only})" if only else ""
    counts = f": {_counts(claims, stands)}" if claims else ""
    heading = f"{counted(statements, 'statement')}{claim_count}{filter_words}{counts}"
    blocks: list[Block] = [Heading(heading, str(snapshot.today))]
    listed = _Listed(snapshot, stands, only)
    sections = listed.sections(claims)
    if sections:
        widths = WIDTHS if listed.me else WIDTHS[:3]
        beginnings = Beginnings(claim.slug for claim in snapshot.all(Claim))
        room = _room_for_names(sections)
        shortened = [section._replace(rows=_short_names(section.rows, beginnings, room)) for section in sections]
        count_column = len(sections[0].names) - 1
        blocks += [Paragraph(""), Listing(shortened, figures=(count_column,), least=widths)]
    cells = (cell for section in sections for _, _, _, *forecasts in section.rows for cell in forecasts)
    if any(MARK in cell for cell in cells):
        blocks += [Paragraph(""), Paragraph(WHAT_IT_MARKS)]
    return [*blocks, Paragraph(""), FILTERS, SHOW_BLOCKS]


def _short_names(rows: Sequence[Sequence[str]], beginnings: Beginnings, room: int) -> list[Sequence[str]]:
    """Return the rows with each slug shortened to a beginning that fits its column and that a verb still takes."""
    return [(beginnings.within(slug, room), *cells) for slug, *cells in rows]


def _room_for_names(sections: Sequence[Section]) -> int:
    """Return how many columns the other cells leave for the names, so that each claim has one line."""
    rows = [row for section in sections for row in (section.names, *section.rows)]
    _, *other_columns = zip(*rows, strict=True)
    return min(WIDTHS[0], WIDTH - sum(max(map(columns_of, cells)) + 2 for cells in other_columns))


def listed_claims(
    snapshot: Snapshot, claims: Sequence[Claim], stands: Mapping[str, Status], only: BoardFilter
) -> list[str]:
    """Return the slugs of the claims that :func:`listing_blocks` has a line for."""
    return [row[0] for section in _Listed(snapshot, stands, only).sections(claims) for row in section.rows]


def _counts(claims: Sequence[Claim], stands: Mapping[str, Status]) -> str:
    """Return the number of claims by status, such as "1 due, 20 open"; statuses without a claim are left out."""
    counts = {
        name: sum(stands[claim.slug] in statuses for claim in claims) for name, statuses in STATUSES_COUNTED.items()
    }
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


class _Listed:
    """The sections of a long board; rows are made only for the claims that are shown."""

    def __init__(self, snapshot: Snapshot, stands: Mapping[str, Status], only: BoardFilter) -> None:
        self._snapshot, self._stands, self._only = snapshot, stands, only
        self._shows_all = only.status is not None
        titles = snapshot.forecaster_titles
        self.me = slug_of_name(snapshot.me, titles)
        self._heads = ("you", "others", "") if self.me else ("forecasts", "")

    def sections(self, claims: Sequence[Claim]) -> list[Section]:
        """Return the sections that have claims; unclear claims only if there are no others."""
        sections = [self.waiting(claims), self.open(claims), self.settled(claims)]
        listed = [section for section in sections if section]
        unclear = None if listed else self.unclear(claims)
        return [unclear] if unclear else listed

    def waiting(self, claims: Sequence[Claim]) -> Section | None:
        """List the claims that are over without a verdict, the oldest first, with how far the evidence meets them."""
        late = [claim for claim in claims if self._stands[claim.slug] in LATE]
        late.sort(key=lambda claim: claim.deadline)
        shown = late if self._shows_all else late[:MOST_WAITING]
        rows = [
            (claim.slug, str(claim.deadline), counted((self._snapshot.today - claim.deadline).days, "day"),
             *self._forecasts(claim))
            for claim in shown
        ]  # fmt: skip
        notes = {number: note for number, claim in enumerate(shown) if (note := self._on_file(claim))}
        return self._section(("no verdict yet", "deadline", "over"), rows, len(late), "due", notes)

    def open(self, claims: Sequence[Claim]) -> Section | None:
        """List the open claims, the next to close first."""
        open_claims = [claim for claim in claims if self._stands[claim.slug] is Status.OPEN]
        open_claims.sort(key=lambda claim: claim.deadline)
        shown = open_claims if self._shows_all else open_claims[:MOST_OPEN]
        rows = [
            (claim.slug, str(claim.deadline), f"{(claim.deadline - self._snapshot.today).days:,} d",
             *self._forecasts(claim))
            for claim in shown
        ]  # fmt: skip
        note = "the evidence on file meets it"
        notes = {number: note for number, claim in enumerate(shown) if tally(self._snapshot, claim).met}
        return self._section(("open, next to close", "deadline", "left"), rows, len(open_claims), "open", notes)

    def settled(self, claims: Sequence[Claim]) -> Section | None:
        """List the resolved claims, the latest verdict first."""
        resolved = [claim for claim in claims if self._stands[claim.slug] is Status.RESOLVED]
        return self._decided(resolved, "settled lately", "settled")

    def unclear(self, claims: Sequence[Claim]) -> Section | None:
        """List the ambiguous and annulled claims, the latest verdict first."""
        ended = [claim for claim in claims if self._stands[claim.slug] in STATUSES_COUNTED["unclear"]]
        return self._decided(ended, "unclear", "unclear")

    def _decided(self, claims: Sequence[Claim], name: str, status: str) -> Section | None:
        """List claims that have a verdict, the latest first; *status* is the filter that lists them all."""
        dated = [(claim, self._known_on(claim)) for claim in claims]
        dated.sort(key=lambda pair: pair[1] or date.min, reverse=True)
        shown = dated if self._shows_all else dated[:MOST_SETTLED]
        rows = [(claim.slug, self._outcome(claim), self._day(day), *self._forecasts(claim)) for claim, day in shown]
        notes = {
            number: f"contested: {dissents}"
            for number, (claim, _) in enumerate(shown)
            if (dissents := who_contests(self._snapshot, claim))
        }
        return self._section((name, "verdict", "known"), rows, len(dated), status, notes)

    def _section(
        self, names: Sequence[str], rows: Sequence[Sequence[str]], total: int, status: str, notes: Mapping[int, str]
    ) -> Section | None:
        """Return a section of the board; None if there are no *rows*.

        Args:
            names: The headings of its first columns; the columns of forecasts follow.
            rows: The rows that are shown.
            total: How many rows there are.
            status: The filter by which the reader sees all of them.
            notes: Notes below rows, by the number of the row.
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
        """Return the reader's own forecast (if the reader is known), those of others in short, and their number."""
        standing = standing_forecasts(self._snapshot, claim)
        others = [forecast for forecaster, forecast in standing if forecaster != self.me]
        summary = (_probability_span(others) or _distributions_in_short(others, claim)) + self._mark(claim, others)
        count = f"{len(others):,}"
        if not self.me:
            return summary, count
        own = [forecast for forecaster, forecast in standing if forecaster == self.me]
        own_words = _with_word_cut(own[0], claim, WIDTHS[3]) + self._mark(claim, own) if own else "-"
        return own_words, summary, count

    def _mark(self, claim: Claim, forecasts: Sequence[Forecast]) -> str:
        """Return the mark for forecasts some of which are backdated or late; "" if none is."""
        return MARK if any(set_apart(self._snapshot, claim, forecast) for forecast in forecasts) else ""

    def _on_file(self, claim: Claim) -> str:
        """Return the note on how far the evidence on file meets a claim; "" if it does not, not even in part."""
        claim_tally = tally(self._snapshot, claim)
        if not (claim_tally.partly or claim_tally.perhaps):
            return ""
        return claim_tally.noted.replace(claim_tally.count, f"{claim_tally.count} on file", 1)

    def _known_on(self, claim: Claim) -> date | None:
        """Return the day on which the verdict became public; None without a verdict."""
        verdict = self._snapshot.verdict(claim)
        return verdict.known_on if verdict else None

    def _outcome(self, claim: Claim) -> str:
        """Return the outcome of a claim, cut to its column; also for one that is annulled without a verdict."""
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
    """Return the least and the greatest of some chances of yes, such as "0.20 .. 0.65"; "" if there are none."""
    points = sorted(forecast.point for forecast in forecasts if forecast.point is not None)
    if not points:
        return ""
    least, most = two_places(points[0]), two_places(points[-1])
    return least if least == most else f"{least} .. {most}"


def _distributions_in_short(forecasts: Sequence[Forecast], claim: Claim) -> str:
    """Return the distributions of several forecasters in one cell; "-" if none fits the claim.

    For a number it is the least and the greatest of their medians; else the first of them in short, without repeats.
    """
    fitting = [forecast for forecast in forecasts if fits(claim, forecast)]
    texts = list(dict.fromkeys(in_short(forecast, claim, LISTED_WORD) for forecast in fitting))
    if claim.type is ClaimType.NUMBER and len(texts) > 1:
        medians = sorted(values_at(claim, forecast.points, 0.5)[0] for forecast in fitting if forecast.points)
        return f"{value_told(claim, medians[0])} .. {value_told(claim, medians[-1])}"
    listed = some_of(_without_repeated_options(texts) if claim.options else texts, MOST_SAID, ", ")
    if columns_of(listed) > MOST_OF_OPTIONS and claim.options:
        first = _with_word_cut(fitting[0], claim, MOST_OF_OPTIONS - len(AND_MORE))
        return f"{first}{AND_MORE}" if len(texts) > 1 else first
    return listed or "-"


def _with_word_cut(forecast: Forecast, claim: Claim, room: int) -> str:
    """Return a forecast in at most *room* columns, for which its option or unit is cut, but not below SHORTEST_WORD."""
    for most in range(LISTED_WORD, SHORTEST_WORD, -1):
        text = in_short(forecast, claim, most)
        if columns_of(text) <= room:
            return text
    return in_short(forecast, claim, SHORTEST_WORD)


def _without_repeated_options(texts: Sequence[str]) -> list[str]:
    """Leave out an option if the text before has the same one.

    >>> _without_repeated_options(["openai 0.35", "openai 0.50", "other 0.40"])
    ['openai 0.35', '0.50', 'other 0.40']
    """
    shortened, last_option = [], None
    for text in texts:
        option, _, chance = text.rpartition(" ")
        shortened.append(chance if option == last_option else text)
        last_option = option
    return shortened
