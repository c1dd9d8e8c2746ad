"""Word the messages on slips in a shell: words without quotes, options without a value, options given twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import click

from predictions.chances import is_phrase
from predictions.enums import Bears

LEDGERS = (".db", ".sqlite", ".sqlite3")
WORDS_OF = {"TEXT", "DAY", "WHEN"}  # placeholders of values that may have several words
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")
REQUIRED = "[required]"  # ends the help of an option that its verb cannot go without
_ENDS_IN_NUMBER = re.compile(r"(.+=|-p)?[0-9]*[.,]?[0-9]+", re.ASCII)
_VALUES = {"--deadline": re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}"), "-p": re.compile(r"[0-9.]+%|0?\.[0-9]+")}


def percent_joined(args: list[str]) -> list[str]:
    """Join a percent sign that was typed as a word of its own to the number before it: `30 %` is one chance."""
    joined = list[str]()
    for arg in args:
        if arg == "%" and joined and _ENDS_IN_NUMBER.fullmatch(joined[-1]):
            joined[-1] += arg
        else:
            joined.append(arg)
    return joined


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
    """Return the message that one text is wanted; a day and a chance at its end are shown with their options.

    >>> several_texts(["It", "rains", "2027", "40%"])
    'one text is wanted, and there are four; put it in quotes: "It rains" --deadline 2027 -p 40%'
    """
    rest, options = list(words), list[str]()
    while len(rest) > 1 and (name := _option_of_value(rest[-1])):
        options.insert(0, f" {name} {rest.pop()}")
    if rest[-1:] == ["log"] and len(rest) == 2:  # the axis of a range, which would become a part of the text
        return 'a log axis stands in quotes with its range: --between "LOW..HIGH log"'
    count = IN_WORDS[len(words)] if len(words) < len(IN_WORDS) else str(len(words))
    return f'one text is wanted, and there are {count}; put it in quotes: "{" ".join(rest)}"{"".join(options)}'


def _option_of_value(word: str) -> str | None:
    """Return the option whose value a word looks like, for a day or a chance; None for another word."""
    return next((name for name, pattern in _VALUES.items() if pattern.fullmatch(word)), None)


def missing_sentence(command: click.Command, parameter: click.Parameter) -> str:
    """Return the message that an argument or option is missing, with all that must be typed with that verb."""
    arguments = [str(argument.metavar) for argument in command.params if isinstance(argument, click.Argument)]
    options = [option for option in command.params if isinstance(option, click.Option)]
    required = [
        _spelled_with_value(option) for option in options if option.required or str(option.help).endswith(REQUIRED)
    ]
    label = _spelled_with_value(parameter) if isinstance(parameter, click.Option) else str(parameter.metavar)
    return f"{label.partition('[')[0]} is missing; say: predictions {command.name} {' '.join(arguments + required)}"


def _spelled_with_value(option: click.Option) -> str:
    return f"{option.opts[-1]} {option.metavar}"


def without_a_value(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Return the message on an option whose value is missing, so that another option comes next; None if none is."""
    metavars = _metavars(parameters)
    for position, option in _options_typed(typed, metavars):
        value = typed[position + 1] if position + 1 < len(typed) else ""
        if metavars[option] and value.startswith("--") and value in metavars:
            return f"{option} needs a value, and {value} is another option"
    return None


def given_twice(typed: Sequence[str], parameters: Iterable[click.Parameter]) -> str | None:
    """Return the message on an option that takes one value and was given twice; None if there is none.

    click itself would silently take the last value.
    """
    single_options = {
        name: option
        for option in parameters
        if isinstance(option, click.Option) and not option.multiple and not option.is_flag
        for name in option.opts
    }
    words = list[str]()  # with --name=value as two words
    for word in typed:
        words += word.split("=", 1) if word.partition("=")[0] in single_options else [word]
    values: dict[click.Option, str] = {}
    for position, name in _options_typed(words, _metavars(parameters)):
        option = single_options.get(name)
        value = words[position + 1] if position + 1 < len(words) else ""
        if option is not None and option in values:
            return f"{name} is said once; it was given as {values[option]!r} and {value!r}"
        if option is not None:
            values[option] = value
    return None


def chance_behind(args: Sequence[str]) -> list[str]:
    """Move a chance that was typed as an option after the other arguments, where the verb expects it.

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
    """Return the message on a value of several words without quotes or commas, or of a flag; None if there is none.

    Only options after the first argument are checked: words after an earlier option may be the verb's arguments.
    """
    metavars = _metavars(parameters)
    first_argument = next((position for position, word in enumerate(typed) if not word.startswith("-")), len(typed))
    for position, option in _options_typed(typed, metavars):
        words, metavar = _without_quotes(typed[position + 1 :]), metavars[option]
        if position < first_argument or not words:
            continue
        if not metavar:
            return f"{option} takes no value; leave out {words[0]!r}"
        if metavar in WORDS_OF and len(words) > 1 and not words[0][0].isdigit():
            return f'a value of several words needs quotes: {option} "{" ".join(words)}"'
        if metavar.endswith(",...") and len(words) > 1:
            return f"several are parted by commas: {option} {','.join(word.strip(',') for word in words)}"
    return None


def _metavars(parameters: Iterable[click.Parameter]) -> dict[str, str]:
    """Return the placeholder for the value of each option, by each of its spellings; "" for a flag."""
    options = [option for option in parameters if isinstance(option, click.Option)]
    return {name: "" if option.is_flag else option.metavar or "VALUE" for option in options for name in option.opts}


def _options_typed(typed: Sequence[str], metavars: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield each option that was typed, with its position; the word after an option that takes a value is not one."""
    next_position = 0
    for position, word in enumerate(typed):
        if word == "--":  # what follows is text
            return
        if position >= next_position and word in metavars:
            next_position = position + (2 if metavars[word] else 1)
            yield position, word


def _without_quotes(words: Sequence[str]) -> list[str]:
    """Return the words up to the next option, or to a word that was in quotes, since it has a space or is empty."""
    ends = (position for position, word in enumerate(words) if word.startswith("-") or " " in word or not word)
    return list(words[: next(ends, len(words))])
