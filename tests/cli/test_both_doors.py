"""Receipts and errors in Python and typed: the same words, with options spelled for the door they came through."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, LedgerError
from predictions.cli.messages import as_typed, wrapped
from predictions.other_verbs import OF_THE_LEDGER

ORACLE = "https://oracle.example/outlook"
WILL = "GPT-6 will be out this year"


@pytest.fixture
def typed(clock: Clock, tmp_path: Path) -> CommandLine:
    """A command line of ana's on an empty ledger, on 2026-11-29."""
    clock.set("2026-11-29T10:15Z")
    line = CommandLine(tmp_path)
    assert line("init").exit_code == 0
    return line


@pytest.fixture
def python(clock: Clock, typed: CommandLine, tmp_path: Path) -> Ledger:
    """A ledger of ana's in Python, as empty as the other."""
    return Ledger(tmp_path / "python.db", me="ana")


def same(receipt: object, said: str) -> None:
    """What Python shows is what is printed, but for how options are spelled."""
    assert " ".join(as_typed(str(receipt)).split()) == " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80


# -- receipts -------------------------------------------------------------------------------------------------


def test_ones_own(typed: CommandLine, python: Ledger) -> None:
    said = typed.says("add", "GPT-6 is released", "--deadline", "2026", "-p", "30%")

    assert said == (
        "gpt-6-is-released   2026-11-29 .. 2026-12-31; ana 0.30\n"
        '  "2026" is read as the end of 2026; a slip can be corrected for 24 hours\n'
        "  a verdict is due 2027-01-30; it counts on scorecards from then\n"
    )
    receipt = python.add("GPT-6 is released", deadline="2026", p=0.3)
    same(receipt, said)
    assert (receipt, receipt.slug, receipt.record.noun, receipt.wrote > 0) == (
        "gpt-6-is-released", "gpt-6-is-released", "claim", True,
    )  # fmt: skip
    assert typed.says("add", "GPT-6 is released", "--deadline", "2026", "-p", "30%") == (
        "gpt-6-is-released stands already; nothing new\n"
    )
    assert python.add("GPT-6 is released", deadline="2026", p="30%").wrote == 0


def test_a_slip_put_right_and_a_new_deadline_that_is_a_new_claim(
    typed: CommandLine, python: Ledger, clock: Clock
) -> None:
    for door in (typed.says, lambda *_: python.add("GPT-6 is released", deadline="2026")):
        door("add", "GPT-6 is released", "--deadline", "2026")

    said = typed.says("correct", "gpt-6", "--set", "text=GPT-6 is released to the public")

    assert said == (
        "gpt-6-is-released: text corrected, revision 2; it is a draft until 2026-11-30\n"
        "  10:15 UTC, or until somebody else adds to it\n"
    )
    receipt = python.correct("gpt-6", text="GPT-6 is released to the public")
    assert receipt.lines[0].startswith("gpt-6-is-released: text corrected, revision 2; it is a draft until 2026-11-30")
    clock.set("2026-11-30T09:00Z")
    typed.says("forecast", "gpt-6", "20%", "--by", "claude", "--kind", "model")
    python.forecast("gpt-6", 0.2, by="claude", kind="model")
    clock.set("2026-12-01")
    refused = (
        "gpt-6-is-released is no draft any more (claude forecast on it on 2026-11-30); a new deadline is a new claim: "
    )
    assert typed.refuses("correct", "gpt-6", "--set", "deadline=2027") == (
        f'{refused}predictions supersede gpt-6-is-released --set deadline=2027 --reason "..."'
    )
    with pytest.raises(LedgerError) as error:
        python.correct("gpt-6", deadline="2027")
    assert str(error.value) == f'{refused}ledger.supersede("gpt-6-is-released", deadline="2027", reason="...")'


def test_a_claim_superseded_keeps_its_evidence(typed: CommandLine, python: Ledger) -> None:
    typed.says("add", "GPT-6 is released", "--deadline", "2026", "-p", "30%")
    typed.says("log-evidence", "gpt-6", "https://e.org/a", "A leak")

    said = typed.says("supersede", "gpt-6", "--set", "deadline=2027", "--reason", "a year later")

    assert said == (
        "gpt-6-is-released-2   2026-11-29 .. 2027-12-31; it supersedes gpt-6-is-released\n"
        "  1 piece of evidence carried over\n"
        "  forecasts stay on gpt-6-is-released, which is still to be resolved; their\n"
        "  forecasters count there\n"
        "  a verdict is due 2028-01-30; it counts for the others from then\n"
    )
    again = typed.says("supersede", "gpt-6-is-released", "--set", "deadline=2027", "--reason", "a year later")
    assert again == "gpt-6-is-released-2 stands already; nothing new\n"
    assert typed.refuses("supersede", "gpt-6-is-released", "--set", "deadline=2028", "--carry", "forecasts") == (
        "why is it replaced? say --reason TEXT"
    )


