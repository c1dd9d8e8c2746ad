"""Claims of one's own, and catalogues: entered once, whatever day they are entered again, and refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from conftest import Clock, Refuses

from predictions import Catalog, Conflict, InvalidValue, Ledger, LedgerWarning, NotFound, ainews, read_catalog
from predictions.enums import ClaimType, SourceKind
from predictions.recording.enter import TOGETHER
from predictions.records import Claim, Event, Forecast, Forecaster, Source, Statement

RAIN = "It rains in Lisbon on ten days of June"


def claims(ledger: Ledger) -> dict[str, Claim]:
    return {claim.slug: claim for claim in ledger.snapshot().all(Claim)}


def test_a_claim_takes_ten_seconds(ledger: Ledger) -> None:
    slug = ledger.add("Our own claim, in ten seconds", deadline="2027-06-30", p=0.3)

    claim, snapshot = claims(ledger)[slug], ledger.snapshot()
    assert slug == "our-own-claim-in-ten-seconds"
    assert (claim.opens_on, claim.deadline, claim.type) == (date(2026, 1, 1), date(2027, 6, 30), ClaimType.YES_NO)
    assert (claim.scored, claim.reading, claim.settle_days) == (True, "own", 30)
    assert [source.kind for source in snapshot.all(Source)] == [SourceKind.SELF]
    assert [(said.text, said.speaker) for said in snapshot.all(Statement)] == [(claim.wording, "ana")]
    assert [(said.claim, said.probability) for said in snapshot.all(Forecast)] == [(slug, 0.3)]


@pytest.mark.parametrize(
    ("by", "opens_on", "window"),
    [
        ("2027-06-30", None, ("2026-01-01", "2027-06-30")),
        (date(2027, 6, 30), "2026-02-01", ("2026-02-01", "2027-06-30")),
        ("2027", None, ("2026-01-01", "2027-12-31")),
        ("Q3 2027", None, ("2026-01-01", "2027-09-30")),
        ("within 18 months", None, ("2026-01-01", "2027-07-01")),
        ("within 18 months", "2026-08-31", ("2026-08-31", "2028-02-29")),
        ("before 2030", None, ("2026-01-01", "2029-12-31")),
        ("in 2027", None, ("2027-01-01", "2027-12-31")),
        ("2027-2028", None, ("2026-01-01", "2028-12-31")),
        ("2026-04-13 .. 2027-10-13", None, ("2026-04-13", "2027-10-13")),
    ],
)
def test_a_window_is_read_from_a_day_or_from_words(
    ledger: Ledger, clock: Clock, by: str, opens_on: str | None, window: tuple[str, str]
) -> None:
    slug = ledger.add(RAIN, deadline=by, opens_on=opens_on)

    claim = claims(ledger)[slug]
    assert (claim.opens_on.isoformat(), claim.deadline.isoformat()) == window
    assert claim.horizon_read
    assert claim.edtf


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("2025-12-31", ["was over on 2025-12-31, before its window opens"]),
        ("02/03/2027", ["'02/03/2027' may be two days; say 2027-03-02 or 2027-02-03"]),
        ("soon", ["soon"]),
        ("2027-02-30", ["calendar"]),
        ("", ["'' is no day; say 2027"]),
        (None, ["until when? say deadline=DAY, the last day that counts"]),
        (20271231, ["20271231"]),
        (True, ["True"]),
        (pd.NaT, ["NaT"]),
    ],
)
def test_a_window_that_cannot_be_read_is_refused(ledger: Ledger, refuses: Refuses, by: str, words: list[str]) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.add(RAIN, deadline=by)


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("", ["empty text"]),
        ("   ", ["empty text"]),
        ("\u200b", ["empty text"]),
        ("x" * 20_001, ["20,001 characters"]),
        ("a\x00b", ["control character (U+0000) at position 1"]),
        ("a\ud800b", ["half a character (U+D800) at position 1"]),
        ("a\x1b[31mb", ["control character (U+001B) at position 1"]),
        ("a" + "\u0301" * 21, ["combining marks"]),
        (None, ["text: None is not text"]),
        (5, ["text", "5 is not text"]),
        (b"bytes", ["is not text"]),
        (["a"], ["is not text"]),
    ],
)
def test_words_that_hide_or_break_something_are_refused(
    ledger: Ledger, refuses: Refuses, wording: str, words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.add(wording, deadline="2027-06-30")


@pytest.mark.parametrize(
    ("wording", "warning"),
    [
        ("\u202eIt rains", "hidden direction marks"),
        ("It rains \u2066here\u2069", "hidden direction marks"),
        ("р" + "aypal fails", "mixed scripts"),
    ],
)
def test_words_that_may_deceive_are_kept_to_the_letter_shown_and_warned_of(
    ledger: Ledger, wording: str, warning: str
) -> None:
    with pytest.warns(LedgerWarning, match=warning):
        slug = ledger.add(wording, deadline="2027-06-30")

    card = ledger.claim(slug)
    assert card.claim.wording == wording
    assert f"the wording has {warning}" in str(card)
    for mark in "\u202e\u2066\u2069":
        for shown in (str(card), card._repr_html_(), str(ledger), ledger._repr_html_()):
            assert mark not in shown
            assert (f"⟦U+{ord(mark):04X}⟧" in shown) == (mark in wording)


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("../../etc/passwd", ["is not a slug"]),
        ("a/b", ["is not a slug"]),
        ("-rf", ["is not a slug"]),
        (".", ["is not a slug"]),
        ("x" * 300, ["is not a slug"]),
        ("Rain", ["is not a slug"]),
        ("\u212aelvin", ["is not a slug"]),
        ("con", ["reserved name"]),
        (5, ["is not a slug"]),
    ],
)
def test_a_slug_that_cannot_be_typed_everywhere_is_refused(
    ledger: Ledger, refuses: Refuses, slug: str, words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.add(RAIN, deadline="2027-06-30", slug=slug)


@pytest.mark.parametrize(
    ("wording", "slug"),
    [
        ("It rains", "it-rains"),
        ("Snow, in June?!", "snow-in-june"),
        ("Zoë räumt auf", "zoe-raumt-auf"),
        ("Мы победим", "claim"),
        ("☔", "claim"),
        ("NUL", "nul-2"),
        ("two\nlines", "two-lines"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 48),
    ],
)
def test_a_slug_is_made_of_the_words(ledger: Ledger, wording: str, slug: str) -> None:
    assert ledger.add(wording, deadline="2027-06-30") == slug


def test_a_slug_that_is_made_is_never_one_that_is_taken(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-10-15")
    ledger.register(ainews())

    assert ledger.add("It rains!", deadline="2027-06-30") == "it-rains"
    assert ledger.add("It rains?", deadline="2027-06-30") == "it-rains-2"
    assert ledger.add("Institute", deadline="2027-06-30") == "institute-2"  # a statement of the catalogue


def test_a_slug_that_is_asked_for_and_taken_is_a_conflict_that_shows_what_stands(
    ledger: Ledger, refuses: Refuses
) -> None:
    ledger.add("It rains", deadline="2027-06-30", slug="rain")

    with refuses("the slug 'rain' is taken: 'It rains'; say another slug=, or none", error=Conflict):
        ledger.add("It pours", deadline="2027-06-30", slug="rain")


@pytest.mark.parametrize("again", [RAIN, RAIN.upper()])
def test_the_same_words_are_the_same_claim(ledger: Ledger, clock: Clock, again: str) -> None:
    slug = ledger.add(RAIN, deadline="2027-06-30", p=0.3)
    head = ledger.head()
    clock.set("2026-11-22")

    assert ledger.add(again, deadline="2027-06-30", p=0.3) == slug
    assert ledger.head() == head


def test_words_composed_otherwise_are_the_same_words(ledger: Ledger) -> None:
    composed = ledger.add("Caf\u00e9 opens", deadline="2027-06-30")

    assert ledger.add("Cafe\u0301 opens", deadline="2027-06-30") == composed
    assert ledger.add("CAFE\u0301 OPENS", deadline="2027-06-30") == composed
    assert claims(ledger)[composed].wording == "Caf\u00e9 opens"


@pytest.mark.parametrize("by", ["2026-06-30", "Q2 2026", "within 6 months", "in 2027"])
@pytest.mark.parametrize("day", ["2026-01-02", "2026-12-24", "2031-01-01"])
def test_a_notebook_may_be_run_again_on_any_later_day(ledger: Ledger, clock: Clock, by: str, day: str) -> None:
    slug = ledger.add(RAIN, deadline=by, p=0.3, tags="weather", criteria="The gauge at the port decides.")
    ledger.forecast(slug, 0.4)
    head = ledger.head()
    clock.set(day)

    assert ledger.add(RAIN, deadline=by, p=0.3, tags="weather", criteria="The gauge at the port decides.") == slug
    assert ledger.head() == head


def test_a_new_number_in_the_same_cell_is_a_new_forecast(ledger: Ledger, clock: Clock) -> None:
    ledger.add(RAIN, deadline="2027-06-30", p=0.3)
    clock.set("2026-02-01")

    ledger.add(RAIN, deadline="2027-06-30", p=0.35)

    assert [said.probability for said in ledger.snapshot().all(Forecast)] == [0.3, 0.35]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"opens_on": "2026-01-02"}, ["up to that day needs other words; a number on this one: "]),
        ({"slug": "other"}, ["another claim up to that day needs other words"]),
        ({"criteria": "Mine."}, ["stands with criteria", "now 'Mine.'"]),
        ({"settle_days": 5}, ["settle_days 30, now 5"]),
        ({"tags": ["x"]}, ["tags nothing, now 'x'"]),
        ({"at_least": 2}, ["(yes-no), 2026-01-01 to ", "another claim up to that day needs other words"]),
    ],
)
def test_the_same_words_on_other_terms_are_a_conflict(
    ledger: Ledger, refuses: Refuses, changed: dict[str, object], words: list[str]
) -> None:
    ledger.add(RAIN, deadline="2027-06-30")

    with refuses(*words, error=Conflict):
        ledger.add(RAIN, **{"deadline": "2027-06-30", **changed})  # type: ignore[arg-type]  # any one of its terms


def test_a_claim_that_was_corrected_is_found_as_it_was_added(ledger: Ledger) -> None:
    slug = ledger.add(RAIN, deadline="2027-06-30", title="Rain")
    ledger.correct(f"claim {slug}", reason="clearer", title="Rain in June")
    ledger.correct(f"claim {slug}", reason="filed", tags=["weather"])
    head = ledger.head()

    with pytest.warns(LedgerWarning, match="since corrected"):
        ledger.add(RAIN, deadline="2027-06-30", title="Rain")

    assert ledger.head() == head
    assert claims(ledger)[slug].title == "Rain in June"


@pytest.mark.parametrize("door", ["add", "quote", "correct", "supersede", "table"])
def test_tags_are_slugs_of_their_words_at_every_door(ledger: Ledger, door: str) -> None:
    tags = ["City works", "Ümläut", "rain"]
    if door == "quote":
        ledger.quote("Bob", RAIN, deadline="2099", p=0.3, said_on="2025-12-05", tags=tags)
    elif door == "table":
        ledger.import_from("table", [{"text": RAIN, "deadline": "2099", "p": "30%", "tags": "; ".join(tags)}])
    else:
        slug = ledger.add(RAIN, deadline="2099", tags=tags if door == "add" else ())
        if door != "add":
            getattr(ledger, door)(slug, reason="sorted", tags=tags)

    assert [*claims(ledger).values()][-1].tags == ("city-works", "rain", "umlaut")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"at_least": 0}, ["at_least=1 or more, not 0"]),
        ({"at_least": -1}, ["at_least", "-1 is not a whole number"]),
        ({"at_least": True}, ["at_least", "True is not a whole number"]),
        ({"at_least": 1.5}, ["at_least", "1.5 is not a whole number"]),
        ({"conditions": ["title"]}, ["conditions= goes with at_least=N (1 would do)"]),
        ({"conditions": "title", "at_least": 1}, ["conditions: 'title' names no tests"]),
        ({"conditions": 5, "at_least": 1}, ["conditions: 5 names no tests"]),
        ({"conditions": ["A full list"], "at_least": 1}, ["conditions: 'A full list' is a text without a name"]),
        ({"conditions": [5], "at_least": 1}, ["5 is not a slug"]),
        ({"conditions": ["a", "a"], "at_least": 1}, ["named twice"]),
        ({"conditions": {"Not A Slug": "x"}, "at_least": 1}, ["is not a slug"]),
        ({"settle_days": -1}, ["settle_days", "is not a whole number"]),
        ({"settle_days": "30"}, ["settle_days", "is not a whole number"]),
        ({"tags": ["a tag, another"]}, ["is not a slug", "several are a list"]),
        ({"tags": [" "]}, ["is not a slug"]),
        ({"tags": 5}, ["tags: 5 is neither"]),
        ({"given": "nothing"}, ["no claim 'nothing'"]),
        ({"title": "two\nlines"}, ["title", "is more than one line"]),
        ({"opens_on": "2027-07-01"}, ["before its window opens, on 2027-07-01"]),
        ({"opens_on": ""}, ["''"]),
        ({"p": 73}, ["73 is not a probability; say 0.73 or 73%"]),
    ],
)
def test_terms_that_make_no_claim_are_refused_whole(
    ledger: Ledger, refuses: Refuses, terms: dict[str, object], words: list[str]
) -> None:
    with refuses(*words):
        ledger.add(RAIN, **{"deadline": "2027-06-30", **terms})  # type: ignore[arg-type]  # what a person may type


@pytest.mark.parametrize("nothing", [None, (), []])
def test_empty_lists_of_terms_are_no_terms(ledger: Ledger, nothing: list[str]) -> None:
    slug = ledger.add(RAIN, deadline="2027-06-30", tags=nothing, conditions=nothing)

    assert (claims(ledger)[slug].tags, claims(ledger)[slug].conditions) == ((), ())


def test_a_claim_of_events_names_its_conditions(ledger: Ledger) -> None:
    slug = ledger.add(RAIN, deadline="2027-06-30", at_least=2, conditions={"wet": "at least a millimetre"})

    claim = claims(ledger)[slug]
    assert (claim.type, claim.at_least) == (ClaimType.EVENTS, 2)
    assert [(one.name, one.text) for one in claim.conditions] == [("wet", "at least a millimetre")]


def test_new_words_for_a_claim_are_a_further_reading_of_the_same_statement(ledger: Ledger) -> None:
    old = ledger.add(RAIN, deadline="2027-06-30", p=0.3)

    new = ledger.forecast(
        ledger.supersede(
            old, text="It rains in Lisbon on eleven days of June", deadline="2027-06-30", reason="other words", carry=()
        ),
        0.2,
    )

    assert claims(ledger)[new].statement == claims(ledger)[old].statement
    assert ledger.claim(old).superseded_by == new
    assert ledger.scorecard().record("ana").funnel["forecast"] == 2
    assert len(ledger.board().groups) == 1


def test_a_reading_that_is_not_scored_is_superseded_by_one_that_is_not(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-10-15")
    ledger.register(ainews())

    new = ledger.supersede(
        "exec-defections-strict",
        text="Two more CTOs move",
        deadline="2027-10-13",
        opens_on="2026-04-13",
        reason="other words",
        carry=(),
    )

    assert claims(ledger)[new].statement == "exec-moves"
    assert not claims(ledger)[new].scored


def test_only_one_chain_of_claims_of_a_statement_is_scored(ledger: Ledger, refuses: Refuses) -> None:
    old = ledger.add(RAIN, deadline="2027-06-30")
    new = ledger.supersede(old, text="It pours in Lisbon", deadline="2027-06-30", reason="other words", carry=())

    told = f'{old} is superseded by {new} already; that one is replaced with: ledger.supersede("{new}", deadline="2028"'
    with refuses(told, error=Conflict):
        ledger.supersede(old, deadline="2028", reason="later", carry=())

    assert ledger.supersede(new, deadline="2028", reason="later").wrote


# -- catalogues -----------------------------------------------------------------------------------------------

SOURCE = """
format = 1
[[source]]
slug = "almanac"
title = "An almanac"
published = "2026-01-01"
[[statement]]
slug = "june"
source = "almanac"
text = "June will be wet."
"""
CLAIM = """
[[claim]]
slug = "{slug}"
statement = "june"
reading = "{slug}"
title = "{slug}"
wording = "{slug}: ten days of rain"
criteria = "The gauge decides."
opens_on = 2026-06-01
deadline = 2026-06-30
scored = true
{more}
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Callable[..., Catalog]:
    def catalog(*entries: str) -> Catalog:
        (tmp_path / "mine.toml").write_text(SOURCE + "".join(entries))
        return read_catalog(tmp_path / "mine.toml")

    return catalog


