"""The closed sets of words that a field may hold; each is also a small word table in the file."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """What sort of publication a source is."""

    ARTICLE = "article"
    BOOK = "book"
    FILING = "filing"
    LEDGER = "ledger"
    PLATFORM = "platform"
    POST = "post"
    REPORT = "report"
    TALK = "talk"
    SELF = "self"
    OTHER = "other"


class ClaimType(StrEnum):
    """What a claim asks, which decides the form of its forecasts and how it can come out."""

    YES_NO = "yes-no"
    EVENTS = "events"
    ALL_OF = "all-of"
    ANY_OF = "any-of"
    CHOICE = "choice"
    ORDERED = "ordered"
    NUMBER = "number"
    DATE = "date"


class Axis(StrEnum):
    """The axis on which a number is forecast and scored."""

    LINEAR = "linear"
    LOG = "log"


class Sourcing(StrEnum):
    """How much evidence an event needs before it counts fully, and not provisionally."""

    ANY = "any"
    ONE_PRIMARY_OR_TWO_ESTABLISHED = "one-primary-or-two-established"


class Reliability(StrEnum):
    """How far the recorder trusts a piece of evidence."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Grade(StrEnum):
    """Where evidence comes from: the people concerned, an outlet with an editor, or anything else."""

    PRIMARY = "primary"
    ESTABLISHED = "established"
    OTHER = "other"


class Read(StrEnum):
    """How much of the evidence its recorder read."""

    PAGE = "page"
    SUMMARY = "summary"
    CITATION = "citation"


class Bears(StrEnum):
    """What a piece of evidence says about a claim."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NEAR_MISS = "near-miss"
    CONTEXT = "context"
    BASE_RATE = "base-rate"


class ForecasterKind(StrEnum):
    """Who or what forecasts."""

    PERSON = "person"
    PUBLICATION = "publication"
    MODEL = "model"
    CROWD = "crowd"
    REFERENCE = "reference"


PLATFORMS = (  # each has a module with its name in exchange/platforms
    "fatebook", "forecastbench", "kalshi", "manifold", "metaculus", "polymarket", "predictionbook",
)  # fmt: skip
DERIVED = frozenset({ForecasterKind.CROWD, ForecasterKind.REFERENCE})  # their forecasts follow from others' or a rule
PRICE = "price"  # the account of a market's price
AVERAGES = ("geometric-mean", "metaculus-prediction", "recency-weighted", "single-aggregation", "unweighted")
CROWDS_OF_PLATFORMS = frozenset(  # the slugs of crowds on platforms; the averages are those of Metaculus
    {*(f"{platform}-{PRICE}" for platform in PLATFORMS), *(f"metaculus-{method}" for method in AVERAGES)}
)


class Outcome(StrEnum):
    """How a claim came out."""

    YES = "yes"
    NO = "no"
    FRACTION = "fraction"
    OPTION = "option"
    VALUE = "value"
    AMBIGUOUS = "ambiguous"
    ANNULLED = "annulled"


HOUSE = "house"  # the scale on which words are read, unless another is named
AS_READ = "as-read"  # in place of a scale, if the recorder gave the range of the words
UNDECIDED = frozenset({Outcome.AMBIGUOUS, Outcome.ANNULLED})  # outcomes that decide nothing; any type of claim has them
