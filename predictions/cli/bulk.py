"""The verbs for much at once: import-forecasts, import-resolutions, export-parquet."""

from __future__ import annotations

import click

import predictions
from predictions.cli.errors import Verb
from predictions.cli.params import Word, read_count, typed
from predictions.cli.session import Said, changing, dated, reading, together
from predictions.enums import ForecasterKind
from predictions.render.result import Result

how = together(
    click.option("--delimiter", metavar="SIGN", help="What separates the fields, if the header does not tell: ';'."),
    click.option("--decimal", type=Word([",", "."]), help="The only sign that may stand before a fraction."),
    click.option("--percent", is_flag=True, help="All numbers are percent."),
    click.option(
        "--skip-lines",
        metavar="N",
        default="0",
        callback=typed(read_count),
        help="How many lines are above the header.",
    ),
)


@click.command("import-forecasts", cls=Verb)
@click.argument("source", metavar="FILE")
@click.option("--by", metavar="NAME", help="Whose forecasts they all are, where no column says.")
@click.option("--kind", type=Word(ForecasterKind), default="person",
              help="What new forecasters are; a person unless given.")  # fmt: skip
@click.option("--published-in", metavar="SOURCE", help="The source whose dates these are, such as the platform.")
@click.option("--skip-bad", metavar="FILE", help="Leave bad rows out, and write them there as CSV.")
@how
@changing
def import_forecasts(ledger: predictions.Ledger, **said: Said) -> Result:
    """Record the forecasts of a .csv, .tsv or .parquet file, all of them or none; - is standard input.

    The file has the columns claim, forecaster, made_at (a moment with its offset, or a day, meaning its end) and
    probability; a column withdrawn says which rows end a forecast. The claims must be on file. Again is safe.
    """
    return ledger.import_forecasts(**said)


@click.command("import-resolutions", cls=Verb)
@click.argument("source", metavar="FILE")
@click.option("--reason", metavar="TEXT", help="Why they are decided so, where no row says.")
@click.option("--by", metavar="NAME", help="Who decided, where no row says; --me unless given.")
@how
@changing
def import_resolutions(ledger: predictions.Ledger, **said: Said) -> Result:
    """Record the verdicts of a .csv, .tsv or .parquet file, all of them or none; - is standard input.

    The file has the columns claim and outcome (yes, no, a fraction, ambiguous, annulled), and may have known_on,
    happened_on, known_at, published_in, reason, decided_by, because and impossible. Each is held to the rules of
    `resolve`. Again is safe.
    """
    return ledger.import_resolutions(**said)


@click.command("export-parquet", cls=Verb)
@click.argument("folder")
@dated
@reading
def export_parquet(ledger: predictions.Ledger, **said: Said) -> Result:
    """Write forecasts, claims and verdicts as Parquet files into a new folder."""
    return ledger.export_parquet(**said)
