"""The line to type for a verb, as it is typed at a command line and as it is said in Python."""

from __future__ import annotations

from shlex import quote

from predictions.render.blocks import Hint

INDENT = 4


def command(verb: str, *arguments: str, note: str = "", **options: str | list[str]) -> Hint:
    """Spell one call of a verb for both doors; words in capitals are places to fill in.

    Args:
        verb: Name of the method of `Ledger`.
        arguments: Its positional arguments.
        note: What to say behind the line, as typed; a comment in Python.
        options: Its keyword arguments; a list is typed with commas, and what is empty is left out.

    >>> hint = command("resolve", "rain", "yes", happened_on="DAY", because="LINK")
    >>> print(hint.typed)
    predictions resolve rain yes --happened-on DAY --because LINK
    >>> print(hint.python)
    ledger.resolve("rain", "yes", happened_on="DAY", because="LINK")
    """
    given = {name: value for name, value in options.items() if value}
    words = [_word(argument) for argument in arguments]
    for name, value in given.items():
        words += [f"--{name.replace('_', '-')}", _word(value if isinstance(value, str) else ",".join(value))]
    typed = " ".join(["predictions", verb.replace("_", "-"), *words])
    said = [_literal(argument) for argument in arguments]
    said += [f"{name}={_literal(value)}" for name, value in given.items()]
    python = f"ledger.{verb}({', '.join(said)})"
    if note:
        typed, python = f"{typed}     ({note})", f"{python}  # {note}"
    return Hint(typed, python, INDENT, is_code=True)


def _word(argument: str) -> str:
    return f'"{argument}"' if argument in {"TITLE", "WHY"} else quote(argument)


def _literal(value: str | list[str]) -> str:
    """Write a value as Python does, in double quotes; a chance to fill in stays a name."""
    if isinstance(value, list):
        return _literal(value[0]) if len(value) == 1 else f"[{', '.join(map(_literal, value))}]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return value if value == "P" else f'"{escaped}"'
