"""The verb that takes files in: import-from."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

import predictions
from predictions.cli.bulk import how
from predictions.cli.errors import Verb
from predictions.cli.session import Said, Session, as_json, show
from predictions.errors import InvalidValue, short_repr


def _pairs(_ctx: click.Context, option: click.Parameter, typed: tuple[str, ...]) -> dict[str, str]:
    """Read what is typed as NAME=NAME, repeated."""
    found = dict[str, str]()
    for text in typed:
        name, sign, meant = text.rpartition("=")
        if not (sign and name.strip() and meant.strip()):
            raise InvalidValue(f"{option.opts[0]}: {short_repr(text)} names no two; say {option.metavar}")
        found[name.strip()] = meant.strip()
    return found


@click.command("import-from", cls=Verb)
@click.argument("format")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--by", metavar="NAME", help="Whose forecasts they are, where no row says; --me unless given.")
@click.option("--people", metavar="NAME=FORECASTER", multiple=True, callback=_pairs,
              help="Who a name in the file is: 'Ann Smith=ana'; repeat for more.")  # fmt: skip
@click.option("--onto", metavar="KEY=CLAIM", multiple=True, callback=_pairs,
              help="The claim on file that a question is, by its id or text; repeat for more.")  # fmt: skip
@click.option("--zone", metavar="ZONE", default="UTC",
              help="Where times were written down that name no zone: Europe/Berlin.")  # fmt: skip
@click.option("--source", metavar="NAME", help="The publication of statements that do not say where they were made.")
@click.option("--sheet", metavar="NAME", help="The sheet of a spreadsheet, by name or number; the first unless given.")
@how
@as_json
@click.pass_obj
def import_from(session: Session, /, *, format: str, files: tuple[str, ...], as_json: bool, **said: Said) -> None:  # noqa: A002
    """Record what a file says, all of it or nothing; again adds nothing, a later file what is new.

    \b
    predictions import-from table predictions.csv --dry-run
    predictions import-from catalog claims.toml
    predictions import-from ainews

    `table` has one row a prediction: text and deadline, and if you like by, p, words, said_on, link, made_at, outcome,
    known_on, evidence, note and more (docs/table.md). It may be .csv, .tsv, .xlsx, .json, .md or .parquet; - is
    standard input.
    """
    from predictions.exchange.formats import check_format

    check_format(format, files)  # before there is a file
    if said["dry_run"] and not Path(session.path).exists():  # a run that records nothing leaves no file behind
        with TemporaryDirectory() as folder, predictions.Ledger(Path(folder) / "new.db", me=session.me or None) as new:
            taken = new.import_from(format, *files, **said)
    else:
        with session.open(create=True) as ledger:
            taken = ledger.import_from(format, *files, **said)
    show(taken, as_json=as_json)
