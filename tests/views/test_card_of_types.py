"""The card of claims of every type: rows, what is not counted, bounds, and skill pooled over types."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from club_of_types import TYPES, club_of_types, said
from command_line import CommandLine
from conftest import Clock

from forecasts.date_spreads import date_spread_over_time
from predictions import InvalidValue, Ledger, LedgerWarning
from predictions.numerals import exact
from predictions.render.blocks import Table

C = {"yes-no": 1 / 4, "choice": 1 / 3, "ordered": 4 / 18, "number": 1 / 6, "date": float(date_spread_over_time(100))}


def test_rows_hold_the_claims_of_every_type(club: Ledger) -> None:
    rows = list(club.scorecard().rows())

    assert {row["type"] for row in rows} == set(TYPES)
    assert len(rows) == 3 * 4 * len(TYPES)
    told = {row["claim"]: row for row in rows if row["forecaster"] == "ana"}
    for type_ in TYPES:
        row = told[f"{type_}-0"]
        assert (row["probability"] is not None) == (type_ == "yes-no")
        assert row["said"] == f"{row['probability']:.2f}" if type_ == "yes-no" else row["said"] != ""
        assert row["brier"] is not None
        assert row["place"] == "scored"
    assert told["choice-1"]["outcome"] in {"low", "mid", "high"}
    assert told["choice-1"]["value"] is None
    assert float(told["number-0"]["outcome"]) == pytest.approx(told["number-0"]["value"])
    assert told["date-0"]["outcome"].startswith("2026-0")
    assert told["date-0"]["said"].endswith("0.9 by 2026-04-10")


def test_contributions_add_up_to_the_mean_of_their_type(club: Ledger) -> None:
    card = club.scorecard()
    rows = [row for row in card.rows() if row["forecaster"] == "ben"]

    for scores in card.to_dict()["types"]:
        if scores["forecaster"] == "ben":
            parts = [row["contribution"] for row in rows if row["type"] == scores["type"]]
            assert sum(parts) == pytest.approx(scores["score"])
    parts = [row["contribution"] for row in rows if row["type"] == "yes-no"]
    assert sum(parts) == pytest.approx(card.record("ben").means["brier"])


def test_a_card_of_one_type_has_the_records_of_that_type(club: Ledger) -> None:
    card = club.scorecard(type="choice")

    told = next(scores for scores in card.to_dict()["types"] if scores["forecaster"] == "ben")
    assert (card.record("ben").n, card.record("Ben").means["brier"]) == (4, pytest.approx(told["score"]))
    with pytest.raises(InvalidValue, match="'ben' has no scored claim of yes or no on this card"):
        card.reliability("ben")


def test_skill_is_pooled_over_types_in_units_of_what_knowing_nothing_expects(club: Ledger) -> None:
    card = club.scorecard()
    rows = list(card.rows())

    assert {one.forecaster.slug for one in card.pooled} == {"ana", "ben", "cyd"}
    for one in card.pooled:
        own = [row["time_skill"] / C[row["type"]] for row in rows if row["forecaster"] == one.forecaster.slug]
        assert (one.n, one.types) == (20, 5)
        assert one.skill == pytest.approx(fmean(own))
    assert "EVERY TYPE" in str(card)
    assert card.to_dict()["every_type"][0]["time_skill"] == pytest.approx(card.pooled[0].skill)


def test_skill_is_not_pooled_over_a_single_type(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, types=("number",))

    assert ledger.scorecard().pooled == ()
    assert "EVERY TYPE" not in str(ledger.scorecard())


def test_what_is_not_counted_is_said_by_the_funnel_of_all(club: Ledger, clock: Clock) -> None:
    club.add("Which is next?", deadline="2027-01-01", options=["a", "b"], p={"a": 0.7, "b": 0.3}, slug="next")
    club.add("Which was it?", deadline="2026-09-02", options=["a", "b"], p={"a": 0.7, "b": 0.3}, slug="lapsed")
    clock.set("2026-09-02")
    club.resolve("lapsed", "annulled", reason="called off")

    text = " ".join(str(club.scorecard()).split())
    [ana] = [
        row for row in club.scorecard().to_dict()["types"] if row["forecaster"] == "ana" and row["type"] == "choice"
    ]

    assert "NOT COUNTED ana: 2 open; 1 of the open ended before due" in text
    assert (ana["funnel"]["forecast"], ana["funnel"]["scored"], ana["n"]) == (6, 4, 4)
    best, worst = (4 * ana["score"] + loss for loss in (0.3**2, 0.7**2))
    assert ana["bounds_open"] == pytest.approx([best / 5, worst / 5])
    assert "best for a forecaster, or worst: score ana" in text


def test_a_card_of_one_forecaster_has_nobody_else_in_its_tables(club: Ledger) -> None:
    card = club.scorecard(by="ben")

    assert {record.forecaster.slug for scores in card.types for record in scores.records} == {"ben"}
    assert {row["forecaster"] for row in card.rows()} == {"ben"}
    assert [one.forecaster.slug for one in card.pooled] == ["ben"]


def test_the_same_is_typed(club: Ledger, tmp_path: Path) -> None:
    typed = CommandLine(tmp_path)
    typed.path = tmp_path / "ledger.db"

    told = typed.json("scorecard")

    assert {row["type"] for row in told["types"]} == set(TYPES) - {"yes-no"}
    assert {row["type"] for row in told["rows"]} == set(TYPES)
    assert len(told["every_type"]) == 3


def test_the_full_card_says_whether_numbers_are_calibrated(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 12, ("number",))

    text = str(ledger.scorecard(full=True))
    (line,) = re.findall(r"^ana +12 +(\d+) % +(\d+) % +(\d+) % +(\d+ \d+ \d+ \d+ \d+) +0 to 5", text, re.MULTILINE)

    rows = [row for row in ledger.scorecard().rows() if row["forecaster"] == "ana"]
    inside = 0
    for row in rows:  # what was said are the quantiles at .1, .4, .6 and .9
        ends = [float(part.split()[-1]) for part in str(row["said"]).split(", ")]
        inside += ends[0] <= float(str(row["value"])) <= ends[-1]
    assert int(line[1]) == round(100 * inside / 12)
    assert sum(map(int, line[3].split())) == 12
    assert "inside the middle ranges" not in str(ledger.scorecard())


def test_of_few_numbers_nothing_is_said_of_calibration(club: Ledger) -> None:
    text = str(club.scorecard(full=True))

    assert re.search(r"^ana +4 +too few$", text[text.index("inside the middle ranges") :], re.MULTILINE)


def test_the_full_card_says_whether_dates_are_calibrated(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 12, ("date",))

    text = str(ledger.scorecard(full=True))
    (line,) = re.findall(r"^ana +12 +(\d+) % +(\d+) % +(\d+) % +([\d. ]+?) +0 to 5", text, re.MULTILINE)

    rows = [row for row in ledger.scorecard().rows() if row["forecaster"] == "ana"]
    opened, inside = date(2026, 1, 1), 0.0
    for row in rows:
        (middle, _), *rest = [
            (date.fromisoformat(by) - opened, float(p))
            for p, _, by in (part.split() for part in str(row["said"]).split(", "))
        ]
        days, chances = [0, middle.days + 1, *(by.days + 1 for by, _ in rest)], [0, 0.3, *(p for _, p in rest)]
        event = (date.fromisoformat(str(row["outcome"])) - opened).days + 1
        before, by_then = np.interp([event - 1, event], days, chances)
        inside += (np.clip(by_then, 0.1, 0.9) - np.clip(before, 0.1, 0.9)) / (by_then - before)
    assert int(line[1]) == round(100 * inside / 12)
    [row] = [row for row in ledger.scorecard(by="ana").to_dict()["types"] if row["type"] == "date"]
    assert sum(row["fifths"]) == pytest.approx(12)
    assert line[3].split() == [exact(round(count, 1)) for count in row["fifths"]]
    assert row["in_80"] == pytest.approx(inside / 12)


def test_numbers_of_one_cluster_are_one_observation_of_calibration(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 12, ("number",))
    alone = ledger.scorecard().types[0].calibration({}).rows
    for number in (0, 1, 2):
        with pytest.warns(LedgerWarning, match="too late for means"):
            ledger.correct(f"number-{number}", cluster="one", reason="one fact")

    told = ledger.scorecard().types[0].calibration({}).rows

    assert alone[0][1] == "12"
    assert told[0][1] == "10"
    assert sum(map(float, told[0][5].split())) == pytest.approx(10, abs=0.3)


def test_options_have_the_log_score_of_what_came_true(club: Ledger) -> None:
    rows = [row for row in club.scorecard(by="ana").rows() if row["type"] in {"choice", "ordered"}]

    for row in rows:
        shares = {option: float(share) for option, share in (part.split() for part in str(row["said"]).split(", "))}
        assert row["log_score"] == pytest.approx(-np.log(shares[str(row["outcome"])]))
    for scores in club.scorecard(by="ana").to_dict()["types"]:
        own = [row["log_score"] for row in rows if row["type"] == scores["type"]]
        assert scores["log_score"] == (pytest.approx(fmean(own)) if own else None)
    headings = re.findall("^who .* entered .*covered", str(club.scorecard()), re.MULTILINE)[-4:]
    assert [" log " in heading for heading in headings] == [True, True, False, False]


def test_who_gave_nothing_to_what_came_true_has_an_infinite_log_score_in_words(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Which?", deadline="2026-06-30", options=["a", "b"], p={"a": 1, "b": 0})
    ledger.forecast("which", {"a": 0.9, "b": 0.1}, by="ben", kind="person")
    clock.set("2026-09-01")
    ledger.resolve("which", "b", known_on="2026-07-01", reason="seen")

    text = " ".join(str(ledger.scorecard()).split())

    assert re.search(r"ana 1 1\.000 infinite", text)
    assert "the log score is infinite, because what came true was given 0: ana" in text
    assert "came true: ana, ben" not in text


def test_the_full_card_lists_the_claims_of_every_type(club: Ledger) -> None:
    listed = str(club.scorecard(full=True)).partition("each scored claim")[2].partition("from the claims forecast")[0]
    rows = {(row["claim"], row["forecaster"]): row for row in club.scorecard().rows()}

    told = [tuple(line.split()[:2]) for line in listed.splitlines()[2:] if "-" in line]
    assert len(told) == len(rows)
    assert set(told) == set(rows)
    assert max(map(len, listed.splitlines())) <= 80
    for line in listed.splitlines():
        if line.startswith("date-0"):
            row = rows[tuple(line.split()[:2])]
            assert f"{row['said'].rpartition(', ')[2]}  {row['outcome']}" in line
            assert f" {row['brier']:.3f} " in line


@pytest.mark.parametrize("long", ["bo", "a-forecaster-of-a-name-that-goes-on-and-on"])
@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # the forecasts are backdated or too late
def test_the_full_card_fits_the_screen_whatever_its_names_and_notes(club: Ledger, clock: Clock, long: str) -> None:
    slug, option = f"which-of-them-{long}", "a-long-option-of-many-words"
    shares = {option: 0.71234, "other": 0.28766}
    club.add("Which", slug=slug, deadline="2026-12-31", options=list(shares), p=shares)
    for type_ in TYPES:
        said(club, f"{type_}-1", type_, long, 0.4, made_at="2026-02-03")
    club.forecast("yes-no-2", words="will", by=long)
    clock.set("2027-02-10")
    club.resolve(slug, option, known_on="2027-01-20", reason="seen")

    text = str(club.scorecard(full=True, by=[long, "ana"]))

    listed = text.partition("each scored claim")[2].partition("from the claims forecast")[0]
    assert max(map(len, text.splitlines())) <= 80
    assert listed.count("backdated") == len(TYPES)
    assert "words read afterwards" in listed


def test_the_full_card_of_one_type_lists_its_claims(club: Ledger) -> None:
    text = str(club.scorecard(full=True, type="number"))

    assert "each scored claim" in text
    assert all(f"number-{number}" in text for number in range(4))
    assert "choice-0" not in text


def test_plain_counts_say_where_the_other_types_are_counted(club: Ledger, tmp_path: Path) -> None:
    told = "yes or no only: choices, ordered options, numbers and dates are counted below"

    assert told in " ".join(str(club.scorecard()).split())
    assert "yes or no only" not in str(club.scorecard(type="yes-no"))
    assert told.capitalize() in club.report(tmp_path / "page.html").read_text()


def test_who_was_near_is_counted_in_words_a_reader_of_newspapers_knows(club: Ledger, tmp_path: Path) -> None:
    card = club.scorecard()
    screen = str(card)

    assert list(screen[screen.index("WHICH, HOW MANY, WHEN") :].splitlines()[1].split("  ")) == [
        "who", "said", "named it", "in their range", "in time or not",
    ]  # fmt: skip
    assert screen.index("WHO WAS RIGHT") < screen.index("WHICH, HOW MANY, WHEN") < screen.index("RANKING")
    for slug in ("ana", "ben", "cyd"):
        rows = [row for row in card.rows() if row["forecaster"] == slug]
        named = [_named(row) for row in rows if row["type"] in {"choice", "ordered"}]
        in_time = [_in_time(row) for row in rows if row["type"] == "date"]
        [line] = [line for line in screen.splitlines() if re.match(rf"{slug} +16 ", line)]
        assert f" {sum(named)} of {len(named)} " in line
        assert line.endswith(f"{sum(in_time)} of {len(in_time)}")
    told = [row for row in card.to_dict()["types"] if row["forecaster"] == "ana" and row["type"] == "choice"]
    assert (told[0]["near"], told[0]["near_of"]) == (4, 4)


def _named(row: dict[str, object]) -> bool:
    shares = dict(part.rsplit(" ", 1) for part in str(row["said"]).split(", "))
    return max(shares, key=lambda option: float(shares[option])) == row["outcome"]


def _in_time(row: dict[str, object]) -> bool:
    return (float(str(row["said"]).rpartition(", ")[2].split()[0]) > 0.5) == (row["outcome"] != "no")


def test_a_tie_and_exactly_half_are_on_no_side_and_a_value_at_the_end_of_the_range_is_in_it(
    ledger: Ledger, clock: Clock
) -> None:
    clock.set("2026-01-02")
    window = {"deadline": "2026-03-31", "opens_on": "2026-01-01"}
    ledger.add("Which", slug="tie", options=["a", "b", "c"], p={"a": 0.4, "b": 0.4, "c": 0.2}, **window)
    ledger.add("When", slug="half", when=True, p={"2026-03-31": 0.5}, **window)
    for number in range(3):
        levels = {0.1: 2, 0.5: 4, 0.9: 6}
        ledger.add(f"How many {number}", slug=f"n-{number}", unit="cars", between=(0, 10), quantiles=levels, **window)
    clock.set("2026-05-01")
    seen = {"known_on": "2026-04-02", "reason": "seen"}
    ledger.resolve("tie", "a", **seen)
    ledger.resolve("half", "no", reason="not seen")
    for number, value in enumerate((2, 6, 6.5)):
        ledger.resolve(f"n-{number}", value, **seen)

    screen = str(ledger.scorecard())

    assert re.search(r"\n\S+ +5 +0 of 0 \(1 tied\) +2 of 3 +0 of 0 \(1 at 50 %\)\n", screen)


def test_the_page_answers_for_claims_of_other_types_alone(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    club_of_types(ledger, clock, types=("date",))

    page = ledger.report(tmp_path / "page.html").read_text()

    answer = page[page.index('id="answer"') : page.index('id="scorecard"')]
    assert "When: what came out as they said, of what is settled" in answer
    assert answer.count('data-label="in time or not"') == 3
    assert "None yet" not in answer
    for row in next(ledger.scorecard().types[0].blocks({}, lambda record: "")).rows:
        assert all(f">{cell}</t" in page for cell in row if cell)


def test_tables_of_types_show_as_many_as_the_others_and_say_how_many_more_there_are(
    club: Ledger, tmp_path: Path
) -> None:
    whole, first = club.scorecard(), club.scorecard(top=1)

    table = next(block for block in first.of_types() if isinstance(block, Table))
    assert [row[0] for row in table.rows] == [whole.records[0].forecaster.title]
    assert str(first).count("2 more forecasters: top=3") == len(first.types) + 1  # and of skill over every type
    assert "more forecasters: top=" not in str(whole)
    assert first.to_dict()["types"] == whole.to_dict()["types"]


def test_two_of_one_title_are_told_apart_by_their_slugs(club: Ledger) -> None:
    for who in ("ben", "cyd"):
        club.correct(who, title="Pat", reason="their name")

    card = club.scorecard()

    for block in card.of_types():
        if isinstance(block, Table):
            assert {"ben", "cyd"} <= {row[0] for row in block.rows}
    assert "Pat" not in str(club.claim("choice-1", today="2026-02-01"))
    assert "Pat" not in str(club.board(today="2026-02-01"))


def test_a_page_cuts_neither_what_was_said_nor_what_came(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    """A terminal has no room for them; in a table of a page they stand whole, elsewhere where one points."""
    options = ["кандидат-от-большой-партии", "the-very-long-option-of-the-laboratory", "其他"]
    statement = " ".join(["Which of them will be the first?", *("It is asked again." for _ in range(60))])
    ledger.add(
        statement,
        deadline="2026-06-30",
        options=options,
        p=dict(zip(options, (0.5, 0.3, 0.2), strict=True)),
        slug="which",
    )
    ledger.add("Passed", deadline="2026-06-30", when=True, p={"2026-05-16": 0.3, "2026-06-30": 0.6})
    before = ledger.head()
    clock.set("2026-08-15")
    ledger.resolve("which", options[1], known_on="2026-07-02", reason="seen")
    ledger.resolve("passed", "yes", happened_on="2026-05", known_on="2026-06-01", reason="seen")

    card = ledger.scorecard(full=True)

    page = card._repr_html_()
    table = page[page.index("each scored claim") :]
    assert "..." not in table[: table.index("</table>")]
    for whole in ("кандидат-от-большой-партии 0.5", "the-very-long-option-of-the-laboratory 0.3", "其他 0.2"):
        assert whole in table
    assert " 2026-05 " in re.sub("<[^>]*>", " ", table)
    assert "the-very..." in str(card)
    report = ledger.report(tmp_path / "page.html").read_text()
    listed = re.sub("<[^>]*>", "", report[report.index("<caption>each scored claim") :].partition("</table>")[0])
    assert "the-very-long-option-of-the-laboratory 0.3" in listed
    assert "..." not in listed
    assert all(len(line) <= 80 for line in str(card).splitlines())
    for shown in (ledger.board(), ledger.claim("which"), ledger.due(today="2026-08-01", as_of=before)):
        assert statement in shown._repr_html_()


def test_a_median_alone_is_counted_in_a_range_that_the_card_calls_drawn_straight(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Cars", deadline="2026-12-31", unit="m", between=(0, 10), quantiles={0.5: 3})
    clock.set("2027-02-01")
    ledger.resolve("cars", 4, known_on="2027-01-05")

    screen = str(ledger.scorecard())

    assert "in their range\nana     1          1 of 1\n" in screen
    assert (
        "in their range: the number lay between their 10 % and 90 %, drawn straight where they said neither"
        in " ".join(screen.split())
    )


def test_a_card_of_open_claims_only_counts_what_was_said(ledger: Ledger) -> None:
    ledger.add("Cars", deadline="2026-12-31", unit="m", between=(0, 10), quantiles={0.1: 2, 0.5: 4, 0.9: 6})
    ledger.add("Which?", deadline="2026-12-31", options=["a", "b"], p={"a": 0.5, "b": 0.5})

    screens = [str(ledger.scorecard(**asked)) for asked in ({}, {"full": True}, {"type": "number"})]

    assert "who  said  named it  in their range\nana     2         -               -\n" in screens[0]
    assert "who  said  in their range\nana     1               -\n" in screens[2]
    assert not [screen for screen in screens if "\n\n\n" in screen]


def test_a_skill_next_to_nothing_is_no_wider_than_others(ledger: Ledger) -> None:
    asked = {"deadline": "2025-06-30", "said_on": "2025-01-02", "link": "https://bob.example"}
    ledger.quote("Bob", "It rains nearly as often as not in the whole of the country", p=0.4999, **asked)
    ledger.resolve("it-rains", "no", known_on="2025-07-05", reason="dry")

    listed = str(ledger.scorecard(full=True)).partition("each scored claim")[2]

    assert "<+0.001" in listed
    assert max(map(len, listed.splitlines())) <= 80
