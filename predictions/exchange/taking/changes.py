"""What a file says otherwise than the ledger, which is left as it is; and the line that takes it over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from shlex import quote

from predictions.enums import Outcome
from predictions.exchange.questions import Verdict
from predictions.numerals import exact
from predictions.records import Claim, Resolution
from predictions.render.blocks import Hint
from predictions.render.commands import command
from predictions.timestamps import moment_text, read_made_at, spoken_moment

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
    """Return the words of a question have changed."""
    return Change(claim, f'reworded: "{_short(before)}" -> "{_short(after)}"')


def changed_fields(claim: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    """Yield the changed fields of a claim: what is asked is taken over together, the rest one by one."""
    asked = {name: after[name] for name in after if name not in AMENDED}
    for told in (*({name: after[name]} for name in after if name in AMENDED), asked):
        if told:
            yield _changed(claim, before, told)


def _changed(claim: str, before: Mapping[str, object], after: Mapping[str, object]) -> Change:
    """Return the change of fields that one line takes over."""
    verb = "correct" if after.keys() <= AMENDED else "supersede"
    what = ", ".join(f"{name} {_in_words(before[name])} -> {_in_words(value)}" for name, value in after.items())
    typed = " ".join(f"--set {quote(f'{name}={_typed(value)}')}" for name, value in after.items())
    python = ", ".join(f"{name}={_literal(value)}" for name, value in after.items())
    return Change(
        claim, what, f'predictions {verb} {claim} {typed} --reason "{WHY}"',
        f'ledger.{verb}("{claim}", {python}, reason="{WHY}")',
    )  # fmt: skip


def other_deadline(claim: Claim, what: str, deadline: date, left: str) -> Change:
    """Note that something in a file is by another deadline than a claim, and what of it is *left* for that reason."""
    told = f"{what}: its deadline is {deadline}, the claim's {claim.deadline}"
    return Change(claim.slug, "; ".join(filter(None, [told, left])))


def changed_forecast(
    claim: str, forecaster: str, made_at: datetime, before: Iterable[float | None], after: float | None,
    dated_by: str | None,
) -> Change:  # fmt: skip
    """Note that a forecast on file has another number or another detail; *dated_by* is the source of its time."""
    stands = next((_chance(number) for number in before), "otherwise")
    when = spoken_day(made_at)
    beside = ", with something else beside it" if stands == _chance(after) else ""
    what = f"{forecaster}, {when}: {stands} -> {_chance(after)}{beside}"
    if after is None or beside:
        return Change(claim, what)
    told = {"by": forecaster, "made_at": when, "published_in": dated_by or "", "reason": WHY}
    return _with(claim, what, command("forecast", claim, _chance(after), **told))


def changed_distribution(claim: str, forecaster: str, made_at: datetime, said: Sequence[str]) -> Change:
    """Return a forecast of several options, values or days stands with other chances; *said* is how each is spoken."""
    beside = ", with something else beside it" if len(set(said)) < len(said) else ""
    return Change(claim, f"{forecaster}, {spoken_day(made_at)}: {' -> '.join(said)}{beside}")


def changed_verdict(standing: Resolution, verdict: Verdict) -> Change:
    """Return a claim came out otherwise."""
    said, known = _outcome(verdict), _when(verdict.known_on)
    what = f"verdict {standing.said}, {standing.known} -> {spoken_verdict(verdict)}"
    return _with(standing.claim, what, command("resolve", standing.claim, said, known_on=known, reason=WHY))


def spoken_verdict(verdict: Verdict) -> str:
    """Say how a question came out, and when that was known if the file tells."""
    return ", ".join(filter(None, [_outcome(verdict), _when(verdict.known_on)]))


def no_verdict(standing: Resolution) -> Change:
    """Note that a verdict was taken back: it stays on file; once annulled, its claim does not count until a new one."""
    line = command("resolve", standing.claim, str(Outcome.ANNULLED), reason=WHY)
    return _with(standing.claim, f"verdict {standing.said}, {standing.known} -> none", line)


def spoken_day(moment: datetime) -> str:
    """Say when a forecast was made, as it is given: a day where its end is meant."""
    day: date = moment.date()
    return str(day) if moment == read_made_at(day) else moment_text(moment)


def _with(claim: str, what: str, hint: Hint) -> Change:
    return Change(claim, what, hint.typed, hint.python)


def _outcome(verdict: Verdict) -> str:
    return str(verdict.outcome) if isinstance(verdict.outcome, str) else exact(verdict.outcome)


def _when(when: date | datetime | None) -> str:
    return "" if when is None else spoken_moment(when) if isinstance(when, datetime) else str(when)


def _chance(number: float | None) -> str:
    return "withdrawn" if number is None else exact(number)


def _typed(value: object) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _literal(value: object) -> str:
    if isinstance(value, datetime):
        value = moment_text(value)
    return json.dumps(list(value) if isinstance(value, tuple) else value, default=str, ensure_ascii=False)


def _in_words(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    if isinstance(value, datetime):
        return spoken_moment(value)
    return "; ".join(map(str, value)) if isinstance(value, tuple) else _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 3]}..."
