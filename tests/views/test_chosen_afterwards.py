"""What a keeper can choose when the outcome is known, or nearly, is said on the card and on the leaderboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from conftest import Clock

from predictions import Ledger, LedgerWarning
from predictions.catalog import Catalog
from predictions.records import Claim, Source, Statement
from predictions.scoring.afterwards import IF_LINKS_ARE_RIGHT

CLAIMS, OPENS, DEADLINE, AFTER = 12, "2026-01-01", "2026-04-10", "2026-05-20"  # 100 days
PEOPLE = ("focal", "bea", "cy")
LATE, GONE = (
    "when more than a tenth of the window was gone, in the history",
    "had more than a tenth of their window behind",
)
ALIKE = {"reason": "it came so", "happened_on": "2026-04-09", "known_on": "2026-04-10"}


def claims() -> list[str]:
    return [f"c{number:02}" for number in range(CLAIMS)]


def came_true(claim: str) -> bool:
    return int(claim[1:]) % 2 == 0


def write(ledger: Ledger, clock: Clock) -> None:
    """Claims that three people forecast at the opening."""
    clock.set(OPENS)
    for claim in claims():
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim)
    for person in PEOPLE:
        for claim in claims():
            ledger.forecast(claim, 0.6 if came_true(claim) else 0.4, by=person)


def decide(ledger: Ledger, clock: Clock, *, fraction: tuple[str, ...] = ()) -> None:
    clock.set(AFTER)
    for claim in claims():
        outcome = "40%" if claim in fraction else "yes" if came_true(claim) else "no"
        when = ALIKE if outcome == "yes" else {"known_on": "2026-05-11", "reason": "it did not"}
        ledger.resolve(claim, outcome, **{**when, "reason": f"{claim}: {when['reason']}"})


def said(ledger: Ledger, **only: str) -> list[str]:
    return [" ".join(str(shown).split()) for shown in (ledger.scorecard(**only), ledger.leaderboard(**only))]


def link(ledger: Ledger, day: str = OPENS) -> str:
    ledger.log_evidence("c00", "https://paper.example/post", "A post", slug="post", published=day)
    return "post"


def fractions(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    decide(ledger, clock, fraction=("c01", "c03"))
    return "true in part: 2 of 12 verdicts, by as much as whoever decided said"


def on_the_eve(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    clock.set("2026-04-08")
    post = link(ledger)
    for claim in claims():
        ledger.forecast(claim, 0.97 if came_true(claim) else 0.03, by="dora", made_at=OPENS, published_in=post)
    decide(ledger, clock)
    return "recorded on the way: 12 forecasts (12 of dora), when more than a tenth of the window was gone"


def by_a_platform_of_ones_own(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    clock.set("2026-04-08")
    ledger.register(Catalog((Source(slug="market", title="My market", kind="platform", published=OPENS),)))
    rows = [{"claim": claim, "forecaster": "dora", "made_at": OPENS, "probability": 0.9} for claim in claims()]
    ledger.import_forecasts(rows, published_in="market")
    decide(ledger, clock)
    return "recorded on the way: 12 forecasts (12 of dora), when more than a tenth of the window was gone"


def linked_after_the_verdict(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    decide(ledger, clock)
    post = link(ledger)
    for claim in claims():
        ledger.forecast(claim, 0.97 if came_true(claim) else 0.03, by="dora", made_at=OPENS)
        ledger.correct(f"{claim} dora", published_in=post, reason="its link")
    return "recorded after the answer: 12 forecasts (12 of dora), dated before it"


def dates_moved(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    clock.set("2026-01-02")
    post = link(ledger)
    for claim in claims()[:3]:
        ledger.forecast(claim, 0.2 if came_true(claim) else 0.8, by="dora", made_at=OPENS, published_in=post)
    decide(ledger, clock)
    ledger.correct("post", published="2026-04-01", reason="its day")
    return f"dates moved: 3 forecasts (3 of dora), of which the link got another day {LATE}"


def tags(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    for claim in claims():
        if claim != "c05":
            ledger.correct(claim, tags=["press"], reason="its field")
    decide(ledger, clock)
    ledger.correct("c05", tags=["press"], reason="its field")
    ledger.correct("c07", tags=[], reason="not its field")
    return f"tagged late: 2 claims got or lost the tag press {LATE}"


def quoted(ledger: Ledger, clock: Clock) -> None:
    """Statements of Pam, all from one source; bea forecasts them, too."""
    clock.set(OPENS)
    for claim in claims():
        ledger.quote(
            "Pam", f"It comes {claim}", p=0.6, deadline=DEADLINE, slug=claim, said_on=OPENS, link="https://p.example"
        )
        ledger.forecast(claim, 0.5, by="bea")


def sources(ledger: Ledger, clock: Clock) -> str:
    quoted(ledger, clock)
    ledger.quote(
        "Pam", "Another", p=0.6, deadline="2027-01-01", slug="other", said_on="2025-12-30", link="https://q.io"
    )
    decide(ledger, clock)
    ledger.correct("statement c01", source="pam-2025-12-30", reason="its source")
    return f"moved late: 1 claim got or lost the source pam-2026 {LATE}"


def kinds(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    decide(ledger, clock)
    ledger.correct("forecaster bea", kind="crowd", reason="a crowd")
    return f"kind changed late: bea, crowd, on file as that since {AFTER}, when 12 of 12 claims {GONE}"


def names(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    decide(ledger, clock)
    ledger.correct("forecaster bea", title="Cyrus", reason="its name")
    return "name changed late: bea, Cyrus, on file as that since 2026-05-20, when 12 of 12 claims were over"


def titles_and_quotations(ledger: Ledger, clock: Clock) -> str:
    quoted(ledger, clock)
    ledger.correct("c05", title="Before the verdict", reason="clearer")
    decide(ledger, clock)
    ledger.correct("c01", title="It does not come", reason="clearer")
    ledger.correct("statement c02", text="It will not come", reason="as said")
    return "reworded afterwards: 2 claims got another title, quotation or source when over, in the history"


def speakers(ledger: Ledger, clock: Clock) -> str:
    quoted(ledger, clock)
    decide(ledger, clock)
    ledger.correct("statement c03", speaker="Bob", reason="as said")
    return f"given to another: 1 claim got another speaker {LATE}"


def words_put_right(ledger: Ledger, clock: Clock) -> str:
    """A pundit's words become what looks true by then, which counts from then on as a change of mind."""
    write(ledger, clock)
    for claim in claims():
        ledger.forecast(claim, words="likely", scale="icd-203", by="Pam", kind="publication")
        ledger.forecast(claim, 0.3, by="dora")
    ledger.correct("c05 pam", words="unlikely", scale="icd-203", reason="a slip that is put right at once")
    clock.set("2026-03-20")
    for claim in claims():
        ledger.correct(f"{claim} pam", words="likely" if came_true(claim) else "unlikely", scale="icd-203", reason="so")
    ledger.correct("c01 dora", note="seen", reason="a note alone")
    ledger.correct("c02 dora", p=0.9, reason="a slip")
    clock.set("2026-04-20")
    decide(ledger, clock)
    ledger.correct("c04 dora", p=0.9, reason="a slip, when it is over: it does not count")
    return "put right on the way: 6 forecasts (1 of dora, 5 of Pam), when more than a tenth of the window was gone"


