"""The texts of the packaged catalogue: verbatim where they say so, and such that two strangers resolve alike."""

from __future__ import annotations

import re

import pytest
from ainews_records import only

from predictions.enums import ClaimType, Read, Sourcing
from predictions.records import Bearing, Claim, Evidence, Forecast, Statement

STATEMENTS = {
    "exec-moves": "Within 18 months, at least two more CTO or Chief Scientist-level executives from major enterprise "
    "software or consumer internet firms (think Salesforce, Adobe, Intuit, or even a division of Amazon AWS) will make "
    "a similar transition to a frontier AI lab. The pattern will be validated as a trend, not a one-off.",
    "institute": "By 2026, one major enterprise software giant, facing repeated high-profile defections, will announce "
    "the creation of a radically independent, separately branded and governed AI research institute with a "
    "billion-dollar endowment, explicitly modeled on the structure of Anthropic's PBC, in a desperate bid to stem the "
    "tide.",
    "mission-pay": 'The compensation model will formalize. "Mission-aligned equity" or impact-based bonuses will '
    "become a standard talking point in executive recruitment for AI labs. We will see the first high-profile case of "
    "an executive taking a significant base salary *cut* to join an AI lab, with the story framed entirely around the "
    "non-financial impact.",
    "backlash": 'A backlash will emerge. By 2027-2028, narratives will surface about the "lost decade" for enterprise '
    "software innovation, directly attributing stalled progress in sectors like healthcare IT, logistics software, and "
    "educational technology to the brain drain to AGI projects. This will spark a policy and investment discussion "
    "about balancing frontier research with applied technological progress.",
}
LABS = "OpenAI, Anthropic, Google DeepMind, Meta Superintelligence Labs, xAI, Mistral, Cohere, SSI, Thinking Machines"
NO = "No can be said from the settle day on, 30 days after the last day of the window"
NUMBERS = {"two": 2, "three": 3, "four": 4, "six": 6, "seven": 7}
MARKS = ("our title", "(translated from ", "(title as cited)")
QUOTED = ("As quoted by ", "As told by ", "In the digest: ", "In the feed's summary: ")
OTHER_SENTENCES = [
    "labs-abroad", "vendor-paths", "integrators", "leading-indicator", "irrelevance", "structural-shifts",
    "starved-of-capital", "medium-term-churn",
]  # fmt: skip


def test_the_four_statements_are_verbatim() -> None:
    statements = only(Statement)

    assert {slug: statements[slug].text for slug in STATEMENTS} == STATEMENTS
    assert not any(statements[slug].paraphrased for slug in STATEMENTS)
    assert list(statements) == [*STATEMENTS, *OTHER_SENTENCES]


def test_the_other_sentences_about_the_future_are_paraphrases_and_all_but_the_question_not_resolvable() -> None:
    statements = only(Statement)

    assert all(statements[slug].paraphrased for slug in OTHER_SENTENCES)
    assert [slug for slug in OTHER_SENTENCES if not statements[slug].not_resolvable] == ["labs-abroad"]


def test_each_of_the_four_statements_says_until_when_its_sources_were_read() -> None:
    statements = only(Statement)

    assert all("2026-10-08" in str(statements[slug].notes) for slug in STATEMENTS)


@pytest.mark.parametrize("slug", only(Claim))
def test_each_criteria_hold_the_rule_of_no(slug: str) -> None:
    claim = only(Claim)[slug]

    assert NO in claim.criteria
    assert "earlier only if yes has become impossible" in claim.criteria
    assert "30 days after the window has ended" not in claim.criteria
    assert claim.settle_days == 30


@pytest.mark.parametrize("slug", only(Claim))
def test_what_is_dated_is_the_day_it_was_made_public(slug: str) -> None:
    claim = only(Claim)[slug]

    texts = [claim.wording, claim.criteria, *(condition.text for condition in claim.conditions)]

    assert not any("took effect" in text for text in texts)
    if claim.type is ClaimType.EVENTS:
        assert re.search(r"made it public|on the day it appeared|first reported the cut", claim.criteria)


@pytest.mark.parametrize("slug", [slug for slug, claim in only(Claim).items() if claim.sourcing])
def test_sources_are_asked_for_each_event(slug: str) -> None:
    claim = only(Claim)[slug]

    each = re.search(r"Each (event|announcement|case|act) needs one A or two independent B", claim.criteria)

    assert bool(each) == (claim.sourcing is Sourcing.ONE_PRIMARY_OR_TWO_ESTABLISHED)
    assert bool(each) == ("two are independent if neither names the other" in claim.criteria)