def test_the_same_text_with_another_deadline_is_another_claim(typed: CommandLine, python: Ledger) -> None:
    typed.says("add", "GPT-6 is released", "--deadline", "2026")
    python.add("GPT-6 is released", deadline="2026")

    said = typed.says("add", "GPT-6 is released", "--deadline", "2027")

    assert said.splitlines()[-1] == "  like gpt-6-is-released (2026-12-31): one fact? correct --set cluster=NAME"
    assert python.add("GPT-6 is released", deadline="2027").lines[-1].endswith("one fact? correct(cluster=NAME)")


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("2027", "the end of 2027"),
        ("by 2027", "the end of 2027, not before it began"),
        ("by the end of 2027", "the end of 2027"),
        ("before 2028", "2027-12-31"),
        ("in 2027", "the end of 2027"),
        ("Dec 2027", "the end of Dec 2027"),
        ("within 18 months", "2028-05-29"),
    ],
)
def test_how_the_words_of_a_deadline_are_read_is_said(words: str, read: str, python: Ledger) -> None:
    receipt = python.add("GPT-6 is released", deadline=words)

    assert f'"{words}" is read as {read}; a slip can be corrected for 24 hours' in receipt.lines


def test_a_pundit_in_words(typed: CommandLine, python: Ledger) -> None:
    said = typed.says(
        "quote", "Tech Oracle", WILL, "--words", "will", "--deadline", "2026", "--said-on", "2026-01-05",
        "--link", ORACLE,
    )  # fmt: skip

    assert said == (
        "gpt-6-will-be-out-this-year   2026-01-05 .. 2026-12-31; Tech Oracle 0.90\n"
        '  0.90 is read from "will" (scale house: 0.80 to 0.99), not said\n'
        "  published 2026-01-05 in tech-oracle-2026-01-05, by its link, unchecked\n"
        "  a verdict is due 2027-01-30; it counts on scorecards from then\n"
        "  new: forecaster tech-oracle (person), source tech-oracle-2026-01-05\n"
    )
    same(python.quote("Tech Oracle", WILL, words="will", deadline="2026", said_on="2026-01-05", link=ORACLE), said)
    own = typed.says("quote", "Prof Pundit", "Prices could halve", "--words", "could", "--low", "20%", "--high", "60%",
                     "--deadline", "2027", "--source", "tech-oracle-2026-01-05")  # fmt: skip
    assert '  0.40 is read from "could" by ana: 0.20 to 0.60, not said\n' in own
    void = typed.says("quote", "Prof Pundit", "AI will change everything", "--source", "tech-oracle-2026-01-05",
                      "--not-resolvable", "no test, no day")  # fmt: skip
    assert void == (
        "statement ai-will-change-everything recorded as not resolvable: no test, no day\n"
        '  it is counted in "said", and in nothing else\n'
    )


def test_several_times(typed: CommandLine, python: Ledger) -> None:
    said = typed.says("add", "Two labs publish prices", "--deadline", "2027-01-31", "--at-least", "2", "--conditions",
                      "list=A full list, per unit", "-p", "40%")  # fmt: skip

    assert said.splitlines()[:3] == [
        "two-labs-publish-prices   2026-11-29 .. 2027-01-31; at least 2 events",
        "  each event must meet: list; log them with log-evidence --counts NAME",
        "  ana 0.40",
    ]
    conditions = {"list": "A full list, per unit"}
    same(python.add("Two labs publish prices", deadline="2027-01-31", at_least=2, conditions=conditions, p=0.4), said)