def quoted_after_the_answer(ledger: Ledger, clock: Clock) -> str:
    write(ledger, clock)
    clock.set("2026-05-12")  # the answers are public since 10 April and 11 May
    for claim in claims():
        if came_true(claim):
            ledger.quote(
                "Pam", f"It comes {claim}", deadline=DEADLINE, slug=f"pam-{claim}", said_on="2026-01-02",
                link=f"https://p.example/{claim}",
            )  # fmt: skip
    decide(ledger, clock)
    for claim in claims():
        if came_true(claim):
            ledger.resolve(f"pam-{claim}", "yes", reason=f"{claim} came", happened_on="2026-04-09")
    return "recorded after the answer: 6 statements (6 of Pam), dated before it by a source that nobody has checked"


def clusters(ledger: Ledger, clock: Clock) -> str:
    clock.set(OPENS)
    for claim in claims():
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim, p=0.6 if came_true(claim) else 0.4)
    clock.set("2026-03-20")
    for claim in claims()[:4]:
        with pytest.warns(LedgerWarning, match="too late for means"):
            ledger.correct(claim, cluster="economy", reason="they hang together")
    decide(ledger, clock)
    return "clustered too late: 4 claims, when somebody else had forecast, their own forecaster long before, or"


MOVES = (
    fractions,
    on_the_eve,
    by_a_platform_of_ones_own,
    linked_after_the_verdict,
    dates_moved,
    tags,
    sources,
    kinds,
    names,
    titles_and_quotations,
    speakers,
    words_put_right,
    quoted_after_the_answer,
    clusters,
)
FILTERED = {tags: {"tag": "press"}, sources: {"source": "pam-2026"}}


