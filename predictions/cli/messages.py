"""Errors and notes, in the words of the command line.

The library's sentences name its keywords, ``made_at=``; here they name the options as they are typed, ``--made-at``.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Collection
from contextlib import suppress

import click

WIDTH = 80
_WORD = re.compile(
    r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")   # what the user gave: to the letter
    |\b(?P<keyword>[a-z][a-z0-9_]*)=(?:True\b)?(?P<value>(?=[^\s,;:.)]))?
    |\b(?P<field>[a-z]+_[a-z0-9_]+)\b
    |\A(?P<label>[a-z]+):""",
    re.VERBOSE,
)


def as_typed(sentence: str, options: Collection[str]) -> str:
    """The library's sentence, with the keywords among *options* as they are typed.

    >>> as_typed("to decide so anew, again=True; else its day: known_on=", {"again", "known_on"})
    'to decide so anew, --again; else its day: --known-on'
    """
    sentence = sentence.replace("Ledger(path, me=), or ", "")

    def typed(found: re.Match[str]) -> str:
        name = found["keyword"] or found["field"] or found["label"]
        if name not in options and found["keyword"] != "reason":  # `correct` has it for every verb
            return found[0]
        after = ":" if found["label"] else " " if found["value"] is not None else ""
        return f"--{name.replace('_', '-')}{after}"

    return _WORD.sub(typed, sentence)


def say(kind: str, sentence: str, *, laid_out: bool = False) -> None:
    """An error or a note on stderr, if that takes it: on one line, wrapped on a terminal, or as it is *laid_out*."""
    from predictions.invisible import visible

    text = "\n".join(visible(line) for line in f"{kind}: {sentence}".split("\n"))
    if not laid_out:
        text = text.replace("\n", " ")
    if not laid_out and sys.stderr is not None and sys.stderr.isatty():
        width = max(min(shutil.get_terminal_size().columns, WIDTH), 20)
        margin = " " * (len(kind) + 2)
        text = textwrap.fill(text, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)
    with suppress(OSError):  # closed, or full: the exit tells
        click.echo(text, err=True)
