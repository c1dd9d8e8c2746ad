"""Options, fields and words of other tools: each leads on to what it is here."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger

QUOTE = "what somebody else said is: predictions quote"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("add", "It snows", "--until", "2027"), "no option '--until'; did you mean '--deadline'?"),
        (("add", "It snows", "--due=2027"), "no option '--due'; did you mean '--deadline'?"),
        (("add", "It snows", "--probability", "30%"), "no option '--probability'; did you mean '-p'?"),
        (("add", "It snows", "--comment", "clouds"), "no option '--comment'; did you mean '--note'?"),
        (("add", "It snows", "--category", "sky"), "no option '--category'; did you mean '--tags'?"),
        (("add", "It snows", "--who", "ben"), f"no option '--who'; {QUOTE}"),
        (("add", "It snows", "--url", "https://a.example"), f"no option '--url'; {QUOTE}"),
        (("add", "It snows", "--by", "Q3 2027"), "--by is a person here; the last day that counts is --deadline"),
        (
            ("add", "It snows", "--by", "the end of 2027"),
            "--by is a person here; the last day that counts is --deadline",
        ),
        (
            ("add", "It snows", "--made-at", "2025-01-01"),
            "no option '--made-at'; what was thought earlier is: predictions forecast CLAIM 70% --made-at DAY",
        ),
        (("forecast", "rain", "30%", "--who", "ben"), "no option '--who'; did you mean '--by'?"),
        (
            ("forecast", "rain", "30%", "--link", "https://a.example"),
            "no option '--link'; the dated source or evidence it stands in is --published-in SLUG",
        ),
        (("quote", "Ben", "It snows", "--published", "2026"), "no option '--published'; did you mean '--said-on'?"),
        (
            ("resolve", "rain", "--result", "yes"),
            "no option '--result'; it goes without one: predictions resolve [OPTIONS] CLAIM OUTCOME",
        ),
        (("resolve", "rain", "yes", "--resolved-on", "2026"), "no option '--resolved-on'; did you mean '--known-on'?"),
        (("resolve", "rain", "yes", "--on", "2026"), "no option '--on'; did you mean '--happened-on'?"),
        (("forecast", "rain", "30%", "--when", "2026"), "no option '--when'; did you mean '--made-at'?"),
        (("add", "It snows", "--date", "2027"), "no option '--date'; did you mean '--deadline'?"),
        (
            ("quote", "Ben", "It snows", "--date", "2026"),
            "no option '--date'; did you mean '--said-on', when it was said, or '--deadline', the last day that "
            "counts?",
        ),
        (
            ("quote", "Ben", "It snows", "--by", "2027-06-01"),
            "--by is a person here; the last day that counts is --deadline",
        ),
        (
            ("quote", "It snows", "--by", "Ben"),
            "no option '--by'; it goes without one: predictions quote [OPTIONS] WHO TEXT",
        ),
        (("quote", "Ben", "It snows", "--until", "2027"), "no option '--until'; did you mean '--deadline'?"),
        (("quote", "Ben", "It snows", "--force"), "no option '--force'; options: predictions quote -h"),
        (("add", "It snows", "--description", "On a hill"), "no option '--description'; did you mean '--criteria'?"),
        (("add", "It snows", "--label", "sky"), "no option '--label'; did you mean '--tags'?"),
        (
            ("forecast", "rain", "30%", "--until", "2027"),
            "no option '--until'; the last day is the claim's: predictions correct CLAIM --set deadline=DAY",
        ),
        (("log-evidence", "rain", "x", "--note", "near"), "no option '--note'; did you mean '--why'?"),
        (("log-evidence", "rain", "x", "--text", "near"), "no option '--text'; did you mean '--excerpt'?"),
        (("log-evidence", "rain", "x", "--author", "Ben"), "no option '--author'; did you mean '--publisher'?"),
        (
            ("resolve", "rain", "yes", "--url", "https://a.example"),
            "no option '--url'; did you mean '--because'?",
        ),
        (
            ("resolve", "rain", "--value", "4"),
            "no option '--value'; it goes without one: predictions resolve [OPTIONS] CLAIM OUTCOME",
        ),
        (("correct", "rain", "--due", "2027"), "no option '--due'; a field is changed with --set deadline=2027"),
        (("supersede", "rain", "--comment", "x"), "no option '--comment'; a field is changed with --set note=x"),
        (("import-from", "table", "x.csv", "--sep", ";"), "no option '--sep'; did you mean '--delimiter'?"),
        (
            ("import-from", "--file", "x.csv"),
            "no option '--file'; it goes without one: predictions import-from [OPTIONS] FORMAT FILE...",
        ),
        (
            ("export", "--format", "table", "x.csv"),
            "no option '--format'; it goes without one: predictions export [OPTIONS] WHAT [FILE]",
        ),
        (("board", "--kind", "choice"), "no option '--kind'; did you mean '--type'?"),
        (("log-evidence", "rain", "x", "--date", "2026"), "no option '--date'; did you mean '--published'?"),
        (("scorecard", "--since", "2026"), "no option '--since'; did you mean '--window'?"),
        (("board", "--open"), "no option '--open'; say: --status open"),
        (("board", "--resolved"), "no option '--resolved'; say: --status settled"),
        (("board", "--topic", "sky"), "no option '--topic'; did you mean '--search'?"),
        (("scorecard", "--topic", "sky"), "no option '--topic'; did you mean '--tag'?"),
        (("board", "--person", "ben"), "no option '--person'; did you mean '--by'?"),
        (("board", "--all"), "no option '--all'; did you mean '--full'?"),
        (("leaderboard", "--limit", "3"), "no option '--limit'; did you mean '--top'?"),
        (("due", "--open"), "no option '--open'; say: predictions board --status open"),
        (("board", "--sort", "deadline"), "no option '--sort'; options: predictions board -h"),
        (("history", "--limit", "3"), "no option '--limit'; options: predictions history -h"),
        (
            ("resolve", "rain", "--yes"),
            "no option '--yes'; it goes without one: predictions resolve [OPTIONS] CLAIM OUTCOME",
        ),
        (("scorecard", "ben"), "'ben' has no place here; did you mean --by ben?"),
        (("board", "rain"), "'rain' has no place here; did you mean --search rain?"),
        (
            ("resolve", "rain", "yes", "2026-01-02"),
            "'2026-01-02' has no place here; did you mean --happened-on 2026-01-02?",
        ),
        (("claim", "rain", "snow"), "'snow' has no place here; say: predictions claim [OPTIONS] CLAIM"),
        (("gpt-9",), "no verb 'gpt-9'; all are listed by: predictions -h"),
    ],
)
def test_an_option_of_another_tool_leads_on(typed: tuple[str, ...], said: str, clock: Clock, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    run("add", "It rains", "--deadline", "2027", "--slug", "rain")

    result = run(*typed)

    assert (result.exit_code, result.stderr.strip().removeprefix("error: ")) == (2, said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": "2028"}, "claim has no field 'due'; did you mean 'deadline'?"),
        ({"question": "It pours"}, "claim has no field 'question'; did you mean 'text'?"),
        ({"p": 0.3}, "claim has no field 'p'; how likely it is, is said with: ledger.forecast('rain', 0.3)"),
        ({"crit": "measured"}, "claim has no field 'crit'"),
    ],
)
@pytest.mark.parametrize("drafted", [True, False])
def test_a_field_of_another_tool_leads_on(ledger: Ledger, changes: dict[str, object], said: str, drafted: bool) -> None:
    ledger.add("It rains", deadline="2027", slug="rain")
    if not drafted:
        ledger.forecast("rain", 0.4, by="ben")

    with pytest.raises(InvalidValue) as refused:
        ledger.correct("rain", **changes)

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("versus", "say: ledger.compare(A, B)"),
        ("ranking", "say: ledger.leaderboard()"),
        ("calendar", 'say: ledger.export("calendar", FILE)'),
        ("resolve", "that is a verb of the ledger: ledger.resolve(...)"),
    ],
)
def test_a_word_at_a_result_leads_on(ledger: Ledger, word: str, said: str) -> None:
    for result in (ledger.board(), ledger.due()):
        with pytest.raises(AttributeError) as refused:
            getattr(result, word)

        assert str(refused.value) == f"{type(result).__name__} has no attribute {word!r}; {said}"


@pytest.mark.parametrize("year", [2027, 2027.0, Decimal(2027), "2027"])
def test_a_year_may_be_a_number_wherever_a_deadline_is_said(ledger: Ledger, year: object) -> None:
    added = ledger.add("It rains", deadline=year, p=Decimal("0.3333333333333333"))
    quoted = ledger.quote("Ben", "It snows", deadline=year, said_on="2025-12-01", link="https://a.example", p=0.4)
    corrected = ledger.correct(ledger.add("It hails", deadline="2028"), deadline=year)
    replaced = ledger.supersede(ledger.add("It pours", deadline="2028"), deadline=year, reason="a slip")

    assert {str(one.record.deadline) for one in (added, quoted, corrected, replaced)} == {"2027-12-31"}
    assert '"2027" is read as the end of 2027' in str(added.text())


@pytest.mark.parametrize("value", [20270131, True, 12, 2027.5])
def test_a_number_that_is_no_year_is_refused(ledger: Ledger, value: object) -> None:
    with pytest.raises(InvalidValue, match="is not a date; say a day such as 2027-06-30"):
        ledger.add("It rains", deadline=value)


@pytest.mark.parametrize(
    ("verb", "given", "said"),
    [
        ("add", {"until": "2027"}, "no keyword 'until' here; did you mean deadline=?"),
        ("add", {"probability": 0.3}, "no keyword 'probability' here; did you mean p=?"),
        ("add", {"dealine": "2027"}, "no keyword 'dealine' here; did you mean deadline=?"),
        ("quote", {"url": "https://a.example"}, "no keyword 'url' here; did you mean link=?"),
        ("forecast", {"who": "ben"}, "no keyword 'who' here; did you mean by=?"),
        ("resolve", {"link": "https://a.example"}, "no keyword 'link' here; did you mean because=?"),
        ("log_evidence", {"comment": "near"}, "no keyword 'comment' here; did you mean why=?"),
    ],
)
def test_a_keyword_of_another_tool_leads_on(verb: str, given: dict[str, object], said: str, tmp_path: Path) -> None:
    with Ledger(tmp_path / "words.db", me="ana") as ledger, pytest.raises(TypeError) as refused:
        getattr(ledger, verb)("It snows", **given)

    assert refused.value.__notes__ == [said]
