"""The verbs for looking closer, and for showing others: report, versus, explain, diff, export, datasette-metadata."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.params import Word, read_when, typed
from predictions.cli.session import Said, Session, as_json, card, crowds, dated, json_text, reading
from predictions.invisible import visible
from predictions.render.result import Result
from predictions.scoring.score_columns import SCORES

by = click.option("--by", metavar="NAME", help="Whose; needed where several have numbers.")


@click.command(cls=Verb)
@click.argument("path", metavar="FILE")
@click.option("--title", metavar="TEXT", help="The page's title; the source's unless given.")
@crowds
@dated
@as_json
@click.pass_obj
def report(session: Session, /, *, path: str, as_json: bool, **said: Said) -> None:
    """Write one self-contained HTML page.

    The board, each statement with its readings, evidence and forecasts, the scorecard, and how to verify it all. It
    needs no script and loads nothing.
    """
    with session.open() as ledger:
        written = ledger.report(path, progress=_progress if sys.stderr.isatty() else None, **said)
    _wrote([written], as_json=as_json)


@click.command(cls=Verb)
@click.argument("first", metavar="FORECASTER")
@click.argument("second", metavar="[OTHER]", default="base rate")
@card
@reading
def versus(ledger: predictions.Ledger, *, first: str, second: str, **said: Said) -> Result:
    """Set a forecaster beside another, on the same statements.

    OTHER is a forecaster, or "half", "base rate" (unless given), "the clock", "the others".
    """
    return ledger.scorecard(**said).compare(first, second)


@click.command(
    cls=Verb, help=f"Show the arithmetic behind a figure of a scorecard.\n\nFIGURE is one of {', '.join(SCORES)}."
)
@click.argument("figure")
@by
@card
@reading
def explain(ledger: predictions.Ledger, *, figure: str, by: str | None, **said: Said) -> Result:
    """Show the arithmetic behind a figure of a scorecard."""
    return ledger.scorecard(**said).explain(figure, by)


@click.command(cls=Verb)
@click.argument("earlier", metavar="WHEN", callback=typed(read_when))
@click.argument("later", metavar="[WHEN]", required=False, callback=typed(read_when))
@reading
def diff(ledger: predictions.Ledger, *, earlier: str, later: str | None) -> Result:
    """Show what changed between two scorecards, and why.

    WHEN is a day, a moment, a head or its file; without the second, until now.
    """
    return ledger.scorecard(as_of=earlier).diff(ledger.scorecard(as_of=later))


@click.command(cls=Verb)
@click.argument("format", metavar="ics|sqlite", type=Word(["ics", "sqlite"]))
@click.argument("path", metavar="FILE")
@dated
@as_json
@click.pass_obj
def export(session: Session, /, *, format: str, path: str, as_json: bool, **said: Said) -> None:  # noqa: A002
    """Write a calendar of the days that matter, or plain tables.

    ics: last days of windows, settle days, and days to look at a forecast again, for the scored claims and their
    parts; the same head gives the same file. sqlite: claims, forecasters, forecasts and resolutions by name, imported
    forecasts as rows, in a new SQLite file.
    """
    with session.open() as ledger:
        written = (ledger.export_ics if format == "ics" else ledger.export_sqlite)(path, **said)
    _wrote([written], as_json=as_json)


@click.command(cls=Verb)
@click.argument("folder", metavar="[FOLDER]", default=".")
@click.option("--title", metavar="TEXT", help="The title of the site.")
@click.option("--free-sql", is_flag=True, help="Let readers type SQL of their own, too.")
@as_json
@click.pass_obj
def datasette_metadata(session: Session, /, *, folder: str, as_json: bool, **said: Said) -> None:
    """Write metadata.json and datasette.json for Datasette.

    Then: datasette -i FILE --metadata metadata.json --setting suggest_facets off; with Datasette 1.0 also --config
    datasette.json, which has that setting in it.
    """
    with session.open() as ledger:
        written = ledger.datasette_metadata(folder, **said)
    _wrote(written, as_json=as_json)


def _wrote(paths: list[Path], *, as_json: bool) -> None:
    """Print where the files are, and how large."""
    sizes = [(str(path), path.stat().st_size) for path in paths]
    if as_json:
        click.echo(json_text({"files": [{"path": path, "bytes": size} for path, size in sizes]}))
    for path, size in [] if as_json else sizes:
        click.echo(visible(f"wrote {path}, {size:,} bytes"))


def _progress(done: int, of: int) -> None:
    """One line on a terminal that counts up."""
    click.echo(f"\rstatement {done:,} of {of:,}{'' if done < of else chr(10)}", nl=False, err=True)
