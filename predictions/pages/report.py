"""One self-contained page: the board, each statement with its evidence, the scorecard, and how to verify it.

The page needs no script and loads nothing; its policy forbids both. Whatever the ledger holds is text on it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlsplit

from predictions.cards.board import Board, board
from predictions.cards.scorecard import Scorecard
from predictions.cards.scorelayout import calibration, claims, headline, imputed, skill, span, verdicts
from predictions.charts.svg import Svg, reliability_chart, share_bar
from predictions.display import Paragraph, Table, link_text, visible
from predictions.errors import MissingExtra
from predictions.kinds import ForecasterKind
from predictions.pages.views import StatementView, statement_view
from predictions.scoring.figures import Reference
from predictions.scoring.reliability import reliability
from predictions.scoring.track import FUNNEL, TrackRecord
from predictions.snapshot import Snapshot
from predictions.status import Status, settle_on

SHOWN = 6  # sentences and diagrams of forecasters, at most
BARRED = 3  # funnels drawn as bars, at most
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
    ("Settle day", "The last day of the window and the days reports may take. Claims enter a mean on it, whatever "
     "their outcome, because a yes comes early and a no late."),
)  # fmt: skip


@dataclass(frozen=True)
class WordsView:
    """A forecaster who gives words only."""

    lead: str
    table: Table


@dataclass(frozen=True)
class FunnelView:
    """The way of one forecaster's claims to the mean."""

    name: str
    steps: Sequence[tuple[str, str, Svg]]
    out: str
    bounds: str


@dataclass(frozen=True)
class Page:
    """Everything on the page, ready to be laid out."""

    title: str
    subtitle: str
    today: str
    numbers: Sequence[tuple[str, str]]
    views: Sequence[StatementView]
    next: str
    silent: Sequence[tuple[str, str]]
    card_says: str
    tables: Sequence[Table]
    sentences: Sequence[str]
    words_only: Sequence[WordsView]
    diagrams: Sequence[tuple[str, Svg]]
    claims: Table | None
    funnels: Sequence[FunnelView]  # of the first few
    funnel_table: Table | None
    head: str
    command: str
    glossary: Sequence[tuple[str, str]] = GLOSSARY


