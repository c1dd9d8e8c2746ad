"""What a file says otherwise than the ledger, which is left as it is; and the line that takes it over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from shlex import quote

from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.numerals import exact
from predictions.records import Resolution
from predictions.render.blocks import Hint
from predictions.render.commands import command
from predictions.timestamps import moment_text, read_made_at

AMENDED = {"title", "tags", "cluster"}  # fields that `correct` may change at any time
SHOWN_CHARACTERS = 60  # characters of words that changed
WHY = "WHY"


@dataclass(frozen=True)
class Change:
    """One thing that a file says otherwise.

    Attributes:
        claim: The claim on file.
        what: What stands, and what the file says.
        typed: The line that takes it over, typed; empty where there is none.
        python: The same in Python.
    """

    claim: str
    what: str
    typed: str = ""
    python: str = ""


def reworded(claim: str, before: str, after: str) -> Change:
    """The words of a question have changed."""
    return Change(claim, f'reworded: "{_short(before)}" -> "{_short(after)}"')


def changed_field(claim: str, name: str, before: object, after: object) -> Change:
    """A field of a claim has changed."""
    what = f"{name} {_told(before)} -> {_told(after)}"
    text = ",".join(map(str, after)) if isinstance(after, tuple) else str(after)
    verb = "correct" if name in AMENDED else "supersede"
    value = json.dumps(list(after) if isinstance(after, tuple) else after, default=str, ensure_ascii=False)
    return Change(
        claim, what, f'predictions {verb} {claim} --set {quote(f"{name}={text}")} --reason "{WHY}"',
        f'ledger.{verb}("{claim}", {name}={value}, reason="{WHY}")',
    )  # fmt: skip


def changed_forecast(
    claim: str, forecaster: str, made_at: datetime, before: Iterable[float | None], after: float | None
) -> Change:
    """A forecast stands with another number, or with something else beside it."""
    stands = next((_chance(number) for number in before), "otherwise")
    when = spoken_day(made_at)
    beside = ", with something else beside it" if stands == _chance(after) else ""
    what = f"{forecaster}, {when}: {stands} -> {_chance(after)}{beside}"
    if after is None or beside:
        return Change(claim, what)
    return _with(claim, what, command("forecast", claim, _chance(after), by=forecaster, made_at=when, reason=WHY))


def changed_verdict(standing: Resolution, verdict: Verdict) -> Change:
    """A claim came out otherwise."""
    said = str(verdict.outcome) if isinstance(verdict.outcome, Outcome) else exact(verdict.outcome)
    known = "" if verdict.known_on is None else str(verdict.known_on)
    what = f"verdict {standing.said}, {standing.known} -> {', '.join(filter(None, [said, known]))}"
    return _with(standing.claim, what, command("resolve", standing.claim, said, known_on=known, reason=WHY))


def spoken_day(moment: datetime) -> str:
    """When a forecast was made, as it is given: a day where its end is meant."""
    day: date = moment.date()
    return str(day) if moment == read_made_at(day) else moment_text(moment)


def _with(claim: str, what: str, hint: Hint) -> Change:
    return Change(claim, what, hint.typed, hint.python)


def _chance(number: float | None) -> str:
    return "withdrawn" if number is None else exact(number)


def _told(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    return "; ".join(map(str, value)) if isinstance(value, tuple) else _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 3]}..."