@pytest.mark.parametrize(
    ("waits", "move"),
    [
        *product(
            ("for the verdict", "for the end of the window"),
            (dates_moved, tags, sources, kinds, names, titles_and_quotations, speakers),
        ),
        *product(("until the end is near",), (dates_moved, tags, sources, kinds, speakers)),
    ],
)
def test_who_waits_with_the_verdict_knows_the_answer_too(
    ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch, move: Callable[[Ledger, Clock], str], waits: str
) -> None:
    """What is put right between the end of the window and the verdict is told as if the verdict had been on file.

    So is what makes claims enter somebody's figures, once a tenth of the window is gone: numbers begin to show it.
    """
    day = {"for the verdict": AFTER, "for the end of the window": AFTER, "until the end is near": "2026-04-08"}[waits]
    if waits != "for the verdict":
        monkeypatch.setattr(f"{__name__}.decide", lambda _, clock: clock.set(day))
    told = move(ledger, clock).replace(f"since {AFTER}", "since")
    monkeypatch.undo()
    if waits != "for the verdict":
        decide(ledger, clock)
    only = FILTERED.get(move, {})

    for shown in (
        *said(ledger, **only),
        " ".join(str(ledger.compare("dora" if move is dates_moved else "bea", **only)).split()),
    ):
        nothing_told = "nothing can be compared" in shown  # a link of a later day makes dora's numbers backdated
        assert nothing_told or told in shown.replace(f"since {day}", "since")


@pytest.mark.parametrize(
    ("change", "label"), [({"tags": []}, "tagged late"), ({"title": "It came"}, "reworded afterwards")]
)
def test_a_claim_recorded_when_it_was_over_began_with_what_it_says(
    ledger: Ledger, clock: Clock, change: dict[str, object], label: str
) -> None:
    """Nothing was changed in what came from elsewhere with its tag; it is told once it is changed here."""
    clock.set(AFTER)
    for claim in claims():
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim, tags=["press"])
        ledger.forecast(claim, 0.6, by="bea", made_at=OPENS, published_in="post") if claim != "c00" else link(ledger)
    decide(ledger, clock)
    ledger.correct("c01", notes="seen", reason="a note")
    assert label not in " ".join(said(ledger, tag="press"))

    ledger.correct("c01", **change, reason="so")

    assert f"{label}: 1 claim got" in said(ledger, tag="press")[0]


@pytest.mark.parametrize("move", MOVES)
def test_what_is_chosen_when_it_can_be_known_is_said(
    ledger: Ledger, clock: Clock, move: Callable[[Ledger, Clock], str]
) -> None:
    told = move(ledger, clock)
    only = FILTERED.get(move, {})
    card, board = said(ledger, **only)

    assert told in card
    # A board ranks scores, and a statement without a number is in none.
    assert move is quoted_after_the_answer or told in board or "RANKING none yet" in card or "none yet" in board


def test_a_statement_that_a_claim_reads_is_counted_once_whatever_is_written_of_it_later(
    ledger: Ledger, clock: Clock
) -> None:
    titles_and_quotations(ledger, clock)
    ledger.quote("Pam", "All will be well", not_resolvable="no test", said_on=OPENS, link="https://p.example/2")
    before = ledger.scorecard(by="Pam").short.lines[0].count
    for claim in ("c04", "c06"):
        ledger.correct(f"statement {claim}", not_resolvable="too vague", reason="too vague")

    after = ledger.scorecard(by="Pam")

    assert (before.said, before.not_resolvable) == (13, 1)
    assert (after.short.lines[0].count.said, after.short.lines[0].count.not_resolvable) == (13, 1)
    assert "reworded afterwards: 4 claims" in " ".join(str(ledger.scorecard()).split())


