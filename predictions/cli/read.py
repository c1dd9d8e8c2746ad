"""The verbs that only read: board, claim, tally, readings, due, review, history, scorecard, verify, head."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import predictions
from predictions.cli.session import Said, Session, as_json, as_of, json_text, reading, show, today
from predictions.cli.types import listed
from predictions.cli.verb import Verb
from predictions.display import Shown
from predictions.kinds import ClaimKind

HEADS_LIMIT = 100_000


@click.command(cls=Verb)
@click.option("--all", is_flag=True, help="The readings that are not scored, too.")
@as_of
@today
@reading
def board(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show every statement and where it stands."""
    return ledger.board(**said)


@click.command(cls=Verb)
@click.argument("slug", metavar="CLAIM")
@as_of
@today
@reading
def claim(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show everything on file about one claim."""
    return ledger.claim(**said)


@click.command(cls=Verb)
@click.argument("slug", metavar="CLAIM")
@as_of
@today
@reading
def tally(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show what the evidence on file would make of a claim."""
    return ledger.tally(**said)


@click.command(cls=Verb)
@click.argument("statement")
@as_of
@today
@reading
def readings(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show the readings of a statement, or of a claim's, side by side."""
    return ledger.readings(**said)


@click.command(cls=Verb)
@as_of
@today
@reading
def due(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show what waits for a verdict."""
    return ledger.due(**said)


@click.command(cls=Verb)
@click.option("--by", metavar="NAME", help="Whose forecasts; --me unless given.")
@as_of
@today
@as_json
@click.pass_obj
def review(session: Session, *, by: str | None, as_of: str | None, today: str | None, as_json: bool) -> None:
    """Walk through what waits, and through forecasts gone stale.

    Enter skips, a number records a forecast once it was shown, q quits. Without a terminal, or as of another day, the
    list is printed and nothing asked.
    """
    from predictions.cli.review import ask, walk

    with session.open() as ledger:
        agenda = ledger.review(by=by, as_of=as_of, today=today)
        if agenda.items and _terminal() and not (as_json or as_of or today):
            walk(ledger, agenda, by=by, ask=ask)
        else:
            show(agenda, as_json=as_json)


@click.command(cls=Verb)
@click.argument("slug", required=False)
@as_of
@reading
def history(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Show everything recorded, or what concerns one slug."""
    return ledger.history(**said)


@click.command(cls=Verb)
@click.option("--by", metavar="NAME,...", multiple=True, callback=listed, help="Only these forecasters.")
@as_of
@today
@click.option(
    "--cohort",
    type=click.Choice(["settled", "resolved"]),
    help="Claims past their settle day, or whatever has a verdict (biased).",
)
@click.option(
    "--rule", type=click.Choice(["first", "last"]), help="The first forecast, or the last (which rewards shouting)."
)
@click.option("--source", metavar="SLUG", help="Only claims of that source.")
@click.option("--tag", help="Only claims with that tag.")
@click.option("--reading", metavar="NAME", help="Only claims that are that reading: headline, strict, ...")
@click.option("--window", metavar="DATE", help="Only claims that end then: 2026, 2026-12, or 2026/2027.")
@click.option("--kind", type=click.Choice([str(word) for word in ClaimKind]), help="Only claims of that kind.")
@click.option("--horizon", metavar="DAYS", help="Only claims open at most so many days, or from and to: 30..365.")
@click.option("--crowds", is_flag=True, help="What several forecasters came to together, too.")
@reading
def scorecard(ledger: predictions.Ledger, *, cohort: str | None, rule: str | None, **said: Said) -> Shown:
    """Show how good each forecaster was."""
    return ledger.scorecard(cohort=cohort or "settled", rule=rule or "first", **said)


@click.command(cls=Verb)
@click.option(
    "--head", metavar="FILE|TEXT", multiple=True, help="A head kept elsewhere, which must be a prefix; repeat for more."
)
@click.option("--deep", is_flag=True, help="Unused pages and foreign keys, too.")
@as_json
@click.pass_obj
def verify(session: Session, *, head: tuple[str, ...], deep: bool, as_json: bool) -> None:
    """Recompute every hash; exit 1 if something was changed."""
    heads = [one for text in head for one in _heads(text)]
    with session.open() as ledger:
        verification = ledger.verify(head=heads or None, deep=deep)
    show(verification, as_json=as_json)
    if not verification.ok:
        raise click.exceptions.Exit(1)


@click.command(cls=Verb)
@as_json
@click.pass_obj
def head(session: Session, *, as_json: bool) -> None:
    """Print size and root of the ledger, in one line.

    Keep it elsewhere: `verify --head` then finds any later rewriting.
    """
    with session.open() as ledger:
        found = ledger.head()
    fields = {"size": found.size, "root": found.root.hex(), "ledger_id": found.ledger_id}
    click.echo(json_text(fields) if as_json else str(found))


def _heads(text: str) -> tuple[predictions.Head, ...]:
    """The heads that were typed, or stand in the file that was named."""
    from predictions.heads import looks_like_a_head, read_heads

    path = Path(text)
    if looks_like_a_head(text) or not path.is_file():
        return read_heads(text)
    with path.open(encoding="utf-8", errors="replace") as file:
        return read_heads(file.read(HEADS_LIMIT))


def _terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