def test_the_packaged_catalogue_is_entered_once(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-10-15")
    entered = ledger.register(ainews())
    head = ledger.head()

    assert entered == len(ainews().records)
    assert ledger.register(ainews()) == 0
    assert ledger.head() == head


def test_a_catalogue_in_which_one_claim_supersedes_another_may_be_registered_again(
    ledger: Ledger, catalog: Callable[..., Catalog]
) -> None:
    mine = catalog(CLAIM.format(slug="wet", more=""), CLAIM.format(slug="wetter", more='supersedes = "wet"'))

    assert ledger.register(mine) == 4
    assert ledger.register(mine) == 0


def test_a_second_scored_reading_is_refused(ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses) -> None:
    ledger.register(catalog(CLAIM.format(slug="wet", more="")))

    with refuses(
        "wet is the scored reading of june already; wetter can only be scored if it supersedes", error=Conflict
    ):
        ledger.register(catalog(CLAIM.format(slug="wetter", more="")))


@pytest.mark.parametrize(("scored", "refused"), [("true", True), ("false", False)])
def test_the_parts_of_a_scored_tree_are_not_scored_themselves(
    ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses, scored: str, refused: bool
) -> None:
    own = ledger.add(RAIN, deadline="2027-06-30")
    tree = CLAIM.format(slug="tree", more=f'type = "all-of"\nparts = ["{own}"]').replace("true", scored)

    if refused:
        with refuses(f"{own} is scored by itself; it cannot be a part of tree", error=Conflict):
            ledger.register(catalog(tree))
    else:
        assert ledger.register(catalog(tree)) == 3


def test_a_catalogue_that_contradicts_the_ledger_is_refused_whole(
    ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses
) -> None:
    ledger.register(catalog(CLAIM.format(slug="wet", more="")))
    changed = catalog(CLAIM.format(slug="wet", more="settle_days = 3"))

    with refuses("claim wet stands with settle_days 30, now 3", error=Conflict):
        ledger.register(changed)


def test_what_a_catalogue_refers_to_must_be_on_file(
    ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses
) -> None:
    with refuses("claim wet: no claim 'wat'", error=NotFound):
        ledger.register(catalog(CLAIM.format(slug="wet", more='given = "wat"')))


@pytest.mark.parametrize("catalog", ["ainews", None, 5, [], {"claim": []}])
def test_only_a_catalogue_is_registered(ledger: Ledger, refuses: Refuses, catalog: Catalog) -> None:
    with refuses("is no catalogue; say read_catalog('mine.toml')", error=InvalidValue):
        ledger.register(catalog)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('[[event]]\nslug = "flood"\ntitle = "A flood"\nhappened = "2026-01-02"', "event flood: happened 2026-01-02"),
        ('[[event]]\nslug = "flood"\ntitle = "A flood"\nhappened = "2027"', "event flood: happened 2027"),
        (
            '[[evidence]]\nslug = "log"\nlink = "https://a.example/"\ntitle = "A log"\npublished = "2026-02"',
            "log: publ",
        ),
        (
            '[[evidence]]\nslug = "log"\nlink = "https://a.example/"\ntitle = "A log"\nhappened = "2030"',
            "log: happened",
        ),
        ('[[source]]\nslug = "next"\ntitle = "A paper"\npublished = "2026-01-02"', "source next: published 2026-01-02"),
        (
            '[[forecaster]]\nslug = "ana"\ntitle = "Ana"\n[[forecast]]\nclaim = "wet"\nforecaster = "ana"\n'
            "made_at = 2026-01-01T09:06:00Z\nprobability = 0.2",
            "forecast wet ana: made_at 2026-01-01 09:06:00Z",
        ),
    ],
)
def test_a_catalogue_knows_nothing_of_days_to_come(
    ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses, entry: str, words: str
) -> None:
    with refuses(words, "lies in the future", error=InvalidValue):
        ledger.register(catalog(CLAIM.format(slug="wet", more=""), entry))


