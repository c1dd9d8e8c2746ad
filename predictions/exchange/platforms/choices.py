"""Questions of platforms with several answers: their options as slugs, and the shares that somebody gives to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from predictions.enums import ClaimType
from predictions.number_checks import DECIMAL_PLACES
from predictions.option_names import option_slugs_apart
from predictions.recording.shares import as_items, in_proportion

OTHER = "other"  # the option that none of the others comes true


def slugs_of(names: Iterable[str]) -> dict[str, str]:
    """Return the slug of each option, by its name; no two have the same.

    >>> slugs_of(["Lab A", "lab-a", "<10", "10+"])
    {'Lab A': 'lab-a', 'lab-a': 'lab-a-2', '<10': 'below-10', '10+': '10-plus'}
    """
    different = list(dict.fromkeys(names))
    return dict(zip(different, slugs_each(different), strict=True))


def slugs_each(names: Iterable[str]) -> list[str]:
    """Return a slug for each option, though several have one name; no two are the same.

    Names that would have one slug are numbered in the order of their letters: a later file may list them otherwise.

    >>> slugs_each(["lab-a", "Lab A"])
    ['lab-a-2', 'lab-a']
    """
    listed = list(names)
    places = sorted(range(len(listed)), key=listed.__getitem__)
    slugs = dict(zip(places, option_slugs_apart([listed[place] for place in places]), strict=True))
    return [slugs[place] for place in range(len(listed))]


def as_choice(options: Sequence[str], *, ordered: bool = False) -> dict[str, object]:
    """Return the fields of a claim that one of some options comes true, which may be *ordered*, lowest first."""
    return {"type": ClaimType.ORDERED if ordered else ClaimType.CHOICE, "options": tuple(options)}


def as_shares(chances: Mapping[str, float]) -> dict[str, object]:
    """Return the fields of a forecast that gives chances to options, made to sum to 1 where they are off by rounding.

    >>> as_shares({"a": 2 / 3, "b": 1 / 3})
    {'shares': [{'option': 'a', 'share': 0.666666666667}, {'option': 'b', 'share': 0.333333333333}]}
    """
    return {"shares": as_items(in_proportion(chances))}


def with_other(chances: Mapping[str, float]) -> dict[str, float] | None:
    """Add what is missing to 1 to the chance of :data:`OTHER`; None where the chances sum to more than 1.

    >>> with_other({"a": 0.6, "b": 0.3}), with_other({"a": 0.7, "b": 0.4})
    ({'a': 0.6, 'b': 0.3, 'other': 0.1}, None)
    """
    left = round(1 - sum(chances.values()), 9)
    return None if left < 0 else {**chances, OTHER: round(chances.get(OTHER, 0) + left, DECIMAL_PLACES)}
