"""The names of options, as people write them, and the slugs that stand for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, count, takewhile

from predictions.errors import short_repr
from predictions.fields import OF_OPTION, OPTION_LIMIT, check_option, hyphenated_letters
from predictions.slugs import hyphenated, spelled_out

TAIL = 30  # letters at the end of a name that is too long, of which whole words are kept

RANGE_SIGNS = {  # in the names of ranges, which mean little without them
    "<=": "at most", "≤": "at most", "<": "below", ">=": "at least", "≥": "at least", ">": "above", "+": "plus",
    "-": "minus", "−": "minus",
}  # fmt: skip
_SIGN = re.compile(r"[<>]=?|[≤≥+]|(?<![\w)%])[-−](?=[\d.])")  # a hyphen between two numbers is none


def signs_spelled(name: str) -> str:
    """Write the signs in the name of a range as words.

    >>> signs_spelled("<10"), signs_spelled("10-20")
    (' below 10', '10-20')
    """
    return _SIGN.sub(lambda sign: f" {RANGE_SIGNS[sign[0]]} ", name)


def option_slug(name: object) -> object:
    """Return the slug for the name of an option: the name, if it is one; else one made of its letters and signs.

    A name whose letters a slug cannot all hold keeps them, in their own script; one that is too long loses the words in
    its middle. What is no name comes back as it is.

    >>> option_slug("Lab A"), option_slug("10+"), option_slug(2027), option_slug("東京 (都)"), option_slug("?")
    ('lab-a', '10-plus', '2027', '東京-都', '?')
    """
    name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    if not isinstance(name, str) or not any(map(str.isalnum, name)):
        return name
    try:
        return check_option(name.strip())
    except ValueError:
        return _without_middle(_all_words(name))


def option_slugs(names: Iterable[object]) -> tuple[str, ...]:
    """Return the slugs of some options; ValueError for a name that none may have, and for those that would be one.

    >>> option_slugs(["C", "C#"])
    Traceback (most recent call last):
    ValueError: the options 'C' and 'C#' would both be 'c'; give them names that differ in letters or digits
    """
    named: dict[str, object] = {}
    for name in names:
        slug = check_option(option_slug(name))
        if slug in named and named[slug] != name:
            both = f"{short_repr(named[slug])} and {short_repr(name)}"
            raise ValueError(
                f"the options {both} would both be {slug!r}; give them names that differ in letters or digits"
            )
        if slug in named:
            raise ValueError(f"the option {name!r} is named twice")
        named[slug] = name
    return tuple(named)


def option_slugs_apart(names: Sequence[str]) -> list[str]:
    """Return a slug for each option of a platform, no two the same; none is a word that :func:`check_option` refuses.

    Long names that would have one slug are told by the words in which they differ, any others by a number.

    >>> option_slugs_apart(["Annulled", "C", "C#", "🙂", "東京"])
    ['option-annulled', 'c', 'c-2', 'option', '東京']
    """
    alike = defaultdict[str, list[str]](list)
    for name in names:
        alike[str(option_slug(name))].append(_all_words(name))
    apart = list[str]()
    for name in names:
        slug, words = str(option_slug(name)), _all_words(name)
        long = len(words) > OPTION_LIMIT and len(alike[slug]) > 1
        apart.append(_free(_by_difference(words, alike[slug]) if long else slug, apart))
    return apart


def _free(slug: str, taken: Sequence[str]) -> str:
    """Return a slug that is not taken: itself, or with a number behind it."""
    try:
        base = check_option(slug)
    except ValueError:
        base = f"{OF_OPTION}{slug}" if any(map(str.isalnum, slug)) else OF_OPTION.rstrip("-")
    numbered = (f"{base[: OPTION_LIMIT - len(end)]}{end}" for end in (f"-{number}" for number in count(2)))
    return next(name for name in chain([base], numbered) if name not in taken)


def _all_words(name: str) -> str:
    """Return all words of a name, however long, in the letters that the name of an option may have."""
    spelled = signs_spelled(name)
    return hyphenated(spelled) if spelled_out(name) else hyphenated_letters(spelled)


def _without_middle(name: str) -> str:
    """Leave words out of the middle of a name that is too long: the names of one list differ at the end more often.

    >>> _without_middle("the-candidate-of-the-democratic-party-of-the-great-and-old-state-of-ohio")
    'the-candidate-of-the-democratic-great-and-old-state-of-ohio'
    """
    if len(name) <= OPTION_LIMIT:
        return name
    end = name[-TAIL:].split("-", 1)[-1]
    beginning = name[: OPTION_LIMIT - len(end)].rsplit("-", 1)[0]
    return f"{beginning[: OPTION_LIMIT - len(end) - 1]}-{end}".replace("--", "-")


def _by_difference(name: str, alike: Sequence[str]) -> str:
    """Shorten a name to its first words and those from which on it differs from others that begin and end alike."""
    words, others = name.split("-"), zip(*(other.split("-") for other in alike), strict=False)
    same = len(list(takewhile(lambda at_place: len(set(at_place)) == 1, others)))
    return "-".join([*words[: min(same, 2)], *words[same:]])[:OPTION_LIMIT].rstrip("-")


def option_named(options: Collection[str], name: object) -> object:
    """Return the option that a name means; the name itself where it means none.

    A whole number with a fraction of 0 is one: so a frame holds whole numbers beside an empty cell.

    >>> option_named(["0", "1", "2"], 2.0), option_named(["0", "1", "2"], 2.5)
    ('2', 2.5)
    """
    if isinstance(name, float) and name.is_integer():
        name = int(name)
    slug = option_slug(name) if name not in options else name
    return slug if slug in options else name
