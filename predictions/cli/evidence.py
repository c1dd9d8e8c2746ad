"""The verbs about evidence: log-evidence, bear, retract."""

from __future__ import annotations

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.params import Word, listed, read_list, read_number, typed
from predictions.cli.session import Said, writing
from predictions.enums import Bears, Grade, Read, Reliability

ratio = click.option(
    "--likelihood-ratio", metavar="N", callback=typed(read_number), help="How much likelier it is if the claim is true."
)
why = click.option("--why", metavar="TEXT", help="Why it bears so.")


@click.command("log-evidence", cls=Verb)
@click.argument("claims", metavar="CLAIM[,CLAIM...]")
@click.argument("link")
@click.argument("title")
@click.option("--on", metavar="DATE", help="When what it reports happened: a day, a month or a year.")
@click.option("--counts", metavar="EVENT", help="It shows that this event counts; one not known yet is recorded.")
@click.option("--event", help="The event it is about, where it does not count.")
@click.option(
    "--bears",
    type=Word(Bears),
    help="What it says; supports with --counts, else context.",
)
@click.option(
    "--meets", metavar="NAME,...", multiple=True, callback=listed, help="The conditions met; all of them unless given."
)
@why
@ratio
@click.option("--slug", help="Its short name; made of the link unless given.")
@click.option("--published", metavar="DATE", help="When it was published: a day, a month or a year.")
@click.option("--publisher", metavar="NAME", help="Who published it.")
@click.option("--summary", metavar="TEXT", help="What it says, in your words.")
@click.option("--excerpt", metavar="TEXT", help="What it says, verbatim.")
@click.option("--grade", type=Word(Grade), help="Where it comes from.")
@click.option("--reliability", type=Word(Reliability), help="How far it can be believed.")
@click.option("--reliability-note", metavar="TEXT", help="Why so far.")
@click.option("--read", type=Word(Read), help="How much of it you read yourself.")
@click.option("--archived", metavar="LINK", help="An archived copy.")
@click.option("--archived-sha256", metavar="DIGEST", help="The copy's SHA-256.")
@writing
def log_evidence(ledger: predictions.Ledger, *, claims: str, **said: Said) -> Said:
    """Record a link, and what it says about claims.

    \b
    predictions log-evidence exec-defections https://... "One more joins" \\
        --on 2026-11-20 --counts one-more
    """
    return ledger.log_evidence(read_list((claims,)), **said)


@click.command(cls=Verb)
@click.argument("claim")
@click.argument("evidence")
@click.argument("bears", type=Word(Bears), metavar="BEARS")
@click.option("--event", help="The event it is about.")
@click.option(
    "--meets", metavar="NAME,...", multiple=True, callback=listed, help="The conditions of the claim it meets."
)
@why
@ratio
@click.option("--reason", metavar="TEXT", help="Why what it was said to bear is corrected.")
@writing
def bear(ledger: predictions.Ledger, *, meets: Said, **said: Said) -> Said:
    """Say what evidence on file says about a further claim.

    BEARS is supports, opposes, near-miss, context or base-rate.
    """
    return ledger.bear(meets=meets or (), **said)


@click.command(cls=Verb)
@click.argument("evidence")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is taken back.")
@writing
def retract(ledger: predictions.Ledger, **said: Said) -> Said:
    """Take evidence back: it stays, marked, and counts no more."""
    return ledger.retract(**said)
