"""The help pages: laid out alike, spelled as it is typed, complete, and within 80 columns."""

from __future__ import annotations

import inspect
import re

import click
import pytest
from click.testing import CliRunner
from reproductions import DATA

from predictions import Ledger
from predictions.cli import VERBS, cli
from predictions.cli.docstrings import read_docstring
from predictions.cli.help_page import ORDER
from predictions.cli.messages import keywords

COLUMNS = re.compile(r"A table needs.*?table\.md\)|column\s+\w+", re.DOTALL)  # their names have underscores
METHODS = [verb for verb in VERBS if verb != "init"]
ADD = """\
Usage: predictions add [OPTIONS] TEXT

  Record a prediction of your own.

  predictions add "Our release ships" --deadline 2027-06-30 -p 70%
  predictions add "Who leads?" --deadline 2027 --options openai,google,other \\
      -p openai=40% -p google=40% -p other=20%

Everyday:
  --deadline DAY          The last day that counts: 2027-06-30, 2027, 'Q3 2027'.
                          [required]
  -p, --p CHANCE          How likely: 70%; or OPTION=40%, or DAY=30%, repeated.
  -m, --note TEXT         Why, in your words.
  --criteria TEXT         The public facts that decide; the text itself unless
                          given.
  --tags TAG,...          For filters and grouping.
  --slug NAME             Its short name; made of the text unless given.
  --opens-on DAY          The first day that counts; today unless given.

Other types of claim:
  --options A,B,...       One of these will be true.  --ordered  They have an
                          order, lowest first.
  --unit TEXT --between LOW..HIGH
                          A number, and the range over which it is scored;
                          'LOW..HIGH log' for a log axis.
  -q, --quantiles P=VALUE How likely at most that value: 10%=2.5; repeated.
  --when                  On which day; -p 2027-06-30=30% is the chance by then.
  --at-least N --conditions NAME=TEXT
                          So many different events, each meeting every
                          condition.

More:
  --given CLAIM           If that one comes out no, this one is annulled.
  --cluster NAME          Decided by the same fact as others of that name.
  --settle-days N         Days for late reports; 30 unless given.
  --closes-at MOMENT      From then on no forecast counts.
  --title TEXT            One line for lists.
  --json  -h
"""


def page_of(verb: str) -> str:
    return CliRunner().invoke(cli, [verb, "-h"], prog_name="predictions").stdout


def described(verb: str) -> dict[str, tuple[str, str]]:
    return dict(read_docstring(getattr(Ledger, verb.replace("-", "_")).__doc__).arguments)


def taken_by(verb: str) -> list[inspect.Parameter]:
    """What the verb takes, in the order of its signature; but `closes_at` is explained behind `settle_days`."""
    taken = list(inspect.signature(getattr(Ledger, verb.replace("-", "_"))).parameters.values())[1:]
    closing = [one for one in taken if one.name == "closes_at"]
    rest = [one for one in taken if one.name != "closes_at"]
    last = next((place for place, one in enumerate(rest, 1) if one.name == "settle_days"), 0)
    return [*rest[:last], *closing, *rest[last:]]


def test_the_page_of_add_is_as_decided() -> None:
    assert page_of("add") == ADD


@pytest.mark.parametrize("verb", VERBS)
def test_a_help_page_spells_everything_as_it_is_typed(verb: str) -> None:
    page = page_of(verb)

    prose = re.sub(r"'[^']*'|https?://\S+", "", re.sub(COLUMNS, "", page))
    assert re.findall(r"\b(?:True|False|None)\b|[`*{}()]?\{|\*\w+\*|``", page) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", prose) == ["time_skill"] * prose.count("time_skill")
    assert [name for name in keywords() if re.search(rf"(?<!--set )(?<![-\w]){name}=(?!\d)", page)] == []
    assert re.findall(r"--[a-z-]*_[a-z_-]*|ledger\.[a-z_]+\(", page) == []
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("verb", METHODS)
def test_a_help_page_shows_whatever_the_verb_takes(verb: str) -> None:
    page = page_of(verb)

    for parameter in taken_by(verb):
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.name != "progress":
            assert len(re.findall(rf"--{parameter.name.replace('_', '-')}(?![\w-])", page)) >= 1, parameter.name
    command = cli.get_command(click.Context(cli), verb)
    rows = re.findall(r"^  (--[a-z0-9-]+|[A-Z][A-Z,\[\].]*)\s", page.partition("\n\nEveryday:")[2], re.MULTILINE)
    arguments = [one for one in command.params if isinstance(one, click.Argument) and one.name != "text"]
    assert len([row for row in rows if row[0] != "-"]) >= (len(arguments) if "Everyday" in page else 0)


@pytest.mark.parametrize("verb", METHODS)
def test_a_docstring_says_once_what_each_keyword_means_in_the_order_of_the_groups(verb: str) -> None:
    names, told = [parameter.name for parameter in taken_by(verb)], described(verb)
    groups = list(dict.fromkeys(group for group, _ in told.values()))

    assert set(told) == set(names)
    assert groups == [group for group in ORDER if group in groups]
    for group in groups:
        inside = [name for name in told if told[name][0] == group]
        assert inside == [name for name in names if name in inside]


@pytest.mark.parametrize("verb", METHODS)
def test_options_stand_in_the_order_of_the_signature(verb: str) -> None:
    told, rows = described(verb), [line for line in page_of(verb).splitlines() if line.startswith("  -")]

    shown = [name for row in rows for name in re.findall(r"--([a-z0-9-]+)", row)]
    expected = [
        name.replace("_", "-")
        for group in ORDER
        for name in [parameter.name for parameter in taken_by(verb) if parameter.kind is parameter.KEYWORD_ONLY]
        if told[name][0] == group and name != "progress"
    ]
    assert [name for name in dict.fromkeys(shown) if name in expected] == expected


def test_the_first_help_page_says_how_to_begin_and_names_every_verb_in_its_group() -> None:
    shown = CliRunner().invoke(cli, ["-h"], prog_name="predictions").output

    assert shown == (DATA / "typed" / "help.txt").read_text()
    assert max(map(len, shown.splitlines())) <= 80
    assert set(VERBS) <= set(re.findall(r"[\w-]+", shown.partition("Record:")[2]))