def test_an_item_of_a_list_that_is_no_table_is_told_how_it_is_written(catalog: Callable[..., Catalog]) -> None:
    with pytest.raises(InvalidValue, match=r"shares 1: 0.5 is not a table; write { option = ..., share = ... }"):
        catalog('[[forecast]]\nclaim = "wet"\nforecaster = "ana"\nmade_at = 2025-12-31\nshares = [0.5]')


def test_a_catalogue_says_the_further_fields_of_types_that_are_offered(
    ledger: Ledger, catalog: Callable[..., Catalog]
) -> None:
    more = 'cluster = "rain"\ncloses_at = 2026-06-15T12:30:00Z'
    model = (
        '[[forecaster]]\nslug = "parrot"\ntitle = "Parrot"\nkind = "model"\ncutoff_on = 2025-06-30\n'
        '[[forecast]]\nclaim = "wet"\nforecaster = "parrot"\nmade_at = 2025-12-31\nprobability = 0.3\nshown = true'
    )

    ledger.register(catalog(CLAIM.format(slug="wet", more=more), model))

    claim = claims(ledger)["wet"]
    assert (claim.cluster, claim.closes_at) == ("rain", datetime(2026, 6, 15, 12, 30, tzinfo=UTC))
    snapshot = ledger.snapshot()
    assert [one.cutoff_on for one in snapshot.all(Forecaster)] == [date(2025, 6, 30)]
    assert [one.shown for one in snapshot.all(Forecast)] == [True]
    with (
        pytest.warns(LedgerWarning, match="for scoring wet stays in cluster rain, too: splitting never counts"),
        pytest.warns(LedgerWarning, match="cluster weather is declared too late for means .parrot forecast on it"),
    ):
        assert ledger.correct("claim wet", reason="one fact", cluster="weather").record.cluster == "weather"


