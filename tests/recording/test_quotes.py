"""What somebody else said, in one line: source, statement, claim and number under one seal, and the receipt."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Conflict, InvalidValue, Ledger, LedgerError
from predictions.records import Claim, Forecast, Forecaster, Source, Statement
from predictions.views.receipts.receipt import Receipt

OUTLOOK = {"said_on": "2025-12-05", "link": "https://oracle.example/outlook"}
SAID = "GPT-6 will be out this year"


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on an empty ledger."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    return run


def quoted(ledger: Ledger, text: str = SAID, **said: Any) -> Receipt:
    return ledger.quote(**{"by": "Tech Oracle", "text": text, "words": "will", "deadline": "2026", **OUTLOOK, **said})


def test_a_quote_is_one_line_and_one_seal(ledger: Ledger, clock: Clock) -> None:
    receipt = quoted(ledger)
    snapshot = ledger.snapshot()

    assert receipt == receipt.slug == "gpt-6-will-be-out-this-year"
    assert repr(receipt).splitlines() == [
        "gpt-6-will-be-out-this-year   2025-12-05 .. 2026-12-31; Tech Oracle 0.90",
        '  0.90 is read from "will" (scale house: 0.80 to 0.99), not said',
        "  published 2025-12-05 in tech-oracle-2025-12-05, by its link, unchecked",
        "  a verdict is due 2027-01-30; it counts on scorecards from then",
        "  new: forecaster tech-oracle (person), source tech-oracle-2025-12-05",
    ]
    [claim], [statement], [said] = snapshot.all(Claim), snapshot.all(Statement), snapshot.all(Forecast)
    assert (claim.scored, claim.reading, claim.statement) == (True, "headline", statement.slug)
    assert (statement.text, statement.speaker, statement.source) == (SAID, "Tech Oracle", "tech-oracle-2025-12-05")
    assert (said.forecaster, said.published_in, str(said.made_at.date())) == (
        "tech-oracle", "tech-oracle-2025-12-05", "2025-12-05"
    )  # fmt: skip
    assert {item.recorded_at for kind in (Claim, Statement, Forecast) for item in snapshot.recorded(kind)} == {
        snapshot.recorded(Source)[0].recorded_at
    }


@pytest.mark.parametrize("who", ["tech oracle", "TECH ORACLE", "Tech  Oracle ", "tech-oracle", " Tech Oracle"])
@pytest.mark.parametrize("number", [{}, {"words": None}])
def test_who_said_it_is_one_however_the_name_is_spelled(ledger: Ledger, who: str, number: dict[str, None]) -> None:
    quoted(ledger, **number)

    again = quoted(ledger, by=who, **number)
    other = quoted(ledger, "Chips get cheaper", by=who)

    assert again.wrote == 0
    assert "source" not in " ".join(other.lines[-1:])
    assert len(ledger.snapshot().all(Source)) == 1
    if not number:
        with pytest.raises(Conflict, match="to replace it: "):
            quoted(ledger, by=who, words="likely")


def test_a_second_publication_of_a_day_is_one_source_however_often_it_is_quoted(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger, link=None)
    for text in ("Chips get cheaper", "A lab is sold", "Robots fold laundry"):
        quoted(ledger, text)
    quoted(ledger, "Half of it is written by machines", link="https://oracle.example/other")

    sources = [source.slug for source in ledger.snapshot().all(Source)]
    assert sources == [f"tech-oracle-2025-12-05{number}" for number in ("", "-2", "-3")]


def test_a_receipt_can_be_copied_and_pickled(ledger: Ledger, clock: Clock) -> None:
    receipt = quoted(ledger)

    for copied in (copy.deepcopy(receipt), pickle.loads(pickle.dumps(receipt))):
        assert (copied, copied.record, copied.lines, copied.wrote) == (
            receipt,
            receipt.record,
            receipt.lines,
            receipt.wrote,
        )


def test_a_receipt_is_taken_wherever_a_claim_is_wanted(ledger: Ledger, clock: Clock) -> None:
    receipt = quoted(ledger)
    ledger.forecast(receipt, 0.3)

    assert ledger.claim(receipt).claim.slug == receipt
    assert "&quot;will&quot;" in receipt._repr_html_()


def test_said_again_it_is_a_no_op(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger)
    clock.set("2026-03-01")

    again = quoted(ledger)
    assert (repr(again), again.wrote) == ("gpt-6-will-be-out-this-year stands already; nothing new", 0)


@pytest.mark.parametrize(("deadline", "joins"), [("2026", True), ("2027", False)])
def test_the_same_words_of_somebody_else_ask_whether_they_are_one_fact(
    ledger: Ledger, clock: Clock, deadline: str, joins: bool
) -> None:
    first = quoted(ledger)
    said = quoted(ledger, by="Bob", link="https://bob.example", deadline=deadline)

    way = [f'or on that claim: ledger.forecast("{first}", P, by="bob")'] if joins else []
    like = f"like {first} (2026-12-31): one fact? correct(cluster=NAME)"
    assert said.lines[-1 - len(way) :] == (like, *way)
    assert like in repr(said)
    assert len(repr(said).splitlines()) <= 5
    assert quoted(ledger, by="Bob", link="https://bob.example", deadline=deadline).wrote == 0
    assert not any(line.startswith("like ") for line in first.lines)


def test_twelve_quotes_are_twelve_claims_of_one_source(ledger: Ledger, clock: Clock) -> None:
    for number in range(12):
        quoted(ledger, f"Thing {number} happens", words=None, p=0.05 * number)

    snapshot = ledger.snapshot()
    assert (len(snapshot.all(Claim)), len(snapshot.all(Source)), len(snapshot.all(Forecaster))) == (12, 1, 1)


def test_two_links_of_one_day_are_two_sources(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger)
    quoted(ledger, "An AI lab goes public", link="https://oracle.example/second")

    assert [one.slug for one in ledger.snapshot().all(Source)] == ["tech-oracle-2025-12-05", "tech-oracle-2025-12-05-2"]


def test_the_day_of_a_source_on_file_stands_in(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger)
    slug = ledger.quote("Tech Oracle", "An AI lab goes public", source="tech-oracle-2025-12-05", deadline="2026", p=0.6)

    assert str(ledger.claim(slug).claim.opens_on) == "2025-12-05"


def test_without_a_link_the_number_stands_apart(ledger: Ledger, clock: Clock) -> None:
    receipt = quoted(ledger, link=None)

    assert "is backdated: nothing carries it, so it stands apart; say link=" in " ".join(repr(receipt).split())
    assert ledger.scorecard().rows()[0]["backdated"] is True


def test_a_quote_said_again_with_its_link_is_carried_by_it_from_then_on(ledger: Ledger, clock: Clock) -> None:
    first = quoted(ledger, link=None)
    again = quoted(ledger)

    assert "it counts on scorecards from then" in " ".join(again.lines)
    assert [(row["claim"], row["backdated"]) for row in ledger.scorecard().rows()] == [(str(first.slug), False)]
    assert [one.link for one in ledger.snapshot().all(Source)] == ["https://oracle.example/outlook"]
    assert quoted(ledger).wrote == 0


@pytest.mark.parametrize("said", [{"words": None, "p": 0.2}, {"words": "likely"}])
def test_the_link_of_a_quote_changes_no_number(ledger: Ledger, clock: Clock, said: dict[str, Any]) -> None:
    quoted(ledger, link=None)

    with pytest.raises(Conflict, match="to replace it: "):
        quoted(ledger, **said)

    assert [one.link for one in ledger.snapshot().all(Source)] == [None]


def test_a_source_without_a_link_takes_the_first_that_is_said_and_no_other(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger, link=None)
    source = "tech-oracle-2025-12-05"
    quoted(ledger, "Rain comes", source=source, said_on=None)

    assert quoted(ledger, "Snow comes", source=source, said_on=None).record.opens_on.isoformat() == "2025-12-05"
    for other in ({"link": "https://oracle.example/2"}, {"said_on": "2025-12-06", "link": None}):
        with pytest.raises(
            InvalidValue, match=r"is not (that|the day) of tech-oracle-2025-12-05, .* leave source= out"
        ):
            quoted(ledger, "Hail comes", source=source, **other)


@pytest.mark.parametrize("later", [{}, {"not_resolvable": "no day", "deadline": None, "words": None}])
def test_a_source_that_gets_its_link_by_a_later_quote_is_named_on_that_receipt(
    ledger: Ledger, clock: Clock, later: dict[str, Any]
) -> None:
    told = "source tech-oracle-2025-12-05 has this link and its day from now on, revision 2"
    first = quoted(ledger, link=None)

    receipt = quoted(ledger, "Rain comes", source="tech-oracle-2025-12-05", **later)

    assert (told in receipt.lines, told in first.lines) == (True, False)
    assert told not in quoted(ledger, "Snow comes", source="tech-oracle-2025-12-05").lines


def test_words_on_no_scale_are_read_from_where_to_where(ledger: Ledger, clock: Clock) -> None:
    receipt = quoted(ledger, "Prices could halve", words="could", low=0.2, high=0.6)

    assert '0.40 is read from "could" by ana: 0.20 to 0.60, not said' in repr(receipt)
    [row] = ledger.scorecard().rows()
    assert (row["low"], row["probability"], row["high"], row["imputed"]) == (0.2, 0.4, 0.6, True)


def test_what_nobody_can_be_held_to_is_a_statement_only(ledger: Ledger, clock: Clock) -> None:
    receipt = ledger.quote("Prof Pundit", "All will change", not_resolvable="no test, no day", **OUTLOOK)

    assert repr(receipt).startswith("statement all-will-change recorded as not resolvable: no test, no day")
    assert ledger.snapshot().all(Claim) == []


def test_a_further_reading_is_named_and_enters_no_mean(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger)
    with pytest.raises(Conflict, match=r"the same words are on file as gpt-6-will-be-out-this-year, .* reading="):
        quoted(ledger, deadline="2027")
    receipt = quoted(ledger, deadline="2027", reading="broad")

    assert ledger.snapshot().find(Claim, receipt).scored is False
    assert "a further reading of the same words, and in no mean" in " ".join(repr(receipt).split())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"deadline": None}, r'until when\? say deadline=, or not_resolvable="why" to count it'),
        ({"said_on": None}, r"when was it said\? said_on=DAY, the day it was published; a prediction of your own"),
        ({"words": "could"}, r"'could' is on no scale \(see: ledger.scales\(\)\); say what you take it for: low="),
        ({"words": "remote"}, "'remote' is read as icd-203 0.01 to 0.05; say which: scale="),
        ({"p": 0.7}, "a number or words, not both"),
        ({"words": None, "p": 70}, "70 is not a probability; say 0.7 or 70%"),
        ({"deadline": "soon"}, "'soon' is no day"),
        ({"kind": "oracle"}, "kind: 'oracle' is none; say one of person, publication"),
        ({"said_on": "2027-01-01"}, "said_on"),
        ({"text": ""}, "text"),
        (
            {"not_resolvable": "vague"},
            "not_resolvable= makes it a statement alone, without a claim; leave out deadline=",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(
    ledger: Ledger, clock: Clock, said: dict[str, Any], sentence: str
) -> None:
    size = ledger.head().size
    with pytest.raises(InvalidValue, match=sentence):
        quoted(ledger, **said)

    assert ledger.head().size == size


def test_it_is_typed_likewise(run: CommandLine) -> None:
    typed = ["quote", "Tech Oracle", SAID, "--words", "will", "--deadline", "2026", "--said-on", "2025-12-05",
             "--link", "https://oracle.example/outlook"]  # fmt: skip

    assert run.says(*typed).startswith("gpt-6-will-be-out-this-year   2025-12-05 .. 2026-12-31; Tech Oracle 0.90")
    assert run.says(*typed) == "gpt-6-will-be-out-this-year stands already; nothing new\n"
    said = json.loads(run.says(*typed, "--json"))
    assert (said["kind"], said["slug"], said["written"]) == ("claim", "gpt-6-will-be-out-this-year", False)
    assert run.refuses("quote", "Tech Oracle", "It rains", "--said-on", "2025-12-05").startswith(
        'until when? say --deadline, or --not-resolvable "why" to count it'
    )


@pytest.mark.parametrize("door", ["quote", "table"])
def test_a_source_of_the_same_day_with_a_slip_is_asked_about(ledger: Ledger, door: str) -> None:
    said = {"words": "will", "deadline": "2099", "said_on": "2025-01-06"}
    ledger.quote("Tech Oracle", "The plant opens", link="https://oracle.example/", **said)  # type: ignore[arg-type]

    def tell(source: str) -> None:
        if door == "quote":
            ledger.quote("Tech Oracle", "The road opens", source=source, **said)  # type: ignore[arg-type]
        else:
            ledger.import_from("table", [{"by": "Tech Oracle", "text": "The road opens", "source": source, **said}])

    with pytest.raises(LedgerError, match=r"did you mean\s+'tech-oracle-2025-01-06'"):
        tell("tech-orcale-2025-01-06")
    tell("Tech Orcale")  # a title may be near

    assert {source.slug for source in ledger.snapshot().all(Source)} >= {"tech-oracle-2025-01-06"}


@pytest.mark.parametrize("later", ["2026-02-01", "2026-02-09"])
@pytest.mark.parametrize("link", [None, "https://oracle.example/outlook"])
def test_what_was_said_today_is_one_number_whenever_it_is_quoted_again(
    ledger: Ledger, clock: Clock, link: str | None, later: str
) -> None:
    clock.set("2026-02-01")
    today = {"said_on": "2026-02-01", "link": link, "words": None}
    quoted(ledger, p=0.7, **today)
    clock.set(later)

    again = quoted(ledger, p=0.7, **today)
    with pytest.raises(Conflict, match=r"said 0.7 of gpt-6\S* on 2026-02-01, now 0.75; to replace it: "):
        quoted(ledger, p=0.75, **today)

    assert again.wrote == 0
    assert [said.probability for said in ledger.snapshot().all(Forecast)] == [0.7]


def test_a_quote_that_gains_its_link_later_on_the_same_day_is_one_number(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-02-01")
    quoted(ledger, said_on="2026-02-01", link=None)
    quoted(ledger, said_on="2026-02-01")

    [forecast] = ledger.snapshot().all(Forecast)
    assert (forecast.revision, forecast.published_in) == (2, "tech-oracle-2026-02-01")


def test_a_quote_that_differs_only_in_its_note_says_so(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger)

    with pytest.raises(Conflict, match=r"now the same with another note; to replace it: "):
        quoted(ledger, note="in passing")


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ({"not_resolvable": "too vague"}, "now 'too vague'; to correct it: ledger.correct(\"statement "),
        ({"not_resolvable": "vague", "note": "a slogan"}, "now 'a slogan'; to correct it: ledger.correct(\"statement "),
    ],
)
def test_another_reason_why_nothing_can_be_decided_is_not_ignored(
    ledger: Ledger, clock: Clock, marked: dict[str, Any], message: str
) -> None:
    as_statement = {"deadline": None, "words": None}
    quoted(ledger, **as_statement, not_resolvable="vague")
    assert quoted(ledger, **as_statement, not_resolvable="vague").wrote == 0

    with pytest.raises(Conflict) as refused:
        quoted(ledger, **as_statement, **marked)

    assert message in str(refused.value)


def test_what_a_claim_reads_cannot_be_marked_as_not_resolvable(ledger: Ledger, clock: Clock) -> None:
    claim = quoted(ledger)

    with pytest.raises(Conflict, match=f"on file as the claim {claim}, which can be decided"):
        quoted(ledger, deadline=None, words=None, not_resolvable="vague")


def test_a_claim_of_a_statement_that_was_not_resolvable_says_so(ledger: Ledger, clock: Clock) -> None:
    quoted(ledger, deadline=None, words=None, not_resolvable="vague")

    assert "recorded before as not resolvable (vague); it counts as this claim now" in quoted(ledger).lines


@pytest.mark.parametrize("later", ["2026-01-01T15:00:00Z", "2026-01-05"])
@pytest.mark.parametrize("link", ["https://oracle.example/outlook", ""])
def test_what_was_said_today_is_one_number_whenever_a_table_says_it_again(
    ledger: Ledger, clock: Clock, link: str, later: str
) -> None:
    row = {"text": SAID, "deadline": "2026", "by": "Tech Oracle", "said_on": "2026-01-01", "link": link}
    ledger.import_from("table", [{**row, "p": "70%"}])
    slug = ledger.snapshot().all(Claim)[0].slug
    ledger.forecast(slug, 0.8, by="tech-oracle")  # a change of mind on the same day, which that table does not say
    clock.set(later)

    assert "nothing new" in str(ledger.import_from("table", [{**row, "p": "70%"}]))
    card = ledger.import_from("table", [{**row, "p": "75%"}])
    assert [forecast.probability for forecast in ledger.snapshot().all(Forecast)] == [0.7, 0.8]
    assert ["0.7 -> 0.75" in change.what for change in card.changes] == [True]
    eval(card.changes[0].python.replace("WHY", "misheard"), {"ledger": ledger})
    assert [forecast.probability for forecast in ledger.snapshot().all(Forecast)] == [0.75, 0.8]
    assert quoted(ledger, said_on="2026-01-01", link=link or None, words=None, p=0.75).wrote == 0


@pytest.mark.parametrize(("on_file", "given"), [("C++ Guru", "C Guru"), ("Müller", "Muller"), ("C Guru", "C. Guru!")])
def test_a_name_of_other_signs_that_is_taken_for_one_on_file_is_named(
    ledger: Ledger, clock: Clock, on_file: str, given: str
) -> None:
    told = f"{given!r} is taken to be {on_file}; somebody else needs another name"
    quoted(ledger, by=on_file)

    receipt = quoted(ledger, "It snows", by=given)
    forecast = ledger.forecast("it-snows", 0.4, by=given)

    assert (receipt.lines.count(told), forecast.lines.count(told)) == (1, 1)
    assert "taken to be" not in "".join(quoted(ledger, "It hails", by=on_file.upper()).lines)
