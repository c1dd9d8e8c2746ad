"""Words that are no verbs here, each with what is meant by it: from other tools, and verbs that were removed.

The sentences are spelled for Python; the command line spells the calls in them as they are typed. `redact` is never
suggested: it reveals that something was there, and cannot be taken back once the copy is out.
"""

from __future__ import annotations

from difflib import get_close_matches

_CORRECT = 'a slip is put right with: ledger.correct(CLAIM, text="...")'
_NOTHING_DELETED = (
    "nothing is deleted here; take back a forecast: withdraw, evidence: retract, a claim: "
    'resolve(CLAIM, "annulled"), a slip of today: correct'
)
_LIST = "the list is: ledger.board()"
_SEARCH = "say: ledger.board(search=TEXT)"
_PREDICT = "a new prediction is: add, a number on one that stands: forecast"
_QUOTE = "what somebody said is: quote(WHO, TEXT)"
_IMPORT = 'say: ledger.import_from("catalog", FILE)'
_TABLE = 'say: ledger.import_from("table", FILE)'
_ANNUL = 'say: ledger.resolve(CLAIM, "annulled", reason="...")'
_COMPARE = "say: ledger.compare(A, B)"
_RANKING = "say: ledger.leaderboard()"
_CLAIM = "say: ledger.claim(CLAIM)"
_READINGS = "say: ledger.claim(CLAIM, readings=True)"
_HEAD = "say: ledger.verify(head=FILE)"

MEANT = {
    **dict.fromkeys(("edit", "change", "update", "rename", "fix"), _CORRECT),
    **dict.fromkeys(("delete", "remove", "rm", "undo"), _NOTHING_DELETED),
    **dict.fromkeys(("list", "ls", "show", "status"), _LIST),
    **dict.fromkeys(("search", "find"), _SEARCH),
    "predict": _PREDICT,
    **dict.fromkeys(("said", "source", "statement", "pundit"), _QUOTE),
    **dict.fromkeys(("import", "load", "register"), _IMPORT),
    **dict.fromkeys(("import-forecasts", "import-resolutions"), _TABLE),
    **dict.fromkeys(("judge", "settle", "close", "annul"), _ANNUL),
    **dict.fromkeys(("vs", "versus"), _COMPARE),
    **dict.fromkeys(("rank", "ranking", "standings"), _RANKING),
    "tally": _CLAIM,
    "readings": _READINGS,
    "review": "say: ledger.due(walk=True)",
    "bear": "say: ledger.log_evidence(CLAIM, EVIDENCE)",
    "consistency": _HEAD,
    "sign-head": "say: ledger.head(sign=FILE)",
    "export-ics": 'say: ledger.export("calendar", FILE)',
    "export-parquet": 'say: ledger.export("parquet", FOLDER)',
    "export-sqlite": 'say: ledger.export("sqlite", FILE)',
    "datasette-metadata": 'say: ledger.export("datasette", FOLDER)',
}
NEVER_SUGGESTED = frozenset({"redact", "withdraw", "retract", "keygen"})  # they destroy or reveal


def meant_by(word: str) -> str | None:
    """Say what is meant by a word that is no verb, in one sentence; None where nobody knows.

    >>> meant_by("vs")
    "no verb 'vs'; say: ledger.compare(A, B)"
    """
    said = MEANT.get(word.replace("_", "-"))
    if said is None or said is _NOTHING_DELETED:
        return said
    return f"no verb {word!r}; {said}"


def meant_nearly(word: str) -> str | None:
    """Say what is meant by a word that is nearly one of those; None where none is near.

    >>> meant_nearly("serch")
    "no verb 'serch'; say: ledger.board(search=TEXT)"
    """
    near = get_close_matches(word, MEANT, n=1, cutoff=0.75)
    said = meant_by(near[0]) if near else None
    return said and said.replace(f"no verb {near[0]!r}", f"no verb {word!r}")
