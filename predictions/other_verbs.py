"""Advice on words that are not verbs here, from other tools or old versions: the verb that is meant.

The sentences are written for Python; the command line rewrites the calls in them as commands. `redact` is never
suggested: it reveals that something was there, and cannot be undone once the copy is given away.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from predictions.enums import PLATFORMS

_CORRECT = 'a slip is put right with: ledger.correct(CLAIM, text="...")'
_NOTHING_DELETED = (
    "nothing is deleted here; take back a forecast: withdraw, evidence: retract, a claim: "
    'resolve(CLAIM, "annulled"), a slip of today: correct'
)
_FORECAST = "how likely it is, is said with: ledger.forecast(CLAIM, 0.7)"
_NEWS = "a new number on a claim is: ledger.forecast(CLAIM, 0.7), " + _CORRECT
_LIST = "the list is: ledger.board()"
_LOOK = f"{_LIST}, one claim: ledger.claim(CLAIM)"
_SEARCH = "say: ledger.board(search=TEXT)"
_SETTLED = 'what has a verdict is: ledger.board(status="settled")'
_PREDICT = "a new prediction is: add, a number on one that stands: forecast"
_QUOTE = "what somebody said is: quote(WHO, TEXT)"
_CATALOG = 'say: ledger.import_from("catalog", FILE)'
_SAY_IMPORT_TABLE = 'say: ledger.import_from("table", FILE)'
_ANNUL = 'say: ledger.resolve(CLAIM, "annulled", reason="...")'
_COMPARE = "say: ledger.compare(A, B)"
_RANKING = "say: ledger.leaderboard()"
_CLAIM = "say: ledger.claim(CLAIM)"
_HEAD = "say: ledger.verify(head=FILE)"
_SCORES = "say: ledger.scorecard()"
_CROWD = "say: ledger.scorecard(crowds=True)"
_SAY_DUE = "what waits is: ledger.due()"
_LOG = 'say: ledger.log_evidence(CLAIM, LINK, "TITLE")'
_NOTE = 'a note goes with a number: ledger.forecast(CLAIM, 0.7, note="...")'
_AGAIN = 'a verdict is replaced with: ledger.resolve(CLAIM, OUTCOME, reason="...")'
_RESOLVE = "say: ledger.resolve(CLAIM, OUTCOME)"
_OUT = 'say: ledger.export("table", FILE)'
_PAGE = "say: ledger.report(FILE)"
_MERGE = "say: ledger.merge(FILE)"
_CALENDAR = 'say: ledger.export("calendar", FILE)'
_FILE = "say: predictions --ledger FILE, in Python: Ledger(FILE)"
_ME = "say: predictions --me NAME, in Python: Ledger(FILE, me=NAME)"

_MEANINGS = {  # the advice, and the words for which it is given
    _CORRECT: "edit change update rename fix amend",
    _NEWS: "revise set reforecast",
    _NOTHING_DELETED: "delete remove rm undo forget erase drop cancel clear kill destroy hide archive del revert",
    _FORECAST: "probability odds chance add-forecast new-forecast forecast-add estimate",
    _LIST: "list ls show status claims statements predictions questions summary overview dashboard home ui main all",
    _LOOK: "view print see get display cat info describe details",
    _SEARCH: "search find topic grep filter query",
    _SETTLED: "settled resolved closed done decided resolutions verdicts finished",
    _PREDICT: "predict prediction new create question bet ask guess record track vote wager add-claim add-prediction "
    "claim-add new-claim create-claim make",
    _QUOTE: "said source statement pundit expert add-quote new-quote",
    _CATALOG: "import load register",
    _SAY_IMPORT_TABLE: "import-forecasts import-resolutions import-csv import-table import-excel from-csv read "
    "read-csv load-csv read-excel excel xlsx spreadsheet table csv-import ingest upload",
    _ANNUL: "annul void invalidate",
    _AGAIN: "reopen unresolve overrule",
    _RESOLVE: "judge settle close "
    "answer outcome verdict decide result mark finish complete win won lose lost true false yes no right "
    "wrong hit miss missed happened came-true",
    _COMPARE: "vs versus against beat",
    _RANKING: "rank ranking standings top best winners leaders leader",
    _SCORES: "score scores brier calibration stats accuracy who people forecasters log-score skill metrics metric "
    "performance statistics results users profile members",
    _CROWD: "crowd crowds average median consensus aggregate mean pool",
    _SAY_DUE: "todo pending waiting overdue next upcoming unresolved expired late deadline deadlines inbox tasks",
    _LOG: "evidence news add-evidence new-evidence evidence-add link attach cite article",
    f"{_LOG}, what was recorded is: ledger.history(CLAIM)": "log",
    _NOTE: "note comment annotate",
    _CLAIM: "tally",
    "say: ledger.claim(CLAIM, readings=True)": "readings",
    "say: predictions due --walk, in Python: ledger.due()": "review walk",
    "say: ledger.log_evidence(CLAIM, EVIDENCE)": "bear",
    _OUT: "csv save dump download to-csv export-csv export-table write export-excel",
    _PAGE: "html page publish share plot chart graph pdf web site website email mail send export-html draw",
    "say: ledger.verify()": "check validate audit integrity test",
    _HEAD: "consistency",
    "say: ledger.head(sign=FILE)": "sign-head sign",
    "say: ledger.prove(WHAT)": "proof",
    "say: ledger.backup(FILE)": "copy clone snapshot duplicate",
    "a backup is a ledger like any other: Ledger(FILE).board()": "restore",
    _MERGE: "sync pull push combine join",
    _CALENDAR: "calendar ics remind reminder agenda export-ics",
    'say: ledger.export("parquet", FOLDER)': "export-parquet parquet",
    'say: ledger.export("sqlite", FILE)': "export-sqlite sql sqlite",
    'say: ledger.export("datasette", FOLDER)': "datasette-metadata datasette",
    "say: ledger.scales()": "words scale",
    "say: ledger.board(tag=TAG)": "tags",
    'say: ledger.correct(CLAIM, tags="A,B")': "tag untag label category",
    "say: ledger.board(source=SOURCE)": "sources",
    "say: ledger.explain(FIGURE)": "why",
    'what is open is: ledger.board(status="open"), one claim: ledger.claim(CLAIM)': "open active",
    'say: ledger.export("table", FILE, template=True)': "template",
    "say: predictions -h, in Python: help(ledger)": "help usage commands verbs",
    "say: predictions --version, in Python: predictions.__version__": "version",
    "every verb prints JSON with --json, in Python: result.to_dict()": "json export-json to-json",
    "say: predictions --ledger FILE init, in Python: Ledger(FILE)": "start setup new-ledger create-ledger",
    _FILE: "ledger file db database use switch path connect",
    _ME: "me user whoami login account author",
}
MEANT = {
    **{word: said for said, words in _MEANINGS.items() for word in words.split()},
    **{name: f'say: ledger.import_from("{name}", FILE)' for name in PLATFORMS},
}
TAKE_BACK = frozenset({"withdraw", "retract"})
HIDDEN = frozenset({"redact", "keygen"})
NEVER_SUGGESTED = HIDDEN | TAKE_BACK  # for a misspelling: they destroy or reveal something
SHORT_WORD_LETTERS = 4
MOST_VERB_WORDS = 3  # words with hyphens between that may be a verb; more of them are a slug
MOST_BEGUN_VERBS = 3
OF_THE_LEDGER = ("add", "quote", "forecast", "log_evidence", "resolve", "correct", "scorecard", "report", "export")
_OF_RESULTS = {  # by a name that is no attribute of a result, the attribute that is meant
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
    """Return what to say to a word that is not a verb, in one sentence; None for an unknown word.

    >>> meant_by("vs")
    "no verb 'vs'; say: ledger.compare(A, B)"
    """
    return _sentence(word, MEANT.get(word.replace("_", "-")))


def _sentence(word: str, advice: str | None) -> str | None:
    """Return the message for a word with its advice; the one that nothing is deleted needs no introduction."""
    return advice if advice is None or advice is _NOTHING_DELETED else f"no verb {word!r}; {advice}"


def _meant_in_part(word: str, names: Collection[str], unknown: str) -> str | None:
    """Return what to say to an unknown verb of several words with hyphens, such as "export-all"; None if nothing fits.

    It is the first that fits: that nothing is deleted, for a word such as "retract-claim"; the first part that is one
    of the verbs *names*, after the message *unknown*; the advice for the first part that has any.
    """
    parts = word.replace("_", "-").split("-")
    if not 1 < len(parts) <= MOST_VERB_WORDS or not HIDDEN.isdisjoint(parts):
        return None
    if not TAKE_BACK.isdisjoint(parts):
        return _NOTHING_DELETED
    if verb := next((part for part in parts if part in names), None):
        return f"{unknown}; did you mean {verb!r}?"
    return _sentence(word, next((MEANT[part] for part in parts if part in MEANT), None))


def _meant_nearly(word: str) -> str | None:
    """Return what to say to a misspelling of a word with advice; short words are near to too many."""
    near = get_close_matches(word, MEANT, n=1, cutoff=0.85) if len(word) > SHORT_WORD_LETTERS else []
    return _sentence(word, MEANT[near[0]]) if near else None


def _begun(word: str, names: Collection[str]) -> list[str]:
    """List the verbs that begin with a word; not for a single letter, with which too many begin."""
    start = word.replace("-", "_")
    return [name for name in names if len(word) > 1 and name.replace("-", "_").startswith(start)][:MOST_BEGUN_VERBS]


def led_on(word: str, names: Collection[str], unknown: str) -> str:
    """Return what to say to a word that is not a verb: the advice for it, or the verbs that it begins or is near.

    Args:
        word: The word that was typed.
        names: The verbs.
        unknown: The message if nothing is near.

    >>> led_on("forecst", ["forecast"], "Ledger has no attribute 'forecst'")
    "Ledger has no attribute 'forecst'; did you mean 'forecast'?"
    >>> led_on("exp", ["explain", "board", "export"], "no verb 'exp'")
    "no verb 'exp'; did you mean 'explain' or 'export'?"
    >>> led_on("serch", ["forecast"], "no verb 'serch'")
    "no verb 'serch'; say: ledger.board(search=TEXT)"
    """
    offered = [name for name in names if name not in NEVER_SUGGESTED]
    begun = _did_you_mean(unknown, _begun(word, offered))
    near = _did_you_mean(unknown, get_close_matches(word, offered, n=1, cutoff=0.7))
    return meant_by(word) or begun or _meant_in_part(word, offered, unknown) or near or _meant_nearly(word) or unknown


def _did_you_mean(unknown: str, verbs: Collection[str]) -> str | None:
    """Return the message for an unknown word that may mean one of some verbs; None if there is none."""
    return f"{unknown}; did you mean {' or '.join(map(repr, verbs))}?" if verbs else None


def no_attribute(owner: object, name: str) -> str:
    """Return the message that a result has no such attribute, with the one that is meant or a verb of the ledger."""
    unknown = f"{type(owner).__name__} has no attribute {name!r}"
    names = [] if name.startswith("_") else [attribute for attribute in dir(owner) if not attribute.startswith("_")]
    if _OF_RESULTS.get(name) in names:
        return f"{unknown}; did you mean {_OF_RESULTS[name]!r}?"
    if name in OF_THE_LEDGER:
        return f"{unknown}; that is a verb of the ledger: ledger.{name}(...)"
    if not name.startswith("_") and (advice := MEANT.get(name.replace("_", "-"))):
        return f"{unknown}; {advice}"
    near = get_close_matches(name, names, n=1, cutoff=0.75)
    return f"{unknown}; did you mean {near[0]!r}?" if near else unknown
