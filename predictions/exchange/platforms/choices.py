"""Questions of platforms with several answers: their options as slugs, and shares of these options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from predictions.enums import ClaimType
from predictions.number_checks import DECIMAL_PLACES
from predictions.option_names import option_slugs_apart
from predictions.recording.shares import as_items, in_proportion

OTHER = "other"  # the option that means none of the others


def slugs_of(names: Iterable[str]) -> dict[str, str]:
    """Return the slug of each option, by its name; no two are equal.

    >>> slugs_of(["Lab A", "lab-a", "<10", "10+"])
    {'Lab A': 'lab-a', 'lab-a': 'lab-a-2', '<10': 'below-10', '10+': '10-plus'}
    """
    different = list(dict.fromkeys(names))
    return dict(zip(different, slugs_each(different), strict=True))


def slugs_each(names: Iterable[str]) -> list[str]:
    """Return a slug for each option, even if names are equal; no two slugs are.

    Names that would have one slug are numbered in alphabetical order, since a later file may list them differently.

    >>> slugs_each(["lab-a", "Lab A"])
    ['lab-a-2', 'lab-a']
    """
    listed = list(names)
    places = sorted(range(len(listed)), key=listed.__getitem__)
    slugs = dict(zip(places, option_slugs_apart([listed[place] for place in places]), strict=True))
    return [slugs[place] for place in range(len(listed))]


def as_choice(options: Sequence[str], *, ordered: bool = False) -> dict[str, object]:
    """Return the fields of a claim that one of some options comes true; *ordered* options are listed lowest first."""
    return {"type": ClaimType.ORDERED if ordered else ClaimType.CHOICE, "options": tuple(options)}


def as_shares(chances: Mapping[str, float]) -> dict[str, object]:
    """Return the fields of a forecast with these chances, which are made to sum to 1 if they are off by rounding.

    >>> as_shares({"a": 2 / 3, "b": 1 / 3})
    {'shares': [{'option': 'a', 'share': 0.666666666667}, {'option': 'b', 'share': 0.333333333333}]}
    """
    return {"shares": as_items(in_proportion(chances))}


def with_other(chances: Mapping[str, float]) -> dict[str, float] | None:
    """Return the chances, with what is missing to 1 added to :data:`OTHER`; None if they sum to more than 1.

    >>> with_other({"a": 0.6, "b": 0.3}), with_other({"a": 0.7, "b": 0.4})
    ({'a': 0.6, 'b': 0.3, 'other': 0.1}, None)
    """
    rest = round(1 - sum(chances.values()), 9)
    return None if rest < 0 else {**chances, OTHER: round(chances.get(OTHER, 0) + rest, DECIMAL_PLACES)}
