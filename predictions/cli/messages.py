"""Spell errors, notes and receipts of the library as a command line is typed.

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
from predictions.render.commands import shell_word

WIDTH = 80
SHORT_OPTIONS = {"p": "-p", "quantiles": "-q", "note": "-m"}
TYPED_ONLY = frozenset({"walk", "set", "json"})  # options that no method of the ledger has
_WORD = re.compile(
    r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")   # what the user gave: left unchanged
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
    """Return a sentence of the library with its keywords and calls spelled as at the command line.

    Args:
        sentence: A message that is written for Python.
        options: Options of the verb at hand: their names are respelled even without an equals sign.
        arguments: Names of its positional arguments, which are shown in capitals: `TEXT`.
        of_cells: Whether it is about cells of a table, where `north=40%` is what a cell says and not an option.

    >>> as_typed("say again=True if you mean it anew, or made_at= the day it belongs to")
    'say --again if you mean it anew, or --made-at the day it belongs to'
    >>> as_typed('say: ledger.resolve(CLAIM, "annulled", reason="...")')
    'say: predictions resolve CLAIM annulled --reason "..."'
    >>> as_typed("say: Ledger('a.db').board()")
    "say: predictions --ledger 'a.db' board"
    """
    sentence = sentence.replace("Ledger(path, me=)", "--me")

    def typed(found: re.Match[str]) -> str:
        """Spell one match of _WORD; which alternative of the pattern matched is seen by its named group."""
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
        is_keyword = name in options or name in arguments
        if found["keyword"] and of_cells:
            is_keyword = is_keyword and not re.match(r"[0-9.]", sentence[found.end() :])  # not `north=40%`
        elif found["keyword"]:
            is_keyword = name in keywords()
        if not name or not is_keyword:
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
        key = in_percent(key) if name == "quantiles" else key
        value = in_percent(value) if name == "p" else value
        spelled.append(f"{option} {key}={value}")
    return " ".join(spelled)


@cache
def keywords() -> frozenset[str]:
    """Return the names of all arguments of all verbs, and of the options that are only typed."""
    from predictions.ledger import Ledger

    verbs = [verb for name, verb in vars(Ledger).items() if not name.startswith("_") and inspect.isfunction(verb)]
    names = {name for verb in verbs for name in inspect.signature(verb).parameters}
    return frozenset(names | TYPED_ONLY) - {"self"}


def argument_label(name: str) -> str:
    """Return the name of a positional argument as the usage line shows it."""
    return "WHO" if name == "by" else name.upper()


def _option(name: str) -> str:
    """Return a keyword as an option: ``--made-at``."""
    return "-p" if name == "p" else f"--{name.replace('_', '-')}"


def _call(found: re.Match[str]) -> str:
    """Spell a call of a ledger method as a command; any other call is returned unchanged."""
    from predictions.ledger import Ledger

    method = getattr(Ledger, found["verb"], None)
    if method is None:
        return found[0]
    try:
        call = ast.parse(f"f({found['given']})", mode="eval").body
    except SyntaxError:
        return found[0]
    assert isinstance(call, ast.Call)  # since "f(...)" was parsed
    words = [found["verb"].replace("_", "-")]
    for argument in call.args:
        if isinstance(argument, ast.Dict):  # how likely, as `forecast` takes it after the claim
            words += _pairs("p", argument)
        elif not _is_ellipsis(argument):
            words.append(_value(argument))
    parameters = inspect.signature(method).parameters.values()
    options = {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}
    for keyword in call.keywords:
        words += _keyword(str(keyword.arg), keyword.value, options)
    if found["file"]:
        words = ["--ledger", found["file"], *words]
    return " ".join(["predictions", *words] if found["door"] else words)


def _keyword(name: str, value: ast.expr, options: Collection[str]) -> Iterator[str]:
    """Yield the words for one keyword of a call: an option of the verb, else a field to be changed by ``--set``."""
    if name not in options and name not in TYPED_ONLY:
        yield from ("--set", f"{name}={_value(value)}")
        return
    if name in SHORT_OPTIONS and isinstance(value, ast.Dict):
        for pair in _pairs(name, value):
            yield from (SHORT_OPTIONS[name], pair)
        return
    yield _option(name)
    if not (isinstance(value, ast.Constant) and value.value is True):
        yield _value(value)


def _pairs(name: str, chances: ast.Dict) -> Iterator[str]:
    """Yield a word for each option or day with its chance, ``openai=40%``, or chance with its value, ``10%=2.5``."""
    for pair in zip(chances.keys, chances.values, strict=True):
        key, value = (str(part.value) if isinstance(part, ast.Constant) else ast.unparse(part) for part in pair if part)
        yield shell_word(f"{key}={in_percent(value)}" if name == "p" else f"{in_percent(key)}={value}")


def _value(node: ast.expr) -> str:
    """Spell a value: a placeholder as it is, a text in quotes if the shell or the reader needs them."""
    if isinstance(node, ast.List):
        return ",".join(map(_value, node.elts))
    if isinstance(node, ast.Tuple):  # a range
        node = ast.Constant(range_as_text(", ".join(ast.unparse(end).strip("'") for end in node.elts)))
    if isinstance(node, ast.Dict):  # conditions with their tests
        tests = ast.literal_eval(node)
        node = ast.Constant(";".join(f"{name}={test}" for name, test in tests.items()))
    if not isinstance(node, ast.Constant):
        return ast.unparse(node)
    text = str(node.value)
    return f'"{text}"' if " " in text or text.isupper() or "..." in text else text


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def say(kind: str, sentence: str, *, laid_out: bool = False) -> None:
    """Print an error or a note on stderr.

    Args:
        kind: The word before the colon: ``error`` or ``note``.
        sentence: The message.
        laid_out: Keep its lines as they are; otherwise it is wrapped at 80 columns, or fewer on a narrow terminal.
    """
    from predictions.invisible import visible

    text = "\n".join(visible(line) for line in f"{kind}: {sentence}".split("\n"))
    if not laid_out:
        on_terminal = sys.stderr is not None and sys.stderr.isatty()
        columns = shutil.get_terminal_size().columns if on_terminal else WIDTH
        text = wrapped(text.replace("\n", " "), kind, max(min(columns, WIDTH), 20))
    with suppress(OSError):  # closed or full: the exit code must do
        click.echo(text, err=True)


def wrapped(text: str, kind: str, width: int = WIDTH) -> str:
    """Break a message into lines, indented below the first word of its sentence; quoted text is not broken."""
    from predictions.render.columns import broken_between_quotes

    return "\n".join(broken_between_quotes(width, text, rest=" " * (len(kind) + 2)))
