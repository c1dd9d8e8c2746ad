"""Slips of a newcomer at the command line: each is answered with what was meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions.cli.slips import several_texts


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on a ledger with a claim, on 2026-01-01."""
    run = CommandLine(tmp_path)
    run("init")
    run.says("add", "It rains", "--deadline", "2026-06-30", "--slug", "rain")
    return run


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('add "It snows" --deadline next friday', 'a value of several words needs quotes: --deadline "next friday"'),
        ('add "It snows" --deadline 2027 --note two weeks lost',
         'a value of several words needs quotes: --note "two weeks lost"'),
        ("forecast rain 60% --note two weeks lost", 'a value of several words needs quotes: --note "two weeks lost"'),
        ("resolve rain yes --reason it was wet", 'a value of several words needs quotes: --reason "it was wet"'),
        ("add It snows 2027 40%", 'one text is wanted, and there are four; put it in quotes: '
         '"It snows" --deadline 2027 -p 40%'),
        ("quote Ben It snows --deadline 2027", 'one text is wanted, and there are two; put it in quotes: "It snows"'),
        ("verify other.db", "a ledger goes before the verb: predictions --ledger other.db verify"),
        ("init other.db", "a ledger goes before the verb: predictions --ledger other.db init"),
        ('scorecard "Tech Oracle"', "'Tech Oracle' has no place here; did you mean --by \"Tech Oracle\"?"),
        ("scorecard ben ana", "'ben ana' has no place here; say: predictions scorecard [OPTIONS]"),
        ("add Who --deadline 2027 --options Red Blue", "several are parted by commas: --options Red,Blue"),
        ('add "It snows" --deadline 2028 --when 2027', "--when takes no value; leave out '2027'"),
        ("forecast rain 60% --note --again", "--note needs a value, and --again is another option"),
        ("forecast rain 60% -m --by ben", "-m needs a value, and --by is another option"),
        ("--json board", "--json goes behind the verb"),
        ("--by ana board", "--by goes behind the verb"),
        ("-v", "no option '-v'; did you mean '--version'?"),
        ("--verbose board", "no option '--verbose'; options: predictions -h"),
        ("correct rain title=Rain", 'what is to be corrected? say it: --set "title=Rain"'),
        ('add "It snows" -d 2027', "no option '-d'; did you mean '--deadline'?"),
        ('add "It snows" -t sky', "no option '-t'; options: predictions add -h"),
        ("export json all.json", "no format 'json'; say the format first: predictions export table FILE"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_what_was_meant(typed: str, said: str, run: CommandLine) -> None:
    result = run(*shlex.split(typed))

    assert result.exit_code in {1, 2}
    assert result.stderr.strip().removeprefix("error: ") == said


@pytest.mark.parametrize(
    "typed",
    [
        'quote Ben --words will "It snows" --deadline 2027 --said-on 2025-12-01',
        "forecast rain --by ben --kind person 60%",
        'forecast rain --note "two weeks" 60%',
        "forecast rain --again 60%",
        "forecast rain -- 60%",
        'add "It hails" --deadline=2027 -p=30%',
    ],
)
def test_what_is_right_is_no_slip(typed: str, run: CommandLine) -> None:
    assert run(*shlex.split(typed)).exit_code == 0


def test_a_year_within_the_text_stays_in_it() -> None:
    assert several_texts(["War", "in", "2027", "ends"]).endswith('"War in 2027 ends"')