def test_somebodys_number_and_a_backdated_one(typed: CommandLine, python: Ledger) -> None:
    typed.says("add", "GPT-6 is released", "--deadline", "2026")
    python.add("GPT-6 is released", deadline="2026")

    model = typed.says("forecast", "gpt-6-is", "20%", "--by", "claude", "--kind", "model")
    late = typed.says("forecast", "gpt-6-is", "80%", "--made-at", "2026-11-01")

    assert model == "gpt-6-is-released: claude 0.20, now\n  new: forecaster claude (model)\n"
    assert late.startswith(
        "gpt-6-is-released: ana 0.80 at the end of 2026-11-01\n"
        "  backdated: nothing carries it, so it stands apart on every card; say\n"
        "  --published-in SLUG, the dated source or evidence it stands in\n"
    )
    same(python.forecast("gpt-6-is", 0.2, by="claude", kind="model"), model)
    same(python.forecast("gpt-6-is", "80 %", made_at="2026-11-01"), late)


def test_evidence_and_a_verdict_that_rests_on_a_new_link(typed: CommandLine, python: Ledger, clock: Clock) -> None:
    for slug in ("GPT-6 is released", "It rains"):
        typed.says("add", slug, "--deadline", "2026", "-p", "60%")
        python.add(slug, deadline="2026", p=0.6)
    said = typed.says("log-evidence", "gpt-6,it-rains", "https://e.org/leak", "A leak", "--on", "2026-11-20")
    assert said == "e-leak: A leak (2026-11-20)\n  gpt-6-is-released: context\n  it-rains: context\n"
    same(python.log_evidence(["gpt-6", "it-rains"], "https://e.org/leak", "A leak", on="2026-11-20"), said)
    assert typed.says("log-evidence", "it-rains", "e-leak") == "e-leak stands already; nothing new\n"
    clock.set("2026-12-10")

    verdict = typed.says("resolve", "gpt-6-is", "yes", "--happened-on", "2026-12-09",
                         "--because", "https://lab.example/gpt-6")  # fmt: skip

    assert verdict == (
        "gpt-6-is-released: yes, on 2026-12-09\n"
        "  resting on lab-example-gpt-6 (new on file)\n"
        "  came true early: it counts on scorecards from 2027-01-30, like all of its\n"
        "  deadline; --cohort resolved shows it now (biased to yes)\n"
        "  forecasts scored: those before 2026-12-09 began\n"
    )
    receipt = python.resolve("gpt-6-is", "yes", happened_on="2026-12-09", because="https://lab.example/gpt-6")
    same(receipt, verdict)
    assert python["gpt-6-is"].verdict == receipt.record
    clock.set("2027-02-01")
    lapsed = typed.says("resolve", "it-rains", "no")
    assert lapsed == (
        "it-rains: no, nothing having come by 2026-12-31 (lapsed)\n"
        "  known from 2027-01-30, its settle day; it counts on scorecards from then\n"
    )
    same(python.resolve("it-rains", "no"), lapsed)


@pytest.mark.parametrize(
    ("slug", "on", "grade", "made"),
    [
        (
            "box",
            "2026-11-20",
            "established",
            "2 of 2 (1 provisional: one established source, and the criteria ask for two)",
        ),
        ("box", "2026-11-20", "primary", "2 of 2"),
        ("box", "2026", "primary", "2 of 2 (1 provisional: box is dated only 2026, which may lie outside the window)"),
        ("box", "2025-11-20", "primary", "1 of 2 (box 2025-11-20 lies outside the window)"),
    ],
)
def test_evidence_that_counts_says_what_it_makes_and_why_it_makes_no_more(
    slug: str, on: str, grade: str, made: str, typed: CommandLine, python: Ledger
) -> None:
    sourced = {"sourcing": "one-primary-or-two-established", "at_least": 2}
    for path in (typed.path, python._journal.path):
        with Ledger(path, me="ana") as ledger:
            ledger.add("Two firms publish", deadline="2027", opens_on="2026-06-01", slug="firms", at_least=2)
            ledger.correct("firms", **sourced)
            ledger.log_evidence("firms", "https://a.example", "A", on="2026-11-01", counts="a", grade="primary")

    said = typed.says(
        "log-evidence", "firms", "https://b.example/x", "B", "--on", on, "--counts", slug, "--grade", grade
    )

    assert f"firms: counts as {slug}; {made}" in " ".join(said.split())
    same(python.log_evidence("firms", "https://b.example/x", "B", on=on, counts=slug, grade=grade), said)


# -- errors ---------------------------------------------------------------------------------------------------

