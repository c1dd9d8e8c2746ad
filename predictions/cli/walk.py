"""A walk through what waits, one claim after the other; nothing is written that was not shown."""

from __future__ import annotations

from collections.abc import Callable

import click

import predictions
from predictions.chances import read_chance
from predictions.cli.errors import notes
from predictions.cli.messages import as_typed, say
from predictions.numerals import counted
from predictions.render.text import as_text
from predictions.status import Status
from predictions.views.due import Due, Item, item_blocks

PROMPT = "Enter skips, 0.3 or 30% forecasts, q quits: "
PROMPT_LATE = "Enter skips, q quits: "  # no forecast on it is scored any more
CONFIRM = "write it? y or n: "
OPTIONS = {"by"}


def walk_through(ledger: predictions.Ledger, due: Due, *, by: str | None, ask: Callable[[str], str | None]) -> None:
    """Show each claim and ask about it.

    Args:
        ledger: The ledger that forecasts are recorded in.
        due: The claims to walk through.
        by: Who forecasts; the ledger's ``me`` unless given.
        ask: Gives the answer to a prompt, None at the end of input.
    """
    written = 0
    for number, item in enumerate(due.items, start=1):
        click.echo(f"{number} of {len(due.items)}\n{as_text(item_blocks(item), typed=True)}")
        wrote = _visit(ledger, item, by, ask)
        if wrote is None:
            click.echo(f"stopped at {number} of {len(due.items)}; {_count(written)}")
            return
        written += wrote
        click.echo()
    click.echo(f"that was all; {_count(written)}")


def ask(prompt: str) -> str | None:
    """The answer typed at a prompt, None at the end of input."""
    try:
        return input(prompt)
    except EOFError:
        click.echo()
        return None


def _visit(ledger: predictions.Ledger, item: Item, by: str | None, ask: Callable[[str], str | None]) -> bool | None:
    """Ask until the item is done: whether a forecast was written, None to stop the walk."""
    while True:
        answer = ask(PROMPT if item.status is Status.OPEN else PROMPT_LATE)
        if answer is None or answer.strip().lower() in {"q", "quit"}:
            return None
        if not answer.strip():
            return False
        try:
            probability = read_chance(answer.strip())
            who = by or ledger.me
            if who is None:
                raise predictions.InvalidValue("say who forecasts: --by, or --me, or PREDICTIONS_ME")
            click.echo(f"to be written: forecast on {item.claim} by {who}: {probability}, made now")
            confirmed = ask(CONFIRM)
            if confirmed is not None and confirmed.strip().lower() in {"y", "yes"}:
                with notes(OPTIONS):
                    receipt = ledger.forecast(item.claim, probability, by=by, again=True)
                click.echo(receipt.text(as_typed))
                return True
            click.echo("not written")
        except predictions.LedgerError as error:
            say("error", as_typed(str(error), OPTIONS))


def _count(written: int) -> str:
    return f"{counted(written, 'forecast')} written" if written else "no forecasts written"
