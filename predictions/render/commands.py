"""The line to type for a verb, as it is typed at a command line and as it is said in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from shlex import quote

from predictions.render.blocks import Hint
from predictions.render.columns import WIDTH, columns_of, on_one_line

INDENT = 4
LONGEST_LIST = 40  # columns of a list typed with commas; of a longer one each value has the option before it
_TYPED_PIECE = re.compile(
    r"""(?:--?[a-z][\w-]*\ (?!-))?       # an option stays with its value
        (?:[^\s'"]+|'[^']*'|"[^"]*")+   # a word, with what is quoted in it""",
    re.VERBOSE,
)
_PYTHON_PIECE = re.compile(r"""(?:[^,'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")+,?""")


def command(
    verb: str,
    *arguments: str | Mapping[str, str],
    aside: str = "",
    **options: str | bool | list[str] | Mapping[str, str],
) -> Hint:
    """Spell one call of a verb for both doors; words in capitals are places to fill in.

    Args:
        verb: Name of the method of `Ledger`.
        arguments: Its positional arguments.
        aside: What to say behind the line.
        options: Its keyword arguments; a list is typed with commas, and what is empty is left out.
            A mapping is of numbers, and true is a flag.

    >>> hint = command("resolve", "rain", "yes", happened_on="DAY", because="LINK")
    >>> print(hint.typed)
    predictions resolve rain yes --happened-on DAY --because LINK
    >>> print(hint.python)
    ledger.resolve("rain", "yes", happened_on="DAY", because="LINK")
    """
    given = {name: value for name, value in options.items() if value}
    words = [word for argument in arguments for word in _words_of(argument)]
    for name, value in given.items():
        words += _with_value(f"--{name.replace('_', '-')}", value)
    typed = " ".join(["predictions", verb.replace("_", "-"), *words])
    said = [_literal(argument) for argument in arguments]
    said += [f"{name}={_literal(value)}" for name, value in given.items()]
    return Hint(typed, f"ledger.{verb}({', '.join(said)})", INDENT, is_code=True, note=aside)


def shell_word(text: str) -> str:
    r"""Quote a text as one word of a shell, on one line, and nothing in it unseen.

    >>> print(shell_word("criteria=as told"), shell_word("criteria=line one\nline two"))
    'criteria=as told' "$(printf 'criteria=line one\nline two')"
    """
    if on_one_line(text) == text:
        return quote(text)
    return f"\"$(printf '{''.join(map(_printed, text))}')\""


def _printed(character: str) -> str:
    """Spell a character in a format of printf that stands in quotes of both kinds."""
    if character == "\n":
        return "\\n"
    if character not in "'\"%\\-" and on_one_line(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())


def naming_briefly(hints: Sequence[Hint], slug: str, beginning_of: Callable[[str], str]) -> list[Hint]:
    """Name a claim by the beginning of its slug in all of its lines at a door, where one of them would be too long.

    Args:
        hints: The lines to type for it.
        slug: Its slug, which each line names first.
        beginning_of: Shortens it to what no other slug of a claim begins with.
    """
    typed, python = (
        any(hint.is_code and len(code_lines(hint, typed=typed)) > 1 for hint in hints) for typed in (True, False)
    )
    if not (typed or python):
        return list(hints)
    brief = beginning_of(slug)
    return [
        hint._replace(
            typed=hint.typed.replace(f" {slug}", f" {brief}", 1) if typed else hint.typed,
            python=hint.python.replace(f'"{slug}"', f'"{brief}"', 1) if python else hint.python,
        )
        for hint in hints
    ]


def code_lines(hint: Hint, width: int = WIDTH, *, typed: bool) -> list[str]:
    r"""Lay out a line to type; one that is too long is broken behind a word with a backslash, in Python behind a comma.

    >>> print("\n".join(code_lines(command("resolve", "rain", "no", reason="it was dry"), 38, typed=True)))
        predictions resolve rain no \
            --reason 'it was dry'
    """
    indent, line = " " * hint.indent, on_one_line(hint.typed if typed else hint.python)
    note = (f"     ({hint.note})" if typed else f"  # {hint.note}") if hint.note else ""
    if columns_of(indent + line + note) <= width:
        return [indent + line + note]
    pieces, broken = (_TYPED_PIECE, " \\") if typed else (_PYTHON_PIECE, "")
    first, *others = (piece.strip() for piece in pieces.findall(line))
    lines = [indent + first]
    for piece in others:
        if columns_of(f"{lines[-1]} {piece}{broken}") <= width:
            lines[-1] += f" {piece}"
        else:
            lines[-1] += broken
            lines.append(f"{indent}{' ' * INDENT}{piece}")
    if columns_of(lines[-1] + note) <= width:
        return [*lines[:-1], lines[-1] + note]
    return [*lines, f"{indent}{' ' * INDENT}{note.strip()}"]


def _words_of(value: str | Mapping[str, str]) -> list[str]:
    pairs = [value] if isinstance(value, str) else [f"{name}={number}" for name, number in value.items()]
    return list(map(_word, pairs))


def _with_value(name: str, value: str | bool | list[str] | Mapping[str, str]) -> list[str]:
    if isinstance(value, bool):
        return [name]
    if not isinstance(value, list):
        return [part for word in _words_of(value) for part in (name, word)]
    listed = ",".join(value)
    return [word for each in ([listed] if len(listed) <= LONGEST_LIST else value) for word in (name, _word(each))]


def _word(argument: str) -> str:
    return f'"{argument}"' if argument in {"TITLE", "WHY"} else shell_word(argument)


def _literal(value: str | bool | list[str] | Mapping[str, str]) -> str:
    """Write a value as Python does, in double quotes; a chance to fill in stays a name."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(name)}: {number}' for name, number in value.items())}}}"
    if isinstance(value, list):
        return _literal(value[0]) if len(value) == 1 else f"[{', '.join(map(_literal, value))}]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return value if value == "P" else f'"{escaped}"'