SAID = ("--said-on", "2026-01-05", "--deadline", "2027")
ERRORS = [
    (["add", "It rains", "-p", "30%"], "until when? say --deadline DAY, the last day that counts"),
    (
        ["add", "GPT-6", "is", "released", "--deadline", "2027"],
        'one text is wanted, and there are three; put it in quotes: "GPT-6 is released"',
    ),
    (
        ["add", "It rains", "--source", "The Daily", "--deadline", "2027"],
        "no option '--source'; what somebody else said is: predictions quote",
    ),
    (
        ["forecast", "gpt-6-is", "30%", "--by", "2027-06-30"],
        "'2027-06-30' is a day, and --by is who forecasts; the day it was made is --made-at",
    ),
    (["add", "It rains", "--dealine", "2027"], "no option '--dealine'; did you mean '--deadline'?"),
    (["add", "It rains", "--deadline", "02/03/2027"], "'02/03/2027' may be two days; say 2027-03-02 or 2027-02-03"),
    (
        ["add", "It rains", "--deadline", "next year"],
        "'next year' is no day; say 2027, 'Q3 2027', 'June 2027', 2027-06-30 or 'within 18 months'",
    ),
    (["add", "It rains", "--deadline", "2027", "-p", "30"], "30 is not a probability; say 0.3 or 30%"),
    (
        ["add", "It rains", "--deadline", "2027", "--by", "ana"],
        "--by is a person here; the last day that counts is --deadline, and what somebody else said is: "
        "predictions quote",
    ),
    (["add", "It rains", "--by", "2027"], "--by is a person here; the last day that counts is --deadline"),
    (
        ["quote", "Tech Oracle", "It rains", "--deadline", "2027"],
        "when was it said? --said-on DAY, the day it was published; a prediction of your own is: predictions add",
    ),
    (
        ["quote", "Tech Oracle", "It rains", "--said-on", "2026-01-05"],
        'until when? say --deadline, or --not-resolvable "why" to count it among what was said and could not be held '
        "to account",
    ),
    (
        ["quote", "Prof Pundit", "It could rain", "--words", "could", *SAID],
        "'could' is on no scale (see: predictions scales); say what you take it for: --low 20% --high 60%",
    ),
    (
        ["quote", "Prof Pundit", "It could rain", "--words", "likely", "-p", "70%", *SAID],
        "a number or words, not both: 70% was said (-p) or is read from 'likely' (--words)",
    ),
    (
        ["add", "Cars sold", "--deadline", "2027", "--unit", "million"],
        "'Cars sold' has --unit and no --between; say over which range it is scored: --between 0..10",
    ),
    (
        ["add", "Cars sold", "--deadline", "2027", "--unit", "million", "--options", "a,b"],
        "--options makes it a choice, --unit a number: say one of them",
    ),
    (
        ["add", "Our release ships", "--deadline", "2027", "--ordered"],
        "--ordered goes with --options; 'Our release ships' has none",
    ),
    (
        ["add", "Two labs", "--deadline", "2027", "--conditions", "list=A list"],
        "--conditions goes with --at-least N (1 would do)",
    ),
    (
        ["add", "Who leads?", "--deadline", "2027", "--options", "a,b,c", "-p", "a=40%", "-p", "b=40%"],
        "no share for 'c'; the others leave 0.20: add -p c=20%",
    ),
    (
        ["add", "Who leads?", "--deadline", "2027", "--options", "a,b", "-p", "a=40%", "-p", "b=50%"],
        "the shares sum to 0.90, not 1: a 0.40, b 0.50; 0.10 is missing",
    ),
    (
        ["add", "Who leads?", "--deadline", "2027", "--options", "a,b", "-p", "40%"],
        "40% of what? this is a choice; say -p a=40% -p b=...",
    ),
    (
        ["add", "Sold", "--deadline", "2027", "--unit", "m", "--between", "0..10", "-q", "50%=4", "-q", "90%=3.5"],
        "quantiles must rise: 50 % at most 4, but 90 % at most 3.5",
    ),
    (
        ["add", "Sold", "--deadline", "2027", "--unit", "m", "--between", "0..10", "-q", "50%=12"],
        "12 lies outside 0 .. 10; say --between 0..20, or a value inside",
    ),
    (
        ["add", "Passed", "--deadline", "2028", "--when", "-p", "2027=30%", "-p", "2028=20%"],
        "chances must not fall: 0.30 by 2027-12-31, but 0.20 by 2028-12-31",
    ),
    (
        ["add", "Passed", "--deadline", "2028", "--when", "-p", "2027=30%"],
        "the last day is 2028-12-31: say how likely by then, -p 2028-12-31=...",
    ),
    (
        ["forecast", "gpt-6-is", "20%", "--by", "claud"],
        "no forecaster 'claud'; did you mean 'claude'? somebody new is recorded with --kind person",
    ),
    (["forecast", "gpt-6", "20%"], "'gpt-6' begins two claims: gpt-6-is-released, gpt-6-will-be-out-this-year"),
    (
        ["forecast", "gpt-6-is", "30%"],
        "you said 0.30 on 2026-11-29 and 0.20 since; say --again if you mean it anew, or --made-at the day it "
        "belongs to",
    ),
    (
        ["forecast", "gpt-6-is", "30%", "--made-at", "yesterday"],
        "--made-at 'yesterday' is no moment; say 2026-11-28, or 2026-11-28T09:30 with Z or +01:00",
    ),
    (["forecast", "gpt-6-is", "-q", "10%=2"], "gpt-6-is-released is yes or no; --quantiles go with a number"),
    (
        ["log-evidence", "gpt-6-is", "https://lab.example/x"],
        'a title, please: log-evidence CLAIM LINK "TITLE"; only evidence on file goes without one, and '
        "'https://lab.example/x' is not",
    ),
    (
        ["resolve", "gpt-6-is", "no"],
        "gpt-6-is-released runs to 2026-12-31 and reports may come until 2027-01-30; no can be said from 2027-01-30, "
        "before that only --impossible",
    ),
    (["resolve", "gpt-6-is", "yes"], "when? say --happened-on DAY, or --known-on DAY if only that is known"),
    (
        ["resolve", "gpt-6-is", "maybe"],
        "'maybe' is no outcome of a yes-or-no claim; say yes, no, a fraction such as 0.4, ambiguous or annulled",
    ),
]


