"""One claim on one card: the words, the criteria, the evidence in order, the forecasts and the verdicts."""

from __future__ import annotations

import json

import pytest
from conftest import Clock, Refuses

from predictions import Ledger, NotFound, ainews
from predictions.render.blocks import Folded, Item
from predictions.status import Timing


@pytest.fixture
def article(ledger: Ledger, clock: Clock) -> Ledger:
    clock.set("2026-11-22")
    ledger.register(ainews())
    return ledger


def words(text: str) -> str:
    """The text without its line breaks, as it is read."""
    return " ".join(text.split())


def test_the_card_says_all_that_a_stranger_needs(article: Ledger) -> None:
    card = article.claim("exec-defections", full=True)

    shown = words(str(card))
    for part in (
        card.statement.text,
        card.claim.title,
        card.claim.wording,
        card.claim.criteria,
        *(condition.text for condition in card.claim.conditions),
        "2026-04-13 .. 2027-10-13",
        f'"{card.claim.horizon}"',
        "325 days left",
        "2027-11-12",
        card.tally.short,
        card.tally.needed,
    ):
        assert words(str(part)) in shown, part
    assert card.source.link
    assert card.source.link in str(card)


def test_every_card_of_the_catalogue_holds(article: Ledger) -> None:
    for row in article.board(full=True).rows():
        card = article.claim(str(row["claim"]), full=True)
        assert card.claim.slug in str(card)
        assert card._repr_html_().startswith("<div")
        assert json.dumps(card.to_dict())


def test_what_counts_comes_first_then_what_is_contested_what_falls_short_and_the_background(article: Ledger) -> None:
    article.log_evidence("exec-defections", "https://example.org/no", "He did not", bears="opposes", on="2026-11-01")
    article.log_evidence(
        "exec-defections", "https://example.org/hoax", "A hoax", slug="hoax", counts="hoax", on="2026-11-02"
    )
    article.retract("hoax", reason="a hoax")
    card = article.claim("exec-defections", full=True)

    bears = [(row["bears"], row["retracted"]) for row in card.rows()]
    kinds = [kind for place, kind in enumerate(bears) if kind not in bears[:place]]
    shown = str(card)
    headings = ["Evidence that counts\n", "Contested, or against", "Falls short\n", "Background, and what"]

    assert card.rows()[0]["evidence"] == "fontoura-dcd"
    assert kinds[:3] == [("supports", False), ("opposes", False), ("near-miss", False)]
    assert set(kinds[3:]) == {("base-rate", False), ("context", False), ("supports", True)}
    assert [shown.index(heading) for heading in headings] == sorted(shown.index(heading) for heading in headings)


@pytest.mark.parametrize("slug", ["institute-2026", "exec-defections", "salary-cuts"])
@pytest.mark.parametrize("bears", [{"near-miss"}, {"context", "base-rate"}])
def test_what_does_not_count_stands_in_the_order_of_the_worlds_dates(
    article: Ledger, slug: str, bears: set[str]
) -> None:
    rows = [row for row in article.claim(slug, full=True).rows() if row["bears"] in bears]

    days = [str(row["happened"] or row["published"] or "9999") for row in rows]
    assert days == sorted(days)


def test_an_event_in_dispute_stands_apart_with_all_its_evidence(article: Ledger) -> None:
    blocks = article.claim("exec-defections-broad", full=True).blocks()

    (apart,) = [block for block in blocks if isinstance(block, Folded) and block.summary.startswith("Contested")]

    assert {item.about.split()[-1] for item in apart.blocks if isinstance(item, Item)} == {
        "dean-google-blog", "dean-nyt", "dean-wired",
    }  # fmt: skip


def test_the_card_says_how_long_after_the_statement_the_criteria_were_recorded(article: Ledger) -> None:
    shown = words(str(article.claim("institute-2026", full=True)))

    assert "criteria recorded 223 days after the statement; known then: sap-prior (3 of 6)" in shown


def test_each_piece_of_evidence_has_its_link_its_weight_and_why(article: Ledger) -> None:
    card = article.claim("exec-defections", full=True)

    shown = words(str(card))
    for item in card.on_file:
        assert item.evidence.slug in shown
        assert item.evidence.link in str(card)
        assert not item.bearing.why or words(item.bearing.why) in shown


def test_conditions_met_stand_in_the_claims_own_order(article: Ledger) -> None:
    card = article.claim("exec-defections", full=True)

    met = next(row["meets"] for row in card.rows() if row["evidence"] == "fontoura-dcd")

    assert met == [condition.name for condition in card.claim.conditions] == ["title", "firm", "lab", "employment"]
    assert "meets title, firm, lab, employment\n" in str(card)


