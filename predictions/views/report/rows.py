"""A row for each claim of a page: one line, and folded under it what was said and how it stands.

They are written as HTML here, not in the template, because there may be thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from predictions.invisible import visible
from predictions.records import Claim, Source, Statement
from predictions.render.charts.svg import Svg
from predictions.render.columns import Cut, cut_at_word
from predictions.render.text import link_text
from predictions.status import Status
from predictions.views.board.board import Board, Group
from predictions.views.board.line import BoardLine, board_line
from predictions.views.claim.on_file import publication_day, who_said_it
from predictions.views.distribution_text import asked_of
from predictions.views.outcome_text import outcome_in_full

LONGEST_WORDS = 600  # characters of words and criteria, at most
MOST_ROWS = 2_000  # of a section: a browser is slow with more, and a reader does not go through them
SECTIONS = {
    "Waiting": (Status.DUE, Status.OVERDUE),
    "Open": (Status.OPEN,),
    "Settled": (Status.RESOLVED, Status.AMBIGUOUS, Status.ANNULLED),
}


def in_sections(shown: Board) -> dict[str, list[tuple[Group, Claim]]]:
    """Part the scored claims into those that wait for a verdict, those still open, and those settled."""
    section_of = {status: name for name, statuses in SECTIONS.items() for status in statuses}
    found: dict[str, list[tuple[Group, Claim]]] = {name: [] for name in SECTIONS}
    for group, claim in shown.scored:
        found[section_of[shown.stands[claim.slug]]].append((group, claim))
    return found


def placed(section: str, claims: Sequence[tuple[Group, Claim]]) -> Sequence[tuple[Group, Claim]]:
    """Return the claims of a section that have a row: of too many those that close first, of the settled ones last."""
    if len(claims) <= MOST_ROWS:
        return claims
    in_order = sorted(claims, key=lambda found: found[1].deadline)
    return in_order[-MOST_ROWS:] if section == "Settled" else in_order[:MOST_ROWS]


def rows_of(claims: Sequence[tuple[Group, Claim]], anchors: Mapping[str, str]) -> list[tuple[str, list[Svg]]]:
    """Return the rows of some claims as HTML, under the title of each source; of each the first to close first.

    *anchors* says, by statement, where on the page all of it is told.
    """
    found: dict[str, list[Svg]] = {group.source.title: [] for group, _ in claims}
    for group, claim in sorted(claims, key=lambda found: found[1].deadline):
        line = board_line(group.snapshot, claim, group.source)
        found[group.source.title].append(_row(group.statement, group.source, line, anchors.get(group.statement.slug)))
    return list(found.items())


def _row(statement: Statement, source: Source, line: BoardLine, anchor: str | None) -> Svg:
    """Return one claim; its id stands inside the fold, so that a link to it opens the fold, or where all is told."""
    claim = line.record
    when = line.left or (f"known {line.verdict.known}" if line.verdict else "")
    head = (
        f'<span class="name">{_text(claim.title)}</span> <span class="chip {line.look}">{_text(line.stands)}</span> '
        f'<span class="quiet"><span>{line.deadline}{"," if when else ""}</span> <span>{_text(when)}</span></span>'
    )
    quote = _text(cut_at_word(statement.text, LONGEST_WORDS))
    by = f"{_text(who_said_it(statement, source))}: {_link(source.title, source.link)}"
    published = f", {_text(publication_day(source))}" if source.published else ""
    facts = "".join(f"<dt>{name}</dt><dd>{_text(text)}</dd>" for name, text in _folded_facts(line))
    mark = "" if anchor else f' id="claim-{claim.slug}"'
    inside = (
        f"<blockquote{mark}>{quote}</blockquote>"
        f'<p class="quiet small"><cite>{by}</cite>{published}</p><dl class="facts">{facts}</dl>'
        + (f'<p class="small"><a href="#{anchor}">Over time, with all evidence</a></p>' if anchor else "")
    )
    return Svg(f'<details class="row"><summary>{head}</summary>{inside}</details>')


def _folded_facts(line: BoardLine) -> Iterator[tuple[str, str]]:
    """Yield what is folded under a line of the page, each with its label."""
    if line.verdict:
        reason = f"; {line.verdict.reason}" if line.verdict.reason else ""
        yield "Verdict", f"{outcome_in_full(line.verdict, line.record)}, known {line.verdict.known}{reason}"
    if line.forecasts:
        yield "Forecasts", line.said
    if line.tally and (line.at_least or line.record.parts):
        yield "Tally", line.tally
    if line.last_evidence:
        yield "Last that counts", line.last_evidence
    yield "Claim", f"{line.claim}: {cut_at_word(line.record.wording, LONGEST_WORDS)}"
    if asked := asked_of(line.record):
        yield "Asks", asked
    yield "Criteria", cut_at_word(line.record.criteria, LONGEST_WORDS)
    yield "Window", f"{line.opens_on} .. {line.deadline}; verdict due {line.settle_on}"
    if line.criteria:
        yield "Written", line.criteria


def _text(text: str) -> str:
    """Return a text for the page; where it is cut, all of it for who points at it."""
    shown = escape(visible(text))
    return (
        f'<span title="{escape(visible(text.whole))}">{shown}</span>'
        if isinstance(text, Cut) and text != text.whole
        else shown
    )


def _link(title: str, address: str | None) -> str:
    """Return a title as a link if its address begins with http or https, else with the address as text.

    A host in other letters than ASCII may look like another one, so it is also shown, spelled in ASCII.
    """
    if not address:
        return _text(title)
    shown = _text(link_text(address))
    if urlsplit(address).scheme.lower() not in {"http", "https"}:
        return f'{_text(title)} <span class="quiet small">{shown}</span>'
    foreign = "" if (urlsplit(address).hostname or "").isascii() else f' <span class="quiet small">{shown}</span>'
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{_text(title)}</a>{foreign}'