@pytest.mark.parametrize(("words", "said"), ERRORS, ids=[f"{words[0]}-{n}" for n, (words, _) in enumerate(ERRORS)])
def test_an_error_typed_names_the_options_and_nothing_is_written(
    typed: CommandLine, words: list[str], said: str
) -> None:
    typed.says("add", "GPT-6 is released", "--deadline", "2026", "-p", "30%")
    typed.says("forecast", "gpt-6-is", "20%")
    typed.says("forecast", "gpt-6-is", "20%", "--by", "claude", "--kind", "model")
    typed.says("quote", "Tech Oracle", WILL, "--words", "will", "--deadline", "2026", "--said-on", "2026-01-05")
    before = typed.digest()

    result = typed(*words)

    assert (result.stderr, result.stdout) == (f"error: {said}\n", "")
    assert result.exit_code in {1, 2}
    assert typed.digest() == before
    lines = wrapped(f"error: {said}", "error").splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 3


IN_PYTHON = [
    (lambda one: one.add("It rains", deadline=None), "until when? say deadline=DAY, the last day that counts"),
    (
        lambda one: one.quote("Tech Oracle", "It rains", deadline="2027"),
        "when was it said? said_on=DAY, the day it was published; a prediction of your own is: ledger.add(...)",
    ),
    (
        lambda one: one.quote("P", "It could", words="could", said_on="2026-01-05", deadline="2027"),
        '\'could\' is on no scale (see: ledger.scales()); say what you take it for: low="20%", high="60%"',
    ),
    (
        lambda one: one.add("Two labs", deadline="2027", conditions=["list"]),
        "conditions= goes with at_least=N (1 would do)",
    ),
    (
        lambda one: one.forecast("gpt-6-is", 0.2, by="claud"),
        "no forecaster 'claud'; did you mean 'claude'? somebody new is recorded with kind=\"person\"",
    ),
    (lambda one: one.forecast("gpt-6-is", True), "True is not a probability; say a number from 0 to 1, such as 0.72"),
    (
        lambda one: one.forecast("gpt-6-is", 0.2, quantiles={0.1: 2}),
        "gpt-6-is-released is yes or no; quantiles= go with a number",
    ),
    (lambda one: one.resolve("gpt-6-is", "yes"), "when? say happened_on=DAY, or known_on=DAY if only that is known"),
    (
        lambda one: one.log_evidence("gpt-6-is", "https://lab.example/x"),
        'a title, please: log_evidence(CLAIM, LINK, "TITLE"); only evidence on file goes without one, and '
        "'https://lab.example/x' is not",
    ),
]


