"""Probabilities for words such as "likely": published scales, and one convention of our own.

A scale gives each of its words a range of probabilities and a point within it. If the publisher gives only the range,
the point is its middle, which is our reading and not the publisher's; each scale says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

__all__ = ["SCALES", "Imputed", "Scale", "impute"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale of estimative language.

    Attributes:
        name: The name under which :func:`impute` takes it.
        source: Who published it, and where.
        points: Where the points within the ranges come from.
        words: Each word or phrase with its (low, point, high).
    """

    name: str
    source: str
    points: str
    words: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Imputed:
    """A probability read from words.

    Attributes:
        low: The low end of the range that the scale gives.
        point: The point within it that is taken.
        high: The high end.
        words: The words, in small letters.
        scale: The name of the scale.
        source: Who published it.
    """

    low: float
    point: float
    high: float
    words: str
    scale: str
    source: str


def impute(words: str, *, scale: str) -> Imputed:
    """Read a probability from words, on a named scale; there is no default scale, because they disagree.

    Capitals and extra spaces do not matter. Raises ValueError for a scale we do not have and for words the
    scale does not hold, naming what it does hold.

    Source: Kent (1964), ICD 203 (2015), IPCC (2010), UK PHIA yardstick (2018); each scale of `SCALES` cites its own.

    >>> impute("Likely", scale="icd-203").point
    0.675
    >>> impute("likely", scale="ipcc").low
    0.66
    """
    if scale not in SCALES:
        raise ValueError(f"no scale {scale!r}; there are {', '.join(sorted(SCALES))}")
    if not isinstance(words, str):
        raise ValueError(f"{words!r} are no words; give text, such as 'likely'")
    known = SCALES[scale]
    phrase = " ".join(words.lower().split())
    if phrase not in known.words:
        raise ValueError(f"{words!r} is not on the scale {scale!r}; {_instead(phrase, known)}")
    low, point, high = known.words[phrase]
    return Imputed(low, point, high, phrase, scale, known.source)


def _instead(phrase: str, scale: Scale) -> str:
    """Suggest the nearest phrase of a scale, and say what it holds."""
    near = get_close_matches(phrase, scale.words, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return f"{meant}it holds {next(iter(scale.words))!r} and {len(scale.words) - 1} more"


def _middles(ranges: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[float, float, float]]:
    """Turn percent ranges into probabilities, with the middle as the point."""
    return MappingProxyType({word: (low / 100, (low + high) / 200, high / 100) for word, (low, high) in ranges.items()})


_MIDDLE_IS_OURS = "The publisher gives ranges only; the point is the middle of the range, which is our reading."

_KENT = Scale(
    name="kent-1964",
    source='Sherman Kent, "Words of Estimative Probability", Studies in Intelligence 8(4), Fall 1964, CIA: '
    "the chart of five odds, each 'give or take about' so many percent.",
    points="The point is Kent's own figure (93, 75, 50, 30, 7%), the range that of 'give or take about'.",
    words=_middles(
        {
            "almost certain": (87, 99),
            "almost certainly": (87, 99),
            "probable": (63, 87),
            "probably": (63, 87),
            "chances about even": (40, 60),
            "probably not": (20, 40),
            "almost certainly not": (2, 12),
        }
    ),
)

_ICD_203 = Scale(
    name="icd-203",
    source="Office of the Director of National Intelligence, Intelligence Community Directive 203, Analytic "
    "Standards, 2 January 2015, section D.6.e(2)(a): two rows of seven terms.",
    points=_MIDDLE_IS_OURS,
    words=_middles(
        {
            "almost no chance": (1, 5),
            "remote": (1, 5),
            "very unlikely": (5, 20),
            "highly improbable": (5, 20),
            "unlikely": (20, 45),
            "improbable": (20, 45),
            "improbably": (20, 45),
            "roughly even chance": (45, 55),
            "roughly even odds": (45, 55),
            "likely": (55, 80),
            "probable": (55, 80),
            "probably": (55, 80),
            "very likely": (80, 95),
            "highly probable": (80, 95),
            "almost certain": (95, 99),
            "almost certainly": (95, 99),
            "nearly certain": (95, 99),
        }
    ),
)

_IPCC = Scale(
    name="ipcc",
    source="Mastrandrea et al., Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on "
    "Consistent Treatment of Uncertainties, 2010, table 1, with the three further terms of the Fourth "
    "Assessment ('extremely likely', 'more likely than not', 'extremely unlikely') that the Fifth kept.",
    points=f"{_MIDDLE_IS_OURS} The ranges are nested: 'likely' reaches up to 100%.",
    words=_middles(
        {
            "virtually certain": (99, 100),
            "extremely likely": (95, 100),
            "very likely": (90, 100),
            "likely": (66, 100),
            "more likely than not": (50, 100),
            "about as likely as not": (33, 66),
            "unlikely": (0, 33),
            "very unlikely": (0, 10),
            "extremely unlikely": (0, 5),
            "exceptionally unlikely": (0, 1),
        }
    ),
)

_PHIA = Scale(
    name="uk-phia",
    source="Professional Head of Intelligence Assessment, Cabinet Office (UK), PHIA Probability Yardstick, "
    "2018; explained in 'Explaining Uncertainty in UK Intelligence Assessment', gov.uk, 24 March 2025. The "
    "gaps between its ranges are the publisher's; 'realistic possibility' ends just below 50%.",
    points=_MIDDLE_IS_OURS,
    words=_middles(
        {
            "remote chance": (0, 5),
            "highly unlikely": (10, 20),
            "unlikely": (25, 35),
            "realistic possibility": (40, 50),
            "likely": (55, 75),
            "probable": (55, 75),
            "probably": (55, 75),
            "likely or probable": (55, 75),
            "highly likely": (80, 90),
            "almost certain": (95, 100),
        }
    ),
)

# Pundits write "will" and "likely" far more often than they name a scale. The published ranges for one word differ
# (likely: 55 to 75, 55 to 80, 66 to 100 %), so ours are wide, round, and the same above as below one half.
_HOUSE = Scale(
    name="house",
    source="Our own convention, in no published scale: what the common words of print are taken for where no scale is "
    "named; a bare 'will' has no word of doubt.",
    points="Range and point are ours: wide enough for what the published scales say of the same word, and short of "
    "certain because nobody asked for a number.",
    words=MappingProxyType(
        {
            "will": (0.80, 0.90, 0.99),
            "will not": (0.01, 0.10, 0.20),
            "almost certain": (0.90, 0.95, 0.99),
            "almost certainly": (0.90, 0.95, 0.99),
            "very likely": (0.80, 0.90, 0.97),
            "highly likely": (0.80, 0.90, 0.97),
            "likely": (0.60, 0.75, 0.90),
            "probable": (0.60, 0.75, 0.90),
            "probably": (0.60, 0.75, 0.90),
            "even chance": (0.40, 0.50, 0.60),
            "unlikely": (0.10, 0.25, 0.40),
            "improbable": (0.10, 0.25, 0.40),
            "probably not": (0.10, 0.25, 0.40),
            "very unlikely": (0.03, 0.10, 0.20),
            "highly unlikely": (0.03, 0.10, 0.20),
            "almost certainly not": (0.01, 0.05, 0.10),
        }
    ),
)

SCALES: Mapping[str, Scale] = MappingProxyType({scale.name: scale for scale in (_KENT, _ICD_203, _IPCC, _PHIA, _HOUSE)})
"""The scales by name: kent-1964, icd-203, ipcc, uk-phia, and house (ours)."""
