"""Spell calls of verbs as lines to copy, for the command line and for Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from shlex import quote

from predictions.render.blocks import Hint
from predictions.render.columns import WIDTH, columns_of, on_one_line

INDENT = 4
LONGEST_LIST = 40  # columns of a list that is typed with commas; for a longer one the option is repeated
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
    """Return the call of a verb as a line to copy; words in capitals are placeholders.

    Args:
        verb: The name of the method of `Ledger`.
        arguments: Its positional arguments.
        aside: A note after the line.
        options: Its keyword arguments, without empty ones. On the command line a list is typed with commas, a mapping
            as repeated NAME=NUMBER, and True as a flag.

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
    literals = [_literal(argument) for argument in arguments]
    literals += [f"{name}={_literal(value)}" for name, value in given.items()]
    return Hint(typed, f"ledger.{verb}({', '.join(literals)})", INDENT, is_code=True, note=aside)


def shell_word(text: str) -> str:
    r"""Quote a text as one word of a shell; line breaks and invisible characters in it are spelled out.

    >>> print(shell_word("criteria=as told"), shell_word("criteria=line one\nline two"))
    'criteria=as told' "$(printf 'criteria=line one\nline two')"
    """
    if on_one_line(text) == text:
        return quote(text)
    return f"\"$(printf '{''.join(map(_printed, text))}')\""


def _printed(character: str) -> str:
    """Spell a character in a format of printf that is in single quotes within double quotes."""
    if character == "\n":
        return "\\n"
    if character not in "'\"%\\-" and on_one_line(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())


def naming_briefly(hints: Sequence[Hint], slug: str, beginning_of: Callable[[str], str]) -> list[Hint]:
    """Return the hints with the slug of their claim shortened, if one of them is too long for a line.

    Then it is shortened in all of them, so that they agree; in shell commands and in lines of Python independently.

    Args:
        hints: The hints for the claim.
        slug: The slug of the claim, the first argument of each hint.
        beginning_of: Returns the shortest beginning of a slug that no other slug shares.
    """
    code = [hint for hint in hints if hint.is_code]
    shorten_typed = any(len(code_lines(hint, typed=True)) > 1 for hint in code)
    shorten_python = any(len(code_lines(hint, typed=False)) > 1 for hint in code)
    if not (shorten_typed or shorten_python):
        return list(hints)
    brief = beginning_of(slug)
    return [
        hint._replace(
            typed=hint.typed.replace(f" {slug}", f" {brief}", 1) if shorten_typed else hint.typed,
            python=hint.python.replace(f'"{slug}"', f'"{brief}"', 1) if shorten_python else hint.python,
        )
        for hint in hints
    ]


def code_lines(hint: Hint, width: int = WIDTH, *, typed: bool) -> list[str]:
    r"""Return a hint of code as lines; a long command is broken with backslashes, and Python after commas.

    >>> print("\n".join(code_lines(command("resolve", "rain", "no", reason="it was dry"), 38, typed=True)))
        predictions resolve rain no \
            --reason 'it was dry'
    """
    indent, line = " " * hint.indent, on_one_line(hint.typed if typed else hint.python)
    note = (f"     ({hint.note})" if typed else f"  # {hint.note}") if hint.note else ""
    if columns_of(indent + line + note) <= width:
        return [indent + line + note]
    pattern, line_end = (_TYPED_PIECE, " \\") if typed else (_PYTHON_PIECE, "")
    first, *pieces = (piece.strip() for piece in pattern.findall(line))
    lines = [indent + first]
    for piece in pieces:
        if columns_of(f"{lines[-1]} {piece}{line_end}") <= width:
            lines[-1] += f" {piece}"
        else:
            lines[-1] += line_end
            lines.append(f"{indent}{' ' * INDENT}{piece}")
    if columns_of(lines[-1] + note) <= width:
        return [*lines[:-1], lines[-1] + note]
    return [*lines, f"{indent}{' ' * INDENT}{note.strip()}"]


def _words_of(value: str | Mapping[str, str]) -> list[str]:
    """Return a value as words of a shell; a mapping gives a word NAME=NUMBER for each pair."""
    if isinstance(value, str):
        return [_word(value)]
    return [_word(f"{name}={number}") for name, number in value.items()]


def _with_value(name: str, value: str | bool | list[str] | Mapping[str, str]) -> list[str]:
    """Return the words of an option with its value; the option is repeated for a mapping and for a long list."""
    if isinstance(value, bool):
        return [name]
    if not isinstance(value, list):
        return [part for word in _words_of(value) for part in (name, word)]
    joined = ",".join(value)
    values = [joined] if len(joined) <= LONGEST_LIST else value
    return [word for item in values for word in (name, _word(item))]


def _word(argument: str) -> str:
    """Quote one argument for a shell; a placeholder for text is in quotes already, so that they are not forgotten."""
    return f'"{argument}"' if argument in {"TITLE", "WHY"} else shell_word(argument)


def _literal(value: str | bool | list[str] | Mapping[str, str]) -> str:
    """Return a value as Python source, with double quotes; the placeholder P stands for a number, so it has none."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(name)}: {number}' for name, number in value.items())}}}"
    if isinstance(value, list):
        return _literal(value[0]) if len(value) == 1 else f"[{', '.join(map(_literal, value))}]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return value if value == "P" else f'"{escaped}"'
