"""Write the claims of a page as rows: one line each, and below it, folded, the words, the verdict and the facts.

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
MOST_ROWS = 2_000  # in a section: a browser is slow with more, and nobody reads them all
SECTIONS = {
    "Waiting": (Status.DUE, Status.OVERDUE),
    "Open": (Status.OPEN,),
    "Settled": (Status.RESOLVED, Status.AMBIGUOUS, Status.ANNULLED),
}


def in_sections(shown: Board) -> dict[str, list[tuple[Group, Claim]]]:
    """Divide the scored claims among the SECTIONS, in the order of the board."""
    section_of = {status: name for name, statuses in SECTIONS.items() for status in statuses}
    sections: dict[str, list[tuple[Group, Claim]]] = {name: [] for name in SECTIONS}
    for group, claim in shown.scored:
        sections[section_of[shown.stands[claim.slug]]].append((group, claim))
    return sections


def claims_with_row(section: str, claims: Sequence[tuple[Group, Claim]]) -> Sequence[tuple[Group, Claim]]:
    """Return the claims of a section that get a row: all, or MOST_ROWS of them.

    These are the claims that close first; of the settled ones those that closed last.
    """
    if len(claims) <= MOST_ROWS:
        return claims
    in_order = sorted(claims, key=lambda pair: pair[1].deadline)
    return in_order[-MOST_ROWS:] if section == "Settled" else in_order[:MOST_ROWS]


def rows_of(claims: Sequence[tuple[Group, Claim]], anchors: Mapping[str, str]) -> list[tuple[str, list[Svg]]]:
    """Return the rows of some claims as HTML, by the title of their source, and in order of their deadlines.

    *anchors* has, by statement, the place on the page that shows it at length.
    """
    rows: dict[str, list[Svg]] = {group.source.title: [] for group, _ in claims}
    for group, claim in sorted(claims, key=lambda pair: pair[1].deadline):
        line = board_line(group.snapshot, claim, group.source)
        rows[group.source.title].append(_row(group.statement, group.source, line, anchors.get(group.statement.slug)))
    return list(rows.items())


def _row(statement: Statement, source: Source, line: BoardLine, anchor: str | None) -> Svg:
    """Return the row of one claim.

    A link to the claim leads to its *anchor*. If it has none, None, the row has the id, inside the fold: then the
    browser unfolds it.
    """
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
    """Yield the facts that are folded under a row, as pairs of label and text."""
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
    """Return a text as HTML; if it was cut, the whole text appears when somebody points at it."""
    escaped = escape(visible(text))
    if isinstance(text, Cut) and text != text.whole:
        return f'<span title="{escape(visible(text.whole))}">{escaped}</span>'
    return escaped


def _link(title: str, address: str | None) -> str:
    """Return a title as a link if its address begins with http or https, else with the address as text.

    A host in other letters than ASCII may look like another one, so it is also shown, spelled in ASCII.
    """
    if not address:
        return _text(title)
    address_shown = f' <span class="quiet small">{_text(link_text(address))}</span>'
    parts = urlsplit(address)
    if parts.scheme.lower() not in {"http", "https"}:
        return f"{_text(title)}{address_shown}"
    link = f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{_text(title)}</a>'
    return link if (parts.hostname or "").isascii() else f"{link}{address_shown}"
