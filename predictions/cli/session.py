"""How a verb gets its ledger, and how its result leaves: as text or as JSON, on stdout."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Set
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import click

import predictions
from predictions.cli.params import Word, read_when, typed
from predictions.enums import ClaimType
from predictions.invisible import json_of
from predictions.numerals import clean
from predictions.render.result import Result

Said: TypeAlias = Any  # what was typed, handed over by click under the ledger's own keywords; the ledger checks it all
Option: TypeAlias = Callable[[Callable[..., None]], Callable[..., None]]

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
as_of = click.option(
    "--as-of", metavar="WHEN", callback=typed(read_when), help="As known then: a day, a moment, a head or its file."
)
today = click.option("--today", metavar="DAY", help="The world's day; that of --as-of unless given.")

crowds = click.option("--crowds", is_flag=True, help="What several forecasters came to together, too.")


def together(*options: Option) -> Option:
    """Several options as one, for the verbs that have them all."""
    return lambda verb: functools.reduce(lambda given, option: option(given), reversed(options), verb)


dated = together(as_of, today)
card = together(
    dated,
    click.option(
        "--cohort",
        type=Word(["settled", "resolved"]),
        default="settled",
        help="Claims past their settle day, or whatever has a verdict (biased).",
    ),
    click.option(
        "--rule",
        type=Word(["first", "last"]),
        default="first",
        help="The first forecast, or the last (which rewards shouting).",
    ),
    click.option("--source", metavar="SLUG", help="Only claims of that source."),
    click.option("--tag", help="Only claims with that tag."),
    click.option("--reading", metavar="NAME", help="Only claims that are that reading: headline, strict, ..."),
    click.option("--window", metavar="DATE", help="Only claims that end then: 2026, 2026-12, or 2026/2027."),
    click.option("--type", type=Word(ClaimType), help="Only claims of that type."),
    click.option("--horizon", metavar="DAYS", help="Only claims open at most so many days, or from and to: 30..365."),
    crowds,
)


class Session(NamedTuple):
    """Which ledger, and who holds the pen."""

    path: str
    me: str | None

    def open(self, *, create: bool = False, read_only: bool = True) -> predictions.Ledger:
        """The ledger, to be read unless more is said; only `init` and `register` create one."""
        return predictions.Ledger(self.path, me=self.me or None, create=create, read_only=read_only and not create)


def reading(verb: Callable[..., Result], *, read_only: bool = True) -> Callable[..., None]:
    """Makes a verb of a function of the ledger that returns what to print."""

    @as_json
    @click.pass_obj
    @functools.wraps(verb)
    def run(session: Session, /, *, as_json: bool, **said: Said) -> None:
        with session.open(read_only=read_only) as ledger:
            result = verb(ledger, **said)
        show(result, as_json=as_json)

    return run


changing = functools.partial(reading, read_only=False)


def writing(verb: Callable[..., Said]) -> Callable[..., None]:
    """Makes a verb of a function of the ledger that returns the record it entered."""

    @functools.wraps(verb)
    def run(ledger: predictions.Ledger, **said: Said) -> Result:
        from predictions.cli.receipts import Answer

        record = verb(ledger, **said)
        return Answer(record, ledger.wrote > 0).saying(ledger.lacks)

    return changing(run)


def show(result: Result, *, as_json: bool) -> None:
    """Print a result."""
    click.echo(json_text(result.to_dict()) if as_json else result.screen(typed=True))


def json_text(value: object) -> str:
    """JSON that any reader takes: an infinity is a word, and what is no number is null.

    >>> print(json_text({"log": float("inf"), "n": 1}))
    {
      "log": "Infinity",
      "n": 1
    }
    """
    return json_of(_json_value(clean(value)), indent=2)


def _json_value(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value).replace("inf", "Infinity")
    if isinstance(value, Mapping):
        return {str(key): _json_value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(inner) for inner in value]
    if isinstance(value, Set):
        return sorted(map(str, value))
    return value.isoformat() if isinstance(value, date) else value
