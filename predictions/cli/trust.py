"""The verbs for sceptics, and against loss: prove, compare, backup, merge, redact, keygen."""

from __future__ import annotations

import os
from pathlib import Path

import click

import predictions
from predictions.cli.session import Session, as_json, json_text, reading, show
from predictions.cli.verb import Verb
from predictions.display import Shown, visible
from predictions.errors import InvalidValue, shown

FILE_LIMIT = 100_000

to = click.option("--to", metavar="FILE", help="Write it into a new file.")
force = click.option("--force", is_flag=True, help="Replace a file of that name.")


@click.command(cls=Verb)
@click.argument("record", nargs=-1, required=True)
@click.option("--head", metavar="HEAD", help="That it stood there under this earlier head already.")
@to
@click.pass_obj
def prove(session: Session, *, record: tuple[str, ...], head: str | None, to: str | None) -> None:
    """Write a proof that a record stands in the ledger, as JSON.

    RECORD is a slug, CLAIM FORECASTER for a forecast, or an entry's number.
    """
    with session.open() as ledger:
        proof = ledger.prove(" ".join(record), head=None if head is None else given(head))
    _leave(proof.text, proof, to)


@click.command(cls=Verb)
@click.argument("head")
@to
@as_json
@click.pass_obj
def compare(session: Session, *, head: str, to: str | None, as_json: bool) -> None:
    """Show that an earlier HEAD is a prefix: nothing before it was changed."""
    with session.open() as ledger:
        comparison = ledger.compare(given(head))
    _leave(comparison.text if as_json or to else f"{comparison}\n", comparison, to)


@click.command(cls=Verb)
@click.argument("path", metavar="FILE")
@force
@reading
def backup(ledger: predictions.Ledger, *, path: str, force: bool) -> Shown:
    """Copy the ledger into a new file, verified whole."""
    return ledger.backup(path, force=force)


@click.command(cls=Verb)
@click.argument("other", metavar="FILE")
@click.option("--settle", metavar='"RECORD=this|other|SLUG"', multiple=True, help="Which of two versions stands.")
@reading
def merge(ledger: predictions.Ledger, *, other: str, settle: tuple[str, ...]) -> Shown:
    """Take in what another copy of this ledger recorded."""
    settled = {}
    for one in settle:
        name, equals, word = one.rpartition("=")
        if not equals or not name.strip():
            raise InvalidValue(f"--settle {shown(one)} says nothing; say 'claim x=this', '=other', or a new slug")
        settled[name.strip()] = word.strip()
    return ledger.merge(other, settle=settled)


@click.command(cls=Verb)
@click.argument("record", nargs=-1, required=True)
@click.option("--to", metavar="FILE", required=True, help="The new file to write.")
@click.option("--with-references", is_flag=True, help="What refers to it goes, too.")
@force
@reading
def redact(
    ledger: predictions.Ledger, *, record: tuple[str, ...], to: str, with_references: bool, force: bool
) -> Shown:
    """Write a copy without a record's body; every head still holds.

    Each RECORD is a slug, "KIND SLUG", "CLAIM FORECASTER" or an entry's number.
    """
    return ledger.redact(record, to=to, with_references=with_references, force=force)


@click.command(cls=Verb)
@click.argument("path", metavar="FILE")
@as_json
@click.pass_obj
def keygen(session: Session, *, path: str, as_json: bool) -> None:
    """Make a key that signs this ledger's heads, in a new FILE.

    Prints the public key. Whoever has the file can sign in its name.
    """
    from predictions.placing import free_place
    from predictions.signing import make_key

    with session.open() as ledger:
        key = make_key(ledger.head().origin)
    public, place = str(key.public), free_place(path)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{key.text}\n")
    click.echo(json_text({"public_key": public, "file": str(place)}) if as_json else public)


def given(text: str) -> str:
    """What was typed; or, where that names a file, what stands in it."""
    path = Path(text)
    try:
        there = path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        return text
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(FILE_LIMIT)


def _leave(text: str, result: Shown, to: str | None) -> None:
    """On stdout, or into a new file, and then what it is on stdout."""
    from predictions.placing import free_place, new_file

    if to is None:
        click.echo(text, nl=False)
        return
    with new_file(free_place(to)) as passing:
        passing.write_text(text, encoding="utf-8")
    show(result, as_json=False)
    click.echo(visible(f"written to {to}"))
