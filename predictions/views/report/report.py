"""One self-contained page: who was right, the scorecard, each statement with its evidence, and how to verify it.

The page needs no script and loads nothing; its policy forbids both. Texts from the ledger are escaped, so that none of
them acts as HTML. How the page looks, on a telephone, on a wide screen and in print, is in report.css.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files
from os import PathLike
from urllib.parse import urlsplit

from predictions.errors import InvalidValue, import_extra, short_repr
from predictions.invisible import visible
from predictions.records import Claim, Source
from predictions.render.charts.svg import Svg
from predictions.render.html import spaced
from predictions.render.text import link_text
from predictions.scoring.score_columns import Reference
from predictions.snapshot import Snapshot
from predictions.status import Status
from predictions.storage.files import path_of
from predictions.storage.rows import collector_paused
from predictions.tally.tally import tally
from predictions.views.board.board import Board, Group, board
from predictions.views.report.answer import answer_view
from predictions.views.report.rows import claims_with_row, in_sections, rows_of
from predictions.views.report.scores import scores_view
from predictions.views.report.statements import StatementView, statement_view
from predictions.views.scorecard.card import Scorecard

GENERATOR = '<meta name="generator" content="prediction-ledger">'  # an older page is recognised by it
OTHER_ENDINGS = {
    ".csv",
    ".db",
    ".docx",
    ".json",
    ".md",
    ".pdf",
    ".png",
    ".txt",
    ".xlsx",
}  # no page has these
UNTITLED = "What was predicted, and who was right"
TOLD_AT_LENGTH = 30  # statements with a chart and all evidence; if there are more, each claim is only a row
GLOSSARY = (
    ("Statement, claim, reading", "What a source said, word for word; one dated way of reading it that can be settled; "
     "and the name of that way. Only the scored reading enters a mean."),
    ("Tally", "What the evidence on file would make of a claim today. It never decides by itself."),
    ("Provisional", "Counted, but on fewer sources than the criteria ask for, or perhaps outside the window."),
    ("Imputed", "The forecaster gave words; the number is ours, read off a named scale, and never ranked."),
    ("Written afterwards", "The reading was recorded after evidence that counts for it."),
    ("Brier score", "(probability - outcome) squared: 0 is perfect, 0.25 is always saying 50 %, 1 is sure and wrong. "
     "Here that of the first forecast; one observation a statement."),
    ("Skill over time", "The Brier score saved against a plain rule over the time a forecast stood, over the scheduled "
     "window. Time without a forecast counts 0."),
    ("Entered, covered", "How much of the window had gone when the first forecast was made; for how much of it a "
     "forecast stood."),
    ("Right side of 50 %", "Yes, where more than 50 % was said, or no, where less was. A count, not a score: 51 % and "
     "99 % count alike."),
    ("Settle day", "The last day of the window and the days reports may take. Claims enter a mean on it, whatever "
     "their outcome, because a yes comes early and a no late."),
)  # fmt: skip


class ReportSection(StrEnum):
    """A part of the page that can be published alone; how to verify it is always there."""

    SCORECARD = "scorecard"
    STATEMENTS = "statements"


def sections(name: object = None) -> Collection[ReportSection]:
    """Return the section with that name, or all sections for None; raise InvalidValue if no section has it."""
    if name is None:
        return tuple(ReportSection)
    if not isinstance(name, str) or name not in list(ReportSection):
        raise InvalidValue(f"section: {short_repr(name)} is no section of a report; say {' or '.join(ReportSection)}")
    return (ReportSection(name),)


def report(
    snapshot: Snapshot, card: Scorecard, *, head: str, title: str | None = None,
    shown: Collection[ReportSection] = tuple(ReportSection), progress: Callable[[int, int], None] | None = None,
) -> str:  # fmt: skip
    """Return the page as HTML.

    Args:
        snapshot: The records.
        card: The scorecard.
        head: The ledger's head, as text.
        title: The title of the page; if None, it is made from the source.
        shown: The sections that it has.
        progress: Called after each statement, with how many are done and how many there are.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    with collector_paused():  # a page is made of many small parts, beside many records
        full_board = board(snapshot, full=True)
        scored = [group for group in full_board.groups if group.is_scored]
        at_length = scored if ReportSection.STATEMENTS in shown and len(scored) <= TOLD_AT_LENGTH else []
        views = []
        for number, group in enumerate(at_length, 1):
            views.append(statement_view(snapshot, group, number))
            if progress:
                progress(number, len(at_length))
        return _rendered(_page(full_board, views, card, head, title) | {"shown": shown})


