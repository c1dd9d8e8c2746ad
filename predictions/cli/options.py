"""Make the options of a verb from the signature and docstring of the method of `Ledger` that it calls."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import click

from predictions.cli.completion import complete
from predictions.cli.docstrings import Described
from predictions.cli.help_page import GroupedOption, ToldArgument
from predictions.cli.messages import SHORT_OPTIONS, argument_label
from predictions.cli.params import each_once, read_count, read_given, read_list, read_number, read_pair, read_when
from predictions.cli.slips import REQUIRED, several_texts
from predictions.errors import InvalidValue, LedgerError
from predictions.ledger import Ledger

JOINED = {("correct", "what")}  # arguments that are one name of several words, typed without quotes
ASKED_BY_LIBRARY = {"deadline", "reason"}  # if they are missing, the ledger's own message asks for them
METAVARS = {
    "by": "NAME", "slug": "NAME", "cluster": "NAME", "kind": "KIND", "link": "URL", "tags": "TAG,...", "given": "CLAIM",
    "options": "A,B,...", "at_least": "N", "conditions": "NAME=TEXT", "closes_at": "MOMENT", "settle_days": "N",
    "published_in": "SLUG", "because": "SLUG,...", "meets": "NAME,...", "source": "NAME", "scale": "NAME",
    "counts": "EVENT", "event": "EVENT", "archived": "URL", "people": "NAME=FORECASTER", "onto": "KEY=CLAIM",
    "settle": "RECORD=WHICH", "changes": "NAME=VALUE", "fields": "NAME=VALUE", "sign": "FILE", "key": "FILE",
    "head": "FILE", "as_of": "WHEN", "carry": "evidence", "horizon": "DAYS", "top": "N", "zone": "ZONE",
}  # fmt: skip


class Kind(NamedTuple):
    """How a value is typed.

    Attributes:
        metavar: The placeholder for it in the help.
        read: Reads what was typed: one text, or all texts of a repeated option; None to take it as it is.
        repeated: Whether its option may be given several times.
    """

    metavar: str
    read: Callable[[Any], object] | None = None
    repeated: bool = False


def _chances(texts: tuple[str, ...]) -> object:
    """Return one chance as it was typed, or the chances of options and days by name.

    The sign of ``-p=30%``, which reaches this function as ``=30%``, is dropped.
    """
    texts = _split(tuple(text.removeprefix("=") for text in texts))
    if any("=" in text for text in texts):
        return _mapping(texts, "p")
    if len(texts) > 1:
        raise InvalidValue(f"one chance is wanted, and there are {len(texts)}; of options or days say NAME=CHANCE")
    return texts[0]


def _split(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Split texts in which several chances or quantiles are typed as in a spreadsheet: ``a=40%; b=60%``."""
    parts = list[str]()
    for text in texts:
        parts += [part for part in text.split(";") if part.strip()] if "=" in text else [text]
    return tuple(parts)


def _mapping(texts: tuple[str, ...], name: str, *, alone: bool = False, last: bool = False) -> dict[str, str]:
    """Return the values of texts NAME=VALUE by name, each of which may be there only once.

    Args:
        texts: What was typed.
        name: The option, for a message; "it" if several options share this reader, and the caller's label names it.
        alone: Whether a name without a value is its own value.
        last: Whether the last "=" ends the name, so that names may have that sign; else the first.
    """
    pairs = [read_pair(text, alone=alone, last=last) for text in texts]
    return each_once(pairs, name if name == "it" else f"--{name}")


KINDS: Mapping[str, Kind] = {
    "Day": Kind("DAY"), "When": Kind("WHEN"), "Chance": Kind("CHANCE"), "File": Kind("FILE"), "Slug": Kind("SLUG"),
    "int": Kind("N", read_count), "float": Kind("N", read_number), "object": Kind("WHEN", read_when),
    "Slugs": Kind("SLUG,...", read_list, True), "Sequence[str]": Kind("NAME,...", read_list, True),
    "str | Sequence[str]": Kind("NAME,...", read_list, True), "Leads": Kind("DAYS,...", read_list, True),
    "Tests": Kind("NAME=TEXT", lambda texts: _mapping(texts, "conditions", alone=True), True),
    "Quantiles": Kind("P=VALUE", lambda texts: _mapping(_split(texts), "quantiles"), True),
    "Mapping[str, str]": Kind("NAME=VALUE", lambda texts: _mapping(texts, "it", last=True), True),
    "Chances": Kind("CHANCE", _chances, True),
    "Range": Kind("LOW..HIGH", lambda text: tuple(re.split(r"\.\.|\s+(?=log$)", text.strip()))),
    "Head | str | Sequence[Head | str]": Kind("FILE", lambda texts: [read_given(text) for text in texts], True),
    "Head | str": Kind("FILE", read_given),
}  # fmt: skip
TEXT = Kind("TEXT")


def options_of(verb: str, described: Described) -> list[click.Parameter]:
    """Make the arguments and options of a verb, in the order in which its docstring explains them.

    A parameter that takes a function, which nobody can type, gets no option.
    """
    order = {name: position for position, name in enumerate(described.arguments)}
    parameters = list(inspect.signature(getattr(Ledger, verb)).parameters.values())[1:]
    parameters.sort(key=lambda parameter: order.get(parameter.name, len(order)))
    made: list[click.Parameter] = []
    for parameter in parameters:
        if "Callable" in str(parameter.annotation):
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            made.append(_changes(parameter, described))
        elif parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.VAR_POSITIONAL}:
            made.append(_argument(verb, parameter, described))
        else:
            made.append(_option(verb, parameter, described))
    return made


