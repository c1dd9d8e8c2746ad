"""The verbs that only read: board, claim, tally, readings, due, history, scorecard, verify, head."""

from __future__ import annotations

import sys

import click

import predictions
from predictions.cli.errors import Verb, hush
from predictions.cli.messages import say
from predictions.cli.params import Word, listed, read_count, read_given, typed
from predictions.cli.session import Said, Session, as_json, as_of, card, dated, json_text, reading, show
from predictions.enums import ClaimType
from predictions.render.result import Result
from predictions.scoring.score_columns import SORTED_BY
from predictions.storage.checkpoints import CopyHead, read_head


@click.command(cls=Verb)
@click.option("--status", metavar="WORD", help="Only what is open, due, overdue, settled or unclear.")
@click.option("--by", metavar="WHO", help="Only what they said or forecast.")
@click.option("--source", metavar="SLUG", help="Only what that source said.")
@click.option("--tag", help="Only claims with that tag.")
@click.option("--search", metavar="TEXT", help="Only statements with all these words.")
@click.option("--type", type=Word(ClaimType), help="Only claims of that type.")
@click.option("--full", is_flag=True, default=None, help="A block for each, with every reading.")
@dated
@reading
def board(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show every statement and where it stands; over 20 of them one line each."""
    return ledger.board(**said)


@click.command(cls=Verb)
@click.argument("claim", metavar="CLAIM")
@click.option("--full", is_flag=True, help="Everything: criteria, all evidence, all forecasts, all verdicts.")
@click.option("--readings", is_flag=True, help="The readings of its statement side by side.")
@dated
@reading
def claim(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show one claim: its words, where it stands, who said what."""
    return ledger.claim(**said)


@click.command(cls=Verb)
@click.argument("slug", metavar="CLAIM")
@dated
@reading
def tally(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show what the evidence on file would make of a claim."""
    return ledger.tally(**said)


@click.command(cls=Verb)
@click.argument("statement")
@dated
@reading
def readings(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show the readings of a statement, or of a claim's, side by side."""
    return ledger.readings(**said)


@click.command(cls=Verb)
@click.option("--by", metavar="WHO", help="Only what they said or forecast; their stale forecasts, else yours.")
@click.option("--all", is_flag=True, help="All of them, not only the first five.")
@click.option("--stale", is_flag=True, help="Your forecasts on open claims older than 90 days.")
@click.option("--walk", is_flag=True, help="One after the other, asking; it needs a terminal.")
@dated
@as_json
@click.pass_obj
def due(session: Session, /, *, walk: bool, as_json: bool, by: str | None, all: bool, **said: Said) -> None:  # noqa: A002
    """Show what waits for a verdict, and the line to type.

    With --walk Enter skips, a number records a forecast once it was shown, q quits.
    """
    if walk and (as_json or said["as_of"] or said["today"] or not _terminal()):
        raise predictions.InvalidValue("--walk asks on a terminal, as of now; leave it out to have the list")
    with session.open(read_only=not walk) as ledger:
        found = ledger.due(by=by, all=all, **said)
        if walk and found.items:
            from predictions.cli.walk import ask, walk_through

            walk_through(ledger, found, by=by, ask=ask)
            return
    show(found, as_json=as_json)


@click.command(cls=Verb)
@click.argument("slug", required=False)
@as_of
@reading
def history(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show everything recorded, or what concerns one slug."""
    return ledger.history(**said)


@click.command(cls=Verb)
@click.option("--by", metavar="NAME,...", multiple=True, callback=listed, help="Only these forecasters.")
@click.option(
    "--top", metavar="N", default="20", callback=typed(read_count), help="How many are drawn; 20 unless given."
)
@click.option(
    "--sort", type=Word(SORTED_BY), metavar="SCORE", help=f"In the order of {', '.join(SORTED_BY)}; no ranking."
)
@click.option("--full", is_flag=True, help="With intervals, calibration and every claim.")
@card
@reading
def scorecard(ledger: predictions.Ledger, **said: Said) -> Result:
    """Show who was right: plain counts, scores, what is not counted."""
    return ledger.scorecard(**said)


@click.command(cls=Verb)
@click.option(
    "--head", metavar="FILE|TEXT", multiple=True, help="A head kept elsewhere, which must be a prefix; repeat for more."
)
@click.option(
    "--key", metavar="FILE|TEXT", callback=typed(read_given), help="The public key that must have signed each head."
)
@click.option("--deep", is_flag=True, help="Unused pages and foreign keys, too.")
@as_json
@click.pass_obj
def verify(session: Session, *, head: tuple[str, ...], key: str | None, deep: bool, as_json: bool) -> None:
    """Recompute every hash; exit 1 if something was changed."""
    heads = [read_given(text) for text in head]
    with session.open() as ledger:
        verification = ledger.verify(head=heads or None, key=key, deep=deep)
    try:
        show(verification, as_json=as_json)
    except OSError as error:  # a pipe that closed, a full disk: the verdict is told by the exit all the same
        hush()
        if not isinstance(error, BrokenPipeError):
            say("note", f"the verdict could not be printed: {error.strerror}")
    raise click.exceptions.Exit(0 if verification.ok else 1)


@click.command(cls=Verb)
@click.option("--sign", metavar="FILE", help="Sign it with the key that `keygen` wrote there.")
@as_json
@click.pass_obj
def head(session: Session, *, sign: str | None, as_json: bool) -> None:
    """Print the ledger's head as a checkpoint: name, size and root.

    Keep it elsewhere: `verify --head` then finds any later rewriting.
    """
    with session.open() as ledger:
        checkpoint = ledger.head().checkpoint() if sign is None else ledger.sign_head(sign)
    if as_json:
        found = read_head(checkpoint)
        fields = {"size": found.size, "root": found.root.hex(), "ledger_id": found.ledger_id, "checkpoint": checkpoint}
        fields |= {"redacted": found.redacted} if isinstance(found, CopyHead) else {}
        click.echo(json_text(fields))
    else:
        click.echo(checkpoint.encode(), nl=False)  # the same bytes on every machine, as they were signed


def _terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
