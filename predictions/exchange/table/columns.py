"""The columns of a table: names, other spellings, and headers that belong to something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from predictions.errors import short_repr
from predictions.forecaster_names import no_name
from predictions.importing.headers import Columns
from predictions.importing.near_headers import bare_header, simple
from predictions.other_words import OTHER_HEADERS, OTHER_KEYWORDS, OTHER_LANGUAGES

PERSON = "p:"  # begins the name of a column with one person's chances
_SIGNED = re.compile(r"(.*\S)\s*%\s*")
_QUANTILE = re.compile(r"[pq]?[0-9]{1,2}(?:th)?(?:percentile|quantile)|(?:percentile|quantile|[pq])[0-9]{1,2}")
_OWN_CHANCE = re.compile(r"p\s*:\s*(.*\S)\s*", re.IGNORECASE)
_SIGNS_OF_PLATFORMS = {  # columns that only a platform's file has
    "fatebook": ("Question title", "Forecast created by"),
    "predictionbook": ("creator_label", "last_judgement_at"),
    "metaculus": ("Question ID", "Forecaster Username"),
    "manifold": ("contractId", "probAfter"),
    "polymarket": ("conditionId", "outcomePrices"),
    "kalshi": ("ticker", "market_type"),
}

_IN_PERCENT = (f"{name}{sign}" for sign in ("%", "(%)", "in%") for name in ("p", *OTHER_KEYWORDS["p"]))
SPELLINGS = {**OTHER_KEYWORDS, "p": (*OTHER_KEYWORDS["p"], *_IN_PERCENT)}
LANGUAGES = {  # where a word is one of two, the English one counts
    bare_header(word): column
    for table in (OTHER_LANGUAGES, OTHER_HEADERS)
    for column, words in table.items()
    for word in words
}
_BY_HAND = "say it with add or quote, and name that claim in the column claim"
ELSEWHERE = {  # keywords of verbs that are not columns; if they were ignored, their cells would be missed
    "closesat": _BY_HAND,
    "given": _BY_HAND,
    "conditions": _BY_HAND,
    "condition": _BY_HAND,
    "reading": _BY_HAND,
    "notresolvable": _BY_HAND,
    "ordered": "options in an order are said so: low < mid < high",
    "because": "links that a verdict rests on go in the column evidence",
    "publishedin": "where it was said goes in the columns link and said_on",
    "dissent": "a second verdict is said with resolve",
    "likelihoodratio": "what evidence says is logged with log_evidence",
}
OF_FORECASTS = frozenset(("because", "shown"))  # columns of exported forecasts that a table does not have
FIRST = (
    "text",
    "deadline",
    "by",
    "p",
    "words",
    "said_on",
    "link",
    "made_at",
    "outcome",
    "known_on",
    "evidence",
    "note",
)
IN_ORDER = (  # in which they are written
    "text", "deadline", "claim", "id", "by", "p", "words", "scale", "low", "high", "quantiles", "option", "day",
    "at", "value", "withdrawn", "made_at", "said_on", "link", "source",
    "kind", "opens_on", "options", "unit", "between", "when", "at_least", "outcome",
    "known_on", "happened_on", "impossible", "reason", "evidence", "criteria", "wording", "tags", "cluster",
    "settle_days", "title", "note",
)  # fmt: skip


def person_of(header: str) -> str | None:
    """Return the full name of a column with one person's chances, as ``p:ana``; None for any other header.

    >>> person_of("p: ana"), person_of("Bob %"), person_of("Mood")
    ('p:ana', 'p:Bob', None)
    """
    match = _OWN_CHANCE.fullmatch(header.strip()) or _SIGNED.fullmatch(header.strip())
    return f"{PERSON}{match[1]}" if match else None


def wrong_header(header: str, among: Sequence[object] = ()) -> str | None:
    """Return what is wrong with a header: a keyword that is not a column, or a person's that names nobody; else None.

    In a file of exported forecasts (*among* are all its headers) their own columns are ignored, not refused.

    >>> wrong_header("2027 %")
    "'2027 %' would be the chances of a day; a column of chances is named p:WHO"
    """
    if _QUANTILE.fullmatch(simple(header)):
        return f"{short_repr(header)} is no column: quantiles go in one, quantiles, as 10%=2; 50%=4; else rename it"
    exported = OF_FORECASTS.issubset(map(simple, among)) and simple(header) in OF_FORECASTS
    if not exported and (advice := ELSEWHERE.get(simple(header))):
        return f"{short_repr(header)} is no column: {advice}; else rename it"
    name = (person_of(header) or "").removeprefix(PERSON)
    kind = no_name(name)  # such as "a day"; None for a name
    return f"{short_repr(header)} would be the chances of {kind}; a column of chances is named p:WHO" if kind else None


def export_of(header: Sequence[object]) -> tuple[str, Sequence[str]] | None:
    """Return the platform whose export has this header, and the columns that show it; None if none does."""
    names = {simple(name) for name in header}
    for platform, signs in _SIGNS_OF_PLATFORMS.items():
        if names.issuperset(map(simple, signs)):
            return platform, signs
    return None


def columns_for(
    file: str, rest: Callable[[Sequence[str], Collection[str]], Mapping[str, str]] | None = None
) -> Columns:
    """Return the columns of a table, for the messages about that *file*; *rest* names further ones by their headers."""

    def foreign(header: Sequence[object]) -> str | None:
        """Return the message for a platform's export; None for any other header."""
        export = export_of(header)
        if export is None:
            return None
        platform, signs = export
        return (
            f"this looks like {platform.capitalize()}'s export ({', '.join(signs)}); "
            f"say: predictions import-from {platform} {file}"
        )

    return Columns(
        "predictions", listed=FIRST, needed=("text", "deadline"),
        optional=tuple(name for name in IN_ORDER if name not in FIRST), spellings=SPELLINGS,
        instead={"text": ("claim",), "deadline": ("claim",)}, further=person_of, rest=rest, foreign=foreign,
        languages=LANGUAGES, wrong=wrong_header,
    )  # fmt: skip
