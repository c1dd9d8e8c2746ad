"""The whole of it on invented claims: a story whose every page prints again, two writers at once, and odd values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import Clock, Refuses
from prefixes import prefix_proof

from predictions import Head, InvalidValue, Ledger, LedgerError, NotALedger, ainews, read_catalog
from predictions.records import Evidence, Forecast
from predictions.scoring.eligibility import Category
from predictions.slugs import NEXT

# -- a story --------------------------------------------------------------------------------------------------

WINDOW = {"opens_on": "2026-01-01", "deadline": "2026-06-30"}
PAGES = ["claims", "tally", "resolved", "annulled", "again", "retracted", "reworded", "settled"]


def tell(ledger: Ledger, clock: Clock) -> dict[str, Head]:
    """Claims, evidence, forecasts, a verdict, its annulment, another, a retraction, new words; a head after each."""
    heads: dict[str, Head] = {}

    def turn(page: str, day: str) -> None:
        heads[page] = ledger.head()
        clock.set(day)

    ledger.add("Two invented executives move", **WINDOW, slug="moves", at_least=2, conditions=["title", "lab"], p=0.6)
    ledger.add("An invented institute opens", **WINDOW, slug="institute", p=0.2)
    for slug, said in [("moves", 0.3), ("institute", 0.1)]:
        ledger.forecast(slug, said, by="ben")
    turn("claims", "2026-03-01")
    for number, counts in [(1, "first-cto"), (2, "second-cto")]:
        ledger.log_evidence(
            "moves", f"https://example.org/{number}", f"Report {number}", slug=f"report-{number}", on="2026-02-28",
            counts=counts,
        )  # fmt: skip
    turn("tally", "2026-03-05")
    ledger.resolve("moves", "yes", happened_on="2026-02-28", known_on="2026-03-01", because=["report-1", "report-2"])
    turn("resolved", "2026-08-01")
    ledger.resolve("moves", "annulled", known_on="2026-08-01", reason="the reports were about something else")
    turn("annulled", "2026-08-05")
    ledger.resolve(
        "moves", "yes", happened_on="2026-02-28", known_on="2026-08-05", reason="they were about this after all"
    )
    turn("again", "2026-08-10")
    ledger.retract("report-2", reason="a hoax")
    turn("retracted", "2026-08-15")
    ledger.forecast(
        ledger.supersede(
            "moves",
            text="Two invented executives move in 2026",
            deadline="2026-12-31",
            slug="moves-2026",
            reason="other words",
            carry=(),
        ),
        0.7,
    )
    turn("reworded", "2026-08-20")
    ledger.resolve("institute", "no")
    turn("settled", "2026-08-25")
    return heads


def test_the_tally_and_the_card_follow_the_story(ledger: Ledger, clock: Clock) -> None:
    heads = tell(ledger, clock)

    tallies = {page: ledger.claim("moves", as_of=head).tally.short for page, head in heads.items()}
    statuses = {page: ledger.claim("moves", as_of=head).status.value for page, head in heads.items()}

    assert [tallies[page] for page in PAGES] == ["0 of 2", *["2 of 2"] * 4, *["1 of 2"] * 3]
    assert [statuses[page] for page in PAGES] == ["open", "open", "resolved", "annulled", *["resolved"] * 4]


def test_the_scorecards_between_differ_as_they_should(ledger: Ledger, clock: Clock) -> None:
    heads = tell(ledger, clock)

    def page(name: str, who: str = "ana") -> tuple[list[Category], int, float | None]:
        record = ledger.scorecard(as_of=heads[name]).record(who)
        return [row.category for row in record.rows], record.n, record.mean("brier")

    assert page("claims") == ([Category.OPEN, Category.OPEN], 0, None)
    assert page("resolved") == ([Category.OPEN, Category.OPEN], 0, None)  # a yes before its settle day
    assert page("annulled") == ([Category.ANNULLED, Category.DUE], 0, None)
    assert page("again") == ([Category.SCORED, Category.DUE], 1, pytest.approx(0.16))
    overdue = [Category.SCORED, Category.OVERDUE]
    assert page("retracted") == (overdue, *page("again")[1:])  # a verdict stands until a person replaces it
    assert page("reworded") == ([*overdue, Category.SUPERSEDED], 1, pytest.approx(0.16))
    assert page("settled") == (
        [Category.SCORED, Category.SCORED, Category.SUPERSEDED],
        2,
        pytest.approx((0.16 + 0.04) / 2),
    )
    assert page("settled", "ben") == ([Category.SCORED, Category.SCORED], 2, pytest.approx((0.49 + 0.01) / 2))
    funnel = ledger.scorecard(as_of=heads["settled"]).record("ana").funnel
    assert (funnel["forecast"], funnel["due"], funnel["scored"], funnel["superseded"]) == (3, 2, 2, 1)


def test_each_page_prints_again_later_to_the_digit(ledger: Ledger, clock: Clock) -> None:
    heads = tell(ledger, clock)

    def shown(head: Head) -> list[object]:
        results = (
            ledger.scorecard(as_of=head),
            ledger.scorecard(as_of=head, cohort="resolved", rule="last"),
            ledger.board(full=True, as_of=head),
            ledger.claim("moves", as_of=head),
            ledger.claim("moves", as_of=head).tally,
            ledger.due(as_of=head),
            ledger.history(as_of=head),
        )
        return [part for one in results for part in (str(one), one._repr_html_(), one.to_dict(), one.rows())]

    before = {page: shown(head) for page, head in heads.items()}
    clock.set("2029-01-01")
    ledger.forecast("moves-2026", 0.9, made_at="2026-12-01")
    ledger.add("A later claim", deadline="2030-12-31", p=0.5)
    ledger.correct("claim moves", reason="later", title="Later")

    for page, head in heads.items():
        assert shown(head) == before[page], page
    assert len({str(pages) for pages in before.values()}) == len(PAGES)


def test_a_page_printed_on_its_day_is_the_one_of_its_head(ledger: Ledger, clock: Clock) -> None:
    ledger.add("An invented institute opens", **WINDOW, p=0.2)
    on_the_day = str(ledger.scorecard()), str(ledger.board())
    head = ledger.head()
    clock.set("2029-01-01")

    assert (str(ledger.scorecard(as_of=head)), str(ledger.board(as_of=head))) == on_the_day
    assert (str(ledger.scorecard(as_of="2026-01-01")), str(ledger.board(as_of="2026-01-01"))) == on_the_day


def test_the_whole_story_verifies(ledger: Ledger, clock: Clock) -> None:
    heads = tell(ledger, clock)

    assert ledger.verify().ok
    assert all(ledger.verify(head=head).ok for head in heads.values())


# -- several at once ------------------------------------------------------------------------------------------

WRITER = """
import sys
from predictions import Ledger
path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Ledger(path, me=name) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        ledger.forecast("rain", round((number + 1) / 100, 2), note=name)
"""


def test_two_processes_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    path, count = tmp_path / "shared.db", 25
    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, str(count)], stdin=-1, stdout=-1, text=True)
        for name in ("ana", "ben")
    ]

    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)

    assert [writer.returncode for writer in writers] == [0, 0]
    with Ledger(path) as ledger:
        said = ledger.snapshot().all(Forecast)
        assert sorted((one.forecaster, one.probability) for one in said) == [
            (name, round((number + 1) / 100, 2)) for name in ("ana", "ben") for number in range(count)
        ]
        assert ledger.verify().ok


# -- what a person may do -------------------------------------------------------------------------------------


def test_nothing_but_the_two_ways_to_create_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(NotALedger, match="no ledger at"):
        Ledger(tmp_path / "none.db", create=False)

    assert list(tmp_path.iterdir()) == []


def test_who_records_comes_from_the_environment_where_nobody_is_named(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREDICTIONS_ME", "cyd")

    with Ledger(tmp_path / "a.db") as ledger, Ledger(tmp_path / "b.db", me="ana") as other:
        assert (ledger.me, other.me) == ("cyd", "ana")
    monkeypatch.setenv("PREDICTIONS_ME", "")
    with Ledger(tmp_path / "c.db") as ledger:
        assert ledger.me is None


def test_a_ledger_shows_its_board(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", p=0.3)

    assert str(ledger) == str(ledger.board())
    assert ledger._repr_html_() == ledger.board()._repr_html_()


def test_an_empty_ledger_shows_that_it_is(ledger: Ledger) -> None:
    assert " is empty.\n" in str(ledger)
    assert str(ledger.due()) == "nothing waits for a verdict"
    assert "0 forecasts" in str(ledger.due(stale=True))
    assert ledger.scorecard().records == ()
    assert ledger.history().rows() == []
    assert "no forecast on a scored claim yet" in str(ledger.scorecard())


def test_how_much_a_verb_wrote_is_said(ledger: Ledger) -> None:
    first = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    second = ledger.add("It rains", deadline="2026-06-30", p=0.3)
    third = ledger.forecast("it-rains", 0.4)

    assert (first.wrote, second.wrote, third.wrote) == (5, 0, 1)


def test_what_is_shown_of_the_packaged_catalogue_holds(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    record = ledger.scorecard().record("ainews")

    assert (record.n, record.words_only, record.mean("brier")) == (0, True, None)
    assert [row.category for row in record.rows] == [Category.OPEN] * 4
    assert {row.claim.slug for row in record.rows} == {row["claim"] for row in ledger.board().rows()}
    assert record.bounds(every_open=True) is not None


ODD = [
    None, True, 0, -1, 10**400, 0.5, float("nan"), float("inf"), 0.5j, "", " ", "\x00", "\ud800", "\u202e",
    "x" * 30_000, b"x", b"\xff", [], [None], {}, {"a": 1}, set(), (), object(), Decimal("0.5"), np.float64(0.5),
    np.bool_(True), np.array([0.5, 0.6]), np.datetime64("2026-01-01"), pd.NA, pd.NaT, pd.Timestamp("2026-01-01"),
    date(2026, 1, 1), date.max, Path("rain"), Ledger, print, range(3), iter(()), ["a"] * 3,
]  # fmt: skip
VERBS: dict[str, Callable[[Ledger, object], object]] = {
    "add wording": lambda ledger, odd: ledger.add(odd, deadline="2026-06-30"),  # type: ignore[arg-type]
    "add by": lambda ledger, odd: ledger.add("It snows", deadline=odd),  # type: ignore[arg-type]
    "add opens_on": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", opens_on=odd),  # type: ignore[arg-type]
    "add slug": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", slug=odd),  # type: ignore[arg-type]
    "add tags": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", tags=odd),  # type: ignore[arg-type]
    "add conditions": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", at_least=1, conditions=odd),  # type: ignore[arg-type]
    "add given": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", given=odd),  # type: ignore[arg-type]
    "add settle_days": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", settle_days=odd),  # type: ignore[arg-type]
    "register": lambda ledger, odd: ledger.register(odd),  # type: ignore[arg-type]
    "log claims": lambda ledger, odd: ledger.log_evidence(odd, "https://example.org/2", "x"),  # type: ignore[arg-type]
    "log link": lambda ledger, odd: ledger.log_evidence("rain", odd, "x"),  # type: ignore[arg-type]
    "log title": lambda ledger, odd: ledger.log_evidence("rain", "https://example.org/2", odd),  # type: ignore[arg-type]
    "log on": lambda ledger, odd: ledger.log_evidence("rain", "https://example.org/2", "x", on=odd),  # type: ignore[arg-type]
    "log counts": lambda ledger, odd: ledger.log_evidence(
        "rain",
        "https://example.org/2",
        "x",
        on="2025",
        counts=odd,  # type: ignore[arg-type]
    ),
    "log meets": lambda ledger, odd: ledger.log_evidence("rain", "https://example.org/2", "x", meets=odd),  # type: ignore[arg-type]
    "log slug": lambda ledger, odd: ledger.log_evidence("rain", "https://example.org/2", "x", slug=odd),  # type: ignore[arg-type]
    "bear bears": lambda ledger, odd: ledger.log_evidence("rain", "one", bears=odd),  # type: ignore[arg-type]
    "bear event": lambda ledger, odd: ledger.log_evidence("rain", "one", bears="context", event=odd),  # type: ignore[arg-type]
    "retract": lambda ledger, odd: ledger.retract(odd, reason="x"),  # type: ignore[arg-type]
    "retract reason": lambda ledger, odd: ledger.retract("one", reason=odd),  # type: ignore[arg-type]
    "forecast claim": lambda ledger, odd: ledger.forecast(odd, 0.5),  # type: ignore[arg-type]
    "forecast probability": lambda ledger, odd: ledger.forecast("rain", odd),  # type: ignore[arg-type]
    "forecast by": lambda ledger, odd: ledger.forecast("rain", 0.5, by=odd),  # type: ignore[arg-type]
    "forecast low": lambda ledger, odd: ledger.forecast("rain", 0.5, low=odd, high=odd),  # type: ignore[arg-type]
    "forecast words": lambda ledger, odd: ledger.forecast("rain", words=odd, scale="ipcc"),  # type: ignore[arg-type]
    "forecast scale": lambda ledger, odd: ledger.forecast("rain", words="likely", scale=odd),  # type: ignore[arg-type]
    "forecast made_at": lambda ledger, odd: ledger.forecast("rain", 0.5, made_at=odd),  # type: ignore[arg-type]
    "forecast because": lambda ledger, odd: ledger.forecast("rain", 0.5, because=odd),  # type: ignore[arg-type]
    "forecast published_in": lambda ledger, odd: ledger.forecast("rain", 0.5, published_in=odd),  # type: ignore[arg-type]
    "forecast note": lambda ledger, odd: ledger.forecast("rain", 0.5, note=odd),  # type: ignore[arg-type]
    "forecast reason": lambda ledger, odd: ledger.forecast("rain", 0.5, made_at="2025-12-31", reason=odd),  # type: ignore[arg-type]
    "withdraw": lambda ledger, odd: ledger.withdraw("rain", by=odd),  # type: ignore[arg-type]
    "resolve claim": lambda ledger, odd: ledger.resolve(odd, "yes", known_on="2026-01-01", reason="x"),  # type: ignore[arg-type]
    "resolve outcome": lambda ledger, odd: ledger.resolve("rain", odd, known_on="2026-01-01", reason="x"),  # type: ignore[arg-type]
    "resolve happened_on": lambda ledger, odd: ledger.resolve(
        "rain",
        "yes",
        happened_on=odd,
        known_on="2026-01-01",
        reason="x",  # type: ignore[arg-type]
    ),
    "resolve known_on": lambda ledger, odd: ledger.resolve("rain", "yes", known_on=odd, reason="x"),  # type: ignore[arg-type]
    "resolve reason": lambda ledger, odd: ledger.resolve("rain", "yes", known_on="2026-01-01", reason=odd),  # type: ignore[arg-type]
    "resolve because": lambda ledger, odd: ledger.resolve("rain", "yes", known_on="2026-01-01", because=odd),  # type: ignore[arg-type]
    "annul": lambda ledger, odd: ledger.resolve("rain", "annulled", known_on=odd, reason="x"),  # type: ignore[arg-type]
    "correct": lambda ledger, odd: ledger.correct(odd, reason="x", title="y"),  # type: ignore[arg-type]
    "correct title": lambda ledger, odd: ledger.correct("one", reason="x", title=odd),
    "correct published": lambda ledger, odd: ledger.correct("one", reason="x", published=odd),
    "board as_of": lambda ledger, odd: str(ledger.board(as_of=odd)),
    "board today": lambda ledger, odd: str(ledger.board(today=odd)),  # type: ignore[arg-type]
    "claim": lambda ledger, odd: str(ledger.claim(odd)),  # type: ignore[arg-type]
    "tally": lambda ledger, odd: str(ledger.claim(odd).tally),  # type: ignore[arg-type]
    "history": lambda ledger, odd: str(ledger.history(odd)),  # type: ignore[arg-type]
    "due by": lambda ledger, odd: str(ledger.due(by=odd)),  # type: ignore[arg-type]
    "scorecard by": lambda ledger, odd: str(ledger.scorecard(by=odd)),  # type: ignore[arg-type]
    "leaderboard by": lambda ledger, odd: str(ledger.leaderboard(by=odd)),  # type: ignore[arg-type]
    "leaderboard group": lambda ledger, odd: str(ledger.leaderboard(group=odd)),  # type: ignore[arg-type]
    "add p": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", p=odd),  # type: ignore[arg-type]
    "add at_least": lambda ledger, odd: ledger.add("It snows", deadline="2026-06-30", at_least=odd),  # type: ignore[arg-type]
    "log bears": lambda ledger, odd: ledger.log_evidence("rain", "https://example.org/2", "x", bears=odd),  # type: ignore[arg-type]
    "log counts and bears": lambda ledger, odd: ledger.log_evidence(
        "rain", "https://example.org/2", "x", counts="gale", bears=odd
    ),  # type: ignore[arg-type]
    "bear likelihood_ratio": lambda ledger, odd: ledger.log_evidence(
        "rain", "one", bears="context", likelihood_ratio=odd
    ),  # type: ignore[arg-type]
    "resolve decided_by": lambda ledger, odd: ledger.resolve("rain", "yes", known_on="2026-01-01", reason="x", by=odd),  # type: ignore[arg-type]
    "correct scored": lambda ledger, odd: ledger.correct("claim rain", reason="x", scored=odd),
    "scorecard window": lambda ledger, odd: str(ledger.scorecard(window=odd)),  # type: ignore[arg-type]
    "scorecard horizon": lambda ledger, odd: str(ledger.scorecard(horizon=odd)),  # type: ignore[arg-type]
    "scorecard tag": lambda ledger, odd: str(ledger.scorecard(tag=odd)),  # type: ignore[arg-type]
    "scorecard reading": lambda ledger, odd: str(ledger.scorecard(reading=odd)),  # type: ignore[arg-type]
    "scorecard source": lambda ledger, odd: str(ledger.scorecard(source=odd)),  # type: ignore[arg-type]
    "scorecard type": lambda ledger, odd: str(ledger.scorecard(type=odd)),  # type: ignore[arg-type]
    "open": lambda ledger, odd: Ledger(odd).close(),  # type: ignore[arg-type]
    "open me": lambda ledger, odd: Ledger("other.db", me=odd).close(),  # type: ignore[arg-type]
    "read_catalog": lambda ledger, odd: read_catalog(odd),  # type: ignore[arg-type]
    "import source": lambda ledger, odd: ledger.import_forecasts(odd),
    "import skip_bad": lambda ledger, odd: ledger.import_forecasts([("rain", "ana", "2025-12-01", 0.5)], skip_bad=odd),  # type: ignore[arg-type]
    "import verdicts": lambda ledger, odd: ledger.import_resolutions(odd),
    "import verdicts outcome": lambda ledger, odd: ledger.import_resolutions(
        [{"claim": "rain", "outcome": odd, "known_on": "2026-01-01", "reason": "x"}]
    ),
    "import verdicts happened_on": lambda ledger, odd: ledger.import_resolutions(
        {"claim": ["rain"], "outcome": ["yes"], "known_on": ["2026-01-01"], "happened_on": [odd], "impossible": [odd]},
        reason="x",
    ),
    "import verdicts claim": lambda ledger, odd: ledger.import_resolutions(
        [{"claim": odd, "outcome": "yes", "known_on": "2026-01-01", "reason": "x"}]
    ),
    "import verdicts reason": lambda ledger, odd: ledger.import_resolutions(
        [{"claim": "rain", "outcome": "yes", "known_on": "2026-01-01"}],
        reason=odd,
        by=odd,  # type: ignore[arg-type]
    ),
    "export_parquet": lambda ledger, odd: ledger.export("parquet", odd),  # type: ignore[arg-type]
    "report": lambda ledger, odd: ledger.report(odd),  # type: ignore[arg-type]
    "report title": lambda ledger, odd: ledger.report("page.html", title=odd),  # type: ignore[arg-type]
    "report progress": lambda ledger, odd: ledger.report("page.html", progress=None if callable(odd) else odd),  # type: ignore[arg-type]
    "export_ics": lambda ledger, odd: ledger.export("calendar", odd),  # type: ignore[arg-type]
    "datasette folder": lambda ledger, odd: ledger.export("datasette", odd),  # type: ignore[arg-type]
    "datasette title": lambda ledger, odd: ledger.export("datasette", title=odd),  # type: ignore[arg-type]
    "verify head": lambda ledger, odd: ledger.verify(head=odd),  # type: ignore[arg-type]
    "prove": lambda ledger, odd: ledger.prove(odd),  # type: ignore[arg-type]
    "prove to": lambda ledger, odd: ledger.prove("one", file=odd),  # type: ignore[arg-type]
    "compare": prefix_proof,
    "compare to": lambda ledger, odd: ledger.verify(head=ledger.head(), proof=odd),  # type: ignore[arg-type]
    "keygen": lambda ledger, odd: ledger.keygen(odd),  # type: ignore[arg-type]
    "backup": lambda ledger, odd: ledger.backup(odd),  # type: ignore[arg-type]
    "merge": lambda ledger, odd: ledger.merge(odd),  # type: ignore[arg-type]
    "merge settle": lambda ledger, odd: ledger.merge("other.db", settle=odd),  # type: ignore[arg-type]
    "redact": lambda ledger, odd: ledger.redact(odd, to="redacted.db"),  # type: ignore[arg-type]
    "redact to": lambda ledger, odd: ledger.redact("one", to=odd),  # type: ignore[arg-type]
    "scorecard cohort": lambda ledger, odd: str(ledger.scorecard(cohort=odd)),  # type: ignore[arg-type]
}


def refused(verb: Callable[[Ledger, object], object], ledger: Ledger, odd: object) -> str:
    """In which words the verb refuses the value; nothing where it does not."""
    try:
        verb(ledger, odd)
    except LedgerError as error:
        return str(error)
    return ""


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize("verb", VERBS)
def test_odd_values_are_recorded_or_refused_in_one_sentence_and_never_break_the_ledger(
    ledger: Ledger, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")  # where files of odd names may lie
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    ledger.log_evidence("rain", "https://example.org/1", "x", slug="one", on="2025", counts="gale")

    for odd in ODD:
        refusal = refused(VERBS[verb], ledger, odd)
        assert "\n" not in refusal or verb.startswith("import")  # of the rows of a file, a line for each cause
        assert len(refusal) < 500
        assert "should be a valid" not in refusal

    assert ledger.verify().ok
    assert str(ledger.board(full=True))
    assert str(ledger.claim("rain"))
    assert ledger._repr_html_()


FLAGS: dict[str, Callable[[Ledger, object], object]] = {
    "create": lambda _, odd: Ledger("other.db", create=odd),  # type: ignore[arg-type]
    "again": lambda ledger, odd: ledger.forecast("rain", 0.5, again=odd),  # type: ignore[arg-type]
    "impossible": lambda ledger, odd: ledger.resolve("rain", "no", impossible=odd),  # type: ignore[arg-type]
    "all": lambda ledger, odd: ledger.due(all=odd),  # type: ignore[arg-type]
    "crowds": lambda ledger, odd: ledger.scorecard(crowds=odd),  # type: ignore[arg-type]
    "free_sql": lambda ledger, odd: ledger.export("datasette", free_sql=odd),  # type: ignore[arg-type]
    "deep": lambda ledger, odd: ledger.verify(deep=odd),  # type: ignore[arg-type]
    "force": lambda ledger, odd: ledger.backup("copy.db", force=odd),  # type: ignore[arg-type]
    "with_references": lambda ledger, odd: ledger.redact("one", to="copy.db", with_references=odd),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_is_true_or_false_and_nothing_else(ledger: Ledger, refuses: Refuses, flag: str) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")

    for odd in (0, 1, "no", None, []):
        with refuses(f"{flag}: {odd!r} is neither True nor False", error=InvalidValue):
            FLAGS[flag](ledger, odd)


def test_a_probability_goes_by_the_name_it_was_given(ledger: Ledger, refuses: Refuses) -> None:
    with refuses("70 is not a probability; say 0.7 or 70%", error=InvalidValue):
        ledger.add("It rains", deadline="2026-06-30", p=70)


@pytest.mark.parametrize("odd", [0, False, "", [], {}])
def test_a_name_that_is_none_does_not_become_mine(ledger: Ledger, refuses: Refuses, odd: object) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")

    with refuses("decided_by: ", error=InvalidValue):
        ledger.resolve("rain", "yes", known_on="2026-01-01", reason="wet", by=odd)  # type: ignore[arg-type]


def test_the_file_is_as_it_was_after_each_refusal(ledger: Ledger, refuses: Refuses) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")

    for odd in (float("nan"), "0,5,5", [0.5], 10**400, pd.NA):
        with refuses():
            ledger.forecast("rain", odd)  # type: ignore[arg-type]  # what a person may type


def test_evidence_taken_back_leaves_the_forecast_that_cited_it(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    ledger.log_evidence("rain", "https://example.org/1", "x", slug="one")
    ledger.forecast("rain", 0.3, because="one")

    ledger.retract("one", reason="a hoax")

    assert ledger.snapshot().all(Forecast)[0].because == ("one",)
    assert ledger.snapshot().find(Evidence, "one").retracted


def test_a_ledger_is_one_line_and_its_board_where_it_is_shown(ledger: Ledger, clock: Clock) -> None:
    empty = repr(ledger)
    ledger.add("It rains", deadline="2026-01-20", p=0.3)
    ledger.add("It snows", deadline="2026-01-20")
    ledger.add("It hails", deadline="2026-06-30")
    two = repr(ledger)
    clock.set("2026-01-25")
    due = repr(ledger)
    shown: list[str] = []

    ledger._repr_pretty_(SimpleNamespace(text=shown.append), False)

    assert empty == "<Ledger ledger.db: empty, me='ana'>"
    assert two == "<Ledger ledger.db: 3 statements, 2 close 2026-01-20, me='ana'>"
    assert due == "<Ledger ledger.db: 3 statements, 2 due, me='ana'>"
    assert shown == [str(ledger)] == [str(ledger.board())]
    assert ledger._repr_html_() == ledger.board()._repr_html_()
    assert len(repr(ledger.correct)) < 200
    ledger.close()
    assert repr(ledger) == "<Ledger ledger.db: cannot be read, me='ana'>"


@pytest.mark.parametrize("me", ["a\u202eb\nc", "\U000e0041"])
def test_the_line_of_a_ledger_stays_one_line(ledger: Ledger, me: str) -> None:
    ledger.me = me

    assert repr(ledger).isprintable()


def test_an_error_in_a_notebook_is_one_line(tmp_path: Path) -> None:
    cell = f"""from predictions import Ledger