def test_forecasts_stand_in_order_with_how_their_times_are_known(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    clock.set("2026-02-01")
    ledger.forecast(slug, 0.5, note="clouds")
    ledger.forecast(slug, 0.9, made_at="2026-01-15")
    ledger.withdraw(slug)

    card = ledger.claim(slug, full=True)

    assert [(spoken.point, timing) for spoken, timing in card.forecasts] == [
        (0.3, Timing.WITNESSED), (0.9, Timing.BACKDATED), (0.5, Timing.WITNESSED), (None, Timing.WITNESSED),
    ]  # fmt: skip
    assert "clouds" in str(card)
    assert "withdrawn" in str(card)


def test_verdicts_stand_in_order_the_last_one_standing(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    clock.set("2026-08-01")
    ledger.resolve(slug, "no", known_on="2026-07-01", reason="dry")
    ledger.resolve(slug, 0.5, known_on="2026-07-02", reason="a drizzle", by="ben")
    ledger.resolve(slug, "yes", happened_on="2026-06-01", known_on="2026-07-03", reason="wet", dissent=True)

    card = ledger.claim(slug, full=True)

    shown = str(card)
    assert card.verdict is not None
    assert card.verdict.fraction == 0.5
    assert shown.index("dry") < shown.index("a drizzle") < shown.index("dissent: ")
    assert [item.record.number for item in card.resolutions] == [1, 2, 3]


def test_a_bare_claim_says_that_nothing_is_on_file(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")

    shown = str(ledger.claim(slug, full=True))

    assert "no evidence on file" in shown
    assert "no forecasts on file" in shown


def test_how_claims_hang_together_is_said(ledger: Ledger) -> None:
    old = ledger.add("It rains", deadline="2026-06-30")
    new = ledger.supersede(
        old, text="It rains in Lisbon", deadline="2026-06-30", given=old, reason="other words", carry=()
    )

    assert ledger.claim(old, full=True).superseded_by == new
    assert new in words(str(ledger.claim(old, full=True)))
    assert f"given {old}" in words(str(ledger.claim(new, full=True)))
    assert f"supersedes {old}" in words(str(ledger.claim(new, full=True)))


def test_the_card_shows_the_latest_revision_and_the_history_all(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    clock.set("2026-02-01")
    ledger.correct(f"claim {slug}", reason="clearer", title="Rain", notes="See the almanac.")

    card = ledger.claim(slug, full=True)

    assert (card.claim.title, card.claim.revision) == ("Rain", 2)
    assert "See the almanac." in str(card)
    assert ledger.claim(slug, as_of="2026-01-31", full=True).claim.title == "It rains"
    assert "revision 2: clearer" in words(str(ledger.history(slug)))


@pytest.mark.parametrize(
    ("slug", "near"), [("exec-def", ""), ("exec-defection", "exec-defections"), ("exek-defections", "exec-defections")]
)
def test_a_slug_may_be_begun_and_a_mistyped_one_is_told(
    article: Ledger, refuses: Refuses, slug: str, near: str
) -> None:
    if near:
        with refuses(f"no claim {slug!r}", f"did you mean {near!r}?", error=NotFound):
            article.claim(slug, full=True)
    else:
        with refuses("'exec-def' begins three claims: exec-defections, exec-defections-broad", error=NotFound):
            article.claim("exec-def", full=True)


def test_it_is_all_there_as_plain_values(article: Ledger) -> None:
    article.forecast("exec-defections", 0.72, because=["fontoura-dcd"])

    told = json.loads(json.dumps(article.claim("exec-defections", full=True).to_dict()))

    assert (told["slug"], told["status"], told["settle_on"]) == ("exec-defections", "open", "2027-11-12")
    assert told["forecasts"][-1]["probability"] == 0.72
    assert told["forecasts"][-1]["time"] == "witnessed"
    assert told["tally"]["counted"] == 1
    assert {one["evidence"] for one in told["evidence"]} >= {"fontoura-dcd"}


def test_a_correction_stands_beside_what_was_witnessed_and_counts_from_when_it_was_recorded(
    ledger: Ledger, clock: Clock
) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", p=0.1)
    clock.set("2026-03-01")
    ledger.correct(ledger.claim(slug, full=True).forecasts[0][0], probability=0.99, reason="a slip, he says")

    card = ledger.claim(slug, full=True)
    shown = words(str(card))

    assert [(one.point, kind) for one, kind in card.forecasts] == [(0.1, Timing.WITNESSED), (0.99, Timing.BACKDATED)]
    assert shown.index("0.10 witnessed") < shown.index("kept apart") < shown.index("0.99 backdated corrected: a slip")
    assert [(one.point, f"{one.made_at:%m-%d}") for one, _ in card.counted] == [(0.1, "01-01"), (0.99, "03-01")]
    assert [(one["probability"], one["time"]) for one in card.to_dict()["forecasts"]] == [
        (0.1, "witnessed"), (0.99, "backdated"),
    ]  # fmt: skip
    assert "0.10 |" in str(card)
    assert "| 0.99" in str(card)


def test_a_correction_of_what_nobody_witnessed_takes_its_place(ledger: Ledger, clock: Clock) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    clock.set("2026-03-01")
    first = ledger.forecast(slug, 0.1, made_at="2026-02-01")
    ledger.correct(first, probability=0.2, reason="mistyped")

    assert [(one.point, kind) for one, kind in ledger.claim(slug, full=True).forecasts] == [(0.2, Timing.BACKDATED)]


def test_nothing_of_the_full_card_is_said_twice(ledger: Ledger) -> None:
    said = ledger.quote("Tech Oracle", "It rains", p=0.4, said_on="2026-01-01", deadline="2026-12-31",
                        link="https://oracle.example/a")  # fmt: skip

    lines = str(ledger.claim(said.slug, full=True)).splitlines()

    assert lines.count("    Tech Oracle, 2026-01-01") == 1
    assert "It rains" not in lines
    assert '    "It rains"' in lines


def test_a_distribution_keeps_its_time_beside_it(ledger: Ledger) -> None:
    slug = ledger.add("Cars sold", deadline="2026-12-31", unit="million cars of any kind", between=(0, 10),
                      quantiles={0.1: 2, 0.5: 4, 0.9: 8}).slug  # fmt: skip

    lines = str(ledger.claim(slug, full=True)).splitlines()

    row = next(line for line in lines if line.startswith("2026-01-01  ana"))
    assert "10 % at most 2" in row
    assert "witnessed" in row