def test_of_an_honest_record_nothing_of_this_is_said(ledger: Ledger, clock: Clock) -> None:
    write(ledger, clock)
    for claim in claims():
        ledger.correct(claim, tags=["press"], cluster=None, reason="its field")
    decide(ledger, clock)

    for shown in said(ledger) + said(ledger, tag="press"):
        for label in ("true in part", "on the way", "after the answer", "dates moved", "tagged", "kind changed"):
            assert label not in shown


def test_statements_quoted_before_the_answer_are_not_called_late(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-03")
    for claim in claims():
        ledger.quote(
            "Pam", f"It comes {claim}", deadline=DEADLINE, slug=claim, said_on="2026-01-02",
            link=f"https://p.example/{claim}",
        )  # fmt: skip
    decide(ledger, clock)

    assert "12 without a number" in str(ledger.scorecard())
    assert "after the answer" not in str(ledger.scorecard())


def backdated(ledger: Ledger, post: str) -> None:
    """The link is younger than the day that the number is given."""
    for claim in claims():
        ledger.forecast(claim, 0.97 if came_true(claim) else 0.03, by="bea", made_at="2025-12-20", published_in=post)


def of_the_last_day(ledger: Ledger, post: str) -> None:
    """What is told by the day counts from the next one, and then the answer was known."""
    for claim in claims():
        with pytest.warns(LedgerWarning, match="never scored"):
            ledger.forecast(
                claim, 0.97 if came_true(claim) else 0.03, by="bea", made_at="2026-04-10", published_in=post
            )


@pytest.mark.parametrize("forecast", [backdated, of_the_last_day])
def test_a_late_number_that_counts_nowhere_marks_nobody(
    ledger: Ledger, clock: Clock, forecast: Callable[[Ledger, str], None]
) -> None:
    """Anybody can record one of a rival's."""
    write(ledger, clock)
    decide(ledger, clock)
    post = link(ledger, OPENS if forecast is backdated else DEADLINE)
    before = ledger.leaderboard().rows()

    forecast(ledger, post)

    assert ledger.leaderboard().rows() == before
    bea = next(record for record in ledger.scorecard().pool.everybody if record.forecaster.slug == "bea")
    assert ledger.scorecard().pool.afterwards.presumed_of(bea.forecaster.entry) == ""
    assert "recorded after the answer" not in " ".join(said(ledger))


@pytest.mark.parametrize(("days", "found"), [(8, True), (60, True), (3, False)])
def test_a_verdict_is_dated_early_as_long_as_its_window_is(
    ledger: Ledger, clock: Clock, days: int, found: bool
) -> None:
    """In a window of eight days a week is most of the time that counts."""
    clock.set(OPENS)
    deadline = str(date.fromisoformat(OPENS) + timedelta(days=days - 1))
    ledger.add("Soon", deadline=deadline, opens_on=OPENS, slug="soon", p=0.6)
    clock.set(deadline)
    ledger.resolve("soon", "yes", happened_on="2026-01-02", known_on="2026-01-02", reason="so")
    clock.set("2026-06-01")

    assert ("dated early" in str(ledger.scorecard())) is found


def contest(ledger: Ledger, clock: Clock) -> None:
    """Claims on which focal says well what comes true and badly what does not; bea says 60 % of everything."""
    clock.set(OPENS)
    for claim in many():
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim)
        ledger.forecast(claim, 0.8, by="focal")
        ledger.forecast(claim, 0.55, by="bea")


def many() -> list[str]:
    return [f"c{number:02}" for number in range(60)]


def told(ledger: Ledger) -> str:
    return " ".join(" ".join(map(str, (ledger.scorecard(full=True), ledger.compare("focal", "bea")))).split())