def _page(
    shown: Board, views: Sequence[StatementView], card: Scorecard, head: str, title: str | None
) -> dict[str, object]:
    """Return everything that the page shows, by the names that the template uses.

    Args:
        shown: The board, with all claims.
        views: The statements that are shown at length; empty if there are too many.
        card: The scorecard.
        head: The ledger's head, as text.
        title: The title of the page; if None, that of the source if there is only one.
    """
    # Of a statement that several people made, the others' publications are sources of their forecasts alone.
    sources = list(dict.fromkeys((source.publisher, source.title) for source in shown.snapshot.all(Source)))
    sections = in_sections(shown)
    with_row = {name: claims_with_row(name, claims) for name, claims in sections.items()}
    coming = shown.coming
    only_source = sources[0] if len(sources) == 1 else None
    return {
        "redacted": card.lacks and f"{card.lacks.banner}\n{card.lacks.beyond}".replace("\n", "; "),
        "title": title or (": ".join(filter(None, only_source)) if only_source else UNTITLED),
        "subtitle": "" if only_source or not sources else f"{len(sources):,} sources",
        "today": shown.snapshot.today,
        "short_head": card.head,
        "answer": answer_view(card, {claim.slug: claim.title for _, claim in shown.scored}),
        "placed": {claim.slug for claims in with_row.values() for _, claim in claims},
        "scores": scores_view(card),
        "numbers": _counts_by_status(shown),
        "next": coming and f"Next: {coming.record.title} closes {coming.deadline}; verdict due {coming.settle_on}.",
        "sections": [_section(name, len(sections[name]), claims, views) for name, claims in with_row.items()],
        "views": views,
        "silent": [
            (group.statement.text, group.statement.not_resolvable or "No reading of it is scored.")
            for group in shown.groups
            if not group.is_scored
        ],
        "head": head,
        "command": f"predictions --ledger LEDGER.db verify --head '{head}'",
        "glossary": GLOSSARY,
    }


def _section(
    name: str, count: int, claims: Sequence[tuple[Group, Claim]], views: Sequence[StatementView]
) -> dict[str, object]:
    """Return one section of claims, as rows under their sources; each row leads to the view of its statement if any.

    *count* is the number of claims in the section, of which *claims* are those that have a row.
    """
    rows = rows_of(claims, {view["statement"].slug: view["anchor"] for view in views})
    return {"name": name, "count": count, "left_out": count - len(claims), "rows": rows, "sources": len(rows) > 1}


def _counts_by_status(shown: Board) -> list[tuple[str, str]]:
    """Return the numbers at the top of the page, with their labels: statements, scored claims, and claims by status.

    The numbers by status add up to the scored claims. Some are left out: the scored claims if they are as many as the
    statements, and ambiguous and annulled if there are none.
    """
    statements, status_of = sum(group.is_scored for group in shown.groups), shown.stands
    counted = Counter(status_of.values())
    open_claims = [claim for _, claim in shown.scored if status_of[claim.slug] is Status.OPEN]
    partly = sum(tally(shown.snapshot, claim).partly for claim in open_claims)
    numbers = [("statements held to account", statements)]
    if len(status_of) != statements:
        numbers.append(("scored claims", len(status_of)))
    numbers += [
        (f"open, {partly} of them part met" if partly else "open", counted[Status.OPEN]),
        ("waiting for a verdict", counted[Status.DUE] + counted[Status.OVERDUE]),
        ("resolved", counted[Status.RESOLVED]),
        *((str(status), counted[status]) for status in (Status.AMBIGUOUS, Status.ANNULLED) if counted[status]),
    ]
    return [(label, f"{number:,}") for label, number in numbers]


def check_page(file: str | PathLike[str]) -> None:
    """Refuse a file whose name says that it is something else than a page."""
    path = path_of(file)
    if path.suffix.lower() in OTHER_ENDINGS:
        raise InvalidValue(f"{path.name!r}: a report is a page of HTML; say {path.stem}.html")


def _rendered(page: Mapping[str, object]) -> str:
    """Fill the template; every text is escaped, and characters that nobody sees are shown."""
    jinja = import_extra("jinja2", "a report needs", "report")
    from markupsafe import Markup

    style = (files("predictions") / "views" / "report" / "report.css").read_text("utf-8")

    def shown(value: object) -> object:
        """Return text with invisible characters made visible; HTML and SVG, which have `__html__`, unchanged."""
        return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

    environment = jinja.Environment(
        autoescape=True, undefined=jinja.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, finalize=shown, loader=jinja.PackageLoader("predictions", "views/report"),
    )  # fmt: skip
    environment.tests["weburl"] = lambda link: urlsplit(link).scheme.lower() in {"http", "https"}
    environment.tests["foreign"] = lambda link: not (urlsplit(link).hostname or "").isascii()
    environment.tests["drawn"] = lambda cell: isinstance(cell, Svg)
    environment.filters["link_text"] = link_text
    environment.filters["unbroken"] = lambda text: Markup(
        spaced(str(Markup("\N{NO-BREAK SPACE}%").join(visible(text).split(" %"))))
    )
    environment.filters["titled"] = titled
    digest = b64encode(sha256(style.encode()).digest()).decode()
    template = environment.get_template("report.html")
    references = {str(name) for name in Reference}
    text: str = template.render(
        page=page, style=Markup(style), style_hash=digest, references=references, whole=TOLD_AT_LENGTH
    )
    return text.lstrip()


def titled(text: str) -> str:
    """Write a heading before a text, which a terminal shows in capitals, in ordinary letters and with a colon.

    >>> titled("NOT COUNTED  ana: 1 open"), titled("each scored claim")
    ('Not counted: ana: 1 open', 'each scored claim')
    """
    heading, gap, rest = text.partition("  ")
    return f"{heading.capitalize()}: {rest}" if gap and heading.isupper() else text
