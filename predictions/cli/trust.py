"""The verbs for sceptics, and against loss: prove, compare, backup, merge, redact, keygen."""

from __future__ import annotations

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.params import each_once, read_given, typed
from predictions.cli.session import Said, Session, as_json, changing, json_text, reading, show
from predictions.errors import InvalidValue, short_repr
from predictions.render.result import Result

to = click.option("--to", metavar="FILE", help="Write it into a new file.")
force = click.option("--force", is_flag=True, help="Replace a file of that name.")


@click.command(cls=Verb)
@click.argument("record", nargs=-1, required=True)
@click.option(
    "--head",
    metavar="FILE|TEXT",
    callback=typed(read_given),
    help="That it stood there under this earlier head already.",
)
@to
@as_json
@click.pass_obj
def prove(session: Session, *, record: tuple[str, ...], head: str | None, to: str | None, as_json: bool) -> None:
    """Write a proof that a record stands in the ledger, as JSON.

    RECORD is a slug, "KIND SLUG", "CLAIM FORECASTER" for a forecast, or an entry's number.
    """
    with session.open() as ledger:
        proof = ledger.prove(" ".join(record), head=head, to=to)
    if to is None or as_json:
        click.echo(proof.text, nl=False)
    else:
        show(proof, as_json=False)


@click.command(cls=Verb)
@click.argument("head", callback=typed(read_given))
@to
@reading
def compare(ledger: predictions.Ledger, *, head: str, to: str | None) -> Result:
    """Show that an earlier HEAD is a prefix of the ledger.

    HEAD is a checkpoint, size:root, or a file with one of them.
    """
    return ledger.compare(head, to=to)


@click.command(cls=Verb)
@click.argument("path", metavar="FILE")
@force
@reading
def backup(ledger: predictions.Ledger, *, path: str, force: bool) -> Result:
    """Copy the ledger into a new file, verified whole."""
    return ledger.backup(path, force=force)


@click.command(cls=Verb)
@click.argument("other", metavar="FILE")
@click.option("--settle", metavar='"RECORD=this|other|SLUG"', multiple=True, help="Which of two versions stands.")
@changing
def merge(ledger: predictions.Ledger, *, other: str, settle: tuple[str, ...]) -> Result:
    """Take in what another copy of this ledger recorded, or what another ledger
    says of the claims that both ask."""
    return ledger.merge(other, settle=each_once(map(_settled, settle), "--settle"))


@click.command(cls=Verb)
@click.argument("records", metavar="RECORD...", nargs=-1, required=True)
@click.option("--to", metavar="FILE", required=True, help="The new file to write.")
@click.option("--with-references", is_flag=True, help="What refers to it goes, too.")
@force
@reading
def redact(ledger: predictions.Ledger, *, records: tuple[str, ...], **said: Said) -> Result:
    """Write a copy without a record's body; every head still holds.

    Each RECORD is a slug, "KIND SLUG", "CLAIM FORECASTER" or an entry's number.
    """
    return ledger.redact(records, **said)


@click.command(cls=Verb)
@click.argument("path", metavar="FILE")
@as_json
@click.pass_obj
def keygen(session: Session, *, path: str, as_json: bool) -> None:
    """Make a key that signs this ledger's heads, in a new FILE.

    Prints the public key, for `verify --key`. Whoever has the file can sign in its name, with `head --sign`.
    """
    with session.open() as ledger:
        public = ledger.keygen(path)
    click.echo(json_text({"public_key": public, "file": path}) if as_json else public)


def _settled(typed: str) -> tuple[str, str]:
    """The record and the version that stands, as they were typed."""
    name, equals, word = typed.rpartition("=")
    if not equals or not name.strip():
        raise InvalidValue(f"--settle {short_repr(typed)} says nothing; say 'claim x=this', '=other', or a new slug")
    return name.strip(), word.strip()
