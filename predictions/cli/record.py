"""The verbs that begin a ledger and record claims and forecasts: init, register, add, forecast, withdraw."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.messages import say
from predictions.cli.params import each_once, listed, read_count, read_probability, typed
from predictions.cli.session import Said, Session, as_json, json_text, show, together, writing

PACKAGED = "ainews"
probability = typed(read_probability)
terms = together(
    click.option("--at-least", metavar="N", callback=typed(read_count), help="How many different events it takes."),
    click.option(
        "--conditions", metavar="NAME=TEXT", multiple=True, help="A test each event must meet; repeat for more."
    ),
    click.option(
        "--settle-days", metavar="N", callback=typed(read_count), help="Days for late reports; 30 unless given."
    ),
    click.option("--closes-at", metavar="MOMENT", help="From then on no forecast counts: 2027-06-30T18:00Z."),
    click.option("--tags", metavar="TAG,...", multiple=True, callback=listed, help="Tags, for grouping."),
    click.option("--given", metavar="CLAIM", help="If that one comes out no, this one is annulled."),
)


@click.command(cls=Verb)
@click.argument("catalog", required=False, metavar="[ainews|FILE]")
@as_json
@click.pass_obj
def init(session: Session, catalog: str | None, *, as_json: bool) -> None:
    """Create a ledger, with a catalogue if one is named.

    Ends with the board and the scorecard. `ainews` is the catalogue that comes along: four predictions of an article
    of 2026-04-13, with the evidence so far. FILE is your own, in TOML. To run it again is safe.
    """
    records = None if catalog is None else _catalog(catalog)
    with session.open(create=True) as ledger:
        if records:
            ledger.register(records)
            said = f"{catalog}: {ledger.wrote} records entered" if ledger.wrote else f"all of {catalog} stood already"
            say("note", said if ledger.wrote else f"{said}; nothing was added")
        board, scorecard = ledger.board(), ledger.scorecard()
    if as_json:
        click.echo(json_text({"wrote": ledger.wrote, "board": board.to_dict(), "scorecard": scorecard.to_dict()}))
    else:
        show(board, as_json=False)
        click.echo()
        show(scorecard, as_json=False)


@click.command(cls=Verb)
@click.argument("catalog", metavar="ainews|FILE")
@as_json
@click.pass_obj
def register(session: Session, catalog: str, *, as_json: bool) -> None:
    """Enter a catalogue: statements, claims, evidence.

    FILE is TOML, `ainews` the catalogue that comes along. To run it again is safe: what stands is not entered twice.
    """
    records = _catalog(catalog)
    with session.open(create=True) as ledger:
        ledger.register(records)
    if as_json:
        click.echo(json_text({"catalog": catalog, "wrote": ledger.wrote, "records": len(records.records)}))
    elif ledger.wrote:
        click.echo(f"recorded {ledger.wrote} of {len(records.records)} records of {catalog}")
    else:
        click.echo(f"stood already: all {len(records.records)} records of {catalog}")


@click.command(cls=Verb)
@click.argument("text", metavar="TEXT")
@click.option("--deadline", required=True, metavar="WHEN", help="The last day that counts: 2027-06-30, or 'Q3 2027'.")
@click.option("-p", "--p", metavar="P", callback=probability, help="Your forecast: 0.3 or 30%.")
@click.option("--opens-on", metavar="DAY", help="The first day that counts; today unless given.")
@click.option("--slug", help="Its short name; made of its words unless given.")
@click.option("--title", help="One line for lists; its words unless given.")
@click.option("--criteria", metavar="TEXT", help="The public facts that decide.")
@terms
@click.option("--supersedes", metavar="CLAIM", help="The claim that this one replaces.")
@click.option("--cluster", metavar="NAME", help="Decided by the same fact as others of that name.")
@click.option("--new", is_flag=True, help="You are somebody new, whatever your name resembles.")
@click.option("-m", "--note", metavar="TEXT", help="Why, in your words.")
@writing
def add(ledger: predictions.Ledger, *, tags: Said, conditions: tuple[str, ...], **said: Said) -> Said:
    """Record a claim of your own, in ten seconds.

    \b
    predictions add "Our release ships" --deadline 2027-06-30 -p 0.3
    """
    tests = _conditions(conditions)
    known = ledger.board(full=True).rows()
    slug = ledger.add(said.pop("text"), tags=tags or (), conditions=tests, **said)
    card = ledger.claim(slug)
    only_forecast = ledger.wrote > 0 and any(row["claim"] == slug for row in known)
    return card.forecasts[-1][0] if only_forecast else card.claim


@click.command(cls=Verb)
@click.argument("by", metavar="WHO")
@click.argument("text", metavar="TEXT")
@click.option("--deadline", metavar="DAY", help="The last day that counts, read from the day it was said.")
@click.option("--said-on", metavar="DAY", help="The day it was published; that of a source on file stands in.")
@click.option("--link", metavar="URL", help="Where it stands; without it its day is backdated, and stands apart.")
@click.option("--source", metavar="TITLE|SLUG", help="Where it stands, if that is not their own.")
@click.option("--words", help="What stands for a number: will, likely.")
@click.option("--scale", metavar="NAME", help="The scale on which the words are read; house unless given.")
@click.option("-p", "--p", metavar="P", callback=probability, help="The number they said: 0.6 or 60%.")
@click.option("--low", metavar="P", callback=probability, help="The low end of what they said, or of the words.")
@click.option("--high", metavar="P", callback=probability, help="The high end.")
@click.option("--kind", metavar="KIND", help="person (unless given), publication, model or crowd.")
@click.option("--wording", metavar="TEXT", help="The question in your words, where theirs are no question.")
@click.option("--criteria", metavar="TEXT", help="The public facts that decide.")
@click.option("--not-resolvable", metavar="WHY", help="Why it can never be held to account.")
@click.option("--reading", metavar="NAME", help="The name of a further reading of the same words.")
@click.option("--opens-on", metavar="DAY", help="The first day that counts; the day it was said unless given.")
@click.option("--slug", help="Its short name; made of its words unless given.")
@click.option("--title", help="One line for lists; its words unless given.")
@terms
@click.option("--cluster", metavar="NAME", help="Decided by the same fact as others of that name.")
@click.option("--new", is_flag=True, help="They are somebody new, whatever the name resembles.")
@click.option("-m", "--note", metavar="TEXT", help="Why, in your words.")
@as_json
@click.pass_obj
def quote(session: Session, /, *, as_json: bool, tags: Said, conditions: tuple[str, ...], **said: Said) -> None:
    """Record what somebody else predicted: who, what, when and where.

    \b
    predictions quote "Tech Oracle" "GPT-6 will be out this year" --words will \\
        --deadline 2026 --said-on 2026-01-05 --link https://oracle.example/outlook
    """
    with session.open(read_only=False) as ledger:
        receipt = ledger.quote(tags=tags or (), conditions=_conditions(conditions), **said)
    click.echo(json_text(receipt.to_dict()) if as_json else repr(receipt))


@click.command(cls=Verb)
@click.argument("claim")
@click.argument("probability", required=False, metavar="[P]", callback=probability)
@click.option("--by", metavar="NAME", help="Who forecasts; --me unless given.")
@click.option("--low", metavar="P", callback=probability, help="The low end of a range.")
@click.option("--high", metavar="P", callback=probability, help="The high end of a range.")
@click.option("--words", help="The forecaster's words, where there is no number.")
@click.option("--scale", metavar="NAME", help="The scale on which the words are read.")
@click.option("--made-at", metavar="WHEN", help="When it was made, if not now: a moment, or a day, meaning its end.")
@click.option("--published-in", metavar="SLUG", help="The source or evidence that carries it.")
@click.option("--because", metavar="SLUG,...", multiple=True, callback=listed, help="The evidence that caused it.")
@click.option("--note", metavar="TEXT", help="Why, in your words.")
@click.option("--again", is_flag=True, help="It repeats an earlier one, and is meant anew.")
@click.option("--new", is_flag=True, help="The forecaster is somebody new, whatever the name resembles.")
@click.option("--reason", metavar="TEXT", help="Why the one of that very moment is corrected.")
@writing
def forecast(ledger: predictions.Ledger, *, because: Said, **said: Said) -> Said:
    """Record a probability: 0.72 or 72%.

    The same again adds nothing. One that you replaced since needs --again, or the day it belongs to.
    """
    return ledger.forecast(because=because or (), **said)


@click.command(cls=Verb)
@click.argument("claim")
@click.option("--by", metavar="NAME", help="Whose forecast; --me unless given.")
@click.option("--made-at", metavar="WHEN", help="When it was withdrawn, if not now.")
@click.option("--note", metavar="TEXT", help="Why, in your words.")
@click.option("--again", is_flag=True, help="It repeats an earlier withdrawal, and is meant anew.")
@writing
def withdraw(ledger: predictions.Ledger, **said: Said) -> Said:
    """End your standing forecast without a new one."""
    return ledger.withdraw(**said)


def _conditions(typed: tuple[str, ...]) -> dict[str, str]:
    named = [[part.strip() for part in condition.partition("=")] for condition in typed]
    return each_once(((name, text or name) for name, _, text in named), "--conditions")


def _catalog(name: str) -> predictions.Catalog:
    if name == PACKAGED:
        return predictions.ainews()
    if not Path(name).exists() and get_close_matches(name, [PACKAGED]):
        raise predictions.NotFound(f"no file {name!r}; did you mean the catalogue that comes along, {PACKAGED!r}?")
    return predictions.read_catalog(name)
