"""Walk through the claims that wait for a forecast or verdict; each answer is shown before it is recorded."""

from __future__ import annotations

import shlex
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import click

import predictions
from predictions.chances import read_chance
from predictions.cli.docstrings import read_docstring
from predictions.cli.errors import Verb, notes
from predictions.cli.messages import as_typed, say
from predictions.cli.options import options_of, values_of
from predictions.enums import ClaimType
from predictions.fits import DISTRIBUTIONS
from predictions.numerals import counted
from predictions.render.columns import broken_to
from predictions.render.text import as_text
from predictions.status import Status
from predictions.views.due import Due, Item, item_blocks
from predictions.views.receipts.receipt import Receipt

OUTCOMES = {ClaimType.NUMBER: "a value", ClaimType.DATE: "a day, no"}  # as prompted; of all others yes, no or an option
PROMPT_WIDTH = 79  # one column is left for the space before the answer
CONFIRM = "write it? y or n: "
Ask = Callable[[str], str | None]


class Act(NamedTuple):
    """A forecast or verdict that an answer asks for.

    Attributes:
        noun: "forecast" or "verdict".
        text: What is shown before it is recorded.
        write: Records it.
    """

    noun: str
    text: str
    write: Callable[[], Receipt]


def walk_through(ledger: predictions.Ledger, due: Due, *, by: str | None, ask: Ask) -> None:
    """Show each claim and ask about it.

    Args:
        ledger: The ledger that forecasts and verdicts are recorded in.
        due: The claims to walk through.
        by: Who forecasts; the ledger's ``me`` unless given.
        ask: Gives the answer to a prompt, None at the end of input.
    """
    written = Counter[str]()
    for number, item in enumerate(due.items, start=1):
        click.echo(f"{number} of {len(due.items)}\n{as_text(item_blocks(item), typed=True)}")
        noun = _visit(ledger, item, by, ask)
        if noun is None:
            click.echo(f"stopped at {number} of {len(due.items)}; {_count(written)}")
            return
        written[noun] += 1
        click.echo()
    click.echo(f"that was all; {_count(written)}")


def ask(prompt: str) -> str | None:
    """Return the answer typed at a prompt, None at the end of input."""
    try:
        return input(prompt)
    except EOFError:
        click.echo()
        return None


def _visit(ledger: predictions.Ledger, item: Item, by: str | None, ask: Ask) -> str | None:
    """Ask about one claim until an answer is recorded, or the claim is skipped.

    Returns:
        The noun of what was recorded; "" if it was skipped; None to stop the walk.
    """
    while True:
        answer = ask(_prompt(item))
        if answer is None or answer.strip().lower() in {"q", "quit"}:
            return None
        if not answer.strip():
            return ""
        try:
            act = _act(ledger, item, by, answer.strip())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", predictions.LedgerWarning)  # shown when it is written
                ledger._try(act.write)  # so that a fault is shown before anybody confirms
            click.echo(f"to be written: {act.text}")
            confirmed = ask(CONFIRM)
            if confirmed is not None and confirmed.strip().lower() in {"y", "yes"}:
                with notes(_resolve().option_names):
                    receipt = act.write()
                click.echo(receipt.text(as_typed))
                return act.noun
            click.echo("not written")
        except predictions.LedgerError as error:
            say("error", as_typed(str(error), _resolve().option_names))
        except click.ClickException as error:
            say("error", error.message)


def _prompt(item: Item) -> str:
    """Return the prompt with the possible answers: outcomes by the claim's type and, while it is open, a chance."""
    claim = item.record
    chance = "0.3 or 30% forecasts, " if item.status is Status.OPEN and claim.type not in DISTRIBUTIONS else ""
    outcomes = ", ".join(claim.options[:2]) or OUTCOMES.get(claim.type, "yes, no")
    day = "--known-on DAY may follow" if claim.type in DISTRIBUTIONS else "--happened-on DAY may follow yes"
    prompt = f"Enter skips, {chance}{outcomes}, ... decides ({day}), q quits:"
    return "\n".join(broken_to(PROMPT_WIDTH, prompt, rest="  ", whole_words=True)) + " "


def _act(ledger: predictions.Ledger, item: Item, by: str | None, answer: str) -> Act:
    """Read an answer: on an open claim of yes or no a number is a forecast; all else is a verdict, as typed."""
    of_yes_no = item.record.type not in DISTRIBUTIONS
    if of_yes_no and item.status is Status.OPEN and not answer[0].isalpha() and " --" not in answer:
        probability = read_chance(answer)
        who = by or ledger.me
        if who is None:
            raise predictions.InvalidValue("say who forecasts: --by, or --me, or PREDICTIONS_ME")
        text = f"forecast on {item.claim} by {who}: {probability}, made now"
        return Act("forecast", text, partial(ledger.forecast, item.claim, probability, by=by, again=True))
    try:
        words = shlex.split(answer)
    except ValueError:
        raise predictions.InvalidValue(f"{answer!r} opens a quote and does not close it") from None
    typed = _resolve().make_context("resolve", [item.claim, *words]).params
    positional, keywords = values_of("resolve", typed)
    write = partial(ledger.resolve, *positional, **keywords)  # type: ignore[arg-type]  # as they were typed
    return Act("verdict", shlex.join(["predictions", "resolve", item.claim, *words]), write)


def _resolve() -> Verb:
    """Return the command `resolve`, which reads the words of a verdict."""
    described = read_docstring(predictions.Ledger.resolve.__doc__)
    return Verb("resolve", params=options_of("resolve", described), add_help_option=False)


def _count(written: Counter[str]) -> str:
    """Return how many forecasts and verdicts were recorded, in words."""
    nouns = [counted(written[noun], noun) for noun in ("forecast", "verdict") if written[noun]]
    return f"{', '.join(nouns) or 'nothing'} written"
