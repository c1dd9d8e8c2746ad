"""No line of any screen, receipt, error or card passes 80 columns, however long names, slugs and titles are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.cli.messages import as_typed, wrapped
from predictions.render.columns import columns_of
from predictions.render.result import Result
from predictions.views.receipts.receipt import Receipt

WHO = "Professor Emeritus Maximiliana Wolfeschlegelsteinhausenbergerdorff of the Institute"
MODEL = "an-extraordinarily-long-model-name-that-nobody-types-0915"
LINK = "https://example.org/a-very-long-path/that-goes-on/and-on/and-on/with-words/until-it-is-long.html"
TITLE = "A title so long that it stands on no line of a terminal of eighty columns, in two clauses at least"
PARLIAMENT = "whether-the-parliament-of-the-islands-passes-acts"
ANSWER = "an-answer-is-given-by-the-one-who-was-asked-by-us"
LEADER = "which-of-the-laboratories-of-the-coasts-leads-it"
VEHICLES = "how-many-vehicles-of-all-kinds-are-sold-in-a-year"
LAW = "on-which-day-the-law-of-the-islands-is-in-force-at"
PRICES = "three-laboratories-of-the-coasts-publish-prices-at"
CLAIMS = (PARLIAMENT, ANSWER, LEADER, VEHICLES, LAW, PRICES)
OPTIONS = (
    "a-laboratory-of-the-west-coast-of-america", "a-laboratory-of-the-east-coast-of-america", "none-of-those-named",
)  # fmt: skip
EVENT = "beta-laboratories-of-the-eastern-coast"
HEADER = "id,text,deadline,by,p,made_at,outcome,known_on,tags\n"
BREAKABLE = re.compile(r"^\s*\S+\s+\S")  # a line of several words
ONE_TEXT = re.compile(
    r"""\s*(--set )?(\w+=)?(['"]).*\3,?( \\)?"""
)  # to be typed, so its blanks are no places to break it


def lines_of(shown: object) -> list[str]:
    """Return all lines of a receipt or screen, as it is typed and as it is said in Python."""
    if isinstance(shown, Receipt):
        return [*shown.text(as_typed).splitlines(), *shown.text().splitlines()]
    assert isinstance(shown, Result)
    return [*shown.screen(typed=True).splitlines(), *shown.screen().splitlines()]


def lines_of_error(act: Callable[[], object]) -> list[str]:
    """Return all lines of a refusal as a terminal shows them, at both doors."""
    with pytest.raises(LedgerError) as refused:
        act()
    spelled = getattr(refused.value, "spelled", lambda spell: spell(str(refused.value)))
    parts = [part for text in (spelled(as_typed), spelled(str)) for part in text.split("\n")]
    return [line for part in parts for line in wrapped(part, "").splitlines()]


def too_wide(lines: Iterable[str]) -> list[str]:
    wide = (line for line in lines if columns_of(line) > 80 and not ONE_TEXT.fullmatch(line))
    return [line for line in wide if BREAKABLE.search(line)]


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Ledger:
    """A ledger in which everything has a long name, two years on."""
    clock.set("2026-11-29")
    ledger = Ledger(tmp_path / "a.db", me=WHO)
    assert not too_wide(line for act in records(ledger) for line in lines_of(act()))
    clock.set("2028-01-05")
    return ledger


def records(ledger: Ledger) -> list[Callable[[], object]]:
    """List what is recorded: claims of all types, forecasts, evidence."""
    said = {"deadline": "2027-06-30", "opens_on": "2026-10-01"}
    theirs = {**said, "said_on": "2026-10-05", "kind": "person"}
    add, quote = ledger.add, ledger.quote
    return [
        lambda: add("The parliament passes acts", p=0.3, slug=PARLIAMENT, tags=["a-tag"], note=TITLE, **said),
        lambda: add("The parliament passes acts", p=0.3, deadline="2029", slug=f"{PARLIAMENT[:-1]}-again"),
        lambda: quote(f"{WHO} II", f"The answer: {TITLE}", words="will", link=LINK, slug=ANSWER, **theirs),
        lambda: quote(f"{WHO} III", f"The answer: {TITLE}", words="could", low=0.2, high=0.6, **theirs),
        lambda: quote(WHO, TITLE, not_resolvable=TITLE, said_on="2026-10-05", link=LINK),
        lambda: add(f"Which: {TITLE}", options=OPTIONS, p=shares(0.4, 0.4, 0.2), slug=LEADER, **said),
        lambda: add(
            f"How many: {TITLE}", unit="millions of vehicles of all kinds", between=(0, 1000), slug=VEHICLES,
            quantiles={0.1: 25.125, 0.25: 30.5, 0.5: 40.25, 0.75: 55.125, 0.9: 60.0625}, **said,
        ),
        lambda: add(f"When: {TITLE}", when=True, p={"2027-01": 0.1, "2027-06-30": 0.6}, slug=LAW, **said),
        lambda: add(f"Twice: {TITLE}", at_least=2, conditions={OPTIONS[0]: TITLE}, p=0.4, slug=PRICES, **said),
        *(lambda who=who: ledger.forecast(PARLIAMENT, 0.2, by=who, kind="model") for who in (MODEL, f"{WHO} IV")),
        lambda: ledger.forecast(LEADER, shares(0.3, 0.3, 0.4), by=MODEL),
        lambda: ledger.forecast(VEHICLES, quantiles={0.1: 20, 0.5: 30, 0.9: 40}, by=MODEL),
        lambda: ledger.forecast(LAW, {"2027-02": 0.2, "2027-06-30": 0.5}, by=MODEL),
        lambda: ledger.forecast(PARLIAMENT, 0.25, made_at="2026-11-01"),
        lambda: ledger.log_evidence(PRICES, LINK, TITLE, on="2026-11-20", counts=EVENT, grade="established"),
        lambda: ledger.log_evidence(PRICES, f"{LINK}2", TITLE, on="2026-11-21", counts="another-of-them"),
        lambda: ledger.withdraw(PARLIAMENT, by=MODEL),
    ]  # fmt: skip


def shares(*chances: float) -> dict[str, float]:
    return dict(zip(OPTIONS, chances, strict=True))


def screens(ledger: Ledger) -> list[Callable[[], object]]:
    return [
        ledger.board, lambda: ledger.board(full=True), ledger.due, lambda: ledger.due(all=True),
        ledger.scorecard, lambda: ledger.scorecard(full=True, crowds=True), ledger.leaderboard, ledger.history,
        lambda: ledger.compare(WHO, MODEL), lambda: ledger.explain("brier", by=WHO), ledger.verify,
        *(lambda claim=claim: ledger.claim(claim) for claim in CLAIMS),
        *(lambda claim=claim: ledger.claim(claim, full=True) for claim in CLAIMS),
        *(lambda claim=claim: ledger.claim(claim, readings=True) for claim in CLAIMS),
        lambda: ledger.history(PARLIAMENT), lambda: ledger.scales("house"),
    ]  # fmt: skip


def test_screens_before_and_after_the_verdicts(ledger: Ledger) -> None:
    before = [line for screen in screens(ledger) for line in lines_of(screen())]
    verdicts = [
        ledger.resolve(PARLIAMENT, "no"),
        ledger.resolve(PRICES, "yes", happened_on="2027-01-03", because=[f"{LINK}4", f"{LINK}5"]),
        ledger.resolve(LEADER, OPTIONS[0], known_on="2027-07-01", reason=TITLE),
        ledger.resolve(VEHICLES, 2042, known_on="2027-07-01"),
        ledger.resolve(LAW, "yes", happened_on="2027-03-01"),
        ledger.resolve(ANSWER, "annulled", reason=TITLE),
    ]

    assert too_wide(before) == []
    assert too_wide(line for verdict in verdicts for line in lines_of(verdict)) == []
    assert too_wide(line for screen in screens(ledger) for line in lines_of(screen())) == []


def test_lines_to_type_of_what_went_stale(ledger: Ledger, clock: Clock) -> None:
    clock.set("2027-05-30")

    stale = ledger.due(stale=True)

    assert len(stale) >= 4
    assert too_wide(lines_of(stale)) == []


def test_errors(ledger: Ledger) -> None:
    acts: list[Callable[[], object]] = [
        lambda: ledger.resolve(PARLIAMENT, "maybe"),
        lambda: ledger.resolve(LEADER, "yes"),
        lambda: ledger.resolve(LEADER, "a-labor"),
        lambda: ledger.claim(f"{PARLIAMENT[:9]}x{PARLIAMENT[9:]}"),
        lambda: ledger.claim("w"),
        lambda: ledger.forecast(PARLIAMENT, 0.2, by=f"{WHO}, the younger"),
        lambda: ledger.scorecard(by="nobody of that name is in this ledger"),
        lambda: ledger.correct(PARLIAMENT, text=TITLE),
        lambda: ledger.forecast(LEADER, {OPTIONS[0]: 0.4}),
        lambda: ledger.add(TITLE, deadline="02/03/2027"),
    ]

    assert too_wide(line for act in acts for line in lines_of_error(act)) == []


def test_cards_of_a_file_that_changed_and_of_one_that_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "a-file-with-quite-a-long-name-for-a-terminal-of-eighty-columns.csv"
    row = '{id},"Does {which} long question number {n}, which has very many words, come out?",{end},"{who} {n}",.{n}5,'
    ids = [f"very-long-key-of-a-question-in-another-system-{n}" for n in range(5)]

    def take(which: str, end: str, rest: str, dry_run: bool = False) -> Result:
        rows = [row.format(id=id_, which=which, n=n, end=end, who=WHO) + rest for n, id_ in enumerate(ids)]
        file.write_text(HEADER + "\n".join(rows), "utf-8")
        return ledger.import_from("table", file, dry_run=dry_run)

    cards = [
        take("this", "2027-06-30", "2026-12-01,,,a", dry_run=True),
        take("this", "2027-06-30", "2026-12-01,,,a"),
        take("a", "2027-09-30", "2026-12-01,yes,2027-08-01,a-long-tag-of-a-category;b"),
    ]
    refused = lines_of_error(lambda: take("a", "02/03/2027", "yesterday,maybe,,"))

    assert "take it over with" in str(cards[-1])
    assert too_wide(line for card in cards for line in lines_of(card)) == too_wide(refused) == []
