"""The verbs for much at once: import-forecasts, import-resolutions, export-parquet."""

from __future__ import annotations

import click

import predictions
from predictions.cli.session import Said, as_of, reading, today
from predictions.cli.types import Word
from predictions.cli.verb import Verb
from predictions.display import Shown
from predictions.kinds import ForecasterKind


@click.command("import-forecasts", cls=Verb)
@click.argument("source", metavar="FILE")
@click.option("--by", metavar="NAME", help="Whose forecasts they all are, where no column says.")
@click.option("--kind", type=Word(ForecasterKind), default="person",
              help="What new forecasters are; a person unless given.")  # fmt: skip
@click.option("--published-in", metavar="SOURCE", help="The source whose dates these are, such as the platform.")
@click.option("--skip-bad", metavar="FILE", help="Leave bad rows out, and write them there as CSV.")
@reading
def import_forecasts(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Record the forecasts of a .csv or .parquet file, all of them or none.

    The file has the columns claim, forecaster, made_at (a moment with its offset, or a day, meaning its end) and
    probability; a column withdrawn says which rows end a forecast. The claims must be on file. Again is safe.
    """
    return ledger.import_forecasts(**said)


@click.command("import-resolutions", cls=Verb)
@click.argument("source", metavar="FILE")
@click.option("--reason", metavar="TEXT", help="Why they are decided so, where no row says.")
@click.option("--decided-by", metavar="NAME", help="Who decided, where no row says; --me unless given.")
@reading
def import_resolutions(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Record the verdicts of a .csv file, all of them or none.

    The file has the columns claim, outcome (yes, no, a fraction, ambiguous, annulled) and known_on, and may have
    happened_on, reason, decided_by and impossible. Each is held to the rules of `resolve`. Again is safe.
    """
    return ledger.import_resolutions(**said)


@click.command("export-parquet", cls=Verb)
@click.argument("folder")
@as_of
@today
@reading
def export_parquet(ledger: predictions.Ledger, **said: Said) -> Shown:
    """Write forecasts, claims and verdicts as Parquet files into a new folder."""
    return ledger.export_parquet(**said)
