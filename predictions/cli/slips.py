"""What a shell makes of a slip: words without quotes, values without options, a ledger's file behind the verb."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import click

LEDGERS = (".db", ".sqlite", ".sqlite3")
WORDS_OF = {"TEXT", "DAY", "WHEN"}  # what may have several words
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")
_VALUES = {"--deadline": re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}"), "-p": re.compile(r"[0-9.]+%|0?\.[0-9]+")}


def several_texts(words: Sequence[str]) -> str:
    """Say that one text is wanted; a day and a chance at its end are given their options.

    >>> several_texts(["It", "rains", "2027", "40%"])
    'one text is wanted, and there are four; put it in quotes: "It rains" --deadline 2027 -p 40%'
    """
    rest, options = list(words), list[str]()
    while len(rest) > 1 and (name := next((name for name, one in _VALUES.items() if one.fullmatch(rest[-1])), None)):
        options.insert(0, f" {name} {rest.pop()}")
    count = IN_WORDS[len(words)] if len(words) < len(IN_WORDS) else str(len(words))
    return f'one text is wanted, and there are {count}; put it in quotes: "{" ".join(rest)}"{"".join(options)}'


def unquoted(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Say which option's value of several words lacks quotes; None where none does.

    Only words behind the first argument are looked at: they would have to be arguments otherwise.
    """
    options = [option for option in parameters if isinstance(option, click.Option) and not option.is_flag]
    takes = {name: option.metavar for option in options for name in option.opts}
    behind, arguments = 0, 0  # where the word at hand is no option's value
    for place, word in enumerate(typed):
        if place < behind:
            continue
        if word not in takes:
            arguments += not word.startswith("-")
            continue
        behind = place + 2
        words = _without_quotes(typed[place + 1 :])
        if takes[word] in WORDS_OF and arguments and len(words) > 1 and not words[0][0].isdigit():
            return f'a value of several words needs quotes: {word} "{" ".join(words)}"'
    return None


def _without_quotes(words: Sequence[str]) -> list[str]:
    """Return the words up to the next option, or to one that had quotes."""
    ends = (place for place, word in enumerate(words) if word.startswith("-") or " " in word or not word)
    return list(words[: next(ends, len(words))])