def test_the_training_of_a_model_knows_no_day_to_come(
    ledger: Ledger, catalog: Callable[..., Catalog], refuses: Refuses
) -> None:
    model = '[[forecaster]]\nslug = "parrot"\ntitle = "Parrot"\nkind = "model"\ncutoff_on = 2026-01-02'

    with refuses("forecaster parrot: cutoff_on 2026-01-02 lies in the future", error=InvalidValue):
        ledger.register(catalog(model))


def test_a_catalogue_in_many_pieces_is_entered_in_order_and_once(
    ledger: Ledger, catalog: Callable[..., Catalog]
) -> None:
    many = "\n".join(CLAIM.format(slug=f"wet-{number:04}", more="") for number in range(2 * TOGETHER))
    everything = catalog(many.replace("scored = true", "scored = false"))

    assert ledger.register(everything) == 2 + 2 * TOGETHER  # with their source and statement
    assert ledger.register(everything) == 0
    assert list(claims(ledger)) == [f"wet-{number:04}" for number in range(2 * TOGETHER)]


def test_a_catalogue_may_correct_what_it_holds_itself(ledger: Ledger, catalog: Callable[..., Catalog]) -> None:
    once = '[[event]]\nslug = "flood"\ntitle = "{0}"\nhappened = "2025"{1}\n'

    ledger.register(catalog(once.format("Flood", ""), once.format("A flood", '\nrevision = 2\nreason = "a typo"')))

    assert [item.record.title for item in ledger.snapshot().revisions(Event, "flood")] == ["Flood", "A flood"]


