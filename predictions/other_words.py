"""Other names for what the library has: headers of other tables, keywords and verbs of other tools, removed verbs.

The sentences are spelled for Python; the command line spells the calls in them as they are typed. `redact` is never
suggested: it reveals that something was there, and cannot be taken back once the copy is out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
_TABLE = 'say: ledger.import_from("table", FILE)'
_ANNUL = 'say: ledger.resolve(CLAIM, "annulled", reason="...")'
_COMPARE = "say: ledger.compare(A, B)"
_RANKING = "say: ledger.leaderboard()"
_CLAIM = "say: ledger.claim(CLAIM)"
_HEAD = "say: ledger.verify(head=FILE)"
_SCORES = "say: ledger.scorecard()"
_CROWD = "say: ledger.scorecard(crowds=True)"
_DUE = "what waits is: ledger.due()"
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

_MEANINGS = {
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
    _TABLE: "import-forecasts import-resolutions import-csv import-table import-excel from-csv read read-csv load-csv "
    "read-excel excel xlsx spreadsheet table csv-import ingest upload",
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
    _DUE: "todo pending waiting overdue next upcoming unresolved expired late deadline deadlines inbox tasks",
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
OTHER_LANGUAGES = {  # what German, French, Spanish, Italian, Portuguese and Dutch tables call a column; none is English
    "text": (
        "Frage", "Vorhersage", "Prognose", "Aussage", "Behauptung", "prédiction", "prévision", "énoncé", "affirmation",
        "pregunta", "predicción", "pronóstico", "afirmación", "domanda", "previsione", "affermazione", "pergunta",
        "previsão", "afirmação", "vraag", "voorspelling", "stelling",
    ),
    "deadline": (
        "Frist", "Stichtag", "Bis", "Bis wann", "Termin", "Fällig", "Fällig am", "Enddatum", "échéance", "date limite",
        "date butoir", "jusqu'au", "fecha límite", "plazo", "hasta", "vencimiento", "scadenza", "entro", "prazo",
        "data limite", "até", "einddatum", "uiterlijk",
    ),
    "by": (
        "Wer", "Prognostiker", "Von wem", "qui", "auteur", "prévisionniste", "nom", "quién", "autor", "nombre", "chi",
        "autore", "nome", "quem", "wie", "naam",
    ),
    "p": (
        "Wahrscheinlichkeit", "Prozent", "probabilité", "probabilidad", "probabilità", "probabilidade", "kans",
        "waarschijnlijkheid",
    ),
    "made_at": ("Datum", "Erstellt", "Erstellt am", "Abgegeben am", "fecha", "datum"),
    "outcome": (
        "Ergebnis", "Ausgang", "Eingetreten", "résultat", "resultado", "risultato", "esito", "uitkomst", "resultaat",
    ),
    "known_on": ("Bekannt am", "connu le", "conocido el"),
    "source": ("Quelle", "fuente", "fonte", "bron"),
    "reason": ("Begründung", "raison", "razón", "motivo"),
    "note": ("Notiz", "Anmerkung", "Bemerkung", "Kommentar", "commentaire", "remarque", "comentario", "opmerking"),
}  # fmt: skip
_DAYS = ("date", "day", "on", "at", "when")
OTHER_OPTIONS = {  # words for an option; where several have a word, the first that the verb has is meant
    "said_on": _DAYS,
    "happened_on": _DAYS,
    "made_at": _DAYS,
    "published": _DAYS,
    "deadline": _DAYS,
    "as_of": (*_DAYS, "until"),
    "by": ("person", "author", "expert", "people", "mine"),
    "search": ("topic", "find", "query", "text", "about", "keyword", "grep", "title", "question"),
    "tag": ("topic", "category", "label", "tags"),
    "tags": ("topic", "label", "tag"),
    "type": ("kind", "claim type"),
    "window": ("since", "from", "year", "period"),
    "excerpt": ("text", "quote", "quotation", "passage", "description", "summary"),
    "publisher": ("source", "publication", "outlet", "author", "by", "who"),
    "criteria": ("description", "details", "rules", "fine print", "resolution criteria"),
    "slug": ("id", "key", "short name"),
    "file": ("output", "out", "o", "path", "to"),
    "files": ("file", "input", "in", "path", "i"),
    "format": ("type", "kind", "platform"),
    "what": ("format", "type", "kind"),
    "delimiter": ("sep", "separator"),
    "zone": ("tz", "timezone", "time zone"),
    "sheet": ("tab", "worksheet"),
    "skip_lines": ("skip", "skip rows", "skiprows"),
    "days": ("date format", "dates", "day", "dayfirst", "day first"),
    "top": ("limit", "count", "max", "first", "n"),
    "full": ("all", "verbose", "details", "long", "v"),
    "claim": ("id", "question", "title"),
    "outcome": ("yes", "no", "true", "false", "value", "number", "option", "verdict", "p", "probability"),
    "note": ("why", "because", "reason", "notes"),
    "reason": ("why", "because", "note", "notes", "comment"),
    "why": ("note", "notes", "comment", "reason", "because"),
    "a": ("by", "who", "forecaster", "person", "name"),
}
OF_VERDICTS = ("url", "link", "evidence", "source", "sources", "proof")  # what `resolve` takes as `because`
OTHER_FIELDS = {  # by the kind of a record: names by which verbs and people call its fields
    "forecaster": {"name": "title", "by": "title"},
    "source": {"name": "title", "said_on": "published", "published_on": "published", "day": "published"},
    "evidence": {"name": "title", "on": "happened", "happened_on": "happened", "published_on": "published"},
    "event": {"on": "happened", "happened_on": "happened", "name": "title"},
    "bearing": {"counts": "event", "bear": "bears"},
    "statement": {"by": "speaker", "wording": "text", "note": "notes"},
    "forecast": {"probability": "p"},
}
STATUSES = {  # words for where a claim stands, which are no options
    **{word: word for word in ("open", "due", "overdue", "settled")},
    **dict.fromkeys(("resolved", "closed", "done", "decided"), "settled"),
    **dict.fromkeys(("pending", "waiting", "todo"), "due"),
}
TAKE_BACK = frozenset({"withdraw", "retract"})
HIDDEN = frozenset({"redact", "keygen"})
NEVER_SUGGESTED = HIDDEN | TAKE_BACK  # they destroy or reveal
SHORT, WORDS = 4, 3  # letters of a short word; words of what may be a verb, where longer ones are slugs
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
    return _said(word, MEANT.get(word.replace("_", "-")))


def _said(word: str, said: str | None) -> str | None:
    return said if said is None or said is _NOTHING_DELETED else f"no verb {word!r}; {said}"


def _meant_in_part(word: str, names: Collection[str], unknown: str) -> str | None:
    """Say what is meant by a word of several, such as "export-all": the first that is a verb, else the first known."""
    parts = word.replace("_", "-").split("-")
    if not 1 < len(parts) <= WORDS or HIDDEN & {*parts}:
        return None
    if TAKE_BACK & {*parts}:
        return _NOTHING_DELETED
    if verb := next((part for part in parts if part in names), None):
        return f"{unknown}; did you mean {verb!r}?"
    return _said(word, next((MEANT[part] for part in parts if part in MEANT), None))


def _meant_nearly(word: str) -> str | None:
    """Say what is meant by a word that is all but one of those; short words are near to too many."""
    near = get_close_matches(word, MEANT, n=1, cutoff=0.85) if len(word) > SHORT else []
    return _said(word, MEANT[near[0]]) if near else None


def led_on(word: str, names: Collection[str], unknown: str) -> str:
    """Say what is meant by a word that is no verb: what it means elsewhere, else the nearest of *names*.

    Args:
        word: What was typed.
        names: The verbs there are.
        unknown: The sentence where nobody knows.

    >>> led_on("forecst", ["forecast"], "Ledger has no attribute 'forecst'")
    "Ledger has no attribute 'forecst'; did you mean 'forecast'?"
    >>> led_on("serch", ["forecast"], "no verb 'serch'")
    "no verb 'serch'; say: ledger.board(search=TEXT)"
    """
    offered = [name for name in names if name not in NEVER_SUGGESTED]
    near = get_close_matches(word, offered, n=1, cutoff=0.7)
    typo = f"{unknown}; did you mean {near[0]!r}?" if near else None
    return meant_by(word) or _meant_in_part(word, offered, unknown) or typo or _meant_nearly(word) or unknown


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
    meant = next((name for table in tables for name in table if name in known and plain in table[name]), None)
    rests_on = {"because", "outcome"} <= known and plain in OF_VERDICTS
    return meant or ("because" if rests_on else None)


def field_meant(noun: str, name: str) -> str | None:
    """Return the field of a record of that kind that is called otherwise in a verb or by people.

    >>> field_meant("forecaster", "name")
    'title'
    """
    return OTHER_FIELDS.get(noun, {}).get(name)


def known_elsewhere(word: str) -> bool:
    """Tell whether a word is one of other tools, which is no slip for the option whose letters are near."""
    every = {plain for table in (OTHER_KEYWORDS, OTHER_OPTIONS) for name in table for plain in (name, *table[name])}
    return word.strip("-").replace("-", " ") in every | {"force", "quiet", "silent"}


def keyword_note(word: str, names: Iterable[str]) -> str | None:
    """Say which keyword another tool's word stands for, or which is near to a slip; None where nobody knows.

    >>> keyword_note("until", ["text", "deadline"])
    "no keyword 'until' here; did you mean deadline=?"
    """
    known = [*names]
    near = [] if known_elsewhere(word) else get_close_matches(word, known, n=1, cutoff=0.7)
    meant = keyword_meant(word, known) or next(iter(near), None)
    return f"no keyword {word!r} here; did you mean {meant}=?" if meant else None
