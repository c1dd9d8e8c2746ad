"""Errors, notes and receipts in the words of the command line.

The library's sentences are spelled for Python: `made_at=DAY`, `ledger.resolve(CLAIM, "annulled")`. Here their keywords
and calls are spelled as they are typed: `--made-at DAY`, `predictions resolve CLAIM annulled`.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache

import click

from predictions.numerals import in_percent, range_as_text

WIDTH = 80
SHORT_OPTIONS = {"p": "-p", "quantiles": "-q", "note": "-m"}
TYPED_ONLY = frozenset({"walk", "set", "json"})
_WORD = re.compile(
    r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")   # what the user gave: to the letter
    |\b(?P<door>ledger\.|Ledger\((?P<file>[^()]+)\)\.)?(?P<verb>[a-z_]+)\((?P<given>(?:between=\([^()]*\)|[^()])*)\)
    |\b(?P<mapped>p|quantiles|people|onto)=\{(?P<pairs>[^{}]*)\}
    |\b(?P<closed>kind|cohort|carry)="(?P<chosen>[a-z-]+)"
    |\bseveral\ are\ a\ list,\ \[(?P<items>[^\[\]]*)\]
    |\bbetween=\((?P<ends>[^()]*)\)
    |\b(?P<keyword>[a-z][a-z0-9_]*)=(?:True\b)?
        (?:"(?P<figure>[0-9.%]+)"(?:,(?=\ [a-z_]+="))?)?(?P<value>(?=[^\s,;:.)]))?
    |\b(?P<field>[a-z]+_[a-z0-9_]+)\b
    |\A(?P<label>[a-z]+):""",
    re.VERBOSE,
)


def as_typed(
    sentence: str, options: Collection[str] = (), arguments: Collection[str] = (), *, of_cells: bool = False
) -> str:
    """Spell the library's sentence as it is typed.

    Args:
        sentence: One that the library says.
        options: Names that are options of the verb at hand: these are spelled so even without their sign.
        arguments: Names of what that verb takes without an option: `TEXT`.
        of_cells: Whether it speaks of the cells of a table, whose own `north=40%` is no option.

    >>> as_typed("say again=True if you mean it anew, or made_at= the day it belongs to")
    'say --again if you mean it anew, or --made-at the day it belongs to'
    >>> as_typed('say: ledger.resolve(CLAIM, "annulled", reason="...")')
    'say: predictions resolve CLAIM annulled --reason "..."'
    >>> as_typed("say: Ledger('a.db').board()")
    "say: predictions --ledger 'a.db' board"
    """
    sentence = sentence.replace("Ledger(path, me=)", "--me")

    def typed(found: re.Match[str]) -> str:
        if found["verb"]:
            return _call(found)
        if found["mapped"]:
            return _repeated_option(found["mapped"], found["pairs"])
        if found["closed"]:
            return f"{_option(found['closed'])} {found['chosen']}"
        if found["items"]:
            return f"several are typed {found['items'].replace(', ', ',').replace(chr(39), '')}"
        if found["ends"]:
            ends = range_as_text(found["ends"])
            return f"--between '{ends}'" if " " in ends else f"--between {ends}"
        name = found["keyword"] or found["field"] or found["label"]
        known = name in options or name in arguments
        if found["keyword"]:
            known = name in keywords() if not of_cells else known and not re.match(r"[0-9.]", sentence[found.end() :])
        if not name or not known:
            return found[0]
        spelled = argument_label(name) if name in arguments else _option(name)
        if found["figure"]:
            return f"{spelled} {found['figure']}"
        after = ":" if found["label"] else " " if found["value"] is not None else ""
        return f"{spelled}{after}"

    return _WORD.sub(typed, sentence)


def _repeated_option(name: str, pairs: str) -> str:
    """Spell a mapping as an option that is repeated: ``-p google=20%``, ``-q 10%=2.5``, ``--people Ann=ana``."""
    option, spelled = SHORT_OPTIONS.get(name, _option(name)), []
    for pair in pairs.split(", "):
        key, _, value = pair.partition(": ")
        key, value = key.strip("'"), value.strip("'")
        named = in_percent(key) if name == "quantiles" else key
        told = in_percent(value) if name == "p" else value
        spelled.append(f"{option} {named}={told}")
    return " ".join(spelled)


