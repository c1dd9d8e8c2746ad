"""The scorecard: its figures by hand, what stands apart, filters, crowds, and a small card to the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from math import log
from pathlib import Path

import pytest
from conftest import Clock
from scored_ledgers import NUMBERS, TRUE, four_claims, many_claims

from forecasts.corp import corp_decomposition
from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, NotFound, ainews
from predictions.render.text import as_text
from predictions.scoring.score_columns import SCORE_COLUMNS, SCORES, SORTED_BY, Reference
from predictions.views.scorecard.card import Scorecard

DATA = Path(__file__).parents[1] / "data"


def test_the_figures_are_those_worked_by_hand(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    card = ledger.scorecard()
    ana = card.figures["ana"]

    assert ana.value("n") == len(card.record("ana").scored) == 4
    assert ana.brier == pytest.approx((0.01 + 0.04 + 0.16 + 0.09) / 4)
    assert ana.value("log_score") == pytest.approx(-(log(0.9) + log(0.8) + log(0.6) + log(0.7)) / 4)
    assert ana.interval is None
    assert ana.verdict == "too few to say; at least 6 more statements needed"
    parts = corp_decomposition(NUMBERS["ana"], [float(true) for true in TRUE])
    assert parts is not None
    assert ana.value("miscalibration") == pytest.approx(parts.miscalibration)
    assert ana.value("discrimination") == pytest.approx(0.25)
    parts = {row["claim"]: row["contribution"] for row in card.rows() if row["forecaster"] == "ana"}
    assert sum(parts.values()) == pytest.approx(ana.brier)
    assert parts["number-2-comes-true"] == pytest.approx(0.04)


def test_skill_over_time_is_the_loss_saved_over_the_scheduled_window(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    whole = 100 * 86_400
    spoken = 86_400  # by the day, a forecast stands from the midnight after it was made
    early = (51 * 86_400 - spoken) / whole  # to the end of 2026-02-20, when the yes was known
    late = (whole - spoken) / whole

    skill = ledger.scorecard().figures["ana"].skill

    half = (early * (0.25 - 0.01) + late * (0.25 - 0.04) + early * (0.25 - 0.16) + late * (0.25 - 0.09)) / 4
    others = (early * (0.16 - 0.01) + late * (0.16 - 0.04) + early * (0.25 - 0.16) + late * (0.25 - 0.09)) / 4
    base = (4 / 9) * (2 * early + 2 * late) - (early * 0.17 + late * 0.13)
    assert skill[Reference.HALF].skill == pytest.approx(half, abs=1e-5)
    assert skill[Reference.CROWD].skill == pytest.approx(others, abs=1e-5)
    assert skill[Reference.BASE_RATE].skill == pytest.approx(base / 4, abs=1e-5)
    assert Reference.CLOCK not in skill


def test_claims_that_ask_for_events_are_set_beside_the_clock(ledger: Ledger, clock: Clock) -> None:
    for number in range(3):
        ledger.add(f"Event {number}", deadline="2026-04-10", p=0.3, at_least=1, conditions=["seen"])
    two = ledger.add("Two events", deadline="2026-04-10", p=0.2, at_least=2, conditions=["seen"])
    clock.set("2026-06-01")
    ledger.resolve("event-0", "yes", happened_on="2026-01-20", known_on="2026-01-20", reason="seen")
    for slug in ("event-1", "event-2", two):
        ledger.resolve(slug, "no", known_on="2026-04-11", reason="the window ended")

    card = ledger.scorecard()
    skill = card.figures["ana"].skill

    assert skill[Reference.CLOCK].statements == 4
    # the clock falls towards 0 while nothing happens, so a flat 0.3 loses to it on the three noes
    assert skill[Reference.CLOCK].skill < skill[Reference.BASE_RATE].skill


@pytest.mark.parametrize(("count", "stands"), [(19, False), (20, True)])
def test_an_interval_stands_from_twenty_statements_on(
    ledger: Ledger, clock: Clock, count: int, *, stands: bool
) -> None:
    many_claims(ledger, clock, count)

    card = ledger.scorecard()

    assert ("20 statements, drawn 4,000 times (seed 1)" in card.explain("interval", by="ana").total) is stands
    for one in card.figures.values():
        assert one.brier is not None
        assert (one.interval is not None and one.interval[0] < one.brier < one.interval[1]) is stands
        assert one.p_value is not None
        assert "not yet to be told from always saying 50 %" in one.verdict or "than always" in one.verdict


def test_the_same_card_prints_again_to_the_digit(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    assert str(ledger.scorecard()) == str(ledger.scorecard())


def test_a_small_card_reads_as_it_should(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    card = ledger.scorecard()

    for shown, name in ((card, "scorecard.txt"), (replace(card, full=True), "scorecard_full.txt")):
        text = str(shown).replace(ledger.head().short, "(head)")
        assert text + "\n" == (DATA / name).read_text("utf-8")


def many_people(ledger: Ledger, clock: Clock) -> None:
    """Twelve claims; ana on all of them, bob and cyd on twelve and eleven, each with numbers of their own."""
    for number in range(12):
        slug = ledger.add(f"Claim {number} comes true", deadline="2026-02-10")
        for who, chance in (("ana", 0.3), ("bob", 0.4), ("cyd", 0.1)):
            if who != "cyd" or number:
                ledger.forecast(slug, chance, by=who)
    clock.set("2026-06-01")
    for number in range(12):
        ledger.resolve(f"claim-{number}-comes-true", "no", known_on="2026-02-11", reason="the window ended")


def in_order(card: Scorecard) -> list[str]:
    return [record.forecaster.slug for record in card.records]


def test_who_said_most_stands_first_and_whoever_looks_last_in_every_block(ledger: Ledger, clock: Clock) -> None:
    many_people(ledger, clock)

    card = ledger.scorecard()

    assert in_order(card) == ["bob", "cyd", "ana"]
    assert [row["forecaster"] for row in card.forecasters()] == in_order(card)
    assert list(dict.fromkeys(row["forecaster"] for row in card.rows())) == in_order(card)
    for caption in (
        "WHO WAS RIGHT", "of those that came out", "SCORES", "mean scores", "skill over time: ", "each scored claim",
        "from the claims forecast",
    ):  # fmt: skip
        table = str(replace(card, full=True)).split(caption)[1].split("\n\n")[0]
        assert list(dict.fromkeys(re.findall(r"\b(?:ana|bob|cyd)\b", table)))[:3] == in_order(card), caption
    assert "ranked" not in str(replace(card, full=True))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("brier", ["cyd", "ana", "bob"]),
        ("log_score", ["cyd", "ana", "bob"]),
        ("time_skill", ["cyd", "ana", "bob"]),
        ("n", ["bob", "ana", "cyd"]),
    ],
)
def test_an_order_by_a_score_is_asked_for_and_said_to_be_no_ranking(
    ledger: Ledger, clock: Clock, sort: str, order: list[str]
) -> None:
    many_people(ledger, clock)

    card = ledger.scorecard(sort=sort)

    assert in_order(card) == order
    assert ("which is no ranking: " in " ".join(str(card).split())) is (sort != "n")
    assert card.to_dict()["sort"] == sort
    assert card.diff(ledger.scorecard()).changes == ()


def test_the_order_of_the_first_brier_says_that_who_speaks_later_has_it_easier(ledger: Ledger, clock: Clock) -> None:
    many_people(ledger, clock)

    said = "in the order of Brier, which is no ranking: those who speak later have it easier"
    assert said in " ".join(str(ledger.scorecard(sort="brier")).split())
    assert said not in " ".join(str(ledger.scorecard()).split())


@pytest.mark.parametrize("sort", [name for name in SORTED_BY if SCORES[name].beware])
@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"rule": "last"}, "with rule='last', which rewards shouting"),
        ({"cohort": "resolved"}, "with cohort='resolved', which is biased"),
    ],
)
def test_nobody_is_sorted_by_a_score_where_that_would_reward_shouting_or_luck(
    ledger: Ledger, clock: Clock, sort: str, terms: dict[str, str], why: str
) -> None:
    many_people(ledger, clock)

    with pytest.raises(InvalidValue, match=f"nobody is sorted by {sort} {why}; leave one of the two out"):
        ledger.scorecard(sort=sort, **terms)
    assert in_order(ledger.scorecard(sort="coverage", **terms))


@pytest.mark.parametrize("sort", ["interval", "Brier", "", 3, ["brier"], "shrunk"])
def test_what_cannot_be_sorted_by_is_refused(ledger: Ledger, sort: str) -> None:
    with pytest.raises(InvalidValue, match="is nothing to sort by; say one of n, brier"):
        ledger.scorecard(sort=sort)


def test_of_many_the_first_are_drawn_and_everybody_is_computed(ledger: Ledger, clock: Clock) -> None:
    many_people(ledger, clock)

    card, page = ledger.scorecard(top=2), ledger.scorecard(top=2)._repr_html_()

    said = "the 2 with most statements are shown; 1 more is left out"
    assert said in " ".join(str(card).split())
    assert said in page
    counts, _, ranking = str(card).partition("RANKING")
    assert "ana" not in counts.replace("ledger", "")
    assert "1 more is not drawn here." in ranking.partition("SCORES")[0]
    assert "ana" not in ranking.partition("SCORES")[2]
    everybody, whole = list(card.forecasters()), list(ledger.scorecard().forecasters())
    assert [row["drawn"] for row in everybody] == [True, True, False]
    asked = [column.name for column in SCORE_COLUMNS if not column.everybody]
    assert {everybody[2][name] for name in (*asked, "verdict")} == {None}
    assert {name: value for name, value in everybody[2].items() if name not in {*asked, "verdict", "drawn"}} == {
        name: value for name, value in whole[2].items() if name not in {*asked, "verdict", "drawn"}
    }
    assert everybody[:2] == whole[:2]
    assert len(card.rows()) == len(ledger.scorecard().rows()) == 35


@pytest.mark.parametrize("top", [-1, 2.5, "3", True, None])
def test_how_many_are_drawn_is_a_whole_number(ledger: Ledger, top: int) -> None:
    with pytest.raises(InvalidValue, match=r"top: .* is not a whole number"):
        ledger.scorecard(top=top)


def test_shrunk_means_lie_between_the_raw_and_the_common_one(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    figures = ledger.scorecard().figures.values()

    raw = [one.brier or 0.0 for one in figures]
    shrunk = [one.shrunk or 0.0 for one in figures]
    assert max(shrunk) - min(shrunk) <= max(raw) - min(raw)
    assert min(raw) <= min(shrunk) <= max(shrunk) <= max(raw)


def test_a_crowd_moves_nobodys_figures(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    without, among = ledger.scorecard().figures, ledger.scorecard(crowds=True).figures

    assert {name: one.shrunk for name, one in without.items()} == {name: among[name].shrunk for name in without}
    assert {name: one.skill for name, one in without.items()} == {name: among[name].skill for name in without}
    assert among["crowd-median"].shrunk is None


@pytest.mark.parametrize("by", [["ana"], ["ben", "ana"]])
def test_nobodys_figures_change_with_who_is_listed(ledger: Ledger, clock: Clock, by: list[str]) -> None:
    many_claims(ledger, clock)
    clock.set("2026-01-03")
    ledger.add("One more", deadline="2026-02-10")
    ledger.forecast("one-more", 0.5, by="cyd")
    clock.set("2026-09-02")
    ledger.resolve("one-more", "no", known_on="2026-02-11", reason="the window ended")

    everybody, some = ledger.scorecard(), ledger.scorecard(by=by)

    ana, alone = everybody.figures["ana"], some.figures["ana"]
    assert [record.forecaster.slug for record in some.records] == by
    assert alone.skill == ana.skill
    assert Reference.CROWD in alone.skill
    assert alone.shrunk == pytest.approx(ana.shrunk)
    assert some.compare("ana").difference == everybody.compare("ana").difference


def test_the_base_rate_is_of_every_statement_that_came_out_and_fits(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    for number in range(2):
        ledger.add(f"Nobody forecasts {number}", deadline="2026-06-20", tags=["odd"])
    clock.set("2026-09-01")
    for number in range(2):
        ledger.resolve(f"nobody-forecasts-{number}", "no", known_on="2026-06-21", reason="the window ended")

    every, odd = ledger.scorecard().plain[1], ledger.scorecard(tag="odd").plain[1]

    # two of six came true: beside a yes one of the other five did, beside a no two
    assert every.brier == pytest.approx((2 * 0.8**2 + 2 * 0.4**2) / 4)
    assert odd.brier == 0.0


def test_the_card_says_that_the_base_rate_is_hindsight_and_when_it_was_certain(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    card, even = ledger.scorecard(full=True), ledger.scorecard(window="2026-04", by="ana", full=True)
    clock.set("2026-06-10")
    ledger.resolve("number-2-comes-true", "no", known_on="2026-04-11", reason="it was another")

    said = "base rate: how often the other statements came true, which was not known at the time"
    assert said in " ".join(str(card).split())
    assert f"{said};" not in " ".join(str(even).split())
    assert f"{said}; infinite, for it was certain once, and wrong" in " ".join(str(ledger.scorecard(full=True)).split())


@pytest.mark.parametrize("only", [{"tag": "odd", "horizon": "99"}, {"type": "events"}])
def test_a_filter_that_leaves_nothing_is_named(ledger: Ledger, clock: Clock, only: dict[str, str]) -> None:
    four_claims(ledger, clock)

    text = " ".join(str(ledger.scorecard(**only)).split())

    fit = ", ".join(f"{name} {value}" for name, value in only.items())
    assert f"nothing on this card: no scored claim is of {fit}" in text
    assert "no forecast on a scored claim yet" not in text


def test_claimed_times_stand_on_a_line_of_their_own(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    for number in range(4):
        ledger.forecast(f"number-{number}-comes-true", 0.99, by="late", made_at="2026-01-05")

    card = ledger.scorecard()

    assert card.figures["late"].value("n") == 0
    assert card.record("late").backdated == 4
    assert "backdated only, apart: statements (Brier) late 4 (0.490)" in str(replace(card, full=True))
    assert "NOT COUNTED  late: 4 backdated" in str(card)


@pytest.mark.parametrize(
    ("only", "count"),
    [
        ({"tag": "odd"}, 2),
        ({"source": "self"}, 4),
        ({"reading": "own"}, 4),
        ({"window": "2026-04"}, 4),
        ({"window": "2026-05/2027"}, 0),
        ({"type": "yes-no"}, 4),
        ({"type": "events"}, 0),
        ({"horizon": 100}, 4),
        ({"horizon": "101..365"}, 0),
        ({"tag": "odd", "horizon": "99"}, 0),
    ],
)
def test_filters(ledger: Ledger, clock: Clock, only: dict[str, str | int], count: int) -> None:
    four_claims(ledger, clock)

    card = ledger.scorecard(by="ana", **only)

    assert len(card.record("ana").scored) == count
    assert "only " in str(card)


@pytest.mark.parametrize(
    ("only", "error", "said"),
    [
        ({"source": "nobody"}, NotFound, "no source 'nobody'"),
        ({"type": "guess"}, InvalidValue, "'guess' is no type of claim; say one of yes-no, events"),
        ({"horizon": "soon"}, InvalidValue, "'soon' is no horizon; say days at most"),
        ({"window": "soon"}, InvalidValue, "window: cannot read 'soon'"),
        ({"window": 2026}, InvalidValue, "window: cannot read 2026"),
        ({"window": "2026/"}, InvalidValue, "window: cannot read ''"),
        ({"window": "2027/2026"}, InvalidValue, "window: 2026 ends before 2027 begins"),
        ({"horizon": "365..30"}, InvalidValue, "horizon: 365 days are more than 30"),
        ({"tag": "od"}, NotFound, "no tag 'od' in this ledger; did you mean 'odd'?"),
        ({"tag": 5}, NotFound, "no tag 5 in this ledger"),
        ({"reading": "strict"}, NotFound, "no reading 'strict' in this ledger"),
        ({"crowds": "yes"}, InvalidValue, "crowds: 'yes' is neither True nor False"),
    ],
)
def test_filters_that_cannot_be_read(
    ledger: Ledger, clock: Clock, only: dict[str, str], error: type[Exception], said: str
) -> None:
    four_claims(ledger, clock)

    with pytest.raises(error, match=said):
        ledger.scorecard(**only)


def test_a_verdict_before_the_settle_day_says_when_it_counts(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.6)
    clock.set("2026-01-05")
    ledger.resolve("it-comes-true", "yes", known_on="2026-01-04", reason="seen")

    early, later = (str(ledger.scorecard(today=day, full=True)) for day in ("2026-05-09", "2026-05-10"))

    assert "settles 2026-05-10" in " ".join(early.split())
    assert "settles" not in later


def test_a_forecast_made_too_late_says_so(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10")
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "yes", known_on="2026-02-01", reason="seen")
    with pytest.warns(LedgerWarning, match="never scored"):
        ledger.forecast("it-comes-true", 0.9)

    shown = str(ledger.scorecard(full=True))

    assert re.search(r"it-comes-true +ana +0.90 +yes +- +- +0 % +too late\n", shown)


@pytest.mark.parametrize("due", [0, 1])
def test_who_gives_only_words_has_both_bounds(ledger: Ledger, clock: Clock, due: int) -> None:
    for by in ("2026-04-10", "2026-12-31"):
        slug = ledger.add(f"It comes true by {by}", deadline=by)
        ledger.forecast(slug, words="likely", scale="icd-203", by="paper")

    shown = str(ledger.scorecard(today="2026-05-10" if due else "2026-05-09", full=True))

    names, low = re.findall(r"(?m)^(?:taken at|low) .*$", shown)
    assert names.endswith("bounds: those due  with every open claim")
    assert low.count("0.202 .. 0.303") == 1 + due


@pytest.mark.parametrize("today", ["2026-11-26", "2027-01-15", "2027-02-15", "2028-01-15", "2029-06-01"])
def test_the_card_of_the_article_keeps_to_eighty_columns(ledger: Ledger, clock: Clock, today: str) -> None:
    clock.set("2026-11-26")
    ledger.register(ainews())

    card = ledger.scorecard(today=today)

    assert [line for one in (card, replace(card, full=True)) for line in str(one).splitlines() if len(line) > 80] == []


def test_crowds_are_forecasters_that_no_ledger_holds(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    head = ledger.head()

    card = ledger.scorecard(crowds=True)

    median, odds = card.record("crowd-median"), card.record("crowd-odds")
    assert [row.middle.probability for row in median.scored] == pytest.approx([0.75, 0.3, 0.55, 0.4])
    told = odds.scored[0].middle.probability
    assert told == pytest.approx(1 / (1 + (1 / 9 * 4 / 6) ** 0.5))
    assert median.forecaster.kind == "crowd"
    assert ledger.head() == head
    assert [record.forecaster.slug for record in ledger.scorecard().records] == ["ben", "ana"]


def test_a_crowd_falls_silent_when_one_member_is_left(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    ledger.forecast(slug, 0.4, by="ben")
    clock.set("2026-02-20")
    ledger.withdraw(slug, by="ben")
    clock.set("2026-06-01")
    ledger.resolve(slug, "no", known_on="2026-04-11", reason="the window ended")

    row = ledger.scorecard(crowds=True).record("crowd-median").scored[0]

    assert row.middle.probability == pytest.approx(0.3)
    assert row.coverage == pytest.approx(0.5, abs=0.01)


def test_a_crowd_leaves_words_claimed_times_and_references_out(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    ledger.forecast(slug, words="will", scale="house", by="paper")
    clock.set("2026-03-01")
    ledger.forecast(slug, 0.9, by="late", made_at="2026-01-05")

    card = ledger.scorecard(crowds=True)

    assert "crowd-median" not in [record.forecaster.slug for record in card.records]


def test_a_ledger_with_a_forecaster_of_a_crowds_name_is_refused(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10")
    ledger.forecast("it-comes-true", 0.5, by="crowd-median")

    with pytest.raises(Conflict, match="'crowd-median' of this ledger has the name of a computed crowd"):
        ledger.scorecard(crowds=True)


def test_everything_is_there_as_plain_values(ledger: Ledger, clock: Clock) -> None:
    import json

    many_claims(ledger, clock, 20)

    told = json.loads(json.dumps(ledger.scorecard().to_dict()))

    ana = next(one for one in told["forecasters"] if one["forecaster"] == "ana")
    mine = [row["contribution"] for row in told["rows"] if row["forecaster"] == "ana"]
    assert sum(mine) == pytest.approx(ana["brier"])
    assert ana["skill_clock"] is None
    assert None not in (ana["time_skill"], ana["skill_base_rate"], ana["skill_others"])
    assert ana["interval"][0] < ana["brier"] < ana["interval"][1]
    assert told["rows_left_out"] == 0


def test_what_json_leaves_out_is_counted(ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    many_people(ledger, clock)
    monkeypatch.setattr("predictions.views.scorecard.card.TOLD", 10)

    told = ledger.scorecard().to_dict()

    assert (len(told["rows"]), told["rows_left_out"], len(told["forecasters"])) == (10, 25, 3)


def test_who_is_not_drawn_is_named_with_how_to_draw_them(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard(full=True)
    drawn = [one.forecaster.slug for one in card.face().diagrams]

    none_drawn = as_text(card.face(diagrams=0).blocks(), typed=True)

    assert drawn
    assert f"  not drawn: {', '.join(drawn)} (scorecard --full --by NAME)" in none_drawn.split("\n")
    assert "not drawn" not in str(card)


def test_rows_that_are_left_out_are_found_as_each_door_spells_it(ledger: Ledger, clock: Clock) -> None:
    many_people(ledger, clock)
    monkeyed = ledger.scorecard(full=True, top=1)
    some = "rows; all of them are in "

    if some in str(monkeyed):
        assert f"{some}rows()" in str(monkeyed)
    assert f"{some}rows()" not in monkeyed.screen(typed=True)
