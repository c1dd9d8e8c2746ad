"""A receipt has five lines of 80 columns, however long names are; more only for what nobody could know without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.cli.messages import as_typed
from predictions.fits import DISTRIBUTIONS
from predictions.views.receipts.receipt import Receipt

MOST = (5, 9)  # lines of a receipt; of one that tells a distribution
LINK = "https://somewhere.example/"


def receipts(ledger: Ledger, clock: Clock, letters: int) -> Iterator[Receipt]:
    """Yield the receipts of every verb that writes, of names with so many letters."""

    def name(word: str) -> str:
        return (f"{word} of many letters " * 8)[:letters].strip()

    said = {"deadline": "2027", "said_on": "2026-01-05", "kind": "person"}
    ledger.me = name("ana")
    yield ledger.add(name("Rain"), deadline="2027", p=0.3, slug=("rain-" * 20)[:64].strip("-"))
    yield ledger.add(name("Snow"), deadline="2027", p=0.3)
    yield ledger.add(name("Snow"), deadline="2028", p=0.3)
    for word in ("Oracle", "Pundit"):
        yield ledger.quote(name(word), name("Robots"), words="will", link=LINK + "a" * letters, **said)
    yield ledger.quote(name("Hopper"), name("Half"), p=0.6, source=name("Daily"), link=LINK, **said)
    yield ledger.quote(name("Hopper"), name("All"), not_resolvable=name("vague"), said_on="2026-01-05", link=LINK)
    options = [name(f"{number} option")[:60].strip() for number in range(8)]
    which = ledger.add(name("Which"), deadline="2027", options=options, p=dict.fromkeys(options, 1 / 8))
    yield which
    unit, by_month = name("million")[:60], {f"2027-{month:02d}-28": month / 20 for month in range(1, 13)}
    yield ledger.add(name("Cars"), deadline="2027", unit=unit, between=(0, 10), quantiles={0.1: 2, 0.9: 6})
    yield ledger.add(name("Law"), deadline="2027", when=True, p=by_month | {"2027-12-31": 0.7})
    conditions = {name(f"{number} test")[:48].strip().replace(" ", "-"): name("what") for number in range(6)}
    yield ledger.add(name("Several"), deadline="2028", at_least=2, conditions=conditions, p=0.4, slug="several")
    yield ledger.correct("several", text=name("Many"), title=name("Many")[:100], tags=["a"])
    yield ledger.forecast("several", 0.5, by=name("claude"), kind="model", note=name("note"))
    yield ledger.forecast(which, dict(zip(options, [0.3, *[0.1] * 7], strict=True)))
    link = LINK + "b" * letters
    evidence = ledger.log_evidence(list(ledger)[:6], link, name("A title"), on="2026-11-20", counts="event")
    yield evidence
    yield ledger.supersede("several", conditions={"a": "b"}, reason=name("why"))
    yield ledger.withdraw("several")
    yield ledger.retract(evidence, reason=name("why"))
    clock.set("2028-06-01")
    links = [f"{LINK}{word * letters}" for word in "cde"]
    yield ledger.resolve("rain", "yes", happened_on="2026-12-09", because=links)
    yield ledger.resolve(which, options[0], known_on="2027-12-31", reason=name("why"))
    yield ledger.resolve(which, "annulled", reason=name("why") * 4)


@pytest.mark.parametrize("letters", [16, 48, 80, 120])
def test_it_has_five_lines_at_the_most(ledger: Ledger, clock: Clock, letters: int) -> None:
    clock.set("2026-11-29")

    found = list(receipts(ledger, clock, letters))

    assert len(found) == 21
    for receipt, text in [(one, text) for one in found for text in (str(one), one.text(as_typed))]:
        lines = text.splitlines()
        assert len(lines) <= MOST[getattr(receipt.record, "type", None) in DISTRIBUTIONS], text
        assert max(map(len, lines)) <= 80, text
        assert receipt.slug in lines[0]


READINGS = {
    "words": ({"words": "will"}, ' is read from "will" (scale house: '),
    "own words": ({"words": "may or may not, who knows", "low": 0.2, "high": 0.6}, " by ana: 0.20 to 0.60, not said"),
    "range": ({"low": 0.2, "high": 0.6}, "0.40 is the middle of 0.20 to 0.60, not said"),
    "curve": (
        {"unit": "million", "between": (0, 10), "quantiles": {0.1: 2, 0.5: 4, 0.9: 6}},
        "drawn as a smooth curve",
    ),
    "shares": ({"options": ["ab", "cd", "ef"], "p": {"ab": 0.33, "cd": 0.33, "ef": 0.33}}, "they summed to 0.99"),
}


@pytest.mark.parametrize(("said", "read_so"), READINGS.values(), ids=READINGS)
@pytest.mark.parametrize("letters", [16, 40, 64])
def test_it_keeps_how_words_were_read_when_it_counts_and_what_is_new(
    ledger: Ledger, clock: Clock, said: dict[str, Any], read_so: str, letters: int
) -> None:
    clock.set("2026-11-29")
    ledger.me = "ana"
    slug, source = (("a-claim-of-some-length" * 4)[:letters], ("a-source-of-the-year" * 4)[:letters])
    given = {"deadline": "end of 2027", "said_on": "2026-01-05", "link": LINK, "source": source, "slug": slug}

    receipt = ledger.quote("An Oracle Of The Year", "An invented text", **said, **given)

    text = " ".join(str(receipt).split())
    assert text.startswith(slug)
    assert read_so in text
    assert "it counts on scorecards from then" in text
    assert "new: forecaster an-oracle-of-the-year (person), source a-source" in text
    assert len(str(receipt).splitlines()) <= MOST["p" in said or "quantiles" in said]


def test_a_mistyped_source_is_told_of_however_long_the_slug(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-29")
    text = "A regulator in a large country fines one of the labs for what it said about a release"
    given = {"said_on": "2026-01-05", "words": "will", "deadline": "2027"}
    ledger.quote("Oracle", "Another text", source="oracle-2026", link=LINK, **given)

    receipt = ledger.quote("Oracle", text, source="oracle-2062", **given)

    assert "new: source oracle-2062" in str(receipt)


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize(
    ("asks", "said", "told"),
    [
        (
            {"unit": "goals", "between": (0, 10)},
            {"quantiles": {0.1: 1, 0.5: 2.5, 0.9: 5}},
            "Macro: 10 % at most 1, 50 % at most 2.5, 90 % at most 5",
        ),
        (
            {"unit": "million users a year", "between": (100_000_000, 5_000_000_000, "log")},
            {"quantiles": {0.1: 2e8, 0.5: 5e8, 0.9: 2e9}},
            "Macro: 10 % at most 200000000, 50 % at most 500000000, 90 % at most 2e9",
        ),
        (
            {"when": True},
            {"p": {"2026-06-30": 0.3, "2026": 0.6}},
            "Macro: 0.30 by 2026-06-30, 0.60 by 2026-12-31; 0.40 that it is not",
        ),
        ({"options": ["a", "b", "c"]}, {"p": {"a": 0.33, "b": 0.33, "c": 0.33}}, "Macro: a 0.333, b 0.333, c 0.333: "),
    ],
)
def test_what_was_said_and_what_it_lacks_stand_whole(
    ledger: Ledger, clock: Clock, asks: dict[str, Any], said: dict[str, Any], told: str, carried: bool
) -> None:
    clock.set("2026-03-01")
    where = {"link": LINK} if carried else {}

    receipt = ledger.quote("Macro", "An invented text", deadline="2026", said_on="2026-02-20", **asks, **said, **where)

    text = " ".join(str(receipt).split())
    assert told in text
    assert "2026-02-20 .. 2026-12-31" in text
    assert ("by its link, unchecked" if carried else "so it stands apart; say link=") in text
    assert max(map(len, str(receipt).splitlines())) <= 80


@pytest.mark.parametrize("ordered", [False, True])
def test_a_long_list_of_options_does_not_hide_when_the_window_opens(ledger: Ledger, ordered: bool) -> None:
    options = [f"the-party-of-number-{number}" for number in range(6)]
    told = ledger.quote("Oracle", "Who wins the election of the year in the capital", options=options, ordered=ordered,
                        said_on="2025-01-02", link="https://o.example", deadline="2099-05-31",
                        p=dict.fromkeys(options, "16.67%"))  # fmt: skip

    assert "2025-01-02 .. 2099-05-31; " in told.text().splitlines()[0]