def values_of(verb: str, typed: Mapping[str, Any]) -> tuple[list[object], dict[str, object]]:
    """Return what was typed as the positional and the keyword arguments of the method.

    What was not typed is left out, so that the method's own default holds; None is passed for one without a default.
    """
    positional, keywords = list[object](), dict[str, object]()
    for name, parameter in list(inspect.signature(getattr(Ledger, verb)).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD or name not in typed:
            continue
        value = typed[name]
        is_passed = (value is not None and value is not False) or parameter.default is parameter.empty
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional += value or ()
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD and is_passed:
            positional.append(value)
        elif is_passed:
            keywords[name] = value
    return positional, keywords


def _kind(parameter: inspect.Parameter) -> Kind:
    """Return how the value of a parameter is typed, by its annotation; as text if that is not in KINDS."""
    if parameter.name == "key":
        return Kind("FILE", read_given)
    annotation = str(parameter.annotation).removesuffix(" | None")
    return KINDS.get(annotation, KINDS["Day"] if annotation == "date | str" else TEXT)


def _option(verb: str, parameter: inspect.Parameter, described: Described) -> click.Option:
    """Make the option of one keyword argument: its flag, its reader, and its help from the docstring."""
    name = parameter.name
    group, text = described.arguments.get(name, ("More", ""))
    is_flag = str(parameter.annotation).startswith("bool")
    kind = _kind(parameter)
    required = parameter.default is parameter.empty
    option = GroupedOption(
        [*([SHORT_OPTIONS[name]] if name in SHORT_OPTIONS else []), f"--{name.replace('_', '-')}", name],
        help=f"{text} {REQUIRED}" if required and name in ASKED_BY_LIBRARY else text,
        is_flag=is_flag or None,
        metavar=None if is_flag else METAVARS.get(name, kind.metavar),
        multiple=kind.repeated and not is_flag,
        required=required and name not in ASKED_BY_LIBRARY,
        callback=None if is_flag else _reader(f"--{name.replace('_', '-')}", name, kind),
        shell_complete=complete(verb, name, option=True),
    )
    option.group = group
    return option


def _argument(verb: str, parameter: inspect.Parameter, described: Described) -> click.Argument:
    """Make the positional argument of one parameter; a text, a chance or a list takes all words that are left.

    Several words of a text are refused by its reader, in a message that says to put them in quotes.
    """
    name, kind = parameter.name, _kind(parameter)
    takes_all = (
        parameter.kind is parameter.VAR_POSITIONAL
        or name in {"text", "p"}
        or (verb, name) in {*JOINED, ("redact", "what")}
    )
    required = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
    label = {"claims": "CLAIM[,CLAIM...]", "files": "FILE..."}.get(name, argument_label(name))
    if (verb, name) in JOINED:
        read: Callable[[Any], object] | None = " ".join
    elif name == "text":
        read = _one_text
    else:
        read = (lambda text: read_list((text,))) if name == "claims" else kind.read
    if parameter.kind is parameter.VAR_POSITIONAL:
        read = None
    argument = ToldArgument(
        [name],
        metavar=label if required or takes_all else f"[{label}]",
        nargs=-1 if takes_all else 1,
        required=required,
        callback=_reader("", name, Kind(label, read)),
        shell_complete=complete(verb, name, option=False),
    )
    argument.explanation = "" if name == "text" else described.arguments.get(name, ("", ""))[1]
    return argument


def _changes(parameter: inspect.Parameter, described: Described) -> click.Option:
    """Make the option `--set`, which stands for all keyword arguments of a method that takes any."""
    _, text = described.arguments.get(parameter.name, ("", "The fields and their new values."))
    return GroupedOption(
        ["--set", "changes"], multiple=True, metavar="NAME=VALUE", help=f"{text} Empty for none; repeated."
    )


def _reader(label: str, name: str, kind: Kind) -> Callable[[click.Context, click.Parameter, Any], object]:
    """Return a click callback that reads what was typed for an option or argument.

    Args:
        label: The option, with which its messages begin; "" for an argument.
        name: The parameter of the method.
        kind: How its value is typed.
    """

    def read(_ctx: click.Context, _parameter: click.Parameter, typed: Any) -> object:
        if typed is None or typed == ():
            return None
        if kind.read is None:
            return typed
        try:
            return kind.read(typed)
        except LedgerError as error:
            # Messages on a chance say enough without -p, and some name their option already.
            needs_label = label and name != "p" and not str(error).startswith("--")
            raise InvalidValue(f"{label}: {error}" if needs_label else str(error)) from None

    return read


def _one_text(words: tuple[str, ...]) -> str:
    """Return the one text; InvalidValue for several words, which a shell makes of a text without quotes."""
    if any(len(word) > 1 and word[0] == "-" for word in words[1:]):
        raise InvalidValue(f'all that follows -- is text, {words[1]} too; options go before it: ... -- "{words[0]}"')
    if len(words) > 1:
        raise InvalidValue(several_texts(words))
    return words[0]


def checked_pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """Return the new values of fields, given with `--set`, by name; InvalidValue if one is given twice."""
    try:
        pairs = [read_pair(text) for text in texts]
        return each_once([(name.replace("-", "_"), value) for name, value in pairs], "--set")
    except LedgerError as error:
        raise InvalidValue(f"--set {str(error).removeprefix('--set ')}") from None