@pytest.mark.parametrize(("act", "said"), IN_PYTHON, ids=range(len(IN_PYTHON)))
def test_an_error_in_python_names_the_keywords(python: Ledger, act: object, said: str) -> None:
    python.add("GPT-6 is released", deadline="2026", p=0.3)
    python.forecast("gpt-6-is", 0.2, by="claude", kind="model")
    head = python.head()

    with pytest.raises(LedgerError) as error:
        act(python)  # type: ignore[operator]  # a function of the ledger

    assert str(error.value) == said
    assert len(error.value._render_traceback_()) == 1
    assert python.head() == head


# -- words from elsewhere -------------------------------------------------------------------------------------

NOTHING_DELETED = (
    "nothing is deleted here; take back a forecast: withdraw, evidence: retract, a claim: resolve CLAIM annulled, a "
    "slip of today: correct"
)
LEAD = {
    "edit": "no verb 'edit'; a slip is put right with: predictions correct CLAIM --set text=\"...\"",
    "undo": NOTHING_DELETED,
    "ls": "no verb 'ls'; the list is: predictions board",
    "find": "no verb 'find'; say: predictions board --search TEXT",
    "predict": "no verb 'predict'; a new prediction is: add, a number on one that stands: forecast",
    "pundit": "no verb 'pundit'; what somebody said is: quote WHO TEXT",
    "register": "no verb 'register'; say: predictions import-from catalog FILE",
    "annul": "no verb 'annul'; say: predictions resolve CLAIM annulled --reason \"...\"",
    "versus": "no verb 'versus'; say: predictions compare A B",
    "tally": "no verb 'tally'; say: predictions claim CLAIM",
    "readings": "no verb 'readings'; say: predictions claim CLAIM --readings",
    "review": "no verb 'review'; say: predictions due --walk",
    "serch": "no verb 'serch'; say: predictions board --search TEXT",
    "score": "no verb 'score'; say: predictions scorecard",
    "claims": "no verb 'claims'; the list is: predictions board",
    "new": "no verb 'new'; a new prediction is: add, a number on one that stands: forecast",
    "todo": "no verb 'todo'; what waits is: predictions due",
    "verdict": "no verb 'verdict'; say: predictions resolve CLAIM OUTCOME",
    "template": "no verb 'template'; say: predictions export table FILE --template",
    "xlsx": "no verb 'xlsx'; say: predictions import-from table FILE",
    "bear": "no verb 'bear'; say: predictions log-evidence CLAIM EVIDENCE",
    "export-parquet": "no verb 'export-parquet'; say: predictions export parquet FOLDER",
    "import-csv": "no verb 'import-csv'; say: predictions import-from table FILE",
    "void": "no verb 'void'; say: predictions resolve CLAIM annulled --reason \"...\"",
    "reopen": "no verb 'reopen'; a verdict is replaced with: predictions resolve CLAIM OUTCOME --reason \"...\"",
    "note": "no verb 'note'; a note goes with a number: predictions forecast CLAIM 0.7 --note \"...\"",
    "restore": "no verb 'restore'; a backup is a ledger like any other: predictions --ledger FILE board",
    "sync": "no verb 'sync'; say: predictions merge FILE",
    "help": "no verb 'help'; say: predictions -h",
    **dict.fromkeys(("forget", "erase", "cancel"), NOTHING_DELETED),
    "import-forecasts": "no verb 'import-forecasts'; say: predictions import-from table FILE",
}


@pytest.mark.parametrize(("word", "said"), LEAD.items(), ids=LEAD)
def test_a_word_from_elsewhere_leads_on(typed: CommandLine, word: str, said: str) -> None:
    result = typed(word, "x")

    assert (result.exit_code, result.stderr) == (2, f"error: {said}\n")


@pytest.mark.parametrize("word", ["redat", "redct", "edact", "withdrw"])
def test_a_verb_that_destroys_or_reveals_is_never_suggested(typed: CommandLine, python: Ledger, word: str) -> None:
    with pytest.raises(AttributeError) as error:
        getattr(python, word)
    assert "redact'" not in str(error.value)
    assert "withdraw'" not in str(error.value)
    assert "redact" not in typed(word).stderr
    assert "withdraw" not in typed(word).stderr


