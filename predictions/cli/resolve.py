"""The verbs that decide and mend: resolve, annul, correct."""

from __future__ import annotations

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.params import each_once, listed, read_count, read_list, read_outcome, read_probability, typed
from predictions.cli.session import Said, writing
from predictions.errors import short_repr

known_on = "The day, or moment, on which it became public how it came out."


@click.command(cls=Verb)
@click.argument("claim")
@click.argument("outcome", metavar="yes|no|ambiguous|0.4", callback=typed(read_outcome))
@click.option("--happened-on", metavar="DAY", help="The day on which it happened.")
@click.option("--known-on", metavar="DAY", help=known_on)
@click.option("--reason", metavar="TEXT", help="Why it is decided so.")
@click.option("--because", metavar="SLUG,...", multiple=True, callback=listed, help="The evidence it rests on.")
@click.option("--published-in", metavar="SLUG", help="The platform that asked, and resolved it so.")
@click.option("--impossible", is_flag=True, help="A no before the settle day: it became impossible.")
@click.option("--dissent", is_flag=True, help="Shown beside the verdict, not in its place.")
@click.option("--by", metavar="NAME", help="Who decides; --me unless given.")
@click.option("--again", is_flag=True, help="It repeats a verdict since replaced, and is meant anew.")
@writing
def resolve(ledger: predictions.Ledger, *, because: Said, **said: Said) -> Said:
    """Record how a claim came out.

    A plain no can be said from the settle day on, 30 days after the window unless the claim says otherwise.

    \b
    predictions resolve our-release yes --happened-on 2027-06-20 --because SLUG
    predictions resolve our-release no
    """
    return ledger.resolve(because=because or (), **said)


@click.command(cls=Verb)
@click.argument("claim")
@click.option("--known-on", required=True, metavar="DAY", help="The day on which it became public.")
@click.option("--reason", required=True, metavar="TEXT", help="How it lost its basis.")
@click.option("--because", metavar="SLUG,...", multiple=True, callback=listed, help="The evidence it rests on.")
@click.option("--again", is_flag=True, help="It repeats a verdict since replaced, and is meant anew.")
@writing
def annul(ledger: predictions.Ledger, *, because: Said, **said: Said) -> Said:
    """Say that a claim lost its basis: it leaves every mean.

    It stays on every card."""
    return ledger.annul(because=because or (), **said)


@click.command(cls=Verb)
@click.argument("record", nargs=-1, required=True, metavar="[KIND] SLUG...")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is corrected.")
@click.option(
    "--set",
    "changes",
    required=True,
    multiple=True,
    metavar="NAME=VALUE",
    help="A field and its new value, empty for none; repeat for more.",
)
@writing
def correct(ledger: predictions.Ledger, *, record: tuple[str, ...], reason: str, changes: tuple[str, ...]) -> Said:
    """Give a record other fields; the old ones stay on file.

    A forecast is named CLAIM FORECASTER, what evidence says CLAIM EVIDENCE.

    \b
    predictions correct claim our-release --set title="It ships" --reason "a typo"
    """
    name = " ".join(record)
    fields = type(ledger.record(name)).model_fields
    given = each_once(map(_change, changes), "--set")
    kinds = {field: fields[field].annotation if field in fields else str for field in given}
    return ledger.correct(name, reason=reason, **{field: _value(text, kinds[field]) for field, text in given.items()})


def _change(typed: str) -> tuple[str, str]:
    """The field and its new value as they were typed."""
    field, equals, text = typed.partition("=")
    if not equals:
        raise predictions.InvalidValue(f"--set {short_repr(typed)} gives no value; write NAME=VALUE")
    if field in {"record", "reason"}:
        raise predictions.InvalidValue(f"--set takes a record's fields, not its {field}; say why: --reason")
    return field, text


def _value(text: str, annotation: object) -> object:
    """What was typed, as the field's own kind of value; the ledger checks it."""
    from predictions.storage.layout import inside

    kinds = set(inside(annotation))
    if not text:
        return None
    if tuple in kinds:
        return read_list((text,))
    if bool in kinds and text not in {"true", "false"}:
        raise predictions.InvalidValue(f"{short_repr(text)} is neither true nor false")
    if bool in kinds:
        return text == "true"
    if int in kinds:
        return read_count(text)
    return read_probability(text) if float in kinds else text
