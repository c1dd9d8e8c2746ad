"""Every line that a screen offers for typing runs at its door, in the ledger in which it is offered."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.cli import cli
from predictions.cli.messages import as_typed
from predictions.render.blocks import Hint
from predictions.render.result import Result

LINK = "https://a.example/1"
SAID: dict[str, Any] = {"deadline": "2026-12-31", "opens_on": "2026-10-01"}
THREE = {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}}
FILLED = {  # what stands in the place of a word in capitals
    "DAY": "2026-12-01", "D": "2026-10-01", "LINK": LINK, "WHO": "ana", "NAME": "ana", "S": "self", "T": "wet",
    "TEXT": "rain", "P": "0.4", "EVENT": "beta", "FILE": "table.csv", "OPTION": "a", "VALUE": "3", "DEADLINE": "2099",
    "REASON": "seen", "OUTCOME": "annulled",
}  # fmt: skip
VERBS = r"(?:due|board|scorecard|explain|leaderboard|history)"
TYPED = re.compile(rf"(?<![-\w]){VERBS}(?: (?:--[a-z]+(?: [A-Z]+)?|brier|time_skill|[a-z]+(?:-[a-z]+)*(?=$)))+")
OPTION = re.compile(r"(?<!\w)--?[a-z]+(?: (?:[A-Z]+|[a-z-]+|\d+)(?![\w(]))?")
CALL = re.compile(rf"(?:ledger\.)?({VERBS}|help)(\([^()]*\))")
OFFERED = re.compile(r"ledger\.\w+\([^()]*\)")
KEYWORD = re.compile(r"\b([a-z]+=(?:True|\d+|\"[^\"]*\"))")


def of_types(ledger: Ledger, clock: Clock) -> None:
    """Record claims of all types, by several people, that wait for a verdict or are open since long."""
    clock.set("2026-10-01")
    ledger.add("It rains", **SAID, p=0.3, tags=["wet"])
    ledger.add("Two firms publish prices", **SAID, at_least=2, conditions={"list": "A list", "unit": "A unit"}, p=0.4)
    ledger.add("Which one leads?", **SAID, options=["a", "b", "other"], p={"a": 0.4, "b": 0.4, "other": 0.2})
    ledger.add("Cars sold", **SAID, unit="million", between=(0, 10), **THREE)
    ledger.add("The law is passed", **SAID, when=True, p={"2026-11-30": 0.2, "2026-12-31": 0.4})
    ledger.add("It snows", deadline="2099", p=0.2)
    ledger.quote("Prof Pundit", "Hail falls", words="will", deadline="2026-12-31", said_on="2026-09-01", link=LINK)
    ledger.quote("Prof Pundit", "All will be well", not_resolvable="no day", said_on="2026-09-01", link=LINK)
    for slug in ("it-rains", "it-snows"):
        ledger.forecast(slug, 0.6, by="bob", kind="person")
    ledger.log_evidence("two-firms", f"{LINK}/beta", "Beta's list", on="2026-10-01", counts="beta")
    clock.set("2027-03-01")


def many(ledger: Ledger, clock: Clock) -> None:
    """Record so many claims that the board has a line for each, and every list leaves some out."""
    of_types(ledger, clock)
    clock.set("2026-10-02")
    for number in range(40):
        ledger.add(f"Plain number {number}", deadline="2099" if number % 3 == 2 else "2026-12-31", p=0.3)
        ledger.forecast(f"plain-number-{number}", 0.6, by=("bob", "cy")[number % 2], kind="person")
    clock.set("2027-03-01")
    for number in range(0, 40, 3):
        ledger.resolve(f"plain-number-{number}", "annulled" if number % 4 == 0 else "no", reason="seen")


def ainews(ledger: Ledger, clock: Clock) -> None:
    """Record the packaged example, with its readings and evidence."""
    clock.set("2026-11-29")
    ledger.import_from("ainews")
    ledger.forecast("exec-defections", 0.6)


def empty(ledger: Ledger, clock: Clock) -> None:
    """Record nothing."""
    clock.set("2026-11-29")


WORLDS = (of_types, many, ainews, empty)
SCREENS = (
    "board", "board --full", "board --status open", "due", "due --all", "due --stale", "scorecard", "scorecard --full",
    "scorecard --by ana", "scorecard --top 1", "scorecard --cohort resolved", "leaderboard", "leaderboard --top 1",
)  # fmt: skip
OF_A_CLAIM = ("claim {}", "claim {} --full", "claim {} --readings")


def hints(value: object) -> Iterator[Hint]:
    """Walk over the blocks of a screen, however deep, for what is offered."""
    if isinstance(value, Hint):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from hints(part)
    elif is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Result):
        for field in fields(value):
            yield from hints(getattr(value, field.name))


def typed_lines(screen: str, hint: Hint) -> Iterator[str]:
    """Take from a hint what is to be typed; an option alone goes with the screen on which it stands."""
    text = hint.typed
    if "predictions " in text:
        told, _, rest = text.partition("predictions ")[2].partition("   ")
        yield told
        yield from re.findall(r"(?<=then: )\w+", rest)
        return
    yield from TYPED.findall(text)
    for option in OPTION.findall(TYPED.sub("", text)):
        others = screen.partition(f" {option.split()[0]} ")[0]  # what is offered stands in place of what was typed
        yield f"{others} {option}{' open' if option == '--status' else ''}"


def python_lines(screen: str, hint: Hint) -> Iterator[str]:
    """Take from a hint what is to be said in Python."""
    if hint.is_code:
        yield hint.python
        return
    for verb, given in CALL.findall(hint.python):
        yield f"help{given}" if verb == "help" else f"ledger.{verb}{given}"
    call = as_call(screen)
    for keyword in KEYWORD.findall(CALL.sub("", hint.python)):
        others = re.sub(rf"(, )?\b{keyword.partition('=')[0]}=[^,)]*", "", call[:-1])
        yield f"{others}{'' if others.endswith('(') else ', '}{keyword})"


def as_call(screen: str) -> str:
    """Spell what is typed for a screen as the call that shows the same."""
    verb, *words = screen.split()
    given = []
    while words:
        word = words.pop(0)
        name = word.lstrip("-")
        value = words.pop(0) if word.startswith("--") and words and not words[0].startswith("-") else ""
        if not word.startswith("--"):
            given.append(f'"{word}"')
        else:
            given.append(f"{name}={value if value.isdigit() else repr(value) if value else True}")
    return f"ledger.{verb}({', '.join(given)})"


def filled(line: str) -> str:
    """Put something in the place of each word in capitals, and the first option in that of several."""
    line = re.sub(r"(['\"])(\w+)\|[^'\"]+\1", r"\1\2\1", line)
    return re.sub(r"(?<![\w\"'/.-])(?:\"([A-Z]+)\"|([A-Z]+)(?=[ ,)]|$))", _filled, line)


def _filled(found: re.Match[str]) -> str:
    name = found[1] or found[2]
    value = FILLED.get(name, name)
    return f'"{value}"' if found[1] else value


@pytest.mark.parametrize("make", WORLDS, ids=lambda make: make.__name__)
def test_what_screens_offer_runs_at_both_doors(
    make: Callable[[Ledger, Clock], None], clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("predictions.cli.special._terminal", lambda: True)  # on which --walk asks
    path = tmp_path / "world.db"
    ledger = Ledger(path, me="ana")
    make(ledger, clock)
    screens = [*SCREENS, *(one.format(slug) for slug in [*ledger][:8] for one in OF_A_CLAIM)]
    typed, python = dict[str, str](), dict[str, str]()
    for screen in screens:
        for hint in hints(list(eval(as_call(screen), {"ledger": ledger}).blocks())):
            typed.update((filled(line), screen) for line in typed_lines(screen, hint))
            python.update((filled(line), screen) for line in python_lines(screen, hint))
    ledger.close()

    assert typed
    assert python
    failed = [f"{line!r} on {screen!r}: {why}" for line, screen in typed.items() if (why := _fails_typed(path, line))]
    failed += [f"{line!r} on {screen!r}: {why}" for line, screen in python.items() if (why := _fails_said(path, line))]
    assert not failed, "\n".join(failed)


def test_what_receipts_offer_runs_at_both_doors(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "world.db"
    with Ledger(path, me="ana") as ledger:
        of_types(ledger, clock)
        quoted = {"deadline": "2099", "said_on": "2027-02-01", "link": LINK}
        receipts = [
            ledger.add("No number yet", deadline="2099"),
            ledger.add("Which wins?", deadline="2099", options=["a", "other"]),
            ledger.quote("Cy", "It snows", p=0.3, **quoted),
            ledger.quote("Dee", "It snows", **quoted),
            ledger.supersede("it-snows", deadline="2098", reason="sooner"),
            ledger.resolve("it-rains", "no"),
        ]
        offered = {filled(call): line for one in receipts for line in one.lines for call in OFFERED.findall(line)}

    assert {call.partition("(")[0] for call in offered} == {"ledger.forecast"}
    typed = {call: filled(as_typed(call).removeprefix("predictions ")) for call in offered}
    failed = [f"{call!r} in {line!r}: {why}" for call, line in offered.items() if (why := _fails_said(path, call))]
    failed += [f"{line!r} for {call!r}: {why}" for call, line in typed.items() if (why := _fails_typed(path, line))]
    assert not failed, "\n".join(failed)


def test_a_line_in_which_no_option_was_chosen_is_refused(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-10-01")
    ledger.add("Which one leads?", **SAID, options=["a", "b", "other"], slug="which")
    clock.set("2027-03-01")
    for outcome in ("a|...", "a|b|other"):
        with pytest.raises(InvalidValue, match="which is a choice; say a, b, other, ambiguous or annulled"):
            ledger.resolve("which", outcome, known_on="2026-12-01", reason="WHY")


def _copy(path: Path) -> Path:
    copy = path.with_name("copy.db")
    for name in (copy, Path("ainews.db")):
        name.unlink(missing_ok=True)
    for table in ("table.csv", "predictions.csv"):
        Path(table).write_text("text,deadline\nTea sells,2099\n")
    shutil.copy(path, copy)
    return copy


def _fails_typed(path: Path, line: str) -> str:
    """Type a line on a copy of the ledger; what it says where it is refused."""
    words = shlex.split(line)
    before = [] if "--ledger" in words else ["--ledger", str(_copy(path)), "--me", "ana"]
    done = CliRunner().invoke(cli, [*before, *words], input="\n" * 99)
    return "" if done.exit_code == 0 else done.stderr or str(done.exception)


def _fails_said(path: Path, line: str) -> str:
    """Say a line in Python on a copy of the ledger; what it says where it is refused."""
    with Ledger(_copy(path), me="ana") as ledger:
        try:
            ast.parse(line, mode="eval")
            str(eval(line, {"ledger": ledger, "P": 0.4}))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return ""
