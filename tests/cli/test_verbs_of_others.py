"""Words that are no verb here: each leads on to the verb that is meant, typed and as an attribute of `Ledger`."""

from __future__ import annotations

import pytest

from predictions import Ledger
from predictions.cli import MORE, SECTIONS, VERBS, no_verb
from predictions.cli.messages import as_typed
from predictions.other_verbs import MEANT, NEVER_SUGGESTED

SLIP = ('a slip is put right with: predictions correct CLAIM --set text="..."', 'ledger.correct(CLAIM, text="...")')
LIST = ("the list is: predictions board", "ledger.board()")
SEARCH = ("say: predictions board --search TEXT", "ledger.board(search=TEXT)")
PREDICT = ("a new prediction is: add, a number on one that stands: forecast", "is: add,")
QUOTE = ("what somebody said is: quote WHO TEXT", "quote(WHO, TEXT)")
CATALOG = ("say: predictions import-from catalog FILE", 'ledger.import_from("catalog", FILE)')
ANNUL = ('say: predictions resolve CLAIM annulled --reason "..."', 'ledger.resolve(CLAIM, "annulled", reason="...")')
LED_ON = {
    ("edit", "change", "update", "rename", "fix"): SLIP,
    ("list", "ls", "show", "status"): LIST,
    ("search", "find"): SEARCH,
    ("predict",): PREDICT,
    ("said", "source", "statement", "pundit"): QUOTE,
    ("import", "load", "register"): CATALOG,
    ("annul",): ANNUL,
    ("judge", "settle", "close"): ("say: predictions resolve CLAIM OUTCOME", "ledger.resolve(CLAIM, OUTCOME)"),
    ("vs", "versus"): ("say: predictions compare A B", "ledger.compare(A, B)"),
    ("tally",): ("say: predictions claim CLAIM", "ledger.claim(CLAIM)"),
    ("readings",): ("say: predictions claim CLAIM --readings", "ledger.claim(CLAIM, readings=True)"),
    ("review",): ("say: predictions due --walk", "in Python: ledger.due()"),
    ("bear",): ("say: predictions log-evidence CLAIM EVIDENCE", "ledger.log_evidence(CLAIM, EVIDENCE)"),
}
NOTHING_DELETED = (
    "nothing is deleted here; take back a forecast: withdraw, evidence: retract, a claim: resolve CLAIM annulled, "
    "a slip of today: correct"
)
FURTHER = {  # the verb that each is to lead to
    "correct": "revise amend tag",
    "board": "grep info view print open dashboard resolutions summary",
    "forecast": "forecast-add update-forecast odds estimate",
    "add": "bet guess new create make add-claim add-prediction",
    "quote": "add-quote expert quotes",
    "log-evidence": "add-evidence link cite news log",
    "import-from": "load-csv csv-import spreadsheet metaculus fatebook upload",
    "resolve": "resolve-claim outcome verdict yes win missed lose mark",
    "due": "todo overdue due-soon check-due expired late",
    "scorecard": "score stats skill brier-score calibration-curve crowd people",
    "leaderboard": "rank ranking standings winners",
    "report": "plot pdf publish web email report-card",
    "export": "save dump to-csv csv ics calendar remind",
    "verify": "check audit verify-ledger",
    "backup": "copy clone",
    "merge": "sync pull push",
    "explain": "explain-score why",
    "init": "start setup init-ledger create-ledger",
    "--ledger FILE": "database use",
    "--me NAME": "whoami login user",
    "nothing is deleted": "drop kill hide withdraw-forecast retract-evidence delete remove rm undo",
    "all are listed by: predictions -h": "quit exit commit serve config secret key encrypt keygens redakt our-release",
}
NOWHERE = "all are listed by: predictions -h"


def as_attribute(word: str) -> str:
    """What Python says of an attribute of that name; nothing where there is one, such as `close`."""
    if hasattr(Ledger, word.replace("-", "_")) or word == "me":
        return ""
    with pytest.raises(AttributeError) as refused:
        getattr(object.__new__(Ledger), word.replace("-", "_"))  # of any ledger, so of none that is open
    return str(refused.value)


@pytest.mark.parametrize(("word", "said"), [(word, said) for words, said in LED_ON.items() for word in words])
def test_a_word_from_elsewhere_leads_on_in_decided_words(word: str, said: tuple[str, str]) -> None:
    typed, in_python = said

    assert no_verb(word, []) == f"no verb {word!r}; {typed}"
    if word not in {"register", "close"}:  # which Python has
        assert in_python in as_attribute(word)
        assert as_attribute(word).startswith(f"no verb {word!r}; ")


@pytest.mark.parametrize("word", ["delete", "remove", "rm", "undo"])
def test_who_wants_to_delete_learns_how_to_take_back(word: str) -> None:
    assert no_verb(word, []) == NOTHING_DELETED
    assert as_typed(as_attribute(word)) == NOTHING_DELETED


@pytest.mark.parametrize(("verb", "words"), FURTHER.items())
def test_a_word_leads_to_the_verb_that_does_it_or_to_the_list_of_verbs(verb: str, words: str) -> None:
    meant = verb if " " in verb else verb.replace("-", "[-_]")

    for word in words.split():
        said = no_verb(word, [])
        assert verb in said or meant in said, said
        assert (NOWHERE in said) == (verb == NOWHERE), said


@pytest.mark.parametrize("verb", sorted(set(VERBS) - NEVER_SUGGESTED))
def test_the_beginning_of_a_verb_leads_to_it_at_both_doors(verb: str) -> None:
    for beginning in (verb[:count] for count in range(2, len(verb))):
        word = beginning.rstrip("-")
        if word in VERBS or word in MEANT or hasattr(Ledger, word.replace("-", "_")):
            continue
        said = f"; did you mean {verb!r}", f" or {verb!r}?"
        assert any(one in no_verb(word, []) for one in said), word
        if hasattr(Ledger, verb.replace("-", "_")):
            assert repr(verb.replace("-", "_")) in as_attribute(word.replace("-", "_")), word


def test_no_word_leads_to_a_verb_that_destroys_or_reveals() -> None:
    words = [*MEANT, "redac", "redacted", "keygenerate", "key-gen", "redact-claim", "retrac"]

    for said in (said for word in words for said in (no_verb(word, []), as_attribute(word))):
        offered = said.replace(NOTHING_DELETED, "").partition(";")[2] if said.startswith("no verb") else ""
        assert not any(verb in offered for verb in NEVER_SUGGESTED), said


def test_what_a_word_leads_to_exists() -> None:
    for word in MEANT:
        assert word not in VERBS
        said = no_verb(word, [])
        verbs = {verb for verb in VERBS if f"predictions {verb}" in said or f": {verb}" in said}
        assert verbs or "--ledger" in said or "--me" in said or " -h" in said or "--json" in said or "--version" in said
    assert {*MORE, *(verb for section in SECTIONS.values() for verb in section)} == {*VERBS}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["import", "pundits.csv"], "say: predictions import-from table pundits.csv"),
        (["load", "p.xlsx"], "say: predictions import-from table p.xlsx"),
        (["import", "mine.toml"], "say: predictions import-from catalog FILE"),
        (["help", "add"], "say: predictions add -h"),
        (["help"], "say: predictions -h"),
        (["scorcard"], "did you mean 'scorecard'?"),
        (["serch"], "say: predictions board --search TEXT"),
    ],
)
def test_what_is_typed_behind_the_word_is_looked_at(typed: list[str], said: str) -> None:
    assert no_verb(typed[0], typed[1:]) == f"no verb {typed[0]!r}; {said}"
