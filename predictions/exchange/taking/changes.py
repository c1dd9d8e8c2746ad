"""Report what a file says otherwise than the ledger, and the command that takes it over; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from predictions.enums import Axis, Outcome
from predictions.exchange.questions import Verdict
from predictions.exchange.table.type_cells import written_out
from predictions.exchange.taking.same_verdict import reason_in_a_cell
from predictions.invisible import json_of
from predictions.numerals import measure, range_as_text
from predictions.records import Claim, Record, Resolution, Statement
from predictions.render.blocks import Hint
from predictions.render.commands import command, shell_word
from predictions.timestamps import moment_text, read_made_at, spoken_moment

AMENDED = {"title", "tags", "cluster", "note"}  # fields that `correct` may change at any time
TELL_A_TYPE = {"text", "when", "ordered"}  # keywords that its type says, and words that are told apart
SHOWN_CHARACTERS = 60  # of a text that changed
WHY = "WHY"


@dataclass(frozen=True)
class Change:
    """One difference between a file and the ledger.

    Attributes:
        claim: The claim on file.
        what: What is on file, and what the file says.
        typed: The command that takes it over; empty if there is none.
        python: The same in Python.
    """

    claim: str
    what: str
    typed: str = ""
    python: str = ""


def changed_fields(
    claim: str, before: Mapping[str, object], after: Mapping[str, object], *, is_draft: bool = False
) -> Iterator[Change]:
    """Yield the changes of a claim's fields, each with its command.

    Fields that `correct` may always change have a command each. The others change what is asked, so one command takes
    them over together; a changed text among them is also shown as a change of its own.
    """
    asked = {name: after[name] for name in after if name not in AMENDED}
    if len(asked) > 1 and "text" in asked:
        yield Change(claim, _what_changed("text", before["text"], asked["text"]))
    groups = [{name: after[name]} for name in after if name in AMENDED]
    for fields in (*groups, asked):
        if fields:
            verb = "correct" if is_draft or fields.keys() <= AMENDED else "supersede"
            yield _change_taken_over(claim, verb, claim, before, fields)


def changed_record(claim: str, record: Record, after: Mapping[str, object]) -> Change:
    """Return a change of fields of a claim's statement, or of another record, which is then named first."""
    slug = getattr(record, "slug", "")
    before = {name: getattr(record, name) for name in after}
    change = _change_taken_over(claim, "correct", f"{record.noun} {slug}", before, after)
    return change if isinstance(record, Statement) else replace(change, what=f"{slug}: {change.what}")


def _change_taken_over(
    claim: str, verb: str, what: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Change:  # fmt: skip
    """Return a change of fields with the command for it; *what* is the record that the command names."""
    apart = TELL_A_TYPE if "type" in after else {"text"} if len(after) > 1 else set[str]()
    changes = ", ".join(_what_changed(name, before[name], after[name]) for name in after if name not in apart)
    arguments = {name: value for name, value in after.items() if name != "type"}  # the others make the type
    typed = " ".join(f"--set {shell_word(f'{name}={_typed(value)}')}" for name, value in arguments.items())
    python = ", ".join(f"{name}={_literal(value)}" for name, value in arguments.items())
    return Change(
        claim, changes, f'predictions {verb} {shell_word(what)} {typed} --reason "{WHY}"',
        f'ledger.{verb}({json_of(what)}, {python}, reason="{WHY}")',
    )  # fmt: skip


def _what_changed(name: str, before: object, after: object) -> str:
    """Return a field's old and new value in words."""
    if name == "text":
        return f'reworded: "{in_brief(str(before))}" -> "{in_brief(str(after))}"'
    return f"{name} {_in_words(before)} -> {_in_words(after)}"


def other_deadline(claim: Claim, what: str, deadline: date, left: str) -> Change:
    """Return that something in a file has another deadline than its claim; *left* adds what is not done about it."""
    text = f"{what}: its deadline is {deadline}, the claim's {claim.deadline}"
    return Change(claim.slug, "; ".join(filter(None, [text, left])))


def changed_verdict(standing: Resolution, verdict: Verdict) -> Change:
    """Return how a file's verdict differs from the one that stands."""
    has_other_day = verdict.happened_on is not None and str(verdict.happened_on) != str(standing.happened_on)
    has_other_reason = verdict.reason is not None and verdict.reason != reason_in_a_cell(standing)
    after = ", ".join(filter(None, [
        spoken_verdict(verdict), f"happened on {verdict.happened_on}" if has_other_day else "",
        "impossible from then on" if verdict.impossible and not standing.impossible else "",
        f'"{in_brief(verdict.reason)}"' if has_other_reason and verdict.reason else "",
    ]))  # fmt: skip
    what = f"verdict {standing.said}, {standing.known} -> {after}"
    hint = command(
        "resolve", standing.claim, _outcome(verdict), happened_on=str(verdict.happened_on or ""),
        known_on=_when(verdict.known_on), impossible=verdict.impossible,
        reason=verdict.reason if has_other_reason and verdict.reason else WHY,  # the old reason is not one for the new
    )  # fmt: skip
    return with_line(standing.claim, what, hint)


def spoken_verdict(verdict: Verdict) -> str:
    """Return a verdict's outcome, and the day on which it was known if the file has one."""
    return ", ".join(filter(None, [_outcome(verdict), _when(verdict.known_on)]))


def no_verdict(standing: Resolution) -> Change:
    """Return that a platform took a verdict back; annulled by the command, the claim waits for a new one."""
    hint = command("resolve", standing.claim, str(Outcome.ANNULLED), reason=WHY)
    return with_line(standing.claim, f"verdict {standing.said}, {standing.known} -> none", hint)


def spoken_day(moment: datetime) -> str:
    """Return when a forecast was made, as one would type it: a day if the moment is the one that a day stands for."""
    day: date = moment.date()
    return str(day) if moment == read_made_at(day) else moment_text(moment)


def with_line(claim: str, what: str, hint: Hint) -> Change:
    """Return a change with the command that takes it over."""
    return Change(claim, what, hint.typed, hint.python)


def _outcome(verdict: Verdict) -> str:
    return str(verdict.outcome) if isinstance(verdict.outcome, str) else measure(verdict.outcome)


def _when(when: date | datetime | None) -> str:
    return "" if when is None else spoken_moment(when) if isinstance(when, datetime) else str(when)


def _typed(value: object) -> str:
    """Return a value as one types it in an option."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if ends := _ends_of(value):
        return range_as_text(", ".join(ends))
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _literal(value: object) -> str:
    """Return a value as one writes it in Python."""
    if isinstance(value, bool):
        return str(value)
    if ends := _ends_of(value):
        return f"({', '.join(json_of(end) if end == Axis.LOG else end for end in ends)})"
    if isinstance(value, datetime):
        value = moment_text(value)
    return json_of(list(value) if isinstance(value, tuple) else str(value) if isinstance(value, date) else value)


def _in_words(value: object) -> str:
    """Return a value as a sentence shows it."""
    if value is None or value == ():
        return "nothing"
    if isinstance(value, datetime):
        return spoken_moment(value)
    if ends := _ends_of(value):
        return range_as_text(", ".join(ends))
    return "; ".join(map(str, value)) if isinstance(value, tuple) else in_brief(str(value))


def _ends_of(value: object) -> list[str]:
    """Return the ends of a range as text, with ``log`` after them for a log axis; empty for any other value."""
    if not isinstance(value, tuple) or not value or not isinstance(value[0], float):
        return []
    return [written_out(end) if isinstance(end, float) else str(end) for end in value]


def in_brief(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 3]}..."
