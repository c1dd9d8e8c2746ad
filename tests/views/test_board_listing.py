"""A long board: one line a claim, what waits first; the filters; the first screen of an empty ledger."""

from __future__ import annotations

import re

import pytest
from club import many
from conftest import Clock, Refuses

from predictions import InvalidValue, Ledger, NotFound, ainews


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    many(ledger, clock, 45)
    return ledger


def test_it_counts_and_lists_what_waits_first(club: Ledger) -> None:
    shown = club.board().screen(typed=True)

    assert shown.startswith(
        """\
45 statements: 1 due, 3 overdue, 29 open, 6 settled, 6 unclear        2027-02-15

no verdict yet           deadline    over      you          others
it-rains-000             2026-06-01  259 days  0.30         0.60 .. 0.90      2
it-rains-001             2026-06-02  258 days  0.30         0.60              1
it-rains-002             2026-06-03  257 days  0.30         0.60              1
two-labs-publish-prices  2027-01-31  15 days   0.40         -                 0
  2 of 2 on file

open, next to close      deadline    left      you          others
"""
    )
    assert f"{'19 more':<25}--status open\n" in shown
    assert "settled lately" in shown
    assert f"{'1 more':<25}--status settled\n" in shown
    assert shown.endswith(
        "filters: --status  --by WHO  --source S  --tag T  --search TEXT  --type choice\n--full: a block for each"
    )
    assert max(map(len, shown.splitlines())) <= 80


def test_twenty_statements_have_a_block_each_and_one_more_a_line(ledger: Ledger, clock: Clock) -> None:
    many(ledger, clock, 20)
    blocks = str(ledger.board())
    ledger.add("It snows", deadline="2027-12-31")

    assert "no verdict yet" not in blocks
    assert "no verdict yet" in str(ledger.board())
    assert "no verdict yet" not in str(ledger.board(full=True))


def test_a_long_board_keeps_its_size_at_400_claims(ledger: Ledger, clock: Clock) -> None:
    many(ledger, clock, 400)
    board = ledger.board()

    html = board._repr_html_()

    assert len(html) < 20_000
    assert html.count("<tr>") <= 35
    assert len(str(board).splitlines()) <= 42
    assert len(board.rows()) == 400


@pytest.mark.parametrize(
    ("only", "count"),
    [
        ({}, 45),
        ({"status": "open"}, 29),
        ({"status": "due"}, 4),
        ({"status": "overdue"}, 3),
        ({"status": "settled"}, 6),
        ({"status": "unclear"}, 6),
        ({"by": "cyd"}, 11),
        ({"by": "ana"}, 45),
        ({"tag": "odd"}, 22),
        ({"tag": "odd", "status": "due"}, 1),
        ({"search": "number 11"}, 1),
        ({"search": "PRICES labs"}, 1),
        ({"search": "hail"}, 0),
        ({"type": "events"}, 1),
        ({"type": "yes-no"}, 44),
        ({"source": "self"}, 45),
    ],
)
def test_a_filter_leaves_what_fits(club: Ledger, only: dict[str, str], count: int) -> None:
    board = club.board(**only)  # type: ignore[arg-type]

    assert len(board.rows()) == count
    assert str(board)
    if not count:
        assert str(board) == "no statement fits: search hail"


def test_a_status_that_is_asked_for_is_listed_whole(club: Ledger) -> None:
    shown = club.board(status="open").screen(typed=True)

    assert shown.startswith("29 statements (status open): 29 open")
    assert shown.count("it-rains-") == 29
    assert "more " not in shown


@pytest.mark.parametrize(
    ("only", "parts", "error"),
    [
        ({"status": "opne"}, ["'opne' is no status; say one of open, due, overdue, settled, unclear"], InvalidValue),
        ({"by": "cid"}, ["no forecaster 'cid' in this ledger", "did you mean 'cyd'?"], NotFound),
        ({"tag": "od"}, ["no tag 'od' in this ledger"], NotFound),
        ({"source": "times"}, ["no source 'times' in this ledger"], NotFound),
        ({"type": "choise"}, ["'choise' is no type of claim"], InvalidValue),
        ({"search": " "}, ["search: ' ' holds no word"], InvalidValue),
    ],
)
def test_a_filter_that_cannot_be_read_is_told(
    club: Ledger, refuses: Refuses, only: dict[str, str], parts: list[str], error: type[Exception]
) -> None:
    with refuses(*parts, error=error):
        club.board(**only)  # type: ignore[arg-type]


