"""Other words for columns, keywords, options and fields: those of other tables, tools and languages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

OTHER_KEYWORDS = {  # by the name of a column, an option or a field, the words for it in other tables and tools
    "text": ("prediction", "question", "statement", "claim text", "title"),
    "deadline": ("due", "until", "resolve by", "resolves by", "by date", "by when", "due date", "end"),
    "claim": ("slug", "claim slug"),
    "id": ("key", "question id"),
    "by": (
        "forecaster", "who", "name", "user", "predictor", "speaker", "said by", "predicted by", "forecast by", "pundit",
    ),
    "p": ("probability", "forecast", "chance", "confidence", "prob", "likelihood", "how likely"),
    "made_at": ("made", "made on", "date made", "date", "created", "forecast date", "prediction date"),
    "said_on": ("said", "published"),
    "link": ("url", "source url"),
    "source": ("publication",),
    "opens_on": ("opens", "start", "asked"),
    "options": ("choices",),
    "between": ("range",),
    "outcome": ("resolution", "result", "answer", "resolved", "verdict", "came true"),
    "known_on": ("known", "resolved at", "resolved on"),
    "happened_on": ("happened",),
    "evidence": ("sources", "proof"),
    "tags": ("category", "labels"),
    "note": ("comment", "rationale"),
}  # fmt: skip
OTHER_HEADERS = {  # headers that mean a column only if no other header does; next to such a one they may mean anything
    "by": (
        "author", "analyst", "expert", "commentator", "columnist", "made by", "stated by", "claimed by", "quoted from",
        "by whom", "whose", "who said", "who predicted", "who made", "who forecast", "username", "user id", "handle",
        "account", "participant", "respondent", "person", "person predicting", "person making prediction",
    ),
    "p": (
        "credence", "certainty", "percent", "percentage", "my probability", "confidence level", "estimated probability",
        "probability of yes", "p yes",
    ),
    "made_at": (
        "timestamp", "predicted", "predicted on", "recorded", "recorded on", "entered", "entered on", "logged",
        "submitted", "added", "when made", "when predicted", "date added", "date entered", "date recorded",
        "date logged", "date submitted", "submission date", "entry date",
    ),
    "said_on": (
        "statement date", "publication date", "quote date", "quoted", "quoted on", "posted", "posted on", "date posted",
        "aired", "stated", "stated on", "when said", "when published", "interview date", "article date",
        "article published", "date of article", "day published", "published date", "quoted at", "day quoted",
    ),
    "link": ("source link", "article link", "link to source", "reference link", "web address", "hyperlink"),
    "outcome": (
        "true", "came out", "how came out", "correct", "was right", "right", "right or wrong", "right wrong",
        "true or false", "true false", "fulfilled", "happened or not", "did happen", "did come true", "come true",
        "came true or not", "actual", "actual outcome", "actual result", "final outcome", "final result", "resolved as",
        "resolved to",
    ),
    "known_on": (
        "resolution date", "verdict date", "outcome date", "result date", "decided", "decided on", "judged on",
    ),
    "happened_on": ("event date", "came true on", "occurred", "occurred on"),
}  # fmt: skip
OTHER_LANGUAGES = {  # headers in German, French, Spanish, Italian, Portuguese and Dutch; none is an English word
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
    "said_on": (
        "gesagt am", "veröffentlicht am", "veröffentlicht", "erschienen am", "Datum der Aussage", "publié le", "dit le",
        "paru le", "date de publication", "publicado el", "dicho el", "fecha de publicación", "pubblicato il",
        "detto il", "data di pubblicazione", "publicado em", "dito em", "data de publicação", "gezegd op",
        "gepubliceerd op", "datum van publicatie", "Datum der Veröffentlichung", "Veröffentlichungsdatum",
    ),
    "link": ("Verweis", "lien", "enlace", "collegamento", "ligação", "koppeling", "Netzadresse", "Webadresse"),
    "happened_on": (
        "Eingetreten am", "geschehen am", "passiert am", "arrivé le", "ocurrido el", "sucedió el", "accaduto il",
        "successo il", "ocorrido em", "aconteceu em", "gebeurd op",
    ),
    "opens_on": ("Beginnt am", "Ab wann", "Anfangsdatum", "date de début", "fecha de inicio", "data di inizio",
        "data de início", "begindatum"),
    "words": ("in Worten", "Wortlaut der Chance", "en mots", "en palabras", "in parole", "em palavras", "in woorden"),
    "evidence": ("Beleg", "Belege", "Nachweis", "preuve", "preuves", "prueba", "pruebas", "prova", "bewijs"),
    "criteria": ("Kriterien", "critères", "criterios", "criteri", "critérios"),
    "options": ("Optionen", "Antworten", "opciones", "opzioni", "opções", "opties"),
    "unit": ("Einheit", "unité", "unidad", "unità", "unidade", "eenheid"),
    "tags": ("Schlagworte", "Schlagwörter", "étiquettes", "etiquetas", "etichette", "trefwoorden"),
    "source": ("Quelle", "fuente", "fonte", "bron"),
    "reason": ("Begründung", "raison", "razón", "motivo"),
    "note": ("Notiz", "Anmerkung", "Bemerkung", "Kommentar", "commentaire", "remarque", "comentario", "opmerking"),
}  # fmt: skip
_NAMES_OF_DAYS = ("date", "day", "on", "at", "when")
OTHER_OPTIONS = {  # words for an option; if several options have a word, the first that the verb takes is meant
    "said_on": _NAMES_OF_DAYS,
    "happened_on": _NAMES_OF_DAYS,
    "made_at": _NAMES_OF_DAYS,
    "published": _NAMES_OF_DAYS,
    "deadline": _NAMES_OF_DAYS,
    "as_of": (*_NAMES_OF_DAYS, "until"),
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
OF_VERDICTS = ("url", "link", "evidence", "source", "sources", "proof")  # words for `because` of `resolve`
OTHER_FIELDS = {  # by the kind of a record: names that verbs and people have for its fields
    "forecaster": {"name": "title", "by": "title"},
    "source": {"name": "title", "said_on": "published", "published_on": "published", "day": "published"},
    "evidence": {"name": "title", "on": "happened", "happened_on": "happened", "published_on": "published"},
    "event": {"on": "happened", "happened_on": "happened", "name": "title"},
    "bearing": {"counts": "event", "bear": "bears"},
    "statement": {"by": "speaker", "wording": "text", "note": "notes"},
    "forecast": {"probability": "p"},
}
WORDS_FOR_A_STATUS = {  # words for the status of a claim, which are values and no options
    **{word: word for word in ("open", "due", "overdue", "settled")},
    **dict.fromkeys(("resolved", "closed", "done", "decided"), "settled"),
    **dict.fromkeys(("pending", "waiting", "todo"), "due"),
}


def keyword_meant(word: str, names: Iterable[str]) -> str | None:
    """Return which of the *names* of keywords or fields is meant by another word; None if none is.

    >>> keyword_meant("until", ["text", "deadline"]), keyword_meant("until", ["text"])
    ('deadline', None)
    """
    plain, choices = word.strip("-").replace("-", " ").replace("_", " ").lower(), set(names)
    if (same := plain.replace(" ", "_")) in choices:
        return same
    for table in (OTHER_KEYWORDS, OTHER_OPTIONS):
        for name, synonyms in table.items():
            if name in choices and plain in synonyms:
                return name
    is_resolve = {"because", "outcome"} <= choices
    return "because" if is_resolve and plain in OF_VERDICTS else None


def field_meant(noun: str, name: str) -> str | None:
    """Return the field of a kind of record that verbs or people call by another name; None if there is none.

    >>> field_meant("forecaster", "name")
    'title'
    """
    return OTHER_FIELDS.get(noun, {}).get(name)


def known_elsewhere(word: str) -> bool:
    """Return whether a word is one of other tools, and so not a misspelling of an option with similar letters."""
    words = {"force", "quiet", "silent"}
    for table in (OTHER_KEYWORDS, OTHER_OPTIONS):
        for name, synonyms in table.items():
            words.update((name, *synonyms))
    return word.strip("-").replace("-", " ") in words


def keyword_note(word: str, names: Iterable[str]) -> str | None:
    """Return the message which keyword is meant by another tool's word, or by a misspelling; None if none is.

    >>> keyword_note("until", ["text", "deadline"])
    "no keyword 'until' here; did you mean deadline=?"
    """
    keywords = [*names]
    near = [] if known_elsewhere(word) else get_close_matches(word, keywords, n=1, cutoff=0.7)
    meant = keyword_meant(word, keywords) or next(iter(near), None)
    return f"no keyword {word!r} here; did you mean {meant}=?" if meant else None