def report(
    snapshot: Snapshot, card: Scorecard, *, head: str, title: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> str:  # fmt: skip
    """The page as HTML; raises MissingExtra without jinja2. *progress* hears which statement is done, of how many."""
    shown = board(snapshot, everything=True)
    scored = [group for group in shown.groups if group.scored]
    views = []
    for number, group in enumerate(scored, 1):
        views.append(statement_view(snapshot, group, number))
        if progress:
            progress(number, len(scored))
    return _rendered(_page(shown, views, card, head, title))


def _page(shown: Board, views: Sequence[StatementView], card: Scorecard, head: str, title: str | None) -> Page:
    groups = [group for group in shown.groups if group.scored]
    sources = list(dict.fromkeys((group.source.publisher, group.source.title) for group in groups))
    lines = [line for group in groups for line in group.scored]
    waiting = [line for line in lines if line.status is not Status.OPEN and line.status.value in {"due", "overdue"}]
    ahead = [line for line in lines if line.status is Status.OPEN]
    coming = min(ahead, key=lambda line: line.claim.resolves_by, default=None)
    one = sources[0] if len(sources) == 1 else None
    figures = card.judgement.figures
    comparisons = [
        card.compare(record.forecaster.slug, str(Reference.BASE_RATE)).sentence
        for record in card.records
        if record.n and not record.words_only and record.forecaster.kind is not ForecasterKind.CROWD
    ][:SHOWN]
    tables = [
        block
        for part in (
            headline(card.records, figures, card.judgement.plain),
            skill(card.records, figures),
            calibration(card.records, figures),
        )
        for block in part
        if isinstance(block, Table)
    ]
    above = headline(card.records, figures, card.judgement.plain)
    notes = [block.text for block in above if isinstance(block, Paragraph) and block.text]
    return Page(
        title=title or (": ".join(filter(None, one)) if one else "What was predicted, and who was right"),
        subtitle="" if one or not sources else f"{len(sources)} sources",
        today=shown.today.isoformat(),
        numbers=[
            ("statements held to account", str(len(groups))),
            ("claims open", str(len(ahead))),
            ("part met", str(sum(line.tally.partly for line in ahead))),
            ("waiting for a verdict", str(len(waiting))),
            ("resolved", str(sum(line.status is Status.RESOLVED for line in lines))),
        ],
        views=views,
        next=(
            f"Next: {coming.claim.title} closes {coming.claim.resolves_by}; verdict due by {settle_on(coming.claim)}."
            if coming
            else ""
        ),
        silent=[
            (group.statement.text, group.statement.not_resolvable or "No reading of it is scored.")
            for group in shown.groups
            if not group.scored
        ],
        card_says=(
            f"As of {card.today}: "
            + ("claims settled by then" if card.cohort == "settled" else "claims resolved so far (biased)")
            + f", {card.rule} forecast. Brier from 0 to 1: 0 is perfect, 0.25 is always saying 50 %."
            + (f" Only {card.filter}." if card.filter else "")
        ),
        tables=[block if block.caption else block._replace(caption="Mean scores, one observation a statement")
                for block in tables],
        sentences=[*notes, *comparisons],
        words_only=[
            WordsView(
                verdicts(record, card.partly_met),
                Table(("reading", "imputed", "n", "Brier", "bounds with every open claim"), imputed(record), (2, 3),
                      f"Imputed numbers of {record.forecaster.slug} at the low, middle and high end of their range"),
            )
            for record in card.records
            if record.words_only
        ],
        diagrams=[
            (record.forecaster.title, reliability_chart(reliability(record), record.forecaster.slug))
            for record in card.records
            if record.scored and not record.few
        ][:SHOWN],
        claims=next(
            (block._replace(caption="Each scored claim") for block in claims(card.records) if isinstance(block, Table)),
            None,
        ),
        funnels=[_funnel(record) for record in card.records[:BARRED]],
        funnel_table=_funnel_table(card.records) if len(card.records) > BARRED else None,
        head=head,
        command=f"predictions --ledger LEDGER.db verify --head '{head}'",
    )  # fmt: skip


def _funnel(record: TrackRecord) -> FunnelView:
    counted = record.funnel
    name, whole = record.forecaster.slug, max(counted[FUNNEL[0]], 1)
    steps = [
        (
            step,
            f"{counted[step]:,}",
            share_bar(
                [(counted[step] / whole, "past")], f"funnel-{name}-{place}", f"{step}, {name}",
                f"{counted[step]} of {whole}",
            ),
        )
        for place, step in enumerate(FUNNEL[:4])
    ]  # fmt: skip
    out = [f"{counted[step]:,} {step}" for step in FUNNEL[4:] if counted[step] or step in FUNNEL[4:7]]
    possible = record.bounds(every_open=True)
    bounds = "" if not possible or possible[0] == possible[1] else (
        f"If everything still open went for or against it, the mean Brier would be {span(possible)}"
    )  # fmt: skip
    return FunnelView(name, steps, ", ".join(out), bounds)


def _funnel_table(records: Sequence[TrackRecord]) -> Table:
    counted = [(record.forecaster.slug, record.funnel) for record in records]
    rows = [(name, *(f"{funnel[step]:,}" for step in FUNNEL)) for name, funnel in counted]
    return Table(("forecaster", *FUNNEL), rows, range(1, len(FUNNEL) + 1), "How many claims of each forecaster")


def _rendered(page: Page) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise MissingExtra("a report needs jinja2; install prediction-ledger[report]") from None
    folder = files("predictions") / "pages"
    style = (folder / "report.css").read_text("utf-8")

    def shown(value: object) -> object:
        """Plain text with everything unseen made visible; SVG as it is."""
        return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        finalize=shown,
    )  # fmt: skip
    environment.tests["weburl"] = lambda link: urlsplit(link).scheme.lower() in {"http", "https"}
    environment.tests["foreign"] = lambda link: not (urlsplit(link).hostname or "").isascii()
    environment.filters["link_text"] = link_text
    digest = b64encode(sha256(style.encode()).digest()).decode()
    template = environment.from_string((folder / "report.html").read_text("utf-8"))
    references = {str(name) for name in Reference}
    return template.render(page=page, style=Markup(style), style_hash=digest, references=references).lstrip()
