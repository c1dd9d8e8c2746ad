"""Lines to type: safe to paste, and whole when copied from a screen of 80 columns."""

from __future__ import annotations

import ast
import subprocess
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.render.blocks import Hint
from predictions.render.commands import code_lines, command, naming_briefly
from predictions.render.text import as_text
from predictions.slug_beginnings import Beginnings

LONG = "an-answer-by-somebody-who-writes-at-great-length"
SAID = "predictions() { printf '%s\\n' \"$@\"; }\n"  # what a shell makes of the words that are typed


def typed_words(text: str) -> list[str]:
    return subprocess.run(["sh", "-c", SAID + text], capture_output=True, text=True, check=True).stdout.splitlines()


def test_what_is_typed_is_safe_to_paste() -> None:
    line = command("resolve", "rain", "it's; rm -rf", reason='say "so"\\')

    assert line.typed == """predictions resolve rain 'it'"'"'s; rm -rf' --reason 'say "so"\\'"""
    assert line.python == 'ledger.resolve("rain", "it\'s; rm -rf", reason="say \\"so\\"\\\\")'


def test_a_long_line_is_broken_between_its_words_and_behind_a_comma() -> None:
    line = command("resolve", LONG, "yes", happened_on="DAY", because=["a" * 30, "b" * 30], reason="WHY")

    assert (
        as_text([line], typed=True)
        == f"""\
    predictions resolve {LONG} yes \\
        --happened-on DAY --because {"a" * 30} \\
        --because {"b" * 30} --reason "WHY\""""
    )
    assert (
        as_text([line])
        == f"""\
    ledger.resolve("{LONG}", "yes",
        happened_on="DAY", because=["{"a" * 30}",
        "{"b" * 30}"], reason="WHY")"""
    )


def test_what_is_said_behind_a_line_goes_below_it_where_there_is_no_room() -> None:
    line = command("log_evidence", LONG, "LINK", "TITLE", aside="a second one")

    assert code_lines(line, 90, typed=True) == [
        f"    predictions log-evidence {LONG} LINK \\",
        '        "TITLE"     (a second one)',
    ]
    assert code_lines(line, 70, typed=False)[-1] == '        "LINK", "TITLE")  # a second one'
    assert code_lines(line, 39, typed=False)[-2:] == ['        "LINK", "TITLE")', "        # a second one"]


@pytest.mark.parametrize("typed", [True, False])
def test_all_lines_of_a_claim_name_it_briefly_where_one_would_be_too_long(typed: bool) -> None:
    short, long = command("resolve", LONG, "no"), command("resolve", LONG, "yes", because="b" * 30)
    slugs = Beginnings([LONG, "an-answer-by-nobody", f"table-{LONG[:14]}"])

    alone = naming_briefly([short], LONG, slugs.of)
    both = naming_briefly([short, long], LONG, slugs.of)

    assert LONG in as_text(alone, typed=typed)
    assert as_text(both, typed=typed).count("an-answer-by-somebody") == 2
    assert LONG not in as_text(both, typed=typed)


WORDS = st.text(st.sampled_from("ab ,'\"\\\\()-#$日é"), min_size=1, max_size=45)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(WORDS, min_size=1, max_size=3), st.dictionaries(st.sampled_from(["reason", "known_on", "because"]), WORDS)
)
def test_a_broken_line_is_read_as_the_whole_one(words: list[str], options: dict[str, str]) -> None:
    line = command("resolve", LONG, *words, **options)

    typed, python = code_lines(line, typed=True), code_lines(line, typed=False)

    assert typed_words("\n".join(typed)) == typed_words(line.typed)
    assert ast.dump(ast.parse(dedent("\n".join(python)))) == ast.dump(ast.parse(line.python))


def test_quoted_words_of_a_hint_stay_together() -> None:
    names = "'Anna Maria Sophia von und zu Hohenstein=anna-maria'"

    shown = as_text(
        [Hint(f'same people?  "Anna" may be anna-maria, of the other file: --people {names}', "")], typed=True
    )

    assert names in shown.splitlines()[1]
