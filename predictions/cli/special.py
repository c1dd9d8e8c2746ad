"""The verbs that are more than one call of the ledger, and what is shown if no verb was typed."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

import predictions
from predictions.cli.errors import Verb, hush
from predictions.cli.help_page import GroupedOption
from predictions.cli.messages import say
from predictions.cli.options import KINDS, checked_pairs, values_of
from predictions.cli.params import each_once, read_count, read_list, read_pair
from predictions.cli.session import Session, json_text, show
from predictions.cli.slips import LEDGERS
from predictions.errors import InvalidValue, short_repr
from predictions.number_checks import read_decimal, two_values
from predictions.records import Claim, Forecast

PACKAGED = "ainews"
SWITCHES = ("ordered", "when")  # true or false keywords of `add` that are not fields of a claim
TEXTS = {"text": "wording", "note": "notes"}  # fields of a claim by their everyday names

walk = GroupedOption(["--walk"], is_flag=True, help="One after the other, asking; it needs a terminal.")


@click.command("init", cls=Verb)
@click.argument("catalog", required=False, metavar="[ainews|FILE]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def init(session: Session, catalog: str | None, *, as_json: bool) -> None:
    """Create a ledger, with a catalogue if one is named; to run it again is safe.

    Ends with the board and the scorecard. `ainews` is the catalogue that comes along: four predictions of an article
    of 2026-04-13, with the evidence so far. FILE is your own, in TOML.
    """
    records = None if catalog is None else _catalog(catalog)
    wrote = 0
    with session.open(create=True, told=False) as ledger:
        if records:
            wrote = ledger.register(records)
            entered = f"{catalog}: {wrote} records entered"
            say("note", entered if wrote else f"all of {catalog} stood already; nothing was added")
        board, scorecard = ledger.board(), ledger.scorecard()
    if as_json:
        click.echo(json_text({"wrote": wrote, "board": board.to_dict(), "scorecard": scorecard.to_dict()}))
    else:
        show(board, as_json=False)
        if board.groups:  # an empty board has shown how to begin; a card would add nothing
            click.echo()
            show(scorecard, as_json=False)


def _catalog(name: str) -> predictions.Catalog:
    """Read the packaged catalogue or the file of that name.

    Raises:
        InvalidValue: It is the name of a ledger.
        NotFound: There is no such file, and the name is a near miss of the packaged catalogue.
    """
    if name == PACKAGED:
        return predictions.ainews()
    if name.endswith(LEDGERS):
        raise InvalidValue(f"a ledger goes before the verb: predictions --ledger {name} init")
    if not Path(name).exists() and get_close_matches(name, [PACKAGED], cutoff=0.7):
        raise predictions.NotFound(f"no file {name!r}; did you mean the catalogue that comes along, {PACKAGED!r}?")
    return predictions.read_catalog(name)


def correct(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Correct a record; the text after each `--set NAME=` is read as the type of that field."""
    changes = checked_pairs(typed.pop("changes"))
    positional, keywords = values_of("correct", typed)
    with session.open(read_only=False) as ledger:
        if not changes:  # perhaps `correct SLUG NAME=VALUE`: show the last word with its option
            change = str(positional[0]).rpartition(" ")[2]
            field = f'"{change}"' if "=" in change else "NAME=VALUE"
            raise InvalidValue(f"what is to be corrected? say it: --set {field}")
        record = ledger._named(str(positional[0]))
        fields = {name: _value(text, name, type(record)) for name, text in changes.items()}
        result = ledger.correct(record, **keywords, **fields)  # type: ignore[arg-type]  # as they were typed
    show(result, as_json=as_json)


