"""Known ways to look better without forecasting better: each gains nothing, or the card says so in words."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Clock

from predictions import Ledger, LedgerWarning
from predictions.records import Claim, Source, Statement
from predictions.scoring.anytime import PRESUMED
from predictions.testing import clock_at
from predictions.views.scorecard.card import Scorecard

LATE = pytest.mark.filterwarnings(
    "ignore::predictions.errors.LedgerWarning"
)  # what is said late, or changes nothing, says so


def text(card: Scorecard) -> str:
    return " ".join(str(card).split())


def claims(ledger: Ledger, count: int, *, by: str = "2026-12-31", **fields: Any) -> list[str]:
    return [ledger.add(f"Number {number:02} comes true", deadline=by, **fields) for number in range(count)]


def end(ledger: Ledger, clock: Clock, outcomes: dict[str, bool], day: str = "2027-03-01") -> None:
    clock.set(day)
    for slug, true in outcomes.items():
        ledger.resolve(slug, "yes" if true else "no", known_on=None if not true else "2026-12-31", reason="seen")


# -- shading a number -----------------------------------------------------------------------------------------


COMES = 0.3  # the chance that it comes at all


def shaded(chance: float, stretch: float, shift: float) -> float:
    return 1 / (1 + exp(-(stretch * log(chance / (1 - chance)) + shift)))


SHIFTS = (-6.0, -1.0, -0.3, -0.1, 0.1, 0.3, 1.0)
WAYS = {"honest": (1.0, 0.0)} | {f"shift-{number}": (1.0, shift) for number, shift in enumerate(SHIFTS)}
WAYS |= {"stretched": (1.3, 0.0), "shrunk": (0.8, 0.0)}


def expected(path: Path, days: int, *, by_moment: bool) -> dict[str, tuple[float, float]]:
    """What each way of shading comes to, in the mean over all that can happen: first Brier, and skill over time.

    An event comes at the end of one of *days*, each as likely, or not at all. Before each day everybody
    says what the days passed without it make of the chance, shaded; one claim stands for each way it can come out.
    """
    opens = datetime(2026, 1, 2, tzinfo=UTC)
    closes = opens + days * timedelta(1)
    with clock_at(opens - timedelta(5)) as clock, Ledger(path, me="ana") as ledger:
        with ledger._journal.writing() as writing:
            put = ledger._store.put
            put(writing, Source(slug="site", title="A site", kind="platform"))
            for ending in range(days + 1):
                put(writing, Statement(slug=f"c{ending}", source="site", text=f"It comes, {ending}."))
                put(writing, Claim(
                    slug=f"c{ending}", statement=f"c{ending}", reading="headline", title="x", wording="x", criteria="x",
                    opens_on=opens.date(), deadline=(closes - timedelta(1)).date(), scored=True, settle_days=0,
                    closes_at=closes if by_moment else None,
                ))  # fmt: skip
        rows = []
        for day in range(days):
            left = COMES * (days - day) / days
            chance = left / (left + 1 - COMES)
            made_at = opens + day * timedelta(1) - (timedelta(0) if by_moment else timedelta(seconds=1))
            for ending in range(day, days + 1):
                rows += [(f"c{ending}", who, made_at, shaded(chance, *way)) for who, way in WAYS.items()]
        clock.set(closes + timedelta(20))
        ledger.import_forecasts(
            {
                "claim": [row[0] for row in rows], "forecaster": [row[1] for row in rows],
                "made_at": [row[2].isoformat() for row in rows], "probability": [row[3] for row in rows],
            },
            published_in="site",
        )  # fmt: skip
        ends = [opens + (day + 1) * timedelta(1) - timedelta(seconds=1) for day in range(days)]
        verdicts = [(f"c{day}", "yes", str(end.date()), end.isoformat()) for day, end in enumerate(ends)]
        verdicts.append((f"c{days}", "no", str(closes.date()), (closes + timedelta(hours=1)).isoformat()))
        ledger.import_resolutions(
            [
                {"claim": one, "outcome": how, "known_on": day, "known_at": at, "reason": "seen"}
                for one, how, day, at in verdicts
            ]
        )  # fmt: skip
        weight = {f"c{day}": COMES / days for day in range(days)} | {f"c{days}": 1 - COMES}
        found: dict[str, list[float]] = {}
        for row in ledger.scorecard().rows():
            sums = found.setdefault(str(row["forecaster"]), [0.0, 0.0])
            assert row["place"] == "scored", row
            sums[0] += weight[str(row["claim"])] * row["brier"]  # type: ignore[operator]
            sums[1] += weight[str(row["claim"])] * row["time_skill"]  # type: ignore[operator]
    return {who: (sums[0], sums[1]) for who, sums in found.items()}


def check_shading(path: Path, days: int, *, by_moment: bool) -> None:
    found = expected(path, days, by_moment=by_moment)
    first, skill = found.pop("honest")
    assert len(found) == len(WAYS) - 1
    assert all(brier > first for brier, _ in found.values())
    assert all(other < skill for _, other in found.values())
    assert first == pytest.approx(COMES * (1 - COMES))


@pytest.mark.parametrize("by_moment", [False, True])
@pytest.mark.parametrize("days", [1, 2, 7, 30])
def test_shading_a_number_never_gains(tmp_path: Path, days: int, by_moment: bool) -> None:
    check_shading(tmp_path / "ledger.db", days, by_moment=by_moment)


@pytest.mark.campaign(5)
@pytest.mark.parametrize("by_moment", [False, True])
@pytest.mark.parametrize("days", [3, 14, 90, 365])
def test_shading_never_gains_over_a_year(tmp_path: Path, days: int, by_moment: bool) -> None:
    check_shading(tmp_path / "ledger.db", days, by_moment=by_moment)


# -- what counts until when -----------------------------------------------------------------------------------


@pytest.mark.parametrize("closing", [True, False])
@LATE
def test_sixty_games_of_one_day_are_scored_alike_for_yes_and_no(ledger: Ledger, clock: Clock, closing: bool) -> None:
    luck, squared, verdicts = random.Random(60), 0.0, {}
    clock.set("2026-06-05T07:00Z")
    for number in range(60):
        chance, true = round(luck.random(), 2), luck.random() < 0.5
        slug = ledger.add(
            f"Game {number} is won at home", deadline="2026-06-05", settle_days=0, p=chance,
            closes_at="2026-06-05T12:00Z" if closing else None,
        )  # fmt: skip
        squared += (chance - true) ** 2 / 60
        verdicts[slug] = true
    clock.set("2026-06-08")
    for slug, true in verdicts.items():
        ledger.resolve(slug, "yes" if true else "no", known_on="2026-06-05" if true else "2026-06-06", reason="seen")

    card = ledger.scorecard()
    record = card.record("ana")

    assert record.n == (60 if closing else 0)
    assert record.mean("brier") == (pytest.approx(squared) if closing else None)
    assert record.funnel["too late"] == (0 if closing else 60)
    assert (
        "told by the day: 60 forecasts of the day on which the answer came" in text(replace(card, full=True))
    ) is not closing


# -- G1: who speaks late --------------------------------------------------------------------------------------


def late_and_early(ledger: Ledger, clock: Clock) -> None:
    luck = random.Random(1)
    slugs = claims(ledger, 24)
    outcomes = {}
    for slug in slugs:
        chance = round(luck.uniform(0.2, 0.8), 2)
        ledger.forecast(slug, chance, by="early")
        outcomes[slug] = luck.random() < chance
    clock.set("2026-12-30T20:00Z")
    for slug, true in outcomes.items():
        ledger.forecast(slug, 0.97 if true else 0.03, by="late")
    end(ledger, clock, outcomes)


def test_who_speaks_four_hours_before_the_end_is_told_to_be_no_better(ledger: Ledger, clock: Clock) -> None:
    late_and_early(ledger, clock)

    card = ledger.scorecard()

    assert card.record("late").mean("brier") < 0.001  # type: ignore[operator]  # as it is, shown and never ranked
    assert card.record("late").mean("entered") > 0.99  # type: ignore[operator]
    assert "not yet to be told" in card.figures["late"].verdict
    assert "made on different days" in str(card.compare("late", "early"))


# -- G2: one event, thirty statements -------------------------------------------------------------------------


def thirty(ledger: Ledger, clock: Clock, **fields: Any) -> list[str]:
    slugs = []
    for number in range(30):
        day = datetime(2026, 6, 1, tzinfo=UTC) + number * timedelta(1)
        slugs.append(ledger.add(f"It comes by the {number}th day", deadline=day.date(), p=0.9))
    return slugs


def settle(ledger: Ledger, clock: Clock, slugs: list[str]) -> None:
    clock.set("2026-05-20")
    ledger.log_evidence(slugs, "https://example.org/it", "It came", published="2026-05-19", slug="it-came")
    for slug in slugs:
        ledger.resolve(slug, "yes", known_on="2026-05-19", because="it-came", reason="it came")
    clock.set("2026-12-01")


def test_thirty_statements_of_one_event_are_one_observation_once_declared(ledger: Ledger, clock: Clock) -> None:
    slugs = thirty(ledger, clock)
    for slug in slugs:
        ledger.correct(f"claim {slug}", cluster="the-event", reason="one event decides them")
    settle(ledger, clock, slugs)

    card = ledger.scorecard()

    assert (card.record("ana").n, card.record("ana").few) == (1, True)
    assert card.figures["ana"].verdict == "too few to say; at least 9 more statements needed"
    assert "rest on one piece of evidence" not in text(card)


def test_thirty_statements_that_rest_on_one_piece_of_evidence_are_pointed_out(ledger: Ledger, clock: Clock) -> None:
    settle(ledger, clock, thirty(ledger, clock))

    assert "and 27 more rest on one piece of evidence, it-came; if one fact decided them, a cluster" in text(
        ledger.scorecard()
    )
    assert "rest on one piece of evidence" not in text(ledger.scorecard(today="2026-05-18"))  # nobody knew them then


def twelve_failures(ledger: Ledger, clock: Clock) -> list[str]:
    """Twelve wrong calls and twelve right ones, by ben; ana keeps the ledger."""
    slugs = claims(ledger, 24)
    for number, slug in enumerate(slugs):
        ledger.forecast(slug, 0.9 if number < 12 else 0.99, by="ben")
    end(ledger, clock, {slug: number >= 12 for number, slug in enumerate(slugs)})
    return slugs[:12]


@LATE
def test_failures_that_are_declared_one_afterwards_stay_twelve_in_the_mean(ledger: Ledger, clock: Clock) -> None:
    failures = twelve_failures(ledger, clock)
    before = ledger.scorecard()
    for slug in failures:
        with pytest.warns(LedgerWarning, match="cluster bad-luck is declared too late for means"):
            ledger.correct(f"claim {slug}", cluster="bad-luck", reason="one cause, surely")

    card = ledger.scorecard()

    assert card.record("ben").mean("brier") == pytest.approx(before.record("ben").mean("brier"))
    assert (before.record("ben").n, card.record("ben").n) == (24, 13)
    first, second = (one.figures["ben"].interval for one in (before, card))
    assert first is not None
    assert second is None or (second[0] <= first[0] and second[1] >= first[1])
    assert "clustered too late: 12 claims" in text(card)


@LATE
@pytest.mark.parametrize("way", ["superseding", "readings", "given", "one statement"])
def test_new_claims_do_not_bring_old_failures_together(ledger: Ledger, clock: Clock, way: str) -> None:
    failures = twelve_failures(ledger, clock)
    before = ledger.scorecard().record("ben").mean("brier")
    sure = ledger.add("The sun rises", deadline="2027-12-31")
    for number, old in enumerate(failures):
        if way == "superseding":
            ledger.supersede(
                old, text=f"Again {number}", deadline="2027-12-31", cluster="bad-luck", reason="other words", carry=()
            )
            continue
        fields: dict[str, Any] = {"cluster": "bad-luck"}
        if way != "readings":
            fields = {"given": sure} if way == "given" else {"supersedes": old}
        with ledger._journal.writing() as writing:
            ledger._store.put(writing, Claim(
                slug=f"again-{number}", statement=sure if way == "one statement" else old, reading="strict", title="x",
                wording="x", criteria="x", opens_on="2027-03-01", deadline="2027-12-31", **fields,
            ))  # fmt: skip

    card = ledger.scorecard()

    assert card.record("ben").mean("brier") == pytest.approx(before)
    assert card.record("ben").n == 13
    assert "ed too late: 1" in text(card)


@LATE
@pytest.mark.parametrize(("day", "fair"), [("2026-01-01", 12), ("2026-01-15", 12), ("2026-03-01", 36)])
def test_a_shared_condition_makes_no_lost_claim_lighter(ledger: Ledger, clock: Clock, day: str, fair: int) -> None:
    """Claims given one formality are one observation in means only if that was on file before the loss was seen."""
    for number in range(12):
        ledger.add(f"Formality {number}", deadline="2027-12-31", slug=f"formality-{number}")
        ledger.add(f"Thing {number}", deadline="2026-12-31", slug=f"thing-{number}", given=f"formality-{number}")
        ledger.forecast(f"thing-{number}", 0.9)
    clock.set(day)
    for number in range(12):
        for sibling in ("b", "c"):
            slug = f"thing-{number}-{sibling}"
            ledger.add(f"Sure {number} {sibling}", deadline="2026-12-31", slug=slug, given=f"formality-{number}")
            ledger.forecast(slug, 0.99)
    things = {
        f"thing-{number}{sibling}": bool(sibling) for number in range(12) for sibling in ("", "-b", "-c")
    }  # fmt: skip
    end(ledger, clock, things)

    card = ledger.scorecard()

    unit = card.pool.table.claims.units.fair[[slug.startswith("thing") for slug in card.pool.table.claims.slugs]]
    assert np.unique(unit).size == fair
    assert card.record("ana").n == 12
    assert card.record("ana").mean("brier") == pytest.approx((12 * 0.81 + 24 * 0.0001) / 36)
    assert ("linked too late: 36 claims" in text(card)) is (fair == 36)


def test_a_dissent_takes_no_cluster_apart(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger, 3, cluster="the-event")
    for slug in slugs:
        ledger.forecast(slug, 0.9, by="ben")
    end(ledger, clock, dict.fromkeys(slugs, False))
    with pytest.warns(LedgerWarning, match="before the window"):
        ledger.resolve(slugs[0], "annulled", known_on="2025-12-01", reason="mischief", dissent=True, again=True)

    assert not ledger.scorecard().pool.table.claims.units.late.any()


@LATE
@pytest.mark.parametrize(("day", "fair"), [("2026-01-01", 13), ("2026-01-19", 13), ("2026-03-01", 24)])
def test_what_looks_lost_is_not_put_together_in_a_record_of_ones_own(
    ledger: Ledger, clock: Clock, day: str, fair: int
) -> None:
    """A tenth of the window is gone on 6 February; nobody else forecasts."""
    slugs = claims(ledger, 24, p=0.9)
    clock.set(day)
    for slug in slugs[:12]:
        ledger.correct(f"claim {slug}", cluster="bad-luck", reason="one cause, surely")
    end(ledger, clock, {slug: number >= 12 for number, slug in enumerate(slugs)})

    card = ledger.scorecard()

    assert np.unique(card.pool.table.claims.units.fair).size == fair
    assert card.record("ana").n == 13
    assert ("clustered too late: 12 claims" in text(card)) is (fair == 24)
    lost = 12 / 24 if fair == 24 else 1 / 13
    assert card.record("ana").mean("brier") == pytest.approx(lost * 0.81 + (1 - lost) * 0.01)


@LATE
def test_taking_a_claim_out_of_its_cluster_splits_nothing(ledger: Ledger, clock: Clock) -> None:
    slugs = thirty(ledger, clock)
    for slug in slugs:
        ledger.correct(f"claim {slug}", cluster="the-event", reason="one event")
    for slug in slugs:
        with pytest.warns(LedgerWarning, match="stays in cluster the-event: splitting never counts"):
            ledger.correct(f"claim {slug}", cluster=None, reason="many, after all")
    settle(ledger, clock, slugs)

    assert ledger.scorecard().record("ana").n == 1


@LATE
def test_a_claim_that_is_put_in_late_undoes_no_cluster(ledger: Ledger, clock: Clock) -> None:
    slugs = thirty(ledger, clock)
    for slug in slugs:
        ledger.correct(f"claim {slug}", cluster="the-event", reason="one event")
    clock.set("2026-01-03")
    other = ledger.add("It snows", deadline="2026-03-01")
    ledger.forecast(other, 0.5, by="ben", kind="person")
    with pytest.warns(LedgerWarning, match="cluster the-event is declared too late for means"):
        ledger.correct(f"claim {other}", cluster="the-event", reason="likewise")
    settle(ledger, clock, slugs)

    units = ledger.scorecard().pool.table.claims.units
    assert (units.late.sum(), np.unique(units.fair).size, np.unique(units.wide).size) == (1, 2, 1)


# -- G3: superseding ------------------------------------------------------------------------------------------


@LATE
@pytest.mark.parametrize("links", [1, 3])
@pytest.mark.parametrize("first", ["no", "annulled"])
def test_a_claim_that_fails_is_not_diluted_by_superseding_it(
    ledger: Ledger, clock: Clock, links: int, first: str
) -> None:
    slugs = claims(ledger, 12, p=0.9)
    chains = {slug: [slug] for slug in slugs}
    clock.set("2026-12-29T09:00Z")
    for slug, chain in chains.items():
        for link in range(links):
            chain.append(
                ledger.forecast(
                    ledger.supersede(
                        chain[-1], text=f"{slug} is true, {link}", deadline="2026-12-31", reason="other words", carry=()
                    ),
                    0.01,
                )
            )
    clock.set("2027-03-01")
    for slug, chain in chains.items():
        for link in chain:
            outcome = first if link == slug else "no"
            ledger.resolve(link, outcome, known_on="2027-01-30" if outcome == "annulled" else None, reason="seen")

    card = ledger.scorecard()
    record = card.record("ana")

    assert record.mean("brier") == (pytest.approx(0.81) if first == "no" else None)
    assert record.n == (12 if first == "no" else 0)
    assert record.funnel["superseded"] == 12 * links
    assert not re.search(r"\d open", text(card))  # nothing falls out twice


@LATE
@pytest.mark.parametrize("way", ["a claim after the verdicts", "a claim prepared before"])
def test_no_number_that_a_link_dates_earlier_takes_a_lost_claim_away(ledger: Ledger, clock: Clock, way: str) -> None:
    """The other claim of the chain is open for long, so that whoever is scored there is scored nowhere."""
    prepared = way == "a claim prepared before"
    terms = {"opens_on": "2025-12-01", "deadline": "2099-12-31"}
    slugs = claims(ledger, 12)
    others = {}
    for number, slug in enumerate(slugs):
        if prepared:
            others[slug] = slug
            slugs[number] = ledger.supersede(
                slug, text=f"{slug} is true soon", deadline="2026-12-31", reason="sooner", carry=()
            ).slug  # fmt: skip
        ledger.forecast(slugs[number], 0.9)
    if not prepared:
        end(ledger, clock, dict.fromkeys(slugs, False))
        for slug in slugs:
            others[slug] = ledger.supersede(
                slug, text=f"{slug} is true one day", reason="other words", carry=(), **terms
            ).slug  # fmt: skip
    for number, other in enumerate(others.values()):
        link = f"https://ana.example/{number}"
        ledger.log_evidence(other, link, f"Said early {number}", published="2025-12-31", slug=f"early-{number}")
        ledger.forecast(other, 0.3, made_at="2025-12-31", published_in=f"early-{number}")
    if prepared:
        end(ledger, clock, dict.fromkeys(slugs, False))

    record = ledger.scorecard().record("ana")

    assert record.mean("brier") == pytest.approx(0.81)
    assert record.n == 12
    assert record.funnel["superseded"] == 12


def test_speaking_of_the_older_claim_later_saves_nobody_either(ledger: Ledger, clock: Clock) -> None:
    old = ledger.add("It snows in May", deadline="2026-12-31")
    new = ledger.supersede(old, text="It snows in May, in town", deadline="2026-12-31", reason="other words", carry=())
    clock.set("2026-02-01")
    ledger.forecast(new, 0.9)
    clock.set("2026-12-01")
    ledger.forecast(old, 0.02)
    end(ledger, clock, {old: False, new: False})

    [scored, superseded] = sorted(ledger.scorecard().rows(), key=lambda row: str(row["place"]))
    assert (scored["claim"], scored["brier"], superseded["place"]) == (new, pytest.approx(0.81), "superseded")


# -- G4: losers left without a verdict ------------------------------------------------------------------------


def test_while_verdicts_are_missing_a_sentence_holds_for_the_worst_of_them(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger, 60, p=0.9)
    end(ledger, clock, dict.fromkeys(slugs[:30], True))

    card = ledger.scorecard()
    assert card.record("ana").mean("brier") == pytest.approx(0.01)
    assert card.figures["ana"].verdict.startswith("not yet to be told from always saying 50 %")
    assert "30 without a verdict could still turn it" in card.figures["ana"].verdict

    end(ledger, clock, dict.fromkeys(slugs[30:], True))
    assert ledger.scorecard().figures["ana"].verdict == (
        f"better than always saying 50 %, however often one looks{PRESUMED}"
    )


@pytest.mark.parametrize("beside", ["ben", "half", "base rate"])
def test_while_verdicts_are_missing_a_comparison_holds_for_the_worst_of_them(
    ledger: Ledger, clock: Clock, beside: str
) -> None:
    slugs = claims(ledger, 120, p=0.9)
    for slug in slugs:
        ledger.forecast(slug, 0.5, by="ben")
    end(ledger, clock, dict.fromkeys(slugs[:60], True))

    found = ledger.scorecard().compare("ana", beside)
    assert (found.missing, found.distinguishable) == (60, False)
    assert "60 without a verdict could still turn it" in found.sentence

    end(ledger, clock, dict.fromkeys(slugs[60:119], True))
    found = ledger.scorecard().compare("ana", beside)
    assert (found.missing, found.distinguishable) == (1, beside != "base rate")
    if beside != "base rate":
        assert "ana was better, whatever becomes of 1 without a verdict" in found.sentence


@LATE
def test_the_worst_of_a_missing_verdict_is_that_it_came_before_the_forecast_was_changed(
    ledger: Ledger, clock: Clock
) -> None:
    slugs = claims(ledger, 90, settle_days=1)
    for place, slug in enumerate(slugs):
        ledger.forecast(slug, 0.95 if place < 60 else 0.99)
    clock.set("2026-07-01")
    for slug in slugs[60:]:
        ledger.forecast(slug, 0.01)
    end(ledger, clock, dict.fromkeys(slugs[:60], True))

    assert "30 without a verdict could still turn it" in ledger.scorecard().figures["ana"].verdict

    for slug in slugs[60:]:
        ledger.resolve(slug, "no", impossible=True, known_on="2026-07-01", reason="seen")
    assert ledger.scorecard().figures["ana"].verdict.startswith("not yet to be told")


@pytest.mark.parametrize("way", ["annulled", "ambiguous", "contested"])
def test_what_is_unclear_annulled_or_contested_counts_as_if_its_verdict_were_missing(
    ledger: Ledger, clock: Clock, way: str
) -> None:
    slugs = claims(ledger, 90, p=0.9)
    for slug in slugs:
        ledger.forecast(slug, 0.5, by="ben")
    end(ledger, clock, dict.fromkeys(slugs[:60] if way != "contested" else slugs, True))
    for slug in slugs[60:]:
        if way == "contested":
            ledger.resolve(slug, "no", known_on="2027-01-30", dissent=True, reason="I think so")
        else:
            ledger.resolve(slug, way, known_on="2027-01-30", reason="nobody can tell")

    card = ledger.scorecard()
    sentences = [card.figures["ana"].verdict, *(card.compare("ana", other).sentence for other in ("ben", "half"))]

    told = "30 contested" if way == "contested" else "30 unclear or annulled"
    for sentence in sentences:
        assert "better than always" not in sentence
        assert "was better" not in sentence
        assert sentence.removesuffix(".").endswith(f"; {told} could still turn it")


def test_a_sentence_that_holds_all_the_same_is_said(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger, 61, p=0.9)
    end(ledger, clock, dict.fromkeys(slugs[:60], True))

    assert ledger.scorecard().figures["ana"].verdict == (
        f"better than always saying 50 %, however often one looks, whatever becomes of 1 without a verdict{PRESUMED}"
    )


# -- G5: words ------------------------------------------------------------------------------------------------


def test_early_words_are_not_erased_by_a_late_number(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31")
    ledger.forecast(slug, words="likely", scale="ipcc", by="paper")
    clock.set("2026-12-29")
    ledger.forecast(slug, 0.02, by="paper")
    end(ledger, clock, {slug: False})

    [row] = ledger.scorecard().rows()
    record = ledger.scorecard().record("paper")

    assert (row["imputed"], row["probability"], row["place"]) == (True, pytest.approx(0.83), "scored")
    assert (record.n, record.mean("brier"), record.funnel["imputed (apart)"]) == (0, None, 1)


@LATE
@pytest.mark.parametrize("when", ["after the answer", "after a number"])
def test_words_that_are_read_late_begin_nothing(ledger: Ledger, clock: Clock, when: str) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31")
    ledger.log_evidence(slug, "https://example.org/a", "A column", published="2026-01-01", slug="column")
    if when == "after a number":
        clock.set("2026-03-01")
        ledger.forecast(slug, 0.8, by="paper")
        clock.set("2026-11-01")
    else:
        end(ledger, clock, {slug: False})
    ledger.forecast(
        slug, words="unlikely", scale="ipcc", by="paper", made_at="2026-01-01",
        published_in="column",
    )  # fmt: skip
    if when == "after a number":
        end(ledger, clock, {slug: False})

    [row] = ledger.scorecard().rows()

    if when == "after a number":
        assert (row["place"], row["imputed"], row["brier"], row["set_apart"]) == (
            "scored", False, pytest.approx(0.64), True
        )  # fmt: skip
    else:
        assert (row["place"], row["imputed"]) == ("words read afterwards", True)


@LATE
@pytest.mark.parametrize("first", [{"p": 0.9}, {"p": 0.83, "low": 0.66, "high": 1.0}])
def test_a_number_does_not_become_words_afterwards(ledger: Ledger, clock: Clock, first: dict[str, float]) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31")
    ledger.forecast(slug, **first)
    end(ledger, clock, {slug: False})
    ledger.correct(f"{slug} ana", words="likely", scale="ipcc", reason="meant as words")

    [row] = ledger.scorecard().rows()

    assert (row["place"], row["imputed"], row["probability"]) == ("scored", False, first["p"])


@LATE
def test_words_do_not_become_a_number_afterwards(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31")
    ledger.forecast(slug, words="likely", scale="ipcc")
    end(ledger, clock, {slug: True})
    ledger.correct(f"{slug} ana", p=0.9, reason="meant as a number")

    assert ledger.scorecard().record("ana").n == 0


@LATE
def test_a_range_that_is_recorded_afterwards_begins_nothing(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31", p=0.9)
    ledger.log_evidence(slug, "https://example.org/a", "A column", published="2025-12-31", slug="column")
    end(ledger, clock, {slug: False})
    ledger.forecast(slug, low=0.0, high=1.0, made_at="2025-12-31", published_in="column")

    [row] = ledger.scorecard().rows()

    assert (row["imputed"], row["probability"], row["set_apart"]) == (False, 0.9, True)


# -- drafts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [{"p": 0.9}, {"low": 0.8, "high": 1.0}])
def test_what_was_said_before_a_draft_was_reworded_counts_from_then(
    ledger: Ledger, clock: Clock, says: dict[str, float]
) -> None:
    slug = ledger.add("It snows in May", deadline="2026-01-03")
    ledger.forecast(slug, **says)
    clock.set("2026-01-02T08:00Z")
    ledger.correct(f"claim {slug}", criteria="It snows in town.", reason="clearer")
    ledger.correct(f"claim {slug}", title="Snow", reason="shorter")
    end(ledger, clock, {slug: False})

    [row] = ledger.scorecard().rows()

    said = "changed while a draft: 1 claim; what was said before counts from the change"
    assert said in text(ledger.scorecard(full=True))
    assert (row["place"], row["probability"]) == ("scored", pytest.approx(0.9))
    assert row["coverage"] == pytest.approx(1 / 3)  # from the midnight after 2026-01-02, of three days


# -- published, and recorded when the answer was known --------------------------------------------------------


def test_a_number_that_a_link_dates_before_the_answer_and_was_recorded_after_it_is_told(
    ledger: Ledger, clock: Clock
) -> None:
    slug = ledger.add("It snows in May", deadline="2026-12-31", p=0.9)
    honest = ledger.scorecard(today="2026-01-01")
    end(ledger, clock, {slug: False})
    ledger.log_evidence(slug, "https://example.org/a", "A column", published="2025-12-31", slug="column")
    ledger.forecast(slug, 0.01, made_at="2025-12-31", published_in="column")

    assert (
        "recorded after the answer: 1 forecast (1 of ana), dated before it by a source that nobody has checked"
        in text(ledger.scorecard())
    )
    assert "recorded after the answer" not in text(honest)


def test_claims_that_hang_together_are_no_test_of_calibration(ledger: Ledger, clock: Clock) -> None:
    slugs = claims(ledger, 20)
    for slug in slugs[:12]:
        ledger.correct(f"claim {slug}", cluster="one-event", reason="one event decides them")
    for slug in slugs:
        ledger.forecast(slug, 0.3, by="ben")
    alone = ledger.add("It snows in May", deadline="2026-12-31")
    ledger.forecast(alone, 0.3, by="ben")
    end(ledger, clock, dict.fromkeys([*slugs, alone], True))

    card = ledger.scorecard()
    assert card.record("ben").n == 10
    assert card.figures["ben"].value("p_value") is None
    assert "some of the claims hang together" in str(card.explain("p_value", "ben"))