@pytest.mark.parametrize("failed", ["40%", "80%", "no"])
def test_a_share_of_the_truth_that_somebody_chose_makes_nobody_better(
    ledger: Ledger, clock: Clock, failed: str
) -> None:
    contest(ledger, clock)
    clock.set(AFTER)
    for number, claim in enumerate(many()):
        yes = number % 2 == 0
        when = ALIKE if yes else {"known_on": "2026-05-11", "reason": "not so"}
        ledger.resolve(claim, "yes" if yes else failed, **{**when, "reason": f"{claim}: {when['reason']}"})
    shown = told(ledger)

    assert "focal was better" not in shown
    assert "focal: better than always" not in shown
    assert "focal leads" not in str(ledger.leaderboard())
    if failed != "no":
        assert "30 true in part could still turn it" in shown
        assert "true in part: 30 of 60 verdicts, by as much as whoever decided said" in str(
            " ".join(str(ledger.compare("focal", "bea")).split())
        )


def test_what_is_dated_early_makes_nobody_better(ledger: Ledger, clock: Clock) -> None:
    contest(ledger, clock)
    clock.set(AFTER)
    for number, claim in enumerate(many()):
        yes = number % 2 == 0
        how = ALIKE if yes else {"known_on": "2026-01-03", "reason": "it cannot be", "impossible": True}
        ledger.resolve(claim, "yes" if yes else "no", **{**how, "reason": f"{claim}: {how['reason']}"})
    shown = told(ledger)

    assert "focal was better" not in shown
    assert "focal: better than always" not in shown
    assert "30 dated early" in " ".join(str(ledger.compare("focal", "bea")).split())
    assert "dated early: 60 of 60 verdicts" in shown or "dated early: 30 of 60 verdicts" in shown


@pytest.mark.parametrize("late", [True, False])
def test_a_sentence_says_that_it_rests_on_links(ledger: Ledger, clock: Clock, late: bool) -> None:
    clock.set(OPENS)
    for claim in many():
        ledger.add(f"Claim {claim}", deadline=DEADLINE, opens_on=OPENS, slug=claim)
        ledger.forecast(claim, 0.55, by="bea")
    post = link(ledger)
    clock.set(AFTER if late else "2026-01-02")
    for claim in many():
        ledger.forecast(claim, 0.8, by="focal", made_at=OPENS, published_in=post)
    clock.set(AFTER)
    for claim in many():
        ledger.resolve(claim, "yes", **{**ALIKE, "reason": f"{claim}: so", "known_on": "2026-05-15"})

    card, compared = (" ".join(str(shown).split()) for shown in (ledger.scorecard(full=True), ledger.compare("focal")))
    best = next(ledger.leaderboard().leaders())

    better = card[card.index("focal (person): better than always saying 50 %") :][:200]
    for sentence in (best, better, compared):
        assert (IF_LINKS_ARE_RIGHT in sentence) is late
    assert IF_LINKS_ARE_RIGHT not in card[card.index("bea (person): ") :][:120]


def test_nothing_is_withheld_where_nothing_was_chosen(ledger: Ledger, clock: Clock) -> None:
    contest(ledger, clock)
    clock.set(AFTER)
    for claim in many():
        ledger.resolve(claim, "yes", **{**ALIKE, "reason": f"{claim}: so", "known_on": "2026-05-15"})

    assert "focal was better" in told(ledger)
    assert "in part" not in told(ledger)
    assert "dated early" not in told(ledger)


@pytest.mark.parametrize("asked_there", [True, False])
def test_only_the_platform_that_asked_dates_its_answers(ledger: Ledger, clock: Clock, asked_there: bool) -> None:
    clock.set(OPENS)
    ledger.register(
        Catalog((
            Source(slug="site", title="A site", kind="platform"),
            Statement(slug="said", source="site", text="It comes"),
            Claim(
                slug="asked", statement="said", reading="headline", title="It comes", wording="It comes",
                criteria="It comes.", deadline=date(2026, 4, 10), opens_on=date(2026, 1, 1),
            ),
        ))
    )  # fmt: skip
    ledger.add("It rains", deadline=DEADLINE, opens_on=OPENS, slug="ours", p=0.6)
    ledger.forecast("asked", 0.6)
    clock.set(AFTER)
    ledger.resolve(
        "asked" if asked_there else "ours", "yes", happened_on="2026-01-05", known_on="2026-01-05", reason="so",
        published_in="site",
    )  # fmt: skip

    assert ("dated early" in str(ledger.scorecard())) is not asked_there
