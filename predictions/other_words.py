"""Other names for what the library has: headers of other tables, keywords and verbs of other tools, removed verbs.

The sentences are spelled for Python; the command line spells the calls in them as they are typed. `redact` is never
suggested: it reveals that something was there, and cannot be taken back once the copy is out.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from predictions.errors import did_you_mean

_CORRECT = 'a slip is put right with: ledger.correct(CLAIM, text="...")'
_NOTHING_DELETED = (
    "nothing is deleted here; take back a forecast: withdraw, evidence: retract, a claim: "
    'resolve(CLAIM, "annulled"), a slip of today: correct'
)
_NEWS = "a new number on a claim is: ledger.forecast(CLAIM, 0.7), " + _CORRECT
_LIST = "the list is: ledger.board()"
_LOOK = f"{_LIST}, one claim: ledger.claim(CLAIM)"
_SEARCH = "say: ledger.board(search=TEXT)"
_PREDICT = "a new prediction is: add, a number on one that stands: forecast"
_QUOTE = "what somebody said is: quote(WHO, TEXT)"
_CATALOG = 'say: ledger.import_from("catalog", FILE)'
_IMPORT = 'a table is: ledger.import_from("table", FILE), a catalogue: ledger.import_from("catalog", FILE)'
_TABLE = 'say: ledger.import_from("table", FILE)'
_ANNUL = 'say: ledger.resolve(CLAIM, "annulled", reason="...")'
_COMPARE = "say: ledger.compare(A, B)"
_RANKING = "say: ledger.leaderboard()"
_CLAIM = "say: ledger.claim(CLAIM)"
_READINGS = "say: ledger.claim(CLAIM, readings=True)"
_HEAD = "say: ledger.verify(head=FILE)"
_SCORES = "say: ledger.scorecard()"
_DUE = "what waits is: ledger.due()"
_LOG = 'say: ledger.log_evidence(CLAIM, LINK, "TITLE")'
_NOTE = 'a note goes with a number: ledger.forecast(CLAIM, 0.7, note="...")'
_AGAIN = 'a verdict is replaced with: ledger.resolve(CLAIM, OUTCOME, reason="...")'
_RESOLVE = "say: ledger.resolve(CLAIM, OUTCOME)"
_OUT = 'say: ledger.export("table", FILE)'

MEANT = {
    **dict.fromkeys(("edit", "rename", "fix"), _CORRECT),
    **dict.fromkeys(("change", "update", "revise", "set"), _NEWS),
    **dict.fromkeys(("delete", "remove", "rm", "undo", "forget", "erase", "drop", "cancel", "clear"), _NOTHING_DELETED),
    **dict.fromkeys(("list", "ls", "claims", "statements", "predictions", "questions", "summary", "overview"), _LIST),
    **dict.fromkeys(("show", "status", "view", "print", "see", "get", "display", "cat", "info"), _LOOK),
    **dict.fromkeys(("search", "find"), _SEARCH),
    **dict.fromkeys(("predict", "prediction", "new", "create", "question", "bet", "ask", "guess", "record"), _PREDICT),
    **dict.fromkeys(("track", "vote"), _PREDICT),
    **dict.fromkeys(("probability", "odds", "chance"), "how likely it is, is said with: ledger.forecast(CLAIM, 0.7)"),
    **dict.fromkeys(("sync", "pull"), "say: ledger.merge(FILE)"),
    "restore": "a backup is a ledger like any other: Ledger(FILE).board()",
    **dict.fromkeys(("said", "source", "statement", "pundit"), _QUOTE),
    **dict.fromkeys(("import", "load", "read"), _IMPORT),
    "register": _CATALOG,
    **dict.fromkeys(("import-forecasts", "import-resolutions", "import-csv", "import-table", "import-excel"), _TABLE),
    **dict.fromkeys(("from-csv", "read-csv", "load-csv", "read-excel"), _TABLE),
    **dict.fromkeys(("judge", "settle", "close", "annul", "void", "invalidate"), _ANNUL),
    **dict.fromkeys(("reopen", "unresolve", "overrule"), _AGAIN),
    **dict.fromkeys(("vs", "versus"), _COMPARE),
    **dict.fromkeys(("rank", "ranking", "standings", "top", "best", "winners", "leaders"), _RANKING),
    **dict.fromkeys(("score", "scores", "brier", "calibration", "stats", "accuracy"), _SCORES),
    **dict.fromkeys(("todo", "pending", "waiting", "overdue", "next", "upcoming", "unresolved"), _DUE),
    **dict.fromkeys(("evidence", "news"), _LOG),
    "log": f"{_LOG}, what was recorded is: ledger.history(CLAIM)",
    **dict.fromkeys(("note", "comment", "annotate"), _NOTE),
    **dict.fromkeys(("answer", "outcome", "verdict", "decide", "result"), _RESOLVE),
    **dict.fromkeys(("excel", "xlsx", "spreadsheet", "table"), _TABLE),
    **dict.fromkeys(("csv", "save", "dump", "download", "to-csv", "export-csv", "export-table"), _OUT),
    "help": "say: predictions -h, in Python: help(ledger)",
    "version": "say: predictions --version, in Python: predictions.__version__",
    "template": 'say: ledger.export("table", FILE, template=True)',
    **dict.fromkeys(("html", "page", "publish", "share"), "say: ledger.report(FILE)"),
    **dict.fromkeys(("check", "validate", "audit"), "say: ledger.verify()"),
    "copy": "say: ledger.backup(FILE)",
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
    **dict.fromkeys(("words", "scale"), "say: ledger.scales()"),
    **dict.fromkeys(("calendar", "ics", "remind", "agenda"), 'say: ledger.export("calendar", FILE)'),
    **dict.fromkeys(("plot", "chart", "graph"), "say: ledger.report(FILE)"),
    **dict.fromkeys(("who", "people", "forecasters"), _SCORES),
    "tags": "say: ledger.board(tag=TAG)",
    "sources": "say: ledger.board(source=SOURCE)",
    "topic": _SEARCH,
    "open": 'what is open is: ledger.board(status="open"), one claim: ledger.claim(CLAIM)',
}
OTHER_KEYWORDS = {  # words of other tables and tools for what is a column of the table, an option or a field here
    "text": ("prediction", "question", "statement", "claim text", "title"),
    "deadline": ("due", "until", "resolve by", "resolves by", "by date", "by when", "due date", "end"),
    "claim": ("slug", "claim slug"),
    "id": ("key", "question id"),
    "by": ("forecaster", "who", "name", "user", "predictor", "speaker", "said by"),
    "p": ("probability", "forecast", "chance", "confidence", "prob", "likelihood", "how likely"),
    "made_at": ("made", "made on", "date made", "date", "created", "forecast date"),
    "said_on": ("said", "published"),
    "link": ("url", "source url"),
    "source": ("publication",),
    "opens_on": ("opens", "start", "asked"),
    "options": ("choices",),
    "between": ("range",),
    "outcome": ("resolution", "result", "answer", "resolved"),
    "known_on": ("known", "resolved at", "resolved on"),
    "happened_on": ("happened",),
    "evidence": ("sources", "proof"),
    "tags": ("category", "labels"),
    "note": ("comment", "rationale"),
}
_DAYS = ("date", "day", "on", "at", "when")
OTHER_OPTIONS = {  # words for an option; where several have a word, the first that the verb has is meant
    "said_on": _DAYS,
    "happened_on": _DAYS,
    "made_at": _DAYS,
    "published": _DAYS,
    "deadline": _DAYS,
    "as_of": (*_DAYS, "until"),
    "by": ("person", "author", "expert", "people", "mine"),
    "search": ("topic", "find", "query", "text", "about", "keyword", "grep"),
    "tag": ("topic", "category", "label", "tags"),
    "window": ("since", "from", "year", "period"),
    "file": ("output", "out", "o"),
    "top": ("limit", "count", "max", "first", "n"),
    "full": ("all", "verbose", "details", "long", "v"),
    "outcome": ("yes", "no", "true", "false"),
    "note": ("why", "because", "reason"),
    "reason": ("why", "because", "note", "comment"),
}
STATUSES = {  # words for where a claim stands, which are no options
    **{word: word for word in ("open", "due", "overdue", "settled")},
    **dict.fromkeys(("resolved", "closed", "done", "decided"), "settled"),
    **dict.fromkeys(("pending", "waiting", "todo"), "due"),
}
NEVER_SUGGESTED = frozenset({"redact", "withdraw", "retract", "keygen"})  # they destroy or reveal
OF_THE_LEDGER = ("add", "quote", "forecast", "log_evidence", "resolve", "correct", "scorecard", "report", "export")
_OF_RESULTS = {
    **dict.fromkeys(("plot", "chart"), "plot_scores"),
    **dict.fromkeys(("calibration", "reliability_curve"), "reliability"),
    **dict.fromkeys(("people", "who"), "forecasters"),
    **dict.fromkeys(("frame", "columns", "data", "records"), "rows"),
    **dict.fromkeys(("versus", "vs", "against"), "compare"),
    **dict.fromkeys(("df", "to_df", "to_frame", "to_pandas", "dataframe", "to_csv", "table"), "rows"),
    **dict.fromkeys(("json", "to_json", "dict", "as_dict"), "to_dict"),
    **dict.fromkeys(("text", "show", "print"), "screen"),
}


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


def led_on(word: str, names: Iterable[str], unknown: str) -> str:
    """Say what is meant by a word that is no verb: what it means elsewhere, else the nearest of *names*.

    Args:
        word: What was typed.
        names: The verbs there are.
        unknown: The sentence where nobody knows.

    >>> led_on("forecst", ["forecast"], "Ledger has no attribute 'forecst'")
    "Ledger has no attribute 'forecst'; did you mean 'forecast'?"
    """
    near = did_you_mean(word, [name for name in names if name not in NEVER_SUGGESTED])
    return meant_by(word) or (f"{unknown}{near}" if near else meant_nearly(word) or unknown)


def no_attribute(owner: object, name: str) -> str:
    """Say that a result has no attribute of that name, and which is meant; or that it is a verb of the ledger."""
    unknown = f"{type(owner).__name__} has no attribute {name!r}"
    names = [] if name.startswith("_") else [known for known in dir(owner) if not known.startswith("_")]
    if _OF_RESULTS.get(name) in names:
        return f"{unknown}; did you mean {_OF_RESULTS[name]!r}?"
    if name in OF_THE_LEDGER:
        return f"{unknown}; that is a verb of the ledger: ledger.{name}(...)"
    if not name.startswith("_") and (said := MEANT.get(name.replace("_", "-"))):
        return f"{unknown}; {said}"
    near = get_close_matches(name, names, n=1, cutoff=0.75)
    return f"{unknown}; did you mean {near[0]!r}?" if near else unknown


def keyword_meant(word: str, names: Iterable[str]) -> str | None:
    """Return the one of the *names* of keywords or fields that another word stands for; None where none does.

    >>> keyword_meant("until", ["text", "deadline"]), keyword_meant("until", ["text"])
    ('deadline', None)
    """
    plain, known = word.strip("-").replace("-", " ").replace("_", " ").lower(), set(names)
    if (same := plain.replace(" ", "_")) in known:
        return same
    tables = (OTHER_KEYWORDS, OTHER_OPTIONS)
    return next((name for table in tables for name in table if name in known and plain in table[name]), None)
