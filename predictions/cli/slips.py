"""What a shell makes of a slip: words without quotes, values without options, a ledger's file behind the verb."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import click

from predictions.chances import is_phrase
from predictions.enums import Bears

LEDGERS = (".db", ".sqlite", ".sqlite3")
WORDS_OF = {"TEXT", "DAY", "WHEN"}  # what may have several words
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")
REQUIRED = "[required]"  # ends the help of an option that its verb cannot go without
_VALUES = {"--deadline": re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}"), "-p": re.compile(r"[0-9.]+%|0?\.[0-9]+")}


def value_as_option(option: str, options: Collection[str]) -> str | None:
    """Return what to type for a value that was typed as an option; None for anything else.

    >>> value_as_option("--very-likely", ["words"]), value_as_option("--supports", ["bears"])
    ('say: --words "very likely"', 'say: --bears supports')
    """
    value = option.strip("-")
    if "words" in options and is_phrase(phrase := value.replace("-", " ")):
        return f'say: --words "{phrase}"' if " " in phrase else f"say: --words {phrase}"
    return f"say: --bears {value}" if "bears" in options and value in set(Bears) else None


def several_texts(words: Sequence[str]) -> str:
    """Say that one text is wanted; a day and a chance at its end are given their options.

    >>> several_texts(["It", "rains", "2027", "40%"])
    'one text is wanted, and there are four; put it in quotes: "It rains" --deadline 2027 -p 40%'
    """
    rest, options = list(words), list[str]()
    while len(rest) > 1 and (name := next((name for name, one in _VALUES.items() if one.fullmatch(rest[-1])), None)):
        options.insert(0, f" {name} {rest.pop()}")
    if rest[-1:] == ["log"] and len(rest) == 2:  # the axis of a range, which would become a part of the text
        return 'a log axis stands in quotes with its range: --between "LOW..HIGH log"'
    count = IN_WORDS[len(words)] if len(words) < len(IN_WORDS) else str(len(words))
    return f'one text is wanted, and there are {count}; put it in quotes: "{" ".join(rest)}"{"".join(options)}'


def missing_sentence(command: click.Command, parameter: click.Parameter) -> str:
    """Say what is missing, and all that must be typed with that verb."""
    arguments = [str(one.metavar) for one in command.params if isinstance(one, click.Argument)]
    options = [one for one in command.params if isinstance(one, click.Option)]
    asked = [
        _spelled_with_value(option) for option in options if option.required or str(option.help).endswith(REQUIRED)
    ]
    label = _spelled_with_value(parameter) if isinstance(parameter, click.Option) else str(parameter.metavar)
    return f"{label.partition('[')[0]} is missing; say: predictions {command.name} {' '.join(arguments + asked)}"


def _spelled_with_value(option: click.Option) -> str:
    return f"{option.opts[-1]} {option.metavar}"


def without_a_value(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Say which option was given another option for its value; None where none was."""
    takes = _metavars(parameters)
    for place, option in _options_typed(typed, takes):
        value = typed[place + 1] if place + 1 < len(typed) else ""
        if takes[option] and value.startswith("--") and value in takes:
            return f"{option} needs a value, and {value} is another option"
    return None


def given_twice(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Say which option of one value was given more than once; None where none was."""
    once = {
        name: option
        for option in parameters
        if isinstance(option, click.Option) and not option.multiple and not option.is_flag
        for name in option.opts
    }
    split = [part for word in typed for part in (word.split("=", 1) if word.partition("=")[0] in once else [word])]
    given: dict[click.Option, str] = {}
    for place, name in _options_typed(split, _metavars(parameters)):
        option, value = once.get(name), split[place + 1] if place + 1 < len(split) else ""
        if option is not None and option in given:
            return f"{name} is said once; it was given as {given[option]!r} and {value!r}"
        if option is not None:
            given[option] = value
    return None


def chance_behind(args: Sequence[str]) -> list[str]:
    """Put a chance that was typed as an option behind the other arguments, where the verb looks for it.

    >>> chance_behind(["-p", "40%", "rain", "--by", "ana"])
    ['rain', '--by', 'ana', '40%']
    """
    rest, chances, words = list[str](), list[str](), iter(args)
    for word in words:
        if word in {"-p", "--p"}:
            chances += [next(words, "")]
        else:
            rest.append(word)
    return [*rest, *filter(None, chances)]


def unquoted(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Say which option's value of several words lacks quotes, or commas, or has no place; None where none does.

    Only words behind the first argument are looked at: they would have to be arguments otherwise.
    """
    takes = _metavars(parameters)
    first = next((place for place, word in enumerate(typed) if not word.startswith("-")), len(typed))
    for place, option in _options_typed(typed, takes):
        words, metavar = _without_quotes(typed[place + 1 :]), takes[option]
        if place < first or not words:
            continue
        if not metavar:
            return f"{option} takes no value; leave out {words[0]!r}"
        if metavar in WORDS_OF and len(words) > 1 and not words[0][0].isdigit():
            return f'a value of several words needs quotes: {option} "{" ".join(words)}"'
        if metavar.endswith(",...") and len(words) > 1:
            return f"several are parted by commas: {option} {','.join(word.strip(',') for word in words)}"
    return None


def _metavars(parameters: Iterable[click.Parameter]) -> dict[str, str]:
    """Return what stands for the value of each option, by its spellings; nothing for a flag."""
    options = [option for option in parameters if isinstance(option, click.Option)]
    return {name: "" if option.is_flag else option.metavar or "VALUE" for option in options for name in option.opts}


def _options_typed(typed: Sequence[str], takes: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Walk over the options that were typed, each with its place; what stands for a value is none."""
    behind = 0
    for place, word in enumerate(typed):
        if word == "--":
            return
        if place >= behind and word in takes:
            behind = place + (2 if takes[word] else 1)
            yield place, word


def _without_quotes(words: Sequence[str]) -> list[str]:
    """Return the words up to the next option, or to one that had quotes."""
    ends = (place for place, word in enumerate(words) if word.startswith("-") or " " in word or not word)
    return list(words[: next(ends, len(words))])
