"""The library's sentences, as the command line says them; the receipts are tested with the verbs that print them."""

from __future__ import annotations

import pytest

from predictions.cli.messages import as_typed

OPTIONS = {"reason", "known_on", "made_at", "again", "impossible", "because", "by", "new", "on", "bears", "p"}


@pytest.mark.parametrize(
    ("sentence", "typed"),
    [
        ("a correction needs its reason: reason=", "a correction needs its reason: --reason"),
        ("say known_on=, or impossible=True", "say --known-on, or --impossible"),
        ("became impossible (impossible=True)", "became impossible (--impossible)"),
        ("say why it is yes: reason= or because=", "say why it is yes: --reason or --because"),
        ("leave bears='opposes' out", "leave --bears 'opposes' out"),
        ("leave bears=opposes out", "leave --bears opposes out"),
        ("made_at 2027-01-01 lies in the future", "--made-at 2027-01-01 lies in the future"),
        ("on: cannot read 'x' as a date", "--on: cannot read 'x' as a date"),
        (
            "say who forecasts: by=, or Ledger(path, me=), or PREDICTIONS_ME",
            "say who forecasts: --by, or --me, or PREDICTIONS_ME",
        ),
        ('somebody new is recorded with kind="person"', "somebody new is recorded with --kind person"),
        ("say p=, or quantiles= of it", "say -p, or --quantiles of it"),
        ('say what you take it for: low="20%", high="60%"', "say what you take it for: --low 20% --high 60%"),
        ('say between=(0.5, 100, "log"), or a value', "say --between '0.5..100 log', or a value"),
        ('not_resolvable="why" to count it', '--not-resolvable "why" to count it'),
        ("(see: ledger.scales())", "(see: predictions scales)"),
        ("a prediction of your own is: ledger.add(...)", "a prediction of your own is: predictions add"),
        ('take back: resolve(CLAIM, "annulled")', "take back: resolve CLAIM annulled"),
        (
            'ledger.supersede("gpt-6", deadline="2027", text="It is out", reason="...")',
            'predictions supersede gpt-6 --set deadline=2027 --set text="It is out" --reason "..."',
        ),
        ('a title: log_evidence(CLAIM, LINK, "TITLE")', 'a title: log-evidence CLAIM LINK "TITLE"'),
    ],
)
def test_keywords_become_options(sentence: str, typed: str) -> None:
    assert as_typed(sentence, OPTIONS) == typed


@pytest.mark.parametrize(
    "sentence",
    [
        "'https://e.org/?by=me&made_at=1 x' has a space",
        'title: "it\'s by=5" is not one line',
        "the article's by and on are words",
        "statement rain stands with text 'say \\'again=True\\' twice', now 'reason='",
        "no claim 'made_at' in this ledger",
        "horizon: settle_days stands here, and is no option of this verb",
        "no keyword of any verb: colour=",
        "no verb of ours: frobnicate(x=1)",
    ],
)
def test_what_the_user_gave_and_what_is_no_option_stay_as_they_are(sentence: str) -> None:
    assert as_typed(sentence, OPTIONS) == sentence


def test_the_way_to_correct_is_the_same_option_for_every_verb() -> None:
    assert as_typed("to correct it, say why: reason=", set()) == ("to correct it, say why: --reason")