def supersede(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Supersede a claim; the text after each `--set NAME=` is read as the type of that field."""
    changes = checked_pairs(typed.pop("changes"))
    positional, keywords = values_of("supersede", typed)
    fields = {name: _value(text, name, Claim) for name, text in changes.items()}
    with session.open(read_only=False) as ledger:
        result = ledger.supersede(*positional, **keywords, **fields)  # type: ignore[arg-type, misc]  # as they were typed
    show(result, as_json=as_json)


def _value(text: str, name: str, record: type[predictions.records.Record]) -> object:
    """Convert the text after `--set NAME=` to the type of that field; the ledger checks it further.

    An empty text gives None, which clears the field.
    """
    from predictions.recording.corrected_forecasts import CHANCE_FIELDS, CHANCE_PARTS
    from predictions.storage.layout import parts_of_annotation

    if name in {"what", "claim", "reason"}:
        raise InvalidValue(f"--set takes a record's fields, not its {name}; say why: --reason")
    if not text:
        return None
    if record is Claim and name == "between":
        return KINDS["Range"].read(text)  # type: ignore[misc]  # both of these kinds have a reader
    if record is Claim and name == "conditions":
        return KINDS["Tests"].read(tuple(text.split(";")))  # type: ignore[misc]  # as above
    fields = record.model_fields
    field = TEXTS.get(name, name) if record is Claim else name
    kinds = (
        set(parts_of_annotation(fields[field].annotation)) if field in fields else {bool if name in SWITCHES else str}
    )
    if record is Forecast and name in CHANCE_PARTS and "=" in text:  # a chance for each option, day or quantile
        return each_once((read_pair(part, last=True) for part in read_list((text,))), name)
    if record is Forecast and name in CHANCE_FIELDS:
        return text
    if tuple in kinds:
        return read_list((text,))
    if bool in kinds and text.lower() not in {"true", "false"}:
        raise InvalidValue(f"{name}: {short_repr(text)} is neither true nor false")
    if bool in kinds:
        return text.lower() == "true"
    if int in kinds:
        return read_count(text)
    if float in kinds:  # an end of a claim's range
        return _range_end(text, name)
    return text


def _range_end(text: str, name: str) -> float:
    """Read an end of a range; InvalidValue for anything but one number."""
    decimal = read_decimal(text)
    if decimal is None or decimal[1]:
        raise InvalidValue(f"{name}: {short_repr(text)} is not a number")
    if doubt := two_values(text):
        raise InvalidValue(f"{name}: {short_repr(text)} {doubt}")
    return float(decimal[0])


def due(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Show the claims that wait for a verdict; with --walk ask about them one after the other."""
    walking = typed.pop("walk")
    if walking and (as_json or typed["as_of"] or typed["today"] or not _terminal()):
        raise InvalidValue("--walk asks on a terminal, as of now; leave it out to have the list")
    _, keywords = values_of("due", typed)
    with session.open(read_only=not walking) as ledger:
        waiting = ledger.due(**keywords)  # type: ignore[arg-type]  # as they were typed
        if walking and waiting.items:
            from predictions.cli.walk import ask, walk_through

            walk_through(ledger, waiting, by=typed.get("by"), ask=ask)
            return
    show(waiting, as_json=as_json)


def import_from(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Import files; a run that records nothing leaves no new ledger behind."""
    from predictions.exchange.formats import check_format

    positional, keywords = values_of("import_from", typed)
    check_format(positional[0], positional[1:])  # before an empty ledger is created
    is_trial = keywords.get("dry_run") and session.begins  # a trial run creates no ledger
    with session.scratch() if is_trial else session.open(create=True, told=False) as ledger:
        taken = ledger.import_from(*positional, **keywords)  # type: ignore[arg-type]  # as they were typed
        ledger._journal.discard()
    show(taken, as_json=as_json)


def head(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Print the head as a checkpoint: as bytes, since a signature holds only for the very same bytes."""
    from predictions.storage.checkpoints import CopyHead, read_head

    sign = typed["sign"]
    with session.open() as ledger:
        checkpoint = ledger.head(sign=sign) if sign is not None else ledger.head().checkpoint()
    if not as_json:
        click.echo(checkpoint.encode(), nl=False)
        return
    parsed = read_head(checkpoint)
    fields = {"size": parsed.size, "root": parsed.root.hex(), "ledger_id": parsed.ledger_id, "checkpoint": checkpoint}
    fields |= {"redacted": parsed.redacted} if isinstance(parsed, CopyHead) else {}
    click.echo(json_text(fields))


def keygen(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Print the public key of a new pair."""
    with session.open() as ledger:
        public = ledger.keygen(typed["file"])
    click.echo(json_text({"public_key": public, "file": typed["file"]}) if as_json else public)


def prove(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Print a proof as JSON; if it is written to a file, print in words what it proves."""
    positional, keywords = values_of("prove", typed)
    with session.open() as ledger:
        proof = ledger.prove(*positional, **keywords)  # type: ignore[arg-type]  # as they were typed
    if typed["file"] is None or as_json:
        click.echo(proof.text, nl=False)
    else:
        show(proof, as_json=False)


def verify(session: Session, as_json: bool, typed: dict[str, Any]) -> None:
    """Print whether the ledger is intact; the exit is 1 if anything in it was changed."""
    _, keywords = values_of("verify", typed)
    with session.open() as ledger:
        verification = ledger.verify(**keywords)  # type: ignore[arg-type]  # as they were typed
    try:
        show(verification, as_json=as_json)
    except OSError as error:  # a closed pipe or a full disk: the exit code still says whether the ledger is intact
        hush()
        if not isinstance(error, BrokenPipeError):
            say("note", f"the verdict could not be printed: {error.strerror}")
    raise click.exceptions.Exit(0 if verification.ok else 1)


def _terminal() -> bool:
    """Return whether a person can be asked: stdin and stdout are both a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def show_summary(session: Session) -> None:
    """Sum up the ledger, as done if no verb was typed.

    If its file does not exist, show how to begin one, as for an empty ledger; but if its name is a near miss of a
    ledger in that folder, say so in an error.
    """
    from predictions.views.board.summary import beginning, summary

    path = Path(session.path)
    near = get_close_matches(path.stem, [other.stem for other in path.absolute().parent.glob("*.db")], cutoff=0.8)
    if session.is_new and path.absolute().parent.is_dir() and not near:
        show(beginning(path.name), as_json=False)
        return
    with session.open() as ledger:
        snapshot = ledger.snapshot()
        settled, skill = _own_figures(ledger)
        result = summary(snapshot, ledger=Path(session.path).name, settled=settled, skill=skill)
    show(result.saying(snapshot.lacks), as_json=False)


def _own_figures(ledger: predictions.Ledger) -> tuple[int | None, float | None]:
    """Return the number of settled statements that the reader is scored on, and their skill over time.

    None stands for a number that is missing: there is no ``me``, they have no forecast, or too few for a skill.
    """
    if not ledger.me:
        return None, None
    try:
        record = ledger.scorecard(by=ledger.me).record(ledger.me)
    except predictions.LedgerError:  # they have not forecast yet
        return None, None
    return record.n, None if record.few else record.mean("time_skill")