def test_a_removed_name_leads_on_in_python_too(python: Ledger) -> None:
    with pytest.raises(AttributeError, match=r"no verb 'annul'; say: ledger.resolve\(CLAIM, \"annulled\""):
        python.annul  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"no verb 'sign_head'; say: ledger.head\(sign=FILE\)"):
        python.sign_head  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"Ledger has no attribute 'frobnicate'$"):
        python.frobnicate  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("forecst", "Ledger has no attribute 'forecst'; did you mean 'forecast'?"),
        ("scorecard().versus", "Scorecard has no attribute 'versus'; did you mean 'compare'?"),
        ("scorecard().explian", "Scorecard has no attribute 'explian'; did you mean 'explain'?"),
        ("board().to_pandas", "Board has no attribute 'to_pandas'; did you mean 'rows'?"),
        ("due().to_json", "Due has no attribute 'to_json'; did you mean 'to_dict'?"),
        ("claim('it-rains').resolve", "ClaimCard has no attribute 'resolve'; that is a verb of the ledger"),
        ("claim('it-rains').tally.frobnicate", "Tally has no attribute 'frobnicate'"),
        ("board()._repr_png_", "Board has no attribute '_repr_png_'"),
    ],
)
def test_a_near_or_foreign_name_leads_on_from_the_ledger_and_from_what_it_shows(
    python: Ledger, name: str, said: str
) -> None:
    python.add("It rains", deadline="2027")

    with pytest.raises(AttributeError) as error:
        eval(f"ledger.{name}", {"ledger": python})

    assert str(error.value).startswith(said)
    assert ("did you mean" in str(error.value)) == ("did you mean" in said)


def test_the_verbs_that_results_point_to_are_the_ledgers() -> None:
    assert [name for name in OF_THE_LEDGER if not callable(getattr(Ledger, name, None))] == []


@pytest.mark.parametrize(
    ("word", "typed_as", "python_as"),
    [
        ("a.csv", "say the format first: import-from table a.csv", "import_from('table', 'a.csv')"),
        ("b.toml", "say the format first: import-from catalog b.toml", "import_from('catalog', 'b.toml')"),
        ("excel", "say the format first: import-from table FILE", "import_from('table', FILE)"),
        ("template", "is written by: predictions export table FILE --template", 'export("table", FILE, template=True)'),
    ],
)
def test_a_file_in_the_place_of_its_format_leads_on(
    typed: CommandLine, python: Ledger, word: str, typed_as: str, python_as: str
) -> None:
    assert typed_as in typed.refuses("import-from", word, "x.csv")
    with pytest.raises(LedgerError) as error:
        python.import_from(word, "x.csv")
    assert python_as in str(error.value)
    with pytest.raises(LedgerError, match=r"import_from\('table', ...\)"):
        python.import_from([{"text": "It rains"}])  # type: ignore[arg-type]


# -- receipts as slugs, and completion --------------------------------------------------------------------------


def test_a_receipt_and_a_record_are_taken_wherever_a_slug_is(python: Ledger, clock: Clock) -> None:
    claim = python.add("It rains", deadline="2026")
    evidence = python.log_evidence(claim, "https://e.org/a", "A leak")

    said = python.forecast(claim.record, 0.3, because=evidence.record)  # type: ignore[arg-type]

    assert (f"{claim}", f"{said}", said.record.because) == ("it-rains", "it-rains", ("e-a",))
    assert python[claim].claim == claim.record
    assert python.correct(said, note="a hunch", reason="forgot").record.note == "a hunch"
    assert python.resolve(claim, "annulled", reason="no gauge").record.outcome == "annulled"


def test_slugs_and_forecasters_complete(typed: CommandLine, python: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import BashComplete

    from predictions.cli import cli

    typed.says("add", "GPT-6 is released", "--deadline", "2026", "-p", "30%")
    complete = BashComplete(cli, {}, "predictions", "_PREDICTIONS_COMPLETE")
    ledger = ["--ledger", str(typed.path)]

    def completed(words: list[str], begun: str) -> list[str]:
        return [item.value for item in complete.get_completions([*ledger, *words], begun)]

    assert completed([], "sco") == ["scorecard"]
    assert completed(["claim"], "gpt") == ["gpt-6-is-released"]
    assert completed(["forecast", "gpt-6", "--by"], "a") == ["ana"]
    assert completed(["resolve", "x", "--hap"], "--hap") == ["--happened-on"]
    python.add("It rains", deadline="2026")
    assert python._ipython_key_completions_() == ["it-rains"]