ledger = Ledger({str(tmp_path / "l.db")!r})
def look(slug):
    return ledger.claim(slug)

look("exec-defection\u202e\\n")
"""
    asked = subprocess.run([sys.executable, "-c", IPYTHON], input=cell, capture_output=True, text=True, check=True)

    said = [line for line in asked.stdout.splitlines() if line.strip()]
    assert said == [rf"NotFound: no claim 'exec-defection\u202e\n' in this ledger; {NEXT}  (line 6)"]


def test_an_error_met_outside_of_any_verb_has_no_line() -> None:
    assert InvalidValue("no such\n day")._render_traceback_() == ["InvalidValue: no such day"]


def test_rows_that_are_refused_keep_their_lines_in_a_notebook(ledger: Ledger) -> None:
    rows = [{"text": "It rains", "deadline": "2099-12-31", "p": "80", "by": "ana"}]

    with pytest.raises(LedgerError) as error:
        ledger.import_from("table", rows)

    first, *rest = error.value._render_traceback_()
    assert first.startswith("RowsRefused: ")
    assert "\n".join([first.removeprefix("RowsRefused: "), *rest]) == str(error.value)
    assert any(line.startswith("  p ") for line in rest)


IPYTHON = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
shell.run_cell(sys.stdin.read())
"""


def test_a_day_that_diff_cannot_read_is_named_as_its_own(ledger: Ledger, refuses: Refuses) -> None:
    for name, given in (("earlier", ("soon",)), ("later", (ledger.head(), "soon"))):
        with refuses(f"{name}: 'soon' is no day, moment or head", error=InvalidValue):
            ledger.diff(*given)
