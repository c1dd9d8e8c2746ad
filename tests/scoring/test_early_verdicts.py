"""What a card says of verdicts that are dated long before they were recorded, where there is no ranking to say it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from conftest import Clock

from predictions import Ledger
from predictions.scoring.dated_otherwise import DatedOtherwise
from predictions.scoring.leaderboard.pooled_skill import pooled_skills
from predictions.scoring.pool import Pool
from predictions.scoring.skill_by_recording import skills_by_recording, skills_of

DEADLINE = date(2026, 11, 1)


def as_it_is(pool: Pool) -> DatedOtherwise:
    return DatedOtherwise(np.zeros(len(pool.table.claims.slugs), np.bool_), pool)


def claims(ledger: Ledger, count: int = 4) -> list[str]:
    slugs = [ledger.add(f"Thing {number} comes", deadline=DEADLINE, p=0.8).slug for number in range(count)]
    for slug in slugs:
        ledger.forecast(slug, 0.6, by="ben")
    return slugs


def told(ledger: Ledger) -> str:
    return " ".join(str(ledger.scorecard()).split())


def test_the_caveat_tells_how_many_by_how_much_and_the_skill_without(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2026-12-06")
    for slug in slugs[:3]:
        ledger.resolve(slug, "no", impossible=True, known_on="2026-01-05", reason="gone")
    ledger.resolve(slugs[3], "no", reason="it did not come")

    card = ledger.scorecard()

    skills = {record.forecaster.slug: retold.skill for record, retold in skills_by_recording(card.pool)}
    assert (
        "dated early: 3 of 4 verdicts, dated before they were recorded, by 335 days at most, none of them by evidence "
        "of that time; nothing counts after that day" in told(ledger)
    )
    retold = f"dated by their recording, skill over time: ben {skills['ben']:+.3f}, ana {skills['ana']:+.3f}"
    assert retold in told(ledger)
    assert told(ledger).index("skill over time covered") < told(ledger).index(retold)  # below the column that it tells
    assert skills["ana"] == pytest.approx((0.25 - 0.64) * 304 / 305)  # told by the day, from the second day on
    assert card.record("ana").means["time_skill"] > skills["ana"]


def test_evidence_of_the_day_carries_its_date(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2026-12-06")
    for slug in slugs:
        ledger.log_evidence(slug, "https://news.example/", "It came", published="2026-01-05", slug="news")
        ledger.resolve(slug, "yes", happened_on="2026-01-05", because="news")

    assert "by 335 days at most, 4 of them by evidence of that time" in told(ledger)


@pytest.mark.parametrize("recorded", ["2026-01-08", "2026-01-12"])
def test_what_was_recorded_within_a_week_is_not_told(ledger: Ledger, clock: Clock, recorded: str) -> None:
    slugs = claims(ledger)
    clock.set(recorded)
    for slug in slugs:
        ledger.resolve(slug, "yes", happened_on="2026-01-05", reason="seen")
    clock.set("2026-12-06")
    ledger.resolve(slugs[0], "yes", happened_on="2026-01-05", reason="said better", again=True)

    assert "dated early" not in told(ledger)


def test_a_day_at_the_end_of_the_window_takes_no_time_away(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2027-12-06")
    for slug in slugs:
        ledger.resolve(slug, "yes", happened_on=DEADLINE - timedelta(3), reason="seen")

    assert "dated early" not in told(ledger)


def test_where_nothing_is_dated_early_the_skill_is_that_of_the_card(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2026-12-06")
    for slug, outcome in zip(slugs, ("yes", "no", "yes", "no"), strict=True):
        ledger.resolve(slug, outcome, reason="seen", **({"happened_on": DEADLINE} if outcome == "yes" else {}))

    pool = ledger.scorecard().pool

    for record in pool.everybody:
        assert skills_of(pool, as_it_is(pool))[record.number].skill == pytest.approx(record.means["time_skill"])


def test_the_skill_over_several_types_is_that_of_every_type(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-02")
    ledger.add("It comes", deadline=str(DEADLINE), p=0.8, slug="it")
    ledger.add("Cars", deadline=str(DEADLINE), unit="million", between=(0, 10), quantiles={0.2: 3, 0.8: 6}, slug="cars")
    clock.set("2026-12-06")
    ledger.resolve("it", "no", impossible=True, known_on="2026-03-05", reason="gone")
    ledger.resolve("cars", 4, known_on=str(DEADLINE), reason="counted")

    card = ledger.scorecard()
    (every_type,) = pooled_skills(card.every_type)
    unchanged = skills_of(card.every_type, as_it_is(card.every_type))[card.record("ana").number]
    ((_, retold),) = skills_by_recording(card.every_type)

    assert unchanged.types == retold.types == 2
    assert unchanged.skill == pytest.approx(every_type.skill)
    assert f"skill over time: ana {retold.skill:+.3f} over every type" in told(ledger)


def test_early_answers_of_one_day_and_one_reason_are_pointed_out(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2026-01-06")
    for slug in slugs[:3]:
        ledger.resolve(slug, "yes", happened_on="2026-01-05", reason="filed")
    clock.set("2026-12-06")
    ledger.resolve(slugs[3], "yes", happened_on="2026-02-05", reason="filed")

    assert (
        '3 verdicts have one day and one reason (2026-01-05, "filed") and count as 3 observations; if one fact decided '
        "them, a cluster makes them one" in told(ledger)
    )


def test_a_reason_that_is_a_habit_of_writing_is_no_common_cause(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger, 9)
    for place, slug in enumerate(slugs):
        day = date(2026, 2, 5) + timedelta(30 * (place // 3))  # three on each of three days
        clock.set(str(day + timedelta(1)))
        ledger.resolve(slug, "yes", happened_on=day, reason="it happened")
    clock.set("2026-12-06")

    assert "one day and one reason" not in told(ledger)


@pytest.mark.parametrize("reason", [None, "the bill passed, so {}"])
def test_more_answers_on_one_day_than_chance_brings_are_pointed_out(
    ledger: Ledger, clock: Clock, reason: str | None
) -> None:
    """Thirty claims of one event are one coin toss, whatever is written of each."""
    for number in range(30):
        last = date(2026, 6, 1) + timedelta(number)
        ledger.add(f"The bill passes by day {number}", deadline=last, slug=f"bill-{number}", p=0.8)
    clock.set("2026-05-21")
    for number in range(30):
        told_why = {"reason": reason.format(number)} if reason else {}
        ledger.resolve(f"bill-{number}", "yes", happened_on="2026-05-20", **told_why)
    clock.set("2026-12-06")

    asked = "30 verdicts have one day (2026-05-20) and count as 30 observations; if one fact decided them, a cluster"
    assert asked in told(ledger)
    assert asked in " ".join(str(ledger.compare("ana", "half")).split())


@pytest.mark.parametrize("chosen", [True, False])
def test_a_week_by_which_only_losses_are_dated_early_is_told(ledger: Ledger, clock: Clock, chosen: bool) -> None:
    """No verdict is dated by more than is usual; in a record that did not choose, days depend on nothing said."""
    slugs = [f"thing-{number}" for number in range(24)]
    for number, slug in enumerate(slugs):
        ledger.add(f"Thing {number} comes", deadline="2026-01-28", slug=slug, p=0.9 if number % 3 else 0.2)
        ledger.forecast(slug, 0.6 + number % 5 / 20, by="ben")
    for number, slug in enumerate(slugs):
        session = date(2026, 1, 10) + timedelta(number // 2)
        clock.set(f"{session}T12:00:00Z")
        early = number % 3 == 0 if chosen else number % 7 < 3
        happened = session - timedelta(7 if early else 0)
        ledger.resolve(slug, "yes", happened_on=happened, reason=f"seen {slug}")
    clock.set("2026-12-06")

    told_of = "dated as it suits ana: 8 of 24 early answers are dated up to a week before they were recorded"
    for shown in (ledger.scorecard(), ledger.leaderboard(), ledger.compare("ana", "ben")):
        text = " ".join(str(shown).split())
        assert (told_of in text) is chosen
        assert ("dated as it suits" in text) is chosen
    assert "dated early" not in told(ledger)


@pytest.mark.parametrize("step", [1, 7])
def test_answers_that_fall_as_chance_has_it_are_not(ledger: Ledger, clock: Clock, step: int) -> None:
    """Two or three on one day of forty, and up to five in one week, of which only the day of the session is told."""
    slugs = claims(ledger, 40)
    days = np.sort(np.random.default_rng(4).integers(2, 300, len(slugs)))
    for slug, number in zip(slugs, days.tolist(), strict=True):
        day = date(2026, 1, 1) + timedelta(-(-number // step) * step)
        clock.set(f"{day}T20:00:00Z")
        ledger.resolve(slug, "yes", reason=f"seen {slug}", **{"happened_on" if step == 1 else "known_on": day})
    clock.set("2026-12-06")

    assert "verdicts have one day" not in told(ledger)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("window", [28, 60, 150])
def test_who_keeps_a_ledger_once_a_week_is_told_of_nothing(
    ledger: Ledger, clock: Clock, weekday: int, window: int
) -> None:
    opens = date(2026, 1, 1)
    ledger.add("Thing comes", deadline=opens + timedelta(window - 1), slug="thing", p=0.8, opens_on=opens)
    happened = opens + timedelta(2 + weekday)
    clock.set(str(opens + timedelta(9)))  # the session of that week
    ledger.resolve("thing", "yes", happened_on=happened, reason="seen")
    clock.set("2026-12-06")

    assert "dated early" not in told(ledger)


@pytest.mark.parametrize("backdated", [False, True])
def test_only_claims_that_count_are_observations(ledger: Ledger, clock: Clock, backdated: bool) -> None:
    said_on = "2025-12-20" if backdated else None
    rests = {"because": "https://news.example/", "reason": "filed"}
    for number in range(4):
        ledger.add(f"Thing {number} comes", deadline=DEADLINE, slug=f"thing-{number}", opens_on="2025-12-01")
        ledger.forecast(f"thing-{number}", 0.8, made_at=said_on)
    clock.set("2026-12-06")
    for number in range(4):
        ledger.resolve(f"thing-{number}", "yes", happened_on="2026-02-05", **(rests if number < 2 else {}))  # type: ignore[arg-type]

    assert ("rest on one piece of evidence" in told(ledger)) is not backdated


def test_the_reason_of_an_import_is_no_common_cause(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-06")
    rows = [
        {
            "text": f"Thing {number} comes", "deadline": "2026-11-01", "p": 0.8, "by": "Bob", "said_on": "2026-01-02",
            "link": "https://bob.example/", "outcome": "no", "impossible": "yes", "known_on": "2026-03-05",
        }
        for number in range(4)
    ]  # fmt: skip
    ledger.import_from("table", rows)
    assert "have one day and one reason" not in told(ledger)

    for number in range(4):
        ledger.resolve(f"thing-{number}-comes", "no", impossible=True, known_on="2026-03-05", reason="gone")

    assert '4 verdicts have one day and one reason (2026-03-05, "gone") and count as 4 observations' in told(ledger)


def test_contested_verdicts_and_lost_evidence_are_told_without_a_ranking(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger)
    clock.set("2026-12-06")
    for slug in slugs:
        ledger.log_evidence(slug, "https://news.example/", "It came", on=DEADLINE, slug="news")
        ledger.resolve(slug, "yes", happened_on=DEADLINE, because="news")
    ledger.resolve(slugs[0], "no", dissent=True, by="lawyer", reason="it did not")
    ledger.retract("news", reason="forged")

    assert "contested: 1 of 4 verdicts, of which somebody says otherwise, in the history" in told(ledger)
    assert "on retracted evidence: 4 of 4 verdicts" in told(ledger)


TYPES = {
    "yes or no": ({"p": 0.6}, "no", "yes"),
    "choice": ({"options": ["a", "b"], "p": {"a": 0.6, "b": 0.4}}, "a", "b"),
    "number": ({"unit": "cars", "between": (0, 9), "quantiles": {0.1: 2, 0.5: 4, 0.9: 6}}, "3", "4"),
    "date": ({"when": True, "p": {"2026-03-01": 0.4}}, "2026-01-20", "2026-01-21"),
}


@pytest.mark.parametrize("type_", TYPES)
def test_only_who_says_otherwise_by_now_contests_a_verdict(ledger: Ledger, clock: Clock, type_: str) -> None:
    asked, verdict, other = TYPES[type_]
    ledger.add("It comes true", deadline="2026-03-01", slug="it", **asked)
    clock.set("2026-04-15")
    ledger.resolve("it", verdict, known_on="2026-04-01", reason="seen")

    def dissent(says: str, by: str) -> tuple[bool, bool]:
        day = {"happened_on": "2026-02-01"} if says == "yes" else {}
        ledger.resolve("it", says, known_on="2026-04-02", dissent=True, by=by, reason="read so", again=True, **day)
        on_card = "contested: 1 of 1 verdict" in told(ledger)
        return on_card, "contested" in str(ledger.claim("it"))

    assert dissent(verdict, "ben") == (False, False)  # says the same
    assert dissent(other, "ben") == (True, True)
    assert dissent(verdict, "cyd") == (True, True)  # ben says otherwise still
    assert dissent(verdict, "ben") == (False, False)
