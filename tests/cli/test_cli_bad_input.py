"""Bad input at the command line: exit 1, one plain sentence that names the value and the fix, the file unchanged.

The numbers before each table are the rows of the project's list of bad input that can reach the command line.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, with_one_claim
from conftest import Clock

from predictions.cli.messages import as_typed
from predictions.slugs import NEXT

TODAY = "2026-11-22"
IN_UTC = f", and in UTC, which days are, it is {TODAY} 09:00"
DAYS_ARE_UTC = f": days are UTC, and in UTC it is {TODAY}; say that day"
NO_COUNT = " is not a whole number from 0 to 999,999"
NO_SLUG = " is not a slug; use 1 to 64 of a-z, 0-9 and '-', starting with a letter or digit"
NO_LINK = " is not a web link; only http:// and https:// links are kept"
NO_MARKS = " has a space, quote, backslash or control character; encode it as %xx"
NO_DAY = " is in no calendar; check its year, month and day"
NO_TIME = " is no day, moment or head; say 2026-04-13, or size:root"
SAY_A_MOMENT = "; say 2026-11-21, or 2026-11-21T09:30 with Z or +01:00"
NO_MOMENT = " as a day or a moment; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
NO_WINDOW = "; say 2027, 'Q3 2027', 'June 2027', 2027-06-30 or 'within 18 months'"


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    return with_one_claim(tmp_path, clock, TODAY)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "'' is empty text"),  # 24
        ("   ", "'   ' is empty text"),  # 24
        ("\u200b", "'\\u200b' is empty text"),  # 24
        ("x" * 20_001, "the text has 20,001 characters; shorten it: at most 20,000 are taken"),  # 25
        ("x" * 10_000_000, "the text has 10,000,000 characters; shorten it: at most 20,000 are taken"),  # 25
        ("a\0b", "a control character (U+0000) at position 1; only new lines and tabs are kept"),  # 26
        ("a\ud800b", "half a character (U+D800) at position 1; mend the text"),  # 27
        ("a\x1b[31mb", "a control character (U+001B) at position 1; only new lines and tabs are kept"),  # 28
        ("a\x85b", "a control character (U+0085) at position 1; only new lines and tabs are kept"),  # 28
        ("e" + "\u0301" * 10_000, "more than 20 combining marks in a row; shorten the text"),  # 32
    ],
)
def test_text_that_cannot_be_kept_is_refused(run: CommandLine, typed: str, said: str) -> None:
    assert run.refuses("add", "It snows", "--deadline", "2027", "--criteria", typed) == f"--criteria: {said}"
    assert run.refuses("add", typed, "--deadline", "2027").endswith(said[-13:])
    assert run.refuses("forecast", "rain", "0.5", "--note", typed) == f"--note: {said}"


def test_hidden_direction_marks_are_kept_shown_and_noted(run: CommandLine) -> None:  # 29
    result = run("forecast", "rain", "0.5", "--note", "not \u202egnihtyna\u202c else")

    assert result.exit_code == 0
    assert result.stderr.startswith("note: the note of forecast rain ana ")
    assert result.stderr.endswith(" has hidden direction marks\n")
    assert "not ⟦U+202E⟧gnihtyna⟦U+202C⟧ else" in run("claim", "rain").stdout


def test_mixed_scripts_are_kept_and_noted(run: CommandLine) -> None:  # 30
    result = run("add", "р" + "aypal is sold", "--deadline", "2027", "--slug", "paypal")

    assert result.exit_code == 0
    assert "note: the text of statement paypal has mixed scripts\n" in result.stderr


def test_the_same_words_otherwise_composed_stand_already(run: CommandLine) -> None:  # 31
    run.says("add", "Caf\u00e9 opens", "--deadline", "2027")

    assert run.says("add", "CAFE\u0301 opens", "--deadline", "2027") == "cafe-opens stands already; nothing new\n"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        *[(link, repr(link) + NO_LINK) for link in ("javascript:alert(1)", "vbscript:x", "data:text/html,x")],  # 38
        ("java\tscript:alert(1)", repr("java\tscript:alert(1)") + NO_MARKS),  # 38
        *[(link, repr(link) + NO_LINK) for link in ("file:///etc/passwd", "//host", "https://", "x")],  # 39
        ("\\\\host\\x", repr("\\\\host\\x") + NO_MARKS),  # 39
        (
            "https://ana:secret@example.org/",
            "the link carries a user name or password; secrets do not belong in a permanent record",
        ),  # 41
        ("https://e.org/a\nb", repr("https://e.org/a\nb") + NO_MARKS),  # 42
        ("https://e.org/a b", repr("https://e.org/a b") + NO_MARKS),  # 42
        ('https://e.org/"', repr('https://e.org/"') + NO_MARKS),  # 42
        ("https://e.org/\u202e", repr("https://e.org/\u202e") + NO_MARKS),  # 42
        ("https://e.org/" + "a" * 2070, "the link has 2,084 characters; at most 2,083 are kept: shorten it"),  # 44
    ],
)
def test_a_link_that_is_none_is_refused(run: CommandLine, link: str, said: str) -> None:
    assert run.refuses("log-evidence", "rain", link, "A title") == f"LINK: {said}"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f.1"])  # 40
def test_a_link_to_anywhere_is_text_and_never_fetched(run: CommandLine, host: str) -> None:
    run.says("log-evidence", "rain", f"http://{host}/", "A title", "--slug", "it")

    assert run.json("claim", "rain")["evidence"][0]["link"] == f"http://{host}/"


def test_a_host_of_other_letters_is_shown_in_ascii_beside_it(run: CommandLine) -> None:  # 43
    run("log-evidence", "rain", "https://ex\u0430mple.org/", "A title")

    assert "https://ex\u0430mple.org/ (xn--exmple-4nf.org)" in run("claim", "rain", "--full").stdout


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "2026-01-01T00:00:00",
            "the moment '2026-01-01T00:00:00' has no offset from UTC; say it: Z or +02:00 behind it",
        ),  # 53
        ("01/02/2026", "'01/02/2026' may be two days; say 2026-02-01 or 2026-01-02"),  # 54
        ("2026", "'2026' is more than one day; say which, from 2026-01-01 to 2026-12-31"),  # 54
        *[(when, f"--made-at {when!r} is no moment{SAY_A_MOMENT}") for when in ("yesterday", "")],  # 54
        ("now", "--made-at 'now' is no moment; leave it out: it is made now"),  # 54
        ("1767225600", "'1767225600' is a count of seconds since 1970; say 2026-01-01"),  # 55
        (
            "2026-01-01T23:59:60Z",
            "'2026-01-01T23:59:60Z' is a leap second, which cannot be kept; write :59 instead",
        ),  # 56
        ("2026-02-30", "'2026-02-30' is in no calendar; check its year, month and day"),  # 56
        ("0000-01-01", "'0000-01-01' is in no calendar; check its year, month and day"),  # 56
        ("10000-01-01", f"cannot read '10000-01-01'{NO_MOMENT}"),  # 56
        (
            "2026-01-01T00:00:00.123456789Z",
            "'2026-01-01T00:00:00.123456789Z' is finer than a microsecond; round it to 6 digits",
        ),  # 57
        (
            "9999-12-31T23:59:59-01:00",
            "the moment '9999-12-31T23:59:59-01:00' lies outside the years 0001 to 9999 in UTC",
        ),  # 56
        (
            "2027-01-01",
            f"--made-at 2027-01-01 lies in the future; a forecast is recorded once it is made{IN_UTC}",
        ),  # 58
    ],
)
def test_a_time_that_is_none_is_refused(run: CommandLine, when: str, said: str) -> None:
    named = "" if said.startswith("--made-at") else "--made-at: "

    assert run.refuses("forecast", "rain", "0.5", "--made-at", when) == named + said


def test_a_day_for_made_at_means_its_end_and_today_is_not_over(run: CommandLine) -> None:  # 54
    assert run.json("forecast", "rain", "0.5", "--made-at", "2026-11-21")["made_at"] == "2026-11-21T23:59:59.999999Z"
    assert run.refuses("forecast", "rain", "0.6", "--made-at", TODAY) == (
        "a whole day means its end, in UTC, where 2026-11-22 is not over; leave --made-at out, or say the time"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ["add", "It snows", "--deadline", "2025-12-31"],
            "'2025-12-31' was over on 2025-12-31, before its window opens, on 2026-11-22; "
            "days are UTC; give a later day",
        ),  # 59
        (["add", "A", "--deadline", "02/03/2027"], "'02/03/2027' may be two days; say 2027-03-02 or 2027-02-03"),  # 54
        (["add", "It snows", "--deadline", "soon"], f"'soon' is no day{NO_WINDOW}"),  # 54
        (["forecast", "reign", "0.5"], "no claim 'reign' in this ledger; did you mean 'rain'?"),  # 60
        (["claim", "sunshine"], f"no claim 'sunshine' in this ledger; {as_typed(NEXT)}"),  # 60
        (["retract", "e-a", "--reason", "x"], "no evidence 'e-a' in this ledger; it has none"),  # 60
        (
            ["board", "--as-of", "2027-01-01"],
            f"--as-of 2027-01-01 lies in the future; nothing is known of it yet{IN_UTC}",
        ),  # 58
        (["board", "--as-of", "2:abababababab"], "2:abababababab is no head of this ledger; see `history` and `head`"),
        (["board", "--today", "tomorrow"], "--today: 'tomorrow' is no day of its own; say 2026-11-23"),  # 54
        (["scorecard", "--today", "2026-13-01"], f"--today: '2026-13-01'{NO_DAY}"),
        (["resolve", "rain", "yes", "--happened-on", "2026-13-01"], f"--happened-on: '2026-13-01'{NO_DAY}"),
        (["resolve", "rain", "yes", "--known-on", "2026-13-01"], f"--known-on: '2026-13-01'{NO_DAY}"),
        (["add", "It snows", "--deadline", "2027", "--opens-on", "2026-13-01"], f"--opens-on: '2026-13-01'{NO_DAY}"),
        *[(["board", "--as-of", when], f"--as-of: {when!r}{NO_TIME}") for when in ("5:abc", "44", "")],
        (["board", "--as-of", "2026-13-01"], f"--as-of: '2026-13-01'{NO_DAY}"),
        (
            ["forecast", "rain", "0.6", "--made-at", f"{TODAY}T23:58Z"],
            f"--made-at {TODAY}T23:58Z lies in the future; a forecast is recorded once it is made{IN_UTC}",
        ),
        (
            ["resolve", "rain", "yes", "--happened-on", "2026-11-23", "--reason", "wet"],
            f"--happened-on 2026-11-23 lies in the future{DAYS_ARE_UTC}",
        ),  # 58
        (
            ["resolve", "rain", "annulled", "--known-on", "2026-11-23", "--reason", "dry"],
            f"--known-on 2026-11-23 lies in the future{DAYS_ARE_UTC}",
        ),  # 58
        (
            ["resolve", "rain", "maybe"],
            "'maybe' is no outcome of a yes-or-no claim; say yes, no, a fraction such as 0.4, ambiguous or annulled",
        ),  # 1
        (["resolve", "rain", "72"], "'72' is no outcome of a yes-or-no claim; say 72% or 0.72"),  # 1
        (
            ["resolve", "rain", "N/A"],
            "'N/A' is no outcome of a yes-or-no claim; did you mean 'annulled', or 'ambiguous'?",
        ),
        *[
            (["resolve", "rain", word], "when? say --happened-on DAY, or --known-on DAY if only that is known")
            for word in ("YES", "True", "1", "100%")
        ],
        (
            ["resolve", "rain", "-0.5"],
            "'-0.5' is no outcome of a yes-or-no claim; say yes, no, a fraction such as 0.4, ambiguous or annulled",
        ),
        (
            ["forecast", "rain", "-0.5"],
            "'-0.5' is negative; a chance runs from 0% to 100%; a value is said with --quantiles",
        ),
        (["add", "It snows", "--deadline", "2027", "--at-least", "two"], f"--at-least: 'two'{NO_COUNT}"),
        (["add", "It snows", "--deadline", "2027", "--settle-days", "-3"], f"--settle-days: '-3'{NO_COUNT}"),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--likelihood-ratio", "1e3"],
            "--likelihood-ratio: '1e3' is not a number; write it with digits and a point, as 2.5",
        ),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--likelihood-ratio", "9" * 17],
            f"--likelihood-ratio: {'9' * 17} is too large to keep: numbers go up to 1e15",
        ),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--likelihood-ratio", "50%"],
            "--likelihood-ratio: '50%' is not a number; write it with digits and a point, as 2.5",
        ),
        (
            ["forecast", "rain", "0.3", "--because", " , "],
            "--because: ' , ' names nothing; leave it out, or empty",
        ),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--publisher", "", "--meets", ","],
            "--meets: ',' names nothing; leave it out, or empty",
        ),
        (["init", ""], "'' is no path; say the name of a file"),
        (
            ["add", "A", "--deadline", "2027", "--at-least", "1", "--conditions", "a=one", "--conditions", "a = two"],
            "--conditions names 'a' twice; say it once",
        ),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--on", "01/02/2026"],
            "--on: '01/02/2026' may be two days; say 2026-02-01 or 2026-01-02",
        ),  # 54
        (
            ["log-evidence", "rain", "https://e.org", "T", "--counts", "storm"],
            "the event 'storm' is new; say --on when it happened: a day, month or year",
        ),
        (
            ["log-evidence", "rain", "https://e.org", "T", "--counts", "storm", "--bears", "opposes"],
            "--counts says that the evidence supports the claim; leave --bears 'opposes' out",
        ),
    ],
)  # fmt: skip
def test_the_sentence_names_the_option_the_value_and_the_fix(run: CommandLine, typed: list[str], said: str) -> None:
    assert run.refuses(*typed) == said


@pytest.mark.parametrize(
    "slug", ["Rain", "RAİN", "\u212aelvin", "../../etc/passwd", "a/b", "CON", "-rf", ".", "a b", "ra\u0456n"]
)  # 61, 62
def test_a_slug_that_is_none_is_refused(run: CommandLine, slug: str) -> None:
    said = run.refuses("add", "It snows", "--deadline", "2027", "--slug", slug)

    assert said == f"--slug: {slug!r}{NO_SLUG}"


def test_a_slug_of_300_characters_is_refused_and_cut_short(run: CommandLine) -> None:  # 62
    said = run.refuses("add", "It snows", "--deadline", "2027", "--slug", "a" * 300)

    assert said == f"--slug: '{'a' * 76}...{NO_SLUG}"


def test_a_reserved_name_is_refused(run: CommandLine) -> None:  # 62
    said = run.refuses("add", "It snows", "--deadline", "2027", "--slug", "con")

    assert said == "--slug: 'con' is a reserved name on some systems; choose another slug"


def test_a_taken_slug_is_refused_and_shows_what_has_it(run: CommandLine) -> None:  # 61
    said = run.refuses("add", "It snows", "--deadline", "2027", "--slug", "rain")

    assert said == "the slug 'rain' is taken: 'It rains in Lisbon'; say another --slug, or none"


def test_a_forecast_after_the_verdict_is_kept_and_noted(run: CommandLine) -> None:  # 60
    run.says("resolve", "rain", "yes", "--happened-on", "2026-11-20", "--reason", "wet")

    result = run("forecast", "rain", "0.99")

    assert result.exit_code == 0
    assert result.stderr == (
        "note: how rain came out was public on 2026-11-20; this forecast is kept and never scored\n"
    )


def test_sql_in_every_text_is_text(run: CommandLine) -> None:
    drop = "'; drop table entry; --"

    run.says("add", drop, "--deadline", "2027", "--slug", "drop", "--title", drop, "--criteria", drop, "--note", drop)
    run.says("log-evidence", "drop", "https://e.org/", drop, "--why", drop, "--publisher", drop)

    assert run.json("verify")["ok"] is True
    assert run.json("claim", "drop")["notes"] == drop
