"""The names of options, as people write them, and the slugs that stand for them."""

from __future__ import annotations

import re
from collections.abc import Collection

from predictions.fields import check_option, hyphenated_letters
from predictions.slugs import slug_from, spelled_out

SIGNS = {  # in the names of ranges, which mean little without them
    "<=": "at most", "≤": "at most", "<": "below", ">=": "at least", "≥": "at least", ">": "above", "+": "plus",
    "-": "minus", "−": "minus",
}  # fmt: skip
_SIGN = re.compile(r"[<>]=?|[≤≥+]|(?<![\w)%])[-−](?=[\d.])")  # a hyphen between two numbers is none


def signs_spelled(name: str) -> str:
    """Write the signs in the name of a range as words.

    >>> signs_spelled("<10"), signs_spelled("10-20")
    (' below 10', '10-20')
    """
    return _SIGN.sub(lambda sign: f" {SIGNS[sign[0]]} ", name)


def option_slug(name: object) -> object:
    """Return the slug for the name of an option: the name, if it is one; else one made of its letters and signs.

    A name whose letters a slug cannot all hold keeps them, in their own script. What is no name comes back as it is.

    >>> option_slug("Lab A"), option_slug("10+"), option_slug(2027), option_slug("東京 (都)"), option_slug("?")
    ('lab-a', '10-plus', '2027', '東京-都', '?')
    """
    name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    if not isinstance(name, str) or not any(map(str.isalnum, name)):
        return name
    try:
        return check_option(name.strip())
    except ValueError:
        spelled = signs_spelled(name)
        return slug_from(spelled, (), otherwise="option") if spelled_out(name) else hyphenated_letters(spelled)


def option_named(options: Collection[str], name: object) -> object:
    """Return the option that a name means; the name itself where it means none."""
    slug = option_slug(name) if name not in options else name
    return slug if slug in options else name
