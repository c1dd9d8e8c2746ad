"""The signatures of the ledger's verbs: as they were decided, with what was added since.

A keyword that comes, goes, moves or gets another default is a change of the interface: it is made here first.
"""

from __future__ import annotations

import inspect

import pytest

from predictions import Ledger
from predictions.cli import VERBS

TYPES = (
    "options=(), ordered=False, unit=None, between=None, quantiles=None, when=False, at_least=None, conditions=(), "
    "given=None, cluster=None, closes_at=None, settle_days=30, title=None"
)
FILTER = "source=None, tag=None, type=None, reading=None, horizon=None"
DECIDED = {
    "add": f"text, *, deadline, p=None, note=None, criteria=None, tags=(), slug=None, opens_on=None, {TYPES}",
    "quote": "by, text, *, deadline=None, said_on=None, link=None, source=None, words=None, scale=None, p=None, "
    "low=None, high=None, kind=None, wording=None, criteria=None, not_resolvable=None, reading=None, note=None, "
    f"tags=(), slug=None, opens_on=None, {TYPES}",
    "forecast": "claim, p=None, *, by=None, kind=None, quantiles=None, words=None, scale=None, low=None, high=None, "
    "made_at=None, published_in=None, because=(), note=None, again=False, reason=None",
    "log_evidence": "claims, link, title=None, *, on=None, counts=None, bears=None, event=None, meets=None, why=None, "
    "published=None, publisher=None, excerpt=None, grade=None, likelihood_ratio=None, slug=None, archived=None, "
    "archived_sha256=None",
    "import_from": "format, *files, dry_run=False, by=None, people=None, onto=None, zone='UTC', source=None, "
    "delimiter=None, decimal=None, percent=False, sheet=None, skip_lines=0",
    "due": "*, by=None, all=False, stale=False",
    "resolve": "claim, outcome, *, happened_on=None, known_on=None, reason=None, because=(), impossible=False, "
    "dissent=False, by=None, again=False",
    "correct": "what, *, reason=None, **fields",
    "withdraw": "claim, *, by=None, made_at=None, note=None",
    "retract": "evidence, *, reason",
    "supersede": "claim, *, reason, slug=None, carry=('evidence',), **changes",  # forecasts stay where they were said
    "board": "*, status=None, by=None, source=None, tag=None, search=None, type=None, full=None",
    "claim": "claim, *, full=False, readings=False",
    "scorecard": f"*, by=None, {FILTER}, kind=None, full=False, crowds=False, leads=(), rule='first', cohort='settled'",
    "leaderboard": f"*, by=None, {FILTER}, kind=None, crowds=False, top=20",
    "compare": f"a, b='base rate', *, {FILTER}, crowds=False, rule='first', cohort='settled'",
    "explain": f"figure, by=None, *, {FILTER}, crowds=False, rule='first', cohort='settled'",
    "diff": "earlier, later=None",
    "history": "slug=None",
    "scales": "name=None",
    "report": "file, *, section=None",
    "export": "what, file='.', *, template=False, by=None",
    "verify": "*, head=None, key=None, deep=False",
    "backup": "file",
    "head": "*, sign=None",
    "prove": "what, file=None",
    "merge": "other",
    "redact": "what, *, to",
    "keygen": "file",
}
ADDED = {  # since then
    "import_from": "days=None",  # day-first or month-first
    "resolve": "published_in=None",  # the platform that asked
    "withdraw": "again=False, reason=None",
    "scorecard": "window=None, known=None, shown=None, top=20, sort=None",
    "leaderboard": "group=None, window=None, known=None, shown=None",
    "compare": "window=None",
    "explain": "window=None",
    "report": "title=None, crowds=False, progress=None",
    "export": "title=None, free_sql=False",
    "verify": "proof=None",
    "backup": "force=False",
    "prove": "head=None",
    "merge": "settle=None",
    "redact": "with_references=False, force=False",
}
WRITES = {"add", "quote", "forecast", "log_evidence", "resolve", "correct", "withdraw", "retract", "supersede"}
ASKS_OF_A_TIME = ["board", "claim", "due", "scorecard", "leaderboard", "compare", "explain", "report", "export"]


def parameters(verb: str) -> list[inspect.Parameter]:
    return [one.replace(annotation=one.empty) for one in inspect.signature(getattr(Ledger, verb)).parameters.values()]


def as_text(taken: list[inspect.Parameter]) -> str:
    return str(inspect.Signature(taken)).strip("()").replace("/, ", "")


def test_every_verb_stands_in_the_table() -> None:
    assert {verb.replace("-", "_") for verb in VERBS} - {"init"} == set(DECIDED)


@pytest.mark.parametrize("verb", DECIDED)
def test_a_verb_takes_what_was_decided_and_what_was_added_since(verb: str) -> None:
    names = {name.partition("=")[0] for name in ADDED.get(verb, "").split(", ")}
    taken = [one for one in parameters(verb)[1:] if one.name not in {"as_of", "today"}]

    decided = [one for one in taken if one.name not in names]
    added = [one for one in taken if one.name in names]

    assert as_text(decided) == DECIDED[verb].strip("()")
    assert as_text(added).removeprefix("*, ") == ADDED.get(verb, "")


@pytest.mark.parametrize("verb", DECIDED)
def test_a_verb_that_records_returns_a_receipt_and_one_that_reads_takes_a_time(verb: str) -> None:
    names = [one.name for one in parameters(verb)]

    assert (inspect.signature(getattr(Ledger, verb)).return_annotation == "Receipt") == (verb in WRITES)
    assert names[-2:] == ["as_of", "today"] if verb in ASKS_OF_A_TIME else "today" not in names
