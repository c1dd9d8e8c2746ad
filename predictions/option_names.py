"""The names of options as people write them, and the slugs that are made from them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import takewhile

from predictions.errors import short_repr
from predictions.fields import OF_OPTION, OPTION_LIMIT, check_option, hyphenated_letters
from predictions.slugs import hyphenated, spelled_out

TAIL = 30  # letters at the end of a name that is too long; the whole words among them are kept

RANGE_SIGNS = {  # signs in the names of ranges, and the words for them in slugs
    "<=": "at most", "≤": "at most", "<": "below", ">=": "at least", "≥": "at least", ">": "above", "+": "plus",
    "-": "minus", "−": "minus",
}  # fmt: skip
_SIGN = re.compile(r"[<>]=?|[≤≥+]|(?<![\w)%])[-−](?=[\d.])")  # a hyphen between two numbers is not a minus


def signs_spelled(name: str) -> str:
    """Write the signs in the name of a range as words.

    >>> signs_spelled("<10"), signs_spelled("10-20")
    (' below 10', '10-20')
    """
    return _SIGN.sub(lambda sign: f" {RANGE_SIGNS[sign[0]]} ", name)


def option_slug(name: object) -> object:
    """Return the slug for the name of an option: the name itself, if it is one, else one made from it.

    Letters that a slug cannot hold stay in their own script, and a name that is too long loses the words in its middle.
    A value that cannot be a name is returned unchanged.

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
    """Return the slugs of some options; ValueError for a name that is not allowed, and for two with the same slug.

    >>> option_slugs(["C", "C#"])
    Traceback (most recent call last):
    ValueError: the options 'C' and 'C#' would both be 'c'; give them names that differ in letters or digits
    """
    name_of: dict[str, object] = {}  # by slug
    for name in names:
        slug = check_option(option_slug(name))
        if slug in name_of and name_of[slug] != name:
            both = f"{short_repr(name_of[slug])} and {short_repr(name)}"
            raise ValueError(
                f"the options {both} would both be {slug!r}; give them names that differ in letters or digits"
            )
        if slug in name_of:
            raise ValueError(f"the option {name!r} is named twice")
        name_of[slug] = name
    return tuple(name_of)


def option_slugs_apart(names: Sequence[str]) -> list[str]:
    """Return a different slug for each option of a platform, each one that :func:`check_option` accepts.

    Long names that would have the same slug get the words in which they differ, other names a number.

    >>> option_slugs_apart(["Annulled", "C", "C#", "🙂", "東京"])
    ['option-annulled', 'c', 'c-2', 'option', '東京']
    """
    with_slug = defaultdict[str, list[str]](list)  # the full words of the names that would have it
    for name in names:
        with_slug[str(option_slug(name))].append(_all_words(name))
    slugs = list[str]()
    for name in names:
        slug, words = str(option_slug(name)), _all_words(name)
        is_shortened = len(words) > OPTION_LIMIT and len(with_slug[slug]) > 1
        slugs.append(_free(_by_difference(words, with_slug[slug]) if is_shortened else slug, slugs))
    return slugs


def _free(slug: str, taken: Sequence[str]) -> str:
    """Return an allowed slug that is not taken: this one, or this one with a number after it."""
    try:
        base = check_option(slug)
    except ValueError:
        base = f"{OF_OPTION}{slug}" if any(map(str.isalnum, slug)) else OF_OPTION.rstrip("-")
    free, number = base, 1
    while free in taken:
        number += 1
        ending = f"-{number}"
        free = base[: OPTION_LIMIT - len(ending)] + ending
    return free


def _all_words(name: str) -> str:
    """Return all words of a name, of any length, in the letters that the slug of an option may have."""
    spelled = signs_spelled(name)
    return hyphenated(spelled) if spelled_out(name) else hyphenated_letters(spelled)


def _without_middle(name: str) -> str:
    """Leave words out of the middle of a name that is too long: the names in one list often differ at the end.

    >>> _without_middle("the-candidate-of-the-democratic-party-of-the-great-and-old-state-of-ohio")
    'the-candidate-of-the-democratic-great-and-old-state-of-ohio'
    """
    if len(name) <= OPTION_LIMIT:
        return name
    end = name[-TAIL:].split("-", 1)[-1]
    beginning = name[: OPTION_LIMIT - len(end)].rsplit("-", 1)[0]
    return f"{beginning[: OPTION_LIMIT - len(end) - 1]}-{end}".replace("--", "-")


def _by_difference(name: str, alike: Sequence[str]) -> str:
    """Shorten a name to its first two words and those from the first on in which the names *alike* differ."""
    words = name.split("-")
    words_by_position = zip(*(other.split("-") for other in alike), strict=False)
    same_words = len(list(takewhile(lambda words_there: len(set(words_there)) == 1, words_by_position)))
    return "-".join([*words[: min(same_words, 2)], *words[same_words:]])[:OPTION_LIMIT].rstrip("-")


def option_named(options: Collection[str], name: object) -> object:
    """Return the option that a name means; the name itself if it means none.

    A float such as 2.0 counts as a whole number: a pandas frame turns whole numbers into these next to an empty cell.

    >>> option_named(["0", "1", "2"], 2.0), option_named(["0", "1", "2"], 2.5)
    ('2', 2.5)
    """
    if isinstance(name, float) and name.is_integer():
        name = int(name)
    slug = option_slug(name) if name not in options else name
    return slug if slug in options else name


def in_order_of_options(fields: Mapping[str, object], options: Sequence[str]) -> Mapping[str, object]:
    """Return the fields of a forecast with its shares in the order of *options*, if it has one for each of them."""
    shares = fields.get("shares")
    by_option = {share["option"]: share for share in shares} if isinstance(shares, list) else {}
    if by_option.keys() != set(options) or list(by_option) == list(options):
        return fields
    return {**fields, "shares": [by_option[option] for option in options]}
