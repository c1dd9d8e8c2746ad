"""The short card: who was right in plain counts, the ranking or why there is none, the scores, what is not counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from conftest import Clock
from scored_ledgers import many_claims

from predictions import Ledger
from predictions.views.scorecard.card import Scorecard

AS_IT_SHOULD = """\
WHO WAS RIGHT
who           said  due  came true  did not  unclear  no verdict  open
Tech Oracle      5    3          1        2        0           0     2  words
Prof Pundit      4    3          1        1        1           0     1  words
Macro Weekly     3    2          2        0        0           0     1
ed              12    8          4        3        1           0     4

on the right side of 50 %, of those that came out yes or no
  Tech Oracle 1 of 3, Prof Pundit 1 of 2, Macro Weekly 2 of 2, ed 6 of 7

RANKING  none yet: it takes 10 settled statements; ed has 7, the others 2 or 3

SCORES  Brier of the first forecast: 0 is perfect, 0.25 is always saying 50 %
who           n  Brier  entered  skill over time  covered
Tech Oracle   3  0.511     <1 %           -0.260    >99 %  from words, too few
Prof Pundit   2  0.436     <1 %           -0.186    >99 %  from words, too few
Macro Weekly  2  0.065     <1 %           +0.184    >99 %  too few
ed            7  0.138     25 %           +0.084     75 %  too few

NOT COUNTED  Tech Oracle: 2 open; Prof Pundit: 1 open, 1 unclear; Macro Weekly:
             1 open; ed: 4 open, 1 unclear