def test_a_catalogue_of_today_is_of_today(ledger: Ledger, catalog: Callable[..., Catalog]) -> None:
    today = (
        '[[event]]\nslug = "flood"\ntitle = "A flood"\nhappened = "2026-01-01"\n'
        '[[event]]\nslug = "year"\ntitle = "A dry year"\nhappened = "2026"\n'
        '[[forecaster]]\nslug = "ana"\ntitle = "Ana"\n[[forecast]]\nclaim = "wet"\nforecaster = "ana"\n'
        "made_at = 2026-01-01T08:58:00Z\nprobability = 0.2"
    )

    assert ledger.register(catalog(CLAIM.format(slug="wet", more=""), today)) == 7


def test_a_window_from_a_day_that_was_given_is_not_said_to_begin_when_it_was_said(ledger: Ledger) -> None:
    ledger.add("It comes later", deadline="2027-06-30", opens_on="2026-12-10", slug="later")
    ledger.add("It comes", deadline="2027-06-30", slug="soon")

    later, soon = (ledger.snapshot().find(Claim, slug).horizon_read for slug in ("later", "soon"))
    assert later == "from 2026-12-10, as given, to 2027-06-30, which still counts"
    assert soon is not None
    assert "the day it was said" in soon
    assert "no date" not in str(ledger.claim("soon"))


@pytest.mark.parametrize("text", ["雨が降る", "Дождь идёт", "Дождь в 2027", "?!"])
@pytest.mark.parametrize("verb", ["add", "quote"])
def test_a_claim_whose_words_have_no_letter_for_a_slug_says_how_the_next_gets_a_name(
    ledger: Ledger, verb: str, text: str
) -> None:
    told = "no letter of its words fits in a slug; slug= gives the next a name"
    said = {"said_on": "2025-12-05", "words": "likely"}

    def recorded(words: str, **named: str) -> str:
        if verb == "add":
            return str(ledger.add(words, deadline="2099", **named))
        return str(ledger.quote("Ora", words, deadline="2099", **said, **named))

    assert told in recorded(text)
    assert told in recorded(f"{text} {text}")  # whose slug has a number
    for others in (recorded(f"{text}!", slug="rain"), recorded(f"{text} in Oslo"), recorded(text)):
        assert told not in others
