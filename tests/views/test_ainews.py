"""The packaged catalogue: complete, in order, and with the tally it should give."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from ainews_records import only

from predictions.catalog import ainews
from predictions.dates import read_period
from predictions.enums import Bears, ClaimType, Grade
from predictions.records import Bearing, Claim, Event, Evidence, Forecast, Statement

SCORED = {
    "exec-moves": "exec-defections",
    "institute": "institute-2026",
    "mission-pay": "mission-pay-2027",
    "backlash": "backlash-2028",
}
READINGS = [  # of the same kind of event, or of pay; under other windows or stricter and looser terms
    ("exec-defections", "exec-defections-strict", "exec-defections-broad"),
    ("institute-2026", "institute-generous"),
    ("salary-cuts", "salary-cuts-2028"),
    ("mission-equity", "mission-equity-2028"),
    ("backlash-narrative", "backlash-narrative-narrow", "backlash-narrative-sharp"),
    ("backlash-policy", "backlash-policy-narrow", "backlash-policy-sharp"),
    ("backlash-investment", "backlash-investment-narrow", "backlash-investment-sharp"),
]
EVIDENCE = [
    "altman-76k", "anthropic-ipo-cnbc", "atlantic-professors", "atlassian-cto-watch", "atlassian-cuts",
    "bailis-aiforautomation", "bailis-dailyscout-confirmed", "bailis-dailyscout-march", "bailis-the-information",
    "blomfield-tfn", "boyd-bloomberg", "boyd-letsdatascience", "brain-drain-bi-2023", "carlson-fedscoop",
    "contradiction-nextfin-stratton", "cset-no-drain", "cto-wave-36kr", "dean-google-blog", "dean-nyt",
    "dean-wired", "deepmind-four-exits", "dresser-ibtimes", "exodus-cnbc", "expertise-newsytoday",
    "fastcompany-concentration", "fleming-smarttechinvest", "fontoura-continuumbrief", "fontoura-dcd",
    "fontoura-neodrop", "fontoura-windowsforum", "fontoura-windowsnews", "founders-80pct-newsbytes",
    "hoarding-workforceinfo", "hollowing-out-convergence", "ideology-techbuzz", "ipo-equity-firstmove",
    "jumper-techcrunch", "kalshi-openai-ceo", "karpathy-techcrunch", "katti-dqindia", "krieger-startups",
    "lecun-ap", "ltbt-reference", "mani-aidevday", "mani-fazen", "manifold-altman", "match-longtermwiki",
    "meade-techcrunch", "meta-100m-denied", "meta-india-openai", "meta-msl-hires", "microsoft-majormatters",
    "patil-anthropic", "paulsmith-anthropic", "policy-inclusive-abundance", "rajic-bloomberg", "rajic-openai",
    "rajic-sdxcentral", "rajic-techcrunch", "s-funding-morningbrew", "saaspocalypse-corrdyn", "saaspocalypse-ria",
    "salek-bloomberg", "salesforce-15b", "sap-anthropic-partner", "sap-odi", "sap-priorlabs-blockainews",
    "sap-priorlabs-price", "sap-priorlabs-sap", "seed-ainews-article", "seed2-mcmaster", "shazeer-cnbc",
    "signalfire-ainvest", "simo-svdaily", "socher-recursive", "stuckey-techzine", "uber-india-openai",
    "weil-friar-drum", "yam-decoder", "zulip-abbott",
]  # fmt: skip


def met(claim: str, *bears: Bears) -> dict[str, set[str]]:
    """For each event the conditions of *claim* met by evidence that so bears on it."""
    conditions: dict[str, set[str]] = defaultdict(set)
    for bearing in only(Bearing).values():
        if bearing.claim == claim and bearing.event and bearing.bears in bears:
            conditions[bearing.event].update(bearing.meets)
    return conditions


def counted(claim: str) -> set[str]:
    """The events that meet every condition and that nothing opposes."""
    wanted = {condition.name for condition in only(Claim)[claim].conditions}
    full = {event for event, conditions in met(claim, Bears.SUPPORTS).items() if conditions == wanted}
    return full - met(claim, Bears.OPPOSES).keys()


def sourced(claim: str, event: str) -> bool:
    """One primary, or two established from different publishers."""
    items = [
        only(Evidence)[bearing.evidence]
        for bearing in only(Bearing).values()
        if (bearing.claim, bearing.event, bearing.bears) == (claim, event, Bears.SUPPORTS)
    ]
    established = {item.publisher for item in items if item.grade is Grade.ESTABLISHED}
    return any(item.grade is Grade.PRIMARY for item in items) or len(established) >= 2


def test_each_of_the_four_statements_has_exactly_one_scored_claim() -> None:
    scored = [(claim.statement, slug) for slug, claim in only(Claim).items() if claim.scored]

    assert sorted(scored) == sorted(SCORED.items())


def test_no_part_of_a_tree_is_scored() -> None:
    claims = only(Claim)

    assert not any(claims[part].scored for claim in claims.values() for part in claim.parts)


def test_a_statement_is_either_read_as_claims_or_says_why_not() -> None:
    read = {claim.statement for claim in only(Claim).values()}

    assert {slug for slug, statement in only(Statement).items() if statement.not_resolvable} == set(
        only(Statement)
    ) - read


def test_the_readings_of_a_statement_have_names_of_their_own() -> None:
    readings = [(claim.statement, claim.reading) for claim in only(Claim).values()]

    assert len(set(readings)) == len(readings)


@pytest.mark.parametrize(
    ("claim", "opens_on", "deadline"),
    [
        ("exec-defections", "2026-04-13", "2027-10-13"),
        ("exec-defections-strict", "2026-04-13", "2027-10-13"),
        ("exec-defections-broad", "2026-04-13", "2027-10-13"),
        ("exec-trend", "2026-04-13", "2027-10-13"),
        ("institute-2026", "2026-04-13", "2026-12-31"),
        ("institute-generous", "2026-04-13", "2027-10-13"),
        ("mission-pay-2027", "2026-04-13", "2027-10-13"),
        ("mission-pay-2028", "2026-04-13", "2028-12-31"),
        ("backlash-2028", "2026-04-13", "2028-12-31"),
        ("backlash-narrow", "2027-01-01", "2028-12-31"),
        ("backlash-sharp", "2026-04-13", "2027-12-31"),
    ],
)
def test_each_window_is_the_one_agreed(claim: str, opens_on: str, deadline: str) -> None:
    found = only(Claim)[claim]

    assert (found.opens_on, found.deadline) == (date.fromisoformat(opens_on), date.fromisoformat(deadline))
    assert found.horizon_read


def test_the_parts_of_a_tree_share_its_window() -> None:
    claims = only(Claim)

    for tree in claims.values():
        for part in tree.parts:
            assert (claims[part].opens_on, claims[part].deadline) == (tree.opens_on, tree.deadline)


def test_every_piece_of_evidence_is_there() -> None:
    assert len(EVIDENCE) == 80
    assert sorted(only(Evidence)) == sorted(EVIDENCE)


def test_every_piece_of_evidence_bears_on_a_claim_and_says_why() -> None:
    bearings = only(Bearing).values()

    assert {bearing.evidence for bearing in bearings} == set(EVIDENCE)
    assert all(bearing.why for bearing in bearings)


def test_evidence_says_how_far_to_trust_it() -> None:
    for item in only(Evidence).values():
        assert item.grade
        assert item.reliability
        assert item.reliability_note
        assert item.read
        assert item.summary
        assert item.publisher


def test_evidence_without_a_published_day_says_what_is_known() -> None:
    undated = {slug for slug, item in only(Evidence).items() if not item.published and not item.dates_note}

    assert undated == set()


def test_months_stay_months() -> None:
    events = only(Event)

    slugs = ("fontoura", "dean", "sap-prior", "yam", "cto-wave", "paulsmith")
    assert [events[slug].happened for slug in slugs] == [
        "2026-06-17", "2026-08-05", "2026-05-04", "2026-09", "2026", "2025",
    ]  # fmt: skip


def test_every_reference_leads_to_a_record_before_it() -> None:
    seen: set[tuple[str, str]] = set()
    fields = {"source": "source", "statement": "statement", "claim": "claim", "event": "event", "evidence": "evidence",
              "forecaster": "forecaster", "published_in": "source", "given": "claim", "supersedes": "claim",
              "parts": "claim"}  # fmt: skip

    for record in ainews().records:
        for field, noun in fields.items():
            names = getattr(record, field, None) or ()
            assert {(noun, name) for name in ((names,) if isinstance(names, str) else names)} <= seen
        seen.add((record.noun, record.name))


def test_every_event_is_named_by_a_bearing_and_no_condition_is_invented() -> None:
    claims, bearings = only(Claim), only(Bearing).values()

    assert {bearing.event for bearing in bearings if bearing.event} == set(only(Event))
    for bearing in bearings:
        assert set(bearing.meets) <= {condition.name for condition in claims[bearing.claim].conditions}


def test_one_executive_of_two_counts_and_is_provisional() -> None:
    assert only(Claim)["exec-defections"].at_least == 2
    assert counted("exec-defections") == {"fontoura"}
    assert not sourced("exec-defections", "fontoura")
    assert sourced("exec-defections-broad", "rajic")
    assert only(Evidence)["fontoura-dcd"].read == "citation"


def test_the_strict_reading_counts_nobody_and_the_title_is_what_fails() -> None:
    assert counted("exec-defections-strict") == set()
    assert met("exec-defections-strict", Bears.NEAR_MISS)["fontoura"] == {"firm", "lab", "employment"}


def test_the_broad_reading_counts_two_and_a_third_is_contested() -> None:
    claim = "exec-defections-broad"

    assert counted(claim) == {"fontoura", "rajic"}
    assert set(met(claim, Bears.OPPOSES)) == {"dean"}
    assert met(claim, Bears.SUPPORTS)["dean"] == {"title", "firm", "lab", "employment"}


def test_no_institute_counts_and_the_nearest_meets_three_of_six() -> None:
    assert len(only(Claim)["institute-2026"].conditions) == 6
    for claim in ("institute-2026", "institute-generous"):
        assert counted(claim) == set()
        assert met(claim, Bears.NEAR_MISS)["sap-prior"] == {"giant", "creation", "brand"}


def test_everything_else_counts_nothing() -> None:
    events = {slug for slug, claim in only(Claim).items() if claim.type is ClaimType.EVENTS}

    counts = {slug: counted(slug) for slug in events if counted(slug)}

    assert counts.keys() == {"exec-defections", "exec-defections-broad"}
    assert only(Claim)["backlash-narrative"].at_least == 3


def test_what_counts_or_nearly_does_is_judged_under_every_reading_of_the_same_kind() -> None:
    bears = {(bearing.claim, bearing.evidence): bearing.bears for bearing in only(Bearing).values()}
    judged = {Bears.SUPPORTS, Bears.OPPOSES, Bears.NEAR_MISS}  # base rates and context count for no reading

    silent = [
        (evidence, other)
        for (claim, evidence), said in bears.items()
        for siblings in READINGS
        for other in siblings
        if said in judged and claim in siblings and (other, evidence) not in bears
    ]

    assert silent == []


def test_every_reading_by_events_is_among_those_of_its_kind() -> None:
    apart = {"exec-trend", "exec-moves-abroad"}  # counts pieces, not moves; another statement with one reading
    listed = {slug for siblings in READINGS for slug in siblings}

    assert {slug for slug, claim in only(Claim).items() if claim.type is ClaimType.EVENTS} - apart <= listed


def test_what_counts_lies_in_the_window_and_base_rates_before_it() -> None:
    claims, events = only(Claim), only(Event)
    for bearing in only(Bearing).values():
        if bearing.event and bearing.bears is Bears.SUPPORTS:
            assert "2026-04-13" <= events[bearing.event].happened <= str(claims[bearing.claim].deadline)
        if bearing.event and bearing.bears is Bears.BASE_RATE:
            assert events[bearing.event].happened < "2026-04-13"


def test_moves_before_the_window_are_base_rates() -> None:
    events = only(Event)
    early = {slug for slug, event in events.items() if read_period(event.happened).last < date(2026, 4, 13)}

    bears = {(bearing.event, bearing.bears) for bearing in only(Bearing).values() if bearing.event in early}

    assert bears == {("bailis", Bears.CONTEXT)} | {(slug, Bears.BASE_RATE) for slug in early - {"bailis"}}


def test_digests_never_count_as_sources() -> None:
    evidence = only(Evidence)

    for slug in ("contradiction-nextfin-stratton", "fontoura-windowsforum", "fontoura-continuumbrief"):
        assert evidence[slug].grade is Grade.OTHER
    assert evidence["fontoura-dcd"].grade is Grade.ESTABLISHED
    assert evidence["sap-priorlabs-sap"].grade is Grade.PRIMARY


def test_the_publication_forecasts_in_words_and_for_the_scored_claims_only() -> None:
    forecasts = [record for record in ainews().records if isinstance(record, Forecast)]

    assert sorted(forecast.claim for forecast in forecasts) == sorted(SCORED.values())
    for forecast in forecasts:
        assert forecast.imputed
        assert (forecast.words, forecast.scale, forecast.published_in) == ("will", "house", "ainews")
        assert forecast.made_at.date() == date(2026, 4, 13)