@cache
def keywords() -> frozenset[str]:
    """Name every keyword of every verb."""
    from predictions.ledger import Ledger

    verbs = [verb for name, verb in vars(Ledger).items() if not name.startswith("_") and inspect.isfunction(verb)]
    names = {name for verb in verbs for name in inspect.signature(verb).parameters}
    return frozenset(names | TYPED_ONLY) - {"self"}


def argument_label(name: str) -> str:
    """Name an argument as the usage of its verb does."""
    return "WHO" if name == "by" else name.upper()


def _option(name: str) -> str:
    return "-p" if name == "p" else f"--{name.replace('_', '-')}"


def _call(found: re.Match[str]) -> str:
    """Spell a call as it is typed; what is no call of a verb stays as it is."""
    from predictions.ledger import Ledger

    method = getattr(Ledger, found["verb"], None)
    if method is None:
        return found[0]
    try:
        call = ast.parse(f"f({found['given']})", mode="eval").body
    except SyntaxError:
        return found[0]
    assert isinstance(call, ast.Call)  # by its making
    words = [found["verb"].replace("_", "-")]
    words += [_value(argument) for argument in call.args if not _is_ellipsis(argument)]
    fields = {name for name, one in inspect.signature(method).parameters.items() if one.kind is one.KEYWORD_ONLY}
    for keyword in call.keywords:
        words += _keyword(str(keyword.arg), keyword.value, fields)
    door = ["predictions", *(["--ledger", found["file"]] if found["file"] else [])] if found["door"] else []
    return " ".join(door + words)


def _keyword(name: str, value: ast.expr, options: Collection[str]) -> Iterator[str]:
    if name not in options and name not in TYPED_ONLY:
        yield from ("--set", f"{name}={_value(value)}")
        return
    yield _option(name)
    if not (isinstance(value, ast.Constant) and value.value is True):
        yield _value(value)


def _value(node: ast.expr) -> str:
    """Spell a value: a name as it is, a text in quotes where a shell or a reader needs them."""
    if isinstance(node, ast.List):
        return ",".join(map(_value, node.elts))
    if isinstance(node, ast.Tuple):  # a range
        node = ast.Constant(range_as_text(", ".join(ast.unparse(end).strip("'") for end in node.elts)))
    if isinstance(node, ast.Dict):  # conditions with their tests
        pairs = zip(node.keys, node.values, strict=True)
        node = ast.Constant(
            ";".join(f"{ast.literal_eval(name or pair)}={ast.literal_eval(pair)}" for name, pair in pairs)
        )
    if not isinstance(node, ast.Constant):
        return ast.unparse(node)
    text = str(node.value)
    return f'"{text}"' if " " in text or text.isupper() or "..." in text else text


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def say(kind: str, sentence: str, *, laid_out: bool = False) -> None:
    """Print an error or a note on stderr: in lines of 80 columns, of fewer on a narrow terminal, or as *laid_out*."""
    from predictions.invisible import visible

    text = "\n".join(visible(line) for line in f"{kind}: {sentence}".split("\n"))
    if not laid_out:
        on_terminal = sys.stderr is not None and sys.stderr.isatty()
        columns = shutil.get_terminal_size().columns if on_terminal else WIDTH
        text = wrapped(text.replace("\n", " "), kind, max(min(columns, WIDTH), 20))
    with suppress(OSError):  # closed, or full: the exit tells
        click.echo(text, err=True)


def wrapped(text: str, kind: str, width: int = WIDTH) -> str:
    """Break a message into lines, the later ones below the first word of the sentence; what is quoted stays whole."""
    from predictions.render.columns import broken_between_quotes

    return "\n".join(broken_between_quotes(width, text, rest=" " * (len(kind) + 2)))