if the open ones all went for a forecaster, or all against: Brier Macro Weekly
0.07 to 0.21, ed 0.16 to 0.20
more: scorecard --full (log, leads, calibration, every claim)
      explain brier macro-weekly"""
ENDS = {
    "yes": {"happened_on": "2026-12-30", "known_on": "2027-01-02"},
    "no": {},
    "ambiguous": {"known_on": "2027-01-02"},
    "open": {},
}
SAID = {
    "Tech Oracle": [("no", 0.9), ("no", 0.75), ("yes", 0.6), ("open", 0.9), ("open", 0.75)],
    "Prof Pundit": [("no", 0.9), ("yes", 0.75), ("ambiguous", 0.9), ("open", 0.75)],
    "Macro Weekly": [("yes", 0.8), ("yes", 0.7), ("open", 0.3)],
}
MINE = [
    ("no", 0.35), ("no", 0.3), ("yes", 0.6), ("yes", 0.7), ("no", 0.4), ("yes", 0.8), ("yes", 0.45),
    ("ambiguous", 0.5), ("open", 0.3), ("open", 0.5), ("open", 0.5), ("open", 0.5),
]  # fmt: skip


def pundits(ledger: Ledger, clock: Clock) -> None:
    """Three who are quoted at the opening, two of them in words, and ed, who forecasts a quarter of a year later."""
    claims: list[tuple[str, str]] = []
    for who, said in SAID.items():
        for number, (end, chance) in enumerate(said):
            how = {"p": chance} if who == "Macro Weekly" else in_words(chance)
            text = f"{who} says {number} comes true"
            ledger.quote(
                who, text, said_on="2026-01-01", link=f"https://{number}.example/{who.split()[0]}",
                deadline="2028" if end == "open" else "2026", **how,
            )  # fmt: skip
            claims.append((text.lower().replace(" ", "-"), end))
    for number, (end, _) in enumerate(MINE):
        slug = ledger.add(f"Mine is {number}", deadline="2028-12-31" if end == "open" else "2026-12-31")
        claims.append((slug.slug, end))
    clock.set("2026-04-01")
    for number, (_, chance) in enumerate(MINE):
        ledger.forecast(f"mine-is-{number}", chance, by="ed")
    clock.set("2027-02-15")
    for slug, end in claims:
        if end != "open":
            ledger.resolve(slug, end, reason="seen", **ENDS[end])


def in_words(chance: float) -> dict[str, object]:
    """Words that are read as this chance."""
    return {"words": "probably so", "low": chance - 0.1, "high": chance + 0.1}


def of(card: Scorecard, who: str) -> dict[str, object]:
    return next(dict(row) for row in card.forecasters() if row["forecaster"] == who)


def plain(card: Scorecard) -> str:
    return " ".join(str(card).split())


def test_a_card_of_pundits_is_as_it_should_be_to_the_letter(ledger: Ledger, clock: Clock) -> None:
    ledger.me = "ed"
    pundits(ledger, clock)

    card = ledger.scorecard()

    lines = card.screen(typed=True).splitlines()
    assert lines[0].split() == ["Scorecard", "as", "of", "2027-02-15", "ledger.db,", "head", ledger.head().short]
    assert lines[1] == "Claims whose time is up: the deadline and 30 days for late reports."
    assert "\n".join(lines[3:]) == AS_IT_SHOULD
    assert max(map(len, lines)) <= 80
    assert str(card).splitlines()[-2:] == [
        "more: scorecard(full=True) (log, leads, calibration, claims)",
        '      explain("brier", "macro-weekly")',
    ]


def test_notebook_rows_json_and_frame_have_the_same_counts(ledger: Ledger, clock: Clock) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    ledger.me = "ed"
    pundits(ledger, clock)

    card = ledger.scorecard()
    html, told = card._repr_html_(), json.loads(json.dumps(card.to_dict()))
    table = pyarrow.table(card.forecasters())

    names = ("said", "due", "came_true", "did_not", "unclear", "no_verdict", "open", "right", "sided", "words")
    assert [of(card, "ed")[name] for name in names] == [12, 8, 4, 3, 1, 0, 4, 6, 7, 0]
    assert [of(card, "tech-oracle")[name] for name in names] == [5, 3, 1, 2, 0, 0, 2, 1, 3, 5]
    for row in told["forecasters"]:
        assert [row[name] for name in names] == [of(card, row["forecaster"])[name] for name in names]
    assert [sum(table[name].to_pylist()) for name in names] == [24, 16, 8, 6, 2, 0, 8, 10, 14, 9]
    assert "WHO WAS RIGHT" in html
    assert "ed 6 of 7" in html
    assert "own numbers expect" not in html
    assert "ed 6 of 7; own numbers expect" in str(ledger.scorecard(full=True))


def test_every_statement_is_counted_in_one_place_and_what_nothing_can_decide_only_as_said(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.me = "ed"
    pundits(ledger, clock)
    ledger.quote(
        "Tech Oracle", "Nothing will be as it was", not_resolvable="no test", said_on="2027-02-15",
        link="https://n.example/",
    )  # fmt: skip

    card = ledger.scorecard()
    rows = [dict(row) for row in card.forecasters()]

    for row in rows:
        ends = ("came_true", "did_not", "partly", "ambiguous", "annulled", "no_verdict")
        beside = ("backdated", "too_late", "last_day", "withdrawn", "not_resolvable")
        assert row["due"] == sum(row[name] for name in ends)
        assert row["said"] == row["due"] + row["open"] + sum(row[name] for name in beside)
    assert (of(card, "tech-oracle")["said"], of(card, "tech-oracle")["due"]) == (6, 3)
    assert "Tech Oracle: 2 open, 1 not resolvable" in plain(card)
    assert of(ledger.scorecard(type="yes-no"), "tech-oracle")["said"] == 5  # it is of no type


def test_who_only_said_what_nothing_can_decide_stands_on_the_card(ledger: Ledger, clock: Clock) -> None:
    link = {"said_on": "2026-01-01", "link": "https://one.example/"}
    ledger.quote("Tech Oracle", "It rains", p=0.7, deadline="2026", tags=["weather"], **link)
    ledger.quote("Tech Oracle", "All will be well", not_resolvable="no test", **link)

    assert of(ledger.scorecard(source="tech"), "tech-oracle")["said"] == 2
    assert of(ledger.scorecard(tag="weather"), "tech-oracle")["said"] == 1


def test_a_verdict_counts_from_the_settle_day_and_an_open_window_has_none(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-01-31", p=0.9)
    ledger.add("It snows", deadline="2026-01-31", p=0.2)
    clock.set("2026-02-01")
    ledger.resolve("it-rains", "yes", happened_on="2026-01-20", reason="wet")

    names = ("due", "came_true", "did_not", "no_verdict", "open")
    before, after = (
        [of(ledger.scorecard(today=day), "ana")[name] for name in names] for day in ("2026-03-01", "2026-03-02")
    )

    assert before == [0, 0, 0, 0, 2]
    assert after == [2, 1, 0, 1, 0]
    clock.set("2026-03-02")
    assert "if all those open or without a verdict went for ana, or all against: Brier 0.03 to 0.33" in plain(
        ledger.scorecard()
    )


def test_a_fraction_and_an_annulled_claim_are_unclear_and_said_which(ledger: Ledger, clock: Clock) -> None:
    for number in range(3):
        ledger.add(f"Part {number}", deadline="2026-01-31", p=0.6)
    clock.set("2026-04-01")
    ledger.resolve("part-0", 0.4, known_on="2026-02-01", reason="in part")
    ledger.resolve("part-1", "annulled", known_on="2026-02-01", reason="it lost its object")
    ledger.resolve("part-2", "ambiguous", known_on="2026-02-01", reason="nobody can tell")

    card = ledger.scorecard()

    row = of(card, "ana")
    assert [row[name] for name in ("due", "partly", "annulled", "ambiguous", "unclear", "sided")] == [3, 1, 1, 1, 3, 0]
    assert "unclear: 1 of them came true in part, and is scored so" in plain(card)
    assert "NOT COUNTED ana: 1 unclear, 1 annulled" in plain(card)
    assert "right side" not in plain(card)


@pytest.mark.parametrize("outcome", [None, "yes", "annulled"])
@pytest.mark.parametrize("today", ["2026-02-20", "2026-03-05", "2026-04-20"])
@pytest.mark.parametrize("cohort", ["settled", "resolved"])
@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # what is told of too late is wanted here
def test_counts_rows_and_funnel_give_one_reason_whatever_the_claim_does(
    ledger: Ledger, clock: Clock, tmp_path: Path, outcome: str | None, today: str, cohort: str
) -> None:
    for slug in ("stated", "early", "gone", "late"):
        ledger.add(f"It is {slug}", deadline="2026-02-28", slug=slug, p=0.3 if slug in {"stated", "gone"} else None)
    ledger.withdraw("gone")
    clock.set("2026-02-12")
    ledger.forecast("early", 0.99, made_at="2026-01-05")
    for slug in ("stated", "early", "gone", "late") if outcome else ():
        ledger.resolve(slug, outcome, known_on="2026-02-10", reason="seen")
    ledger.forecast("late", 0.99)
    clock.set("2026-06-01")
    late = {"late"} if outcome else set()

    card = ledger.scorecard(today=today, cohort=cohort, full=True)

    plain_row, funnel = of(card, "ana"), card.record("ana").funnel
    places = {row["claim"]: row["place"] for row in card.rows()}
    reasons = {"early": "backdated", "gone": "withdrawn"} | dict.fromkeys(late, "too late")
    assert {slug: place for slug, place in places.items() if slug in reasons} == reasons
    assert [plain_row[name] for name in ("backdated", "withdrawn", "too_late")] == [1, 1, len(late)]
    assert [funnel[name] for name in ("backdated (apart)", "withdrawn", "too late")] == [1, 1, len(late)]
    assert funnel["due"] <= 4 - len(reasons)
    assert plain_row["said"] == funnel["forecast"] == 4
    if today == "2026-04-20":
        assert plain_row["due"] == funnel["due"] == 4 - len(reasons)
    told = card.face().funnel
    assert told is not None
    assert "1 backdated (apart)" in told.rows[0][-1]
    assert "1 withdrawn" in told.rows[0][-1]
    page = ledger.report(tmp_path / "page.html", today=today, section="scorecard").read_text()
    assert "1 backdated (apart)" in page


def test_what_nobody_can_hold_somebody_to_is_said_and_counted_nowhere_else(ledger: Ledger, clock: Clock) -> None:
    for slug in ("early", "late", "gone"):
        ledger.add(f"It is {slug}", deadline="2026-02-28", slug=slug, p=0.3 if slug == "gone" else None)
    ledger.withdraw("gone")
    clock.set("2026-06-01")
    ledger.forecast("early", 0.99, made_at="2026-01-05")
    for slug in ("early", "late", "gone"):
        ledger.resolve(slug, "yes", happened_on="2026-02-10", known_on="2026-02-10", reason="seen")
    with pytest.warns(UserWarning, match="never scored"):
        ledger.forecast("late", 0.99)

    card = ledger.scorecard()

    row = of(card, "ana")
    assert [row[name] for name in ("said", "due", "backdated", "too_late", "withdrawn")] == [3, 0, 1, 1, 1]
    assert "NOT COUNTED ana: 1 backdated, 1 too late, 1 withdrawn" in plain(card)
    assert "SCORES none yet: nothing forecast in time is settled" in plain(card)
    assert "nobody has one" in plain(card)


def test_a_statement_that_was_superseded_counts_once(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-01-20", slug="rain", p=0.9)
    clock.set("2026-01-02")
    ledger.forecast(ledger.supersede("rain", text="It rains a lot", slug="pours", reason="more"), 0.1)
    clock.set("2026-03-01")
    ledger.resolve("rain", "no")
    ledger.resolve("pours", "no")

    row = of(ledger.scorecard(), "ana")

    assert [row[name] for name in ("said", "due", "did_not", "superseded", "right")] == [1, 1, 1, 1, 0]


def test_words_read_when_the_answer_was_public_are_held_against_nobodys_number(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    said = {"said_on": "2025-01-06", "link": "https://oracle.example/outlook"}
    ledger.quote("Tech Oracle", "An AI lab will go public in 2025", words="will", deadline="2025", **said)
    ledger.resolve("an-ai-lab", "no", reason="none was listed")

    card = ledger.scorecard()

    row = of(card, "tech-oracle")
    assert [row[name] for name in ("said", "due", "did_not", "sided", "words")] == [1, 1, 1, 0, 1]
    assert "1 in words read afterwards" in plain(card)
    assert "recorded after the answer: 1 forecast" in plain(card)
    assert plain(replace(card, full=True)).count("recorded after the answer") == 1


def test_who_is_not_counted_is_not_counted_twice(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    said = {"said_on": "2025-11-06", "link": "https://oracle.example/outlook"}
    ledger.quote("Tech Oracle", "A model may be out", words="will", deadline="2026", **said)
    ledger.resolve("a-model", "yes", happened_on="2026-05-05")

    assert "Tech Oracle: 1 open" in plain(ledger.scorecard())
    assert "read afterwards" not in plain(ledger.scorecard())


def test_from_ten_observations_on_the_share_has_an_interval_and_clusters_are_one_each(
    ledger: Ledger, clock: Clock
) -> None:
    for number in range(24):
        shared = {"cluster": "same"} if number >= 10 else {}
        ledger.add(f"Claim {number} comes true", deadline="2026-02-10", p=0.2, **shared)
    clock.set("2026-06-01")
    for number in range(24):
        ledger.resolve(f"claim-{number}-comes-true", "no", known_on="2026-02-11", reason="seen")

    card = ledger.scorecard()

    row = of(card, "ana")
    assert (row["right"], row["sided"]) == (24, 24)
    assert row["right_interval"] == pytest.approx([0.8431, 0.9998], abs=1e-3)  # Jeffreys, 11 of 11
    assert (row["right_expected"], row["right_commoner"]) == (pytest.approx(24 * 0.8), 24)
    beside = "own numbers expect 19.2, one answer to all gets 24"
    for shown in (card, ledger.scorecard(full=True)):
        assert f"ana 24 of 24 (11.0 of 11 observations, 84 to >99 %); {beside}" in plain(shown)
        assert "in brackets where the share may lie (a 90 % interval), for one look" in plain(shown)
    assert "RANKING none yet: it takes two forecasters with 10 settled statements each" in plain(card)


def test_who_is_better_than_a_coin_is_said_and_nobody_is_ranked(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, 20)

    card = ledger.scorecard(full=True)

    verdicts = {one.slug: one.verdict.partition(",")[0] for one in card.figures.values()}
    for slug, verdict in verdicts.items():
        said = next(line for line in plain(card).split(": ") if slug in line.split("(")[0])
        assert said
        assert verdict in plain(card)
        assert "however often one looks" not in plain(ledger.scorecard())
    assert "SCORES" in plain(card)
    assert "too few" not in plain(card)


def test_a_crowd_is_said_to_be_computed_and_two_of_one_name_have_their_slugs(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    text = str(ledger.scorecard(crowds=True))

    assert "crowd-median" in text
    assert "computed" in text
    assert max(map(len, text.splitlines())) <= 80


def test_an_empty_card_says_so_in_a_line(ledger: Ledger) -> None:
    assert plain(ledger.scorecard()).endswith("no forecast on a scored claim yet")


def test_of_many_forecasters_each_has_a_row_in_every_block(ledger: Ledger, clock: Clock) -> None:
    names = [f"reader-{number}" for number in range(10)]
    for number in range(3):
        ledger.add(f"Claim {number} comes true", deadline="2026-02-10" if number else "2028-12-31")
        for name in names:
            ledger.forecast(f"claim-{number}", 0.3, by=name, kind="person")
    clock.set("2026-06-01")
    for number in (1, 2):
        ledger.resolve(f"claim-{number}", "no", known_on="2026-02-11", reason="seen")

    assert ", ".join(f"{name} 2 of 2" for name in names[:3]) in plain(ledger.scorecard())
    lines = str(ledger.scorecard(full=True)).splitlines()

    for name in names:
        assert [line.split()[1:] for line in lines if line.startswith(f"{name} ")][:4] == [
            ["3", "2", "0", "2", "0", "0", "1"],
            ["2", "2", "1.4", "2", "-", "2", "0", "2", "of", "3"],
            ["2", "0.090", "2", "%", "+0.156", "98", "%", "too", "few"],
            ["1", "open"],
        ]
    assert max(map(len, lines)) <= 80


def test_what_came_out_early_is_told_on_the_card_and_on_the_claim(ledger: Ledger, clock: Clock) -> None:
    for slug in ("ipo", "law", "rain"):
        ledger.add(f"{slug} comes", deadline="2099", p=0.7, slug=slug)
    clock.set(ledger.snapshot().today + timedelta(days=9))
    assert "came out already" not in str(ledger.scorecard())
    ledger.resolve("ipo", "yes", happened_on=ledger.snapshot().today)
    ledger.resolve("law", "annulled", reason="moot")

    card = " ".join(str(ledger.scorecard()).split())

    assert (
        "NOT COUNTED ana: 3 open (1 of them came out already, 1 of them annulled or unclear already, counted from the "
        "settle day on)" in card
    )
    assert "2099-12-31; counts on scorecards from 2100-01-30" in str(ledger.claim("ipo"))
    assert "2099-12-31; verdict due 2100-01-30" in str(ledger.claim("rain"))
    clock.set("2100-02-01")
    assert "2099-12-31; verdict due 2100-01-30" in str(ledger.claim("ipo"))


def test_open_claims_that_are_annulled_already_are_told_apart(ledger: Ledger, clock: Clock) -> None:
    for number in range(3):
        ledger.add(f"Thing {number} comes", deadline="2099", p=0.3, slug=f"thing-{number}")
    clock.set(ledger.snapshot().today + timedelta(days=9))
    ledger.resolve("thing-0", "annulled", reason="moot")
    ledger.resolve("thing-1", "ambiguous", reason="unclear", known_on=ledger.snapshot().today)

    card = " ".join(str(ledger.scorecard()).split())

    assert "NOT COUNTED ana: 3 open (2 of them annulled or unclear already, counted from the settle day on)" in card
    assert "if the rest of the open ones all went for ana" in card


@pytest.mark.parametrize("options", [[], ["a", "b"]])
def test_scores_of_somebody_beyond_those_shown_are_not_denied(ledger: Ledger, clock: Clock, options: list[str]) -> None:
    """Who has the most statements is shown first, also if none of them counts."""
    chance = {"a": 0.3, "b": 0.7} if options else 0.3
    today = ledger.snapshot().today
    for slug in ("one", "two"):
        ledger.add(f"{slug} comes", deadline=today + timedelta(days=90), slug=slug, options=options)
    ledger.forecast("one", chance, by="zoe", kind="person")
    clock.set(today + timedelta(days=30))
    for number, slug in product(range(3), ("one", "two")):
        when = today + timedelta(days=20)
        ledger.forecast(slug, chance, by=f"b{number}", kind="person", made_at=when)
    clock.set(today + timedelta(days=200))
    for slug in ("one", "two"):
        ledger.resolve(slug, "b" if options else "no", known_on=today + timedelta(days=130), reason="so")

    card = str(ledger.scorecard(top=3))

    assert "none yet: nothing forecast in time is settled" not in card
    assert (
        "zoe  1  0.090" if options else "SCORES  of none shown; 1 forecaster left out has some: top=, or by="
    ) in card