def test_a_filter_finds_statements_that_nobody_is_held_to_by_their_words(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    found = ledger.board(search="vendor", full=True)

    assert "not resolvable" in str(found)
    assert "not resolvable" not in str(ledger.board(search="vendor", status="open"))


def test_without_a_name_there_is_no_column_of_ones_own(club: Ledger) -> None:
    club.me = None

    shown = str(club.board())

    assert "you" not in shown.split()
    assert re.search(r"it-rains-000 +2026-06-01 +259 days +0\.30 \.\. 0\.90 +3\n", shown)


def test_a_name_that_is_too_long_for_its_column_is_begun_so_that_it_can_be_typed(club: Ledger) -> None:
    club.add("It hails", deadline="2027-02-28", slug="a-very-long-name-for-a-claim-about-hail-that-nobody-would-type")
    club.add("It snows", deadline="2027-02-28", slug="a-very-long-name-for-a-claim-about-hail-that-nobody-would-read")

    lines = str(club.board()).splitlines()

    names = [line.split()[0] for line in lines if line.startswith("a-very")]
    assert names == [f"a-very-long-name-for-a-claim-about-hail-that-nobody-would-{end}" for end in "tr"]
    assert max(map(len, lines)) <= 80


def test_what_is_met_by_the_evidence_is_marked_while_it_is_open(club: Ledger) -> None:
    club.add("One lab publishes", deadline="2027-02-20", opens_on="2026-01-01", slug="one-lab", at_least=1)
    club.log_evidence("one-lab", "https://gamma.example/", "Prices", on="2026-02-04", counts="gamma", grade="primary")

    lines = str(club.board()).splitlines()

    place = next(number for number, line in enumerate(lines) if line.startswith("one-lab"))
    assert lines[place + 1] == "  the evidence on file meets it"


def test_an_empty_ledger_says_how_to_begin(ledger: Ledger) -> None:
    assert ledger.board().screen(typed=True) == (
        """\
ledger.db is empty.
  your own prediction    predictions add "..." --deadline DAY -p 70%
  somebody else's        predictions quote WHO "..." --deadline D --said-on D
  a file you have        predictions import-from table FILE   (or fatebook, ...)
  an example to look at  predictions --ledger ainews.db init ainews"""
    )
    assert 'ledger.add("...", deadline="2027", p=.7)' in str(ledger)
    assert ledger._repr_html_().count("<pre><code>ledger.") == 4


def test_a_status_listed_whole_keeps_within_bounds_in_a_notebook(ledger: Ledger, clock: Clock) -> None:
    many(ledger, clock, 400)

    html = ledger.board(status="open")._repr_html_()

    assert len(html) < 60_000
    assert "66 more in .rows()" in html
    assert len(ledger.board(status="open").rows()) == 266


def test_a_line_each_where_nobody_is_held_to_anything(ledger: Ledger) -> None:
    ledger.quote("Prof Pundit", "AI will change everything", said_on="2025-12-01", not_resolvable="no test, no day")

    shown = str(ledger.board(full=False))

    assert shown.startswith("0 statements  ")
    assert "1 more statement, not scored: full=True" in shown


def test_where_all_is_unclear_that_is_listed(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-03-31", slug="rain")
    clock.set("2026-06-01")
    ledger.resolve("rain", "ambiguous", known_on="2026-05-01", reason="two gauges differ")

    for board in (ledger.board(full=False), ledger.board(full=False, status="unclear")):
        assert ["rain", "ambiguous", "05-01"] in [line.split()[:3] for line in str(board).splitlines()]


def test_four_hundred_claims_of_long_slugs_have_a_line_each_with_a_name_to_type(ledger: Ledger, clock: Clock) -> None:
    words = ["gpt", "release", "ships", "before", "europe", "inflation", "stays", "under", "three", "percent", "signs"]
    ledger.import_from(
        "table",
        [
            {
                "text": "It rains in the town of number" if number % 3 else " ".join(words[number % 7 :]),
                "deadline": f"2026-{1 + number % 12:02d}-28",
                "id": f"{'a-long-key-of-ours-for-all-' if number % 2 else ''}{number}",
                "p": "30%",
            }
            for number in range(400)
        ],
    )
    clock.set("2026-06-15")

    for board in (ledger.board(), ledger.board(status="open"), ledger.board(status="due")):
        lines = board.screen(typed=True).splitlines()
        named = [line.split()[0] for line in lines if re.match(r"\S+ +\d{4}-\d\d-\d\d ", line)]
        assert len(named) >= 20
        assert not [line for line in lines if re.fullmatch(r"[a-z0-9-]+", line)]
        assert [ledger.claim(name).claim.slug for name in named] == board.drawn[: len(named)]
        more = {line.index("--status") for line in lines if " more " in line}
        assert more <= {lines[2].index("deadline")}


def test_every_filter_is_named_at_its_door(ledger: Ledger) -> None:
    for number in range(21):
        ledger.add(f"It rains in town {number}", deadline="2026-12-31")

    assert ledger.board().screen(typed=True).splitlines()[-2].endswith("--search TEXT  --type choice")
    assert "type=; ledger.due()" in " ".join(str(ledger.board()).split())


def test_the_numbers_of_several_are_a_span_and_an_option_is_named_once(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    ledger.me = "ana"
    for number in range(21):
        ledger.add(f"Claim of the number {number}", deadline="2099")
    cars = {"unit": "million", "between": (0, 10), "deadline": "2098"}
    ledger.add("Cars that are sold in the country", quantiles={0.1: 2, 0.5: 4, 0.9: 6}, **cars)
    ledger.add("Which lab leads", deadline="2098", options=["openai", "other"], p={"openai": 0.4, "other": 0.6})
    for who, middle, chance in (("bob", 3.8, 0.65), ("cyd", 4.4, 0.55), ("dan", 4.1, 0.65)):
        ledger.forecast("cars", quantiles={0.1: 2, 0.5: middle, 0.9: 6}, by=who, kind="person")
        ledger.forecast("which", {"openai": chance, "other": 1 - chance}, by=who)

    lines = ledger.board().screen(typed=True).splitlines()

    assert [line.split()[-4:] for line in lines if line.startswith("cars-")] == [["3.8", "..", "4.4", "3"]]
    assert [line.split()[-4:] for line in lines if line.startswith("which-")] == [["openai", "0.65,", "0.55", "3"]]
    assert [line for line in lines if line.startswith("cars-that-are-sold-in")]
    assert max(map(len, lines)) <= 80


def test_each_claim_has_one_line_whatever_is_said_of_a_choice(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    ledger.me = "ana"
    for number in range(21):
        ledger.add(f"Town {number} has a long winter", deadline="2028")
    labs = ["openai", "google", "a-laboratory-of-a-long-name"]
    ledger.add("Which lab leads", deadline="2027-05-01", options=labs, p=dict(zip(labs, (0.2, 0.2, 0.6), strict=True)))
    for who, leads in (("bob", 0), ("cyd", 1), ("dan", 2)):
        ledger.forecast("which", {lab: 0.6 if lab == labs[leads] else 0.2 for lab in labs}, by=who, kind="person")
    for verdict in ("", labs[2]):
        if verdict:
            ledger.resolve("which-lab-leads", verdict, known_on="2026-11-29")
        shown = ledger.board().screen(typed=True)
        lines = [line for line in shown.splitlines() if line.startswith(("town-", "which-"))]
        assert len(lines) >= 10
        assert all(re.match(r"\S+ +\S+.* {2,}\d+$", line) for line in lines), shown
        assert max(map(len, shown.splitlines())) <= 80
        assert "openai 0.60 ..." in shown


@pytest.mark.parametrize("other", [{}, {"options": ["a", "b"], "said": "b"}])
@pytest.mark.parametrize("statements", [3, 45])  # a block for each; and a line for each
def test_a_contested_verdict_is_marked_and_one_that_all_agree_on_is_not(
    ledger: Ledger, clock: Clock, statements: int, other: dict[str, object]
) -> None:
    options = {"options": other["options"]} if other else {}
    for number in range(statements):
        ledger.add(f"Case {number}", deadline="2026-03-01", slug=f"case-{number}", **options)  # type: ignore[arg-type]
    clock.set("2026-04-15")
    says = "a" if other else "no"
    for number in (0, 1):
        ledger.resolve(f"case-{number}", says, reason=f"seen {number}", known_on="2026-03-02")
    instead = {} if other else {"happened_on": "2026-02-01"}
    against = {"dissent": True, "by": "Ann", "known_on": "2026-03-03", "reason": "I think so"}
    ledger.resolve("case-0", "b" if other else "yes", **against, **instead)  # type: ignore[arg-type]
    ledger.resolve("case-1", says, **against)  # type: ignore[arg-type]

    shown = " ".join(str(ledger.board()).split())

    assert shown.count("contested") == 1
    assert f"Ann says {'b' if other else 'yes'}" in shown