@pytest.mark.parametrize("slug", only(Claim))
def test_a_claim_decides_without_another_card(slug: str) -> None:
    claim = only(Claim)[slug]
    parts = {*claim.parts, "exec-defections"} if claim.reading == "trend" else set(claim.parts)

    texts = " ".join([claim.wording, claim.criteria, *(condition.text for condition in claim.conditions)])

    named = {other for other in only(Claim) if re.search(rf"(?<![\w-]){other}(?![\w-])", texts)}
    assert named <= parts
    assert "listed AI lab" not in texts
    assert "of equal title" not in texts


@pytest.mark.parametrize("slug", [slug for slug, claim in only(Claim).items() if claim.conditions])
def test_criteria_count_the_conditions_there_are(slug: str) -> None:
    claim = only(Claim)[slug]

    counted = re.search(r"meets? all (\w+) conditions", claim.criteria)

    assert counted
    assert NUMBERS[counted[1]] == len(claim.conditions)


def test_a_year_in_a_slug_is_that_of_the_last_day() -> None:
    years = {slug: re.search(r"-(20\d\d)$", slug) for slug in only(Claim)}

    assert {slug for slug, year in years.items() if year and int(year[1]) != only(Claim)[slug].deadline.year} == set()


@pytest.mark.parametrize("slug", ["exec-defections", "exec-defections-strict", "exec-defections-broad", "salary-cuts"])
def test_the_labs_are_those_the_article_names_among_others(slug: str) -> None:
    conditions = {condition.name: condition.text for condition in only(Claim)[slug].conditions}

    assert LABS in conditions["lab"]


def test_a_lab_inside_a_group_is_the_unit() -> None:
    for slug in ("exec-defections", "exec-defections-strict", "exec-defections-broad"):
        (lab,) = (condition.text for condition in only(Claim)[slug].conditions if condition.name == "lab")
        assert "people of other units do not come from a lab, and a move within the group does not count" in lab


@pytest.mark.parametrize("slug", ["salary-cuts", "salary-cuts-2028"])
def test_a_cut_is_that_of_an_executive_who_is_employed_by_the_lab_and_much_noticed(slug: str) -> None:
    conditions = {condition.name: condition.text for condition in only(Claim)[slug].conditions}

    assert list(conditions) == ["executive", "former-base", "cut", "lab", "employment", "framing", "high-profile"]
    assert conditions["framing"].startswith("Within 30 days of the first report")


@pytest.mark.parametrize(
    "readings",
    [
        ("institute-2026", "institute-generous"),
        ("salary-cuts", "salary-cuts-2028"),
        ("backlash-narrative", "backlash-narrative-narrow", "backlash-narrative-sharp"),
        ("backlash-policy", "backlash-policy-narrow", "backlash-policy-sharp"),
        ("backlash-investment", "backlash-investment-narrow", "backlash-investment-sharp"),
    ],
)
def test_readings_that_differ_in_their_window_ask_the_same(readings: tuple[str, ...]) -> None:
    asked = {(only(Claim)[slug].criteria, only(Claim)[slug].conditions) for slug in readings}

    assert len(asked) == 1


def test_titles_are_all_different() -> None:
    titles = [claim.title for claim in only(Claim).values()]

    assert len(set(titles)) == len(titles)


def test_what_was_quoted_from_a_page_nobody_read_says_who_quotes_it() -> None:
    unread = [item for item in only(Evidence).values() if item.read is not Read.PAGE and item.excerpt]

    assert len(unread) >= 4
    assert all(str(item.excerpt).startswith(QUOTED) for item in unread)


@pytest.mark.parametrize(
    "slug",
    [
        "bailis-the-information", "fontoura-continuumbrief", "dean-google-blog", "cto-wave-36kr", "meta-msl-hires",
        "lecun-ap", "altman-76k", "rajic-sdxcentral", "yam-decoder", "mani-fazen", "hoarding-workforceinfo",
    ],
)  # fmt: skip
def test_a_title_that_is_not_the_pages_own_is_marked(slug: str) -> None:
    assert any(mark in only(Evidence)[slug].title for mark in MARKS)


def test_nobody_is_given_words_of_somebody_else() -> None:
    evidence = only(Evidence)

    assert evidence["bailis-the-information"].excerpt is None
    assert "which are its own words" in str(evidence["bailis-the-information"].summary)
    assert "cannot count at all" in str(only(Bearing)["exec-defections atlassian-cto-watch"].why)


def test_the_publication_is_given_words_on_the_scored_claims_alone() -> None:
    said = {forecast.claim for forecast in only(Forecast).values()}

    assert said == {slug for slug, claim in only(Claim).items() if claim.scored}
