"""The board: a block for each statement, its scored claim, where it stands, and what was said of it."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import Clock

from predictions import Catalog, Ledger, ainews
from predictions.records import Claim, Forecast, Source, Statement
from predictions.views.forecast_text import spoken, standing_forecasts


@pytest.fixture
def article(ledger: Ledger, clock: Clock) -> Ledger:
    """The packaged catalogue, on the day it was last worked on."""
    clock.set("2026-11-22")
    ledger.register(ainews())
    return ledger


def lines(ledger: Ledger, **when: object) -> dict[str, dict[str, object]]:
    return {str(row["claim"]): row for row in ledger.board(**when).rows()}  # type: ignore[arg-type, misc]


def test_each_statement_shows_its_scored_claim(article: Ledger) -> None:
    board = article.board()

    assert [row["claim"] for row in board.rows()] == [
        "exec-defections", "institute-2026", "mission-pay-2027", "backlash-2028",
    ]  # fmt: skip
    assert all(row["scored"] for row in board.rows())
    assert "1  Within 18 months" in str(board)
    assert "4  A backlash will emerge" in str(board)


def test_words_that_are_not_verbatim_say_so(article: Ledger) -> None:
    marked = [group.statement.paraphrased for group in article.board().groups]
    shown = " ".join(str(article.board(full=True)).split())

    assert shown.count("(our paraphrase)") == sum(map(bool, marked)) > 0


def test_statements_stand_under_their_source(article: Ledger) -> None:
    own = article.add("It rains", deadline="2027-06-30")
    source = article.board().groups[0].source

    shown = str(article.board())

    assert shown.startswith(f"{source.publisher}: {source.title}"[:50])
    assert f"({source.published})" in " ".join(shown.split())
    assert shown.index("exec-defections") < shown.index("Our own claims") < shown.index(f"   {own}")


def test_with_all_the_readings_and_the_parts_are_there_too(article: Ledger) -> None:
    few, everything = article.board(), article.board(full=True)

    assert {row["claim"] for row in everything.rows()} == {claim.slug for claim in article.snapshot().all(Claim)}
    assert "full=True" in str(few)
    assert "full=True" not in str(everything)
    for slug in ("exec-defections-strict", "exec-defections-broad"):
        assert slug in str(everything)
        assert slug not in str(few)


def test_it_is_all_there_as_plain_values(article: Ledger) -> None:
    for everything in (False, True):
        board = article.board(full=everything)

        told = board.to_dict()["statements"]

        assert isinstance(told, list)
        assert [row for statement in told for row in statement["claims"]] == board.rows()
        assert {statement["source"] for statement in told} == {"ainews"}


def test_what_nobody_is_held_to_is_counted_and_shown_with_all(article: Ledger) -> None:
    reasons = [group.statement.not_resolvable for group in article.board().groups if group.statement.not_resolvable]

    assert reasons
    assert f"{len(reasons)} marked not resolvable" in str(article.board())
    assert all(str(reason)[:30] in str(article.board(full=True)) for reason in reasons)


def test_a_line_says_window_days_left_status_tally_forecasts_and_evidence(article: Ledger) -> None:
    article.forecast("exec-defections", 0.72)

    line = lines(article)["exec-defections"]

    assert (line["opens_on"], line["deadline"], line["settle_on"]) == ("2026-04-13", "2027-10-13", "2027-11-12")
    assert (line["status"], line["days_left"]) == ("open", 325)
    assert str(line["tally"]).startswith("1 of 2 (1 provisional: ")
    assert line["forecasts"] == {"ainews": '"will", read as 0.80 to 0.99', "ana": "0.72"}
    assert (line["counted"], line["provisional"], line["at_least"], line["met"]) == (1, 1, 2, False)
    assert (line["probabilities"], line["imputed"]) == ({"ainews": 0.9, "ana": 0.72}, ["ainews"])
    assert line["last_evidence"] == "2026-06-17  Microsoft's Azure Core CTO latest to join Anthropic"
    for part in ("325 days left", "1 of 2 (1 provisional", '"will", read as 0.80 to 0.99', "ana 0.72"):
        assert part in str(article.board())


def test_the_next_day_to_come_is_named(article: Ledger) -> None:
    assert "next: 2026-12-31 institute-2026 closes; verdict due 2027-01-30" in str(article.board())


def test_what_waits_for_a_verdict_is_named(article: Ledger) -> None:
    assert "waiting for a verdict: institute-2026 (due 2027-01-30)" in str(article.board(today="2027-01-01"))
    assert lines(article, today="2027-01-01")["institute-2026"]["status"] == "due"
    assert lines(article, today="2027-02-06")["institute-2026"]["status"] == "due"
    assert lines(article, today="2027-02-07")["institute-2026"]["status"] == "overdue"


@pytest.mark.parametrize(("today", "left"), [("2026-01-30", 1), ("2026-01-31", 0), ("2026-02-01", -1)])
def test_days_left_count_down_to_the_last_day(ledger: Ledger, today: str, left: int) -> None:
    slug = ledger.add("It rains", deadline="2026-01-31")

    assert lines(ledger, today=today)[slug]["days_left"] == left
    assert (f"{left} days left" if left >= 0 else "over since 2026-01-31; no from 2026-03-02") in str(
        ledger.board(today=today)
    )


def test_what_is_decided_waits_for_nothing(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    ledger.resolve(slug, "yes", known_on="2026-01-01", reason="seen")

    shown = str(ledger.board())
    assert lines(ledger)[slug]["status"] == "resolved"
    assert "next:" not in shown
    assert "days left" not in shown


def test_only_the_standing_forecast_of_each_is_shown(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    ledger.forecast(slug, 0.4, by="ben")
    ledger.forecast(slug, 0.5, by="cyd")
    clock.set("2026-01-02")
    ledger.forecast(slug, 0.6)
    ledger.withdraw(slug, by="ben")

    snapshot = ledger.snapshot()
    standing = standing_forecasts(snapshot, snapshot.find(Claim, slug))

    assert [(who, one.probability) for who, one in standing] == [("cyd", 0.5), ("ana", 0.6)]


def test_a_claim_that_was_replaced_says_by_which(ledger: Ledger) -> None:
    old = ledger.add("It rains", deadline="2026-06-30")
    new = ledger.supersede(old, text="It rains in Lisbon", deadline="2026-06-30", reason="other words", carry=())

    assert lines(ledger)[old]["superseded_by"] == new
    assert new in str(ledger.board())


def test_evidence_taken_back_is_not_the_last_evidence(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    ledger.log_evidence(slug, "https://example.org/1", "A shower", slug="one", on="2025-12-01", bears="supports")
    ledger.log_evidence(slug, "https://example.org/2", "A flood", slug="two", on="2025-12-24", bears="supports")
    before = lines(ledger)[slug]["last_evidence"]

    ledger.retract("two", reason="a hoax")

    assert "A flood" in str(before)
    assert "A shower" in str(lines(ledger)[slug]["last_evidence"])


@pytest.mark.parametrize("bears", ["context", "base-rate", "near-miss", "opposes"])
def test_the_last_evidence_is_the_last_that_counts(ledger: Ledger, bears: str) -> None:
    slug = ledger.add("It rains twice", deadline="2026-06-30", at_least=2)
    ledger.log_evidence(slug, "https://example.org/1", "A shower", on="2026-01-01", counts="shower")
    ledger.log_evidence(slug, "https://example.org/2", "A forecast of rain", on="2026-01-01", bears=bears)
    ledger.log_evidence(slug, "https://example.org/3", "A cloud", on="2026-01-01", bears="supports")  # of no event

    assert lines(ledger)[slug]["last_evidence"] == "2026-01-01  A shower"


def test_of_one_day_the_best_source_is_the_last(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    for grade in ("other", "primary", "established"):
        ledger.log_evidence(
            slug, f"https://example.org/{grade}", f"Rain, {grade}", on="2025-12-31", grade=grade, bears="supports"
        )

    assert lines(ledger)[slug]["last_evidence"] == "2025-12-31  Rain, primary"


def test_where_nothing_counts_the_board_says_so(article: Ledger) -> None:
    assert lines(article)["institute-2026"]["last_evidence"] is None
    assert " ".join(str(article.board()).split()).count("last that counts nothing yet") == 3


def test_the_board_says_how_long_after_the_statement_the_criteria_were_recorded(article: Ledger) -> None:
    own = article.add("It rains", deadline="2027-06-30")
    shown = " ".join(str(article.board()).split())

    assert {lines(article)[slug]["days_after_statement"] for slug in ("exec-defections", "backlash-2028")} == {223}
    assert lines(article)[own]["days_after_statement"] is None
    assert "criteria recorded 223 days after the statement, after fontoura had counted for it" in shown
    assert "criteria recorded 223 days after the statement; known then: sap-prior (3 of 6)" in shown
    assert shown.count("criteria recorded") == 4


@pytest.mark.parametrize(("published", "days"), [("2026-04-13", 223), ("2026-04", 206), ("2026", -39), (None, None)])
def test_a_publication_dated_loosely_is_never_counted_too_high(
    ledger: Ledger, clock: Clock, published: str | None, days: int | None
) -> None:
    clock.set("2026-11-22")
    ledger.register(Catalog((
        Source(slug="times", title="The Harbour Times", published=published),
        Statement(slug="growth", source="times", text="The port will grow."),
        Claim(
            slug="port", statement="growth", reading="headline", title="It grows", wording="It grows in 2027.",
            criteria="Its figures.", opens_on=date(2027, 1, 1), deadline=date(2027, 12, 31), scored=True,
        ),
    )))  # fmt: skip

    assert lines(ledger)["port"]["days_after_statement"] == days
    assert ("criteria" in str(ledger.board())) == ((days or 0) > 0)


def test_readings_nobody_stated_are_not_said(article: Ledger) -> None:
    article.forecast("exec-defections-strict", 0.3)
    shown = article.board(full=True)
    silent = {str(row["claim"]) for row in shown.rows() if not row["forecasts"] and not row["scored"]}

    assert {"exec-defections-broad", "institute-generous", "salary-cuts"} <= silent
    assert "exec-defections-strict" not in silent
    assert " ".join(str(shown).split()).count("forecasts not said") == len(silent - {"exec-moves-abroad"})
    assert "not said" not in str(article.board())


def test_until_when_the_sources_were_read_stands_below_each_statement(article: Ledger) -> None:
    assert str(article.board()).count("Its sources were read up to about 2026-10-08") == 4
    assert "Its sources were read up to about 2026-10-08" in str(article.claim("exec-defections", full=True))


def test_evidence_without_a_date_is_never_the_last(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    ledger.log_evidence(slug, "https://example.org/1", "Some day", slug="one", bears="supports")

    assert lines(ledger)[slug]["last_evidence"] is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"probability": 0.72}, "0.72"),
        ({"probability": 0.9}, "0.90"),
        ({"probability": 0}, "0.00"),
        ({"probability": 0.725}, "0.725"),
        ({"probability": 0.001}, "0.001"),
        ({"low": 0.2, "high": 0.4}, "0.2 to 0.4"),
        ({"probability": 0.3, "low": 0.2, "high": 0.4}, "0.30 (0.2 to 0.4)"),
        (
            {"probability": 0.9, "low": 0.8, "high": 0.99, "words": "will", "scale": "own"},
            '"will", read as 0.80 to 0.99',
        ),
        ({"probability": 0.9, "words": "will", "scale": "own"}, '"will", read as 0.90'),
        ({"withdrawn": True}, "withdrawn"),
    ],
)
def test_a_forecast_is_spoken_as_a_person_reads_it(said: dict[str, object], text: str) -> None:
    forecast = Forecast.model_validate({"claim": "c", "forecaster": "ana", "made_at": "2026-01-01T00:00Z", **said})

    assert spoken(forecast).startswith(text)


def test_a_time_that_is_only_claimed_stands_behind_every_other_and_is_marked(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    clock.set("2026-02-01")
    ledger.forecast(slug, 0.9, made_at="2026-01-31T00:00Z")
    ledger.forecast(slug, 0.8, by="ben", made_at="2026-01-15")

    assert lines(ledger)[slug]["forecasts"] == {"ana": "0.30", "ben": "0.80 (backdated)"}
    assert "ben 0.80 (backdated)" in str(ledger.board())


def test_a_claim_that_lost_its_basis_is_annulled_whatever_its_verdict(ledger: Ledger, clock: Clock) -> None:
    rain = ledger.add("It rains", deadline="2026-06-30")
    flood = ledger.add("If it rains, it floods", deadline="2026-06-30", given=rain)
    clock.set("2026-08-01")
    for slug in (flood, rain):
        ledger.resolve(slug, "no", known_on="2026-07-01", reason="dry")

    assert [lines(ledger)[slug]["outcome"] for slug in (rain, flood)] == ["no", "annulled"]
    assert lines(ledger)[flood]["status"] == "annulled"
