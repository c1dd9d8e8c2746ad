"""What `predictions` alone shows: the ledger in three lines; without a ledger, the help."""

from __future__ import annotations

from pathlib import Path

import click

import predictions
from predictions.cli.session import Session, show


def show_summary(ctx: click.Context, session: Session) -> None:
    """Sum up the ledger, if there is one; else show the help and end as wrong usage does."""
    if not Path(session.path).exists():
        click.echo(ctx.get_help())
        ctx.exit(2)
    from predictions.views.board.summary import summary

    with session.open() as ledger:
        snapshot = ledger.snapshot()
        settled, skill = _own_figures(ledger)
        found = summary(snapshot, ledger=Path(session.path).name, settled=settled, skill=skill)
    show(found.saying(snapshot.lacks), as_json=False)


def _own_figures(ledger: predictions.Ledger) -> tuple[int | None, float | None]:
    """Find over how many settled statements the reader is scored, and the skill where that can be said."""
    if not ledger.me:
        return None, None
    try:
        record = ledger.scorecard(by=ledger.me).record(ledger.me)
    except predictions.LedgerError:  # they have not forecast yet
        return None, None
    return record.n, None if record.few else record.mean("time_skill")
