"""Make slugs of a text's words, find the slug that is meant, and tell names that are too alike to be two.

Which letters a slug may have, and how many, is checked by :func:`predictions.fields.check_slug`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256

from predictions.enums import PLATFORMS
from predictions.errors import NotFound, did_you_mean, near_or_listed, short_repr
from predictions.fields import check_slug
from predictions.numerals import some_of

_UNICODE_3_2 = unicodedata.ucd_3_2_0
LONGEST_SLUG = 48  # characters of a slug that is made of words, at most
OF_ACCOUNTS = tuple(f"{platform}-" for platform in PLATFORMS)  # begin the slugs of who is known from a platform
OF_TABLE = "table-"  # begins the slugs of claims that came in a table
NEXT = "the list is: ledger.board(), a new one: ledger.add(TEXT, deadline=DAY)"
MOST_BEGUN = 5  # slugs that are named where a beginning is that of several
LEAST_WORDS = 2  # of the beginning of a slug, as a line to type has it
COUNT_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}  # as messages spell them


def slug_from(text: str, taken: Container[str], *, otherwise: str = "claim") -> str:
    """Make a slug of the words of *text*, with a number behind it where that slug is *taken*.

    *otherwise* is the slug where no letter of the text can be written in one. It is cut at a whole word after
    LONGEST_SLUG characters.

    >>> slug_from("Our own claim, in ten seconds", ["our-own-claim-in-ten-seconds"])
    'our-own-claim-in-ten-seconds-2'
    """
    words = hyphenated(text)
    if len(words) > LONGEST_SLUG:
        words = words[:LONGEST_SLUG].rsplit("-", 1)[0]
    base = words.strip("-") or otherwise
    number, name = 1, base
    while name in taken or not _allowed(name):
        number += 1
        name = f"{base}-{number}"
    return name


def names_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return how each slug is called where several are named: by its title, or by itself where two have one title.

    >>> names_apart({"ana": "Ana", "ana-2": "Ana", "bob": "Bob"})
    {'ana': 'ana', 'ana-2': 'ana-2', 'bob': 'Bob'}
    """
    count = Counter(titles.values())
    return {slug: title if count[title] == 1 else slug for slug, title in titles.items()}


def slug_of_name(name: str | None, titles: Mapping[str, str]) -> str | None:
    """Find the slug that a name means, among slugs with their titles: a slug itself, a title, or a title's letters.

    None where it means none of them, and where it is the name of an account alone: who is Ann on a platform may be
    another Ann elsewhere. Where many names are looked up, *titles* is a :class:`Titles`.

    >>> slug_of_name("Ana Silva", {"ana-silva": "ana silva"})
    'ana-silva'
    """
    if not isinstance(name, str):
        return None
    if name in titles:
        return name
    index = titles if isinstance(titles, Titles) else Titles(titles)
    if (slug := index.slug_of_title(name)) is not None:
        return slug
    slug = hyphenated(name)  # not cut: two long names may begin alike
    return slug if slug in titles and spelled_out(name) else None


def account_of_name(name: object, titles: Mapping[str, str]) -> str | None:
    """Find the slug of who has a name on a platform, among slugs with their titles; None where nobody has.

    >>> account_of_name("Ann", {"fatebook-ann": "Ann", "ben": "Ben"})
    'fatebook-ann'
    """
    if not isinstance(name, str):
        return None
    accounts = (slug for slug, title in titles.items() if slug.startswith(OF_ACCOUNTS))
    return next((slug for slug in accounts if same_words(titles[slug], name)), None)


def hyphenated(text: str) -> str:
    """Return the words of a text in the letters that a slug may have."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


class Titles(dict[str, str]):
    """Titles by slug, each found at once by the words of the title, however many there are.

    >>> Titles({"ana-silva": "Ana Silva"}).slug_of_title("ana  silva")
    'ana-silva'
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Take titles in the order of their records: of two that read alike, the first is meant."""
        super().__init__()
        self._slugs: dict[str, str] = {}
        for slug, title in titles.items():
            self[slug] = title

    def __setitem__(self, slug: str, title: str) -> None:
        """Put a title under its slug."""
        super().__setitem__(slug, title)
        if not slug.startswith(OF_ACCOUNTS):
            self._slugs.setdefault(folded(title), slug)

    def slug_of_title(self, title: str) -> str | None:
        """Return the slug whose title has these words."""
        return self._slugs.get(folded(title))


def slug_of(name: str, otherwise: str = "forecaster") -> str:
    """Return the slug for a name: the name, if it is one; else one made of its letters, or of *otherwise*.

    >>> slug_of("GPT-4o"), slug_of("Ana Maria")
    ('gpt-4o', 'ana-maria')
    """
    try:
        return check_slug(name)
    except ValueError:
        return with_digits(slug_from(name, (), otherwise=otherwise), name)


def with_digits(slug: str, name: str) -> str:
    """Give a slug digits of its own where it cannot hold all letters of its *name*, so that two such names stay two."""
    return slug if spelled_out(name) else f"{slug}-{words_digest(name).hex()[:8]}"


def spelled_out(name: str) -> bool:
    """Tell whether a slug can hold every letter of the name, accents apart."""
    letters = [letter for letter in unicodedata.normalize("NFKD", name) if letter.isalnum()]
    return bool(letters) and all(letter.isascii() for letter in letters)


def resembles(name: str, known: Collection[str]) -> str | None:
    """Find a name on file so near to a new one that it is probably meant; None where there is none."""
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return near[0] if near else None


def slipped(name: str, other: str) -> bool:
    """Tell whether one name is the other with letters swapped, left out or doubled; ``firm-a`` is not ``firm-b``.

    >>> slipped("krik-coast", "kirk-coast"), slipped("fontura", "fontoura"), slipped("firm-a", "firm-b")
    (True, True, False)
    """
    return sorted(name) == sorted(other) or len(name) != len(other)


def same_words(first: str, second: str) -> bool:
    """Tell whether two texts read alike: the same characters, however composed, cased and spaced."""
    return folded(first) == folded(second)


def same_name(first: str, second: str) -> bool:
    """Tell whether two names are one, as :func:`slug_of_name` does: the same words, or the same letters of a slug.

    >>> same_name("Tech Oracle, 2026-01-05", "tech-oracle 2026-01-05"), same_name("Ann", "Anna")
    (True, False)
    """
    alike = hyphenated(first) == hyphenated(second) and spelled_out(first) and spelled_out(second)
    return alike or same_words(first, second)


def words_digest(text: str) -> bytes:
    """Return the digest by which a text is found again, however it is composed, cased and spaced."""
    return sha256(folded(text).encode("utf-8", "surrogatepass")).digest()


def folded(text: str) -> str:
    """Return a text in the form in which it is compared: composed, without capitals, each run of white space one space.

    The digests on file must come out alike on every later Python. Letters are therefore known as Unicode 3.2 knew them,
    the oldest tables that Python keeps; a letter added since stands as it is.

    >>> folded("  It RAINS ")
    'it rains'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    composed = _UNICODE_3_2.normalize("NFC", text)
    lowered = "".join(letter if _UNICODE_3_2.category(letter) == "Cn" else letter.casefold() for letter in composed)
    return " ".join(_UNICODE_3_2.normalize("NFC", lowered).split())


def match_slug(noun: str, slug: object, known: Sequence[str]) -> str:
    """Return the slug itself, or the only known one that begins with it; NotFound says what is near.

    The slug of a claim that came in a table begins with a word nobody typed: it is reached by what comes after, too.

    >>> match_slug("claim", "petrol", ["table-petrol-costs-more-67423a04", "rain"])
    'table-petrol-costs-more-67423a04'
    """
    if not isinstance(slug, str) or not slug.strip():
        example = f", such as {known[0]!r}" if known else ""
        raise NotFound(f"{not_found(noun, slug, known)}; say a slug{example}")
    if slug in known:
        return slug
    beginning = [name for name in known if slug and begins(name, slug)]
    if len(beginning) == 1:
        return beginning[0]
    if near := [name for name in beginning if len(name.removeprefix(OF_TABLE)) == len(slug) + 1]:
        raise NotFound(not_found(noun, slug, near))
    if beginning:
        count = COUNT_WORDS.get(len(beginning), "several")
        several = f"{count} pieces of evidence" if noun == "evidence" else f"{count} {noun}s"
        raise NotFound(f"{short_repr(slug)} begins {several}: {some_of(sorted(beginning), MOST_BEGUN, ', ')}")
    said = not_found(noun, slug, known)
    raise NotFound(said if noun != "claim" or "; did you mean" in said else f"{said}; {NEXT}")


def not_found(noun: str, name: object, known: Sequence[str]) -> str:
    """Word that a name stands for nothing, with the nearest name that does; else with the first few that do."""
    near = did_you_mean(name, known) or _begun_nearly(name, known)
    lists = {"claim": "", "record": "; the list of claims is: ledger.board(), of all: ledger.history()"}
    listed = lists[noun] if noun in lists else near_or_listed(name, known)
    return f"no {noun} {short_repr(name)} in this ledger{near or listed}"


def begins(slug: str, typed: str) -> bool:
    """Tell whether a slug is begun by what was typed; that of a table also after the word that all of these begin with.

    >>> begins("rain-falls", "rain"), begins("table-rain-falls", "rain"), begins("the-rain-falls", "rain")
    (True, True, False)
    """
    return slug.startswith(typed) or (slug.startswith(OF_TABLE) and slug.startswith(typed, len(OF_TABLE)))


class Beginnings:
    """Slugs among which each is named by the shortest beginning that only it has: whole words, at least two.

    >>> Beginnings(["two-labs-publish-prices", "two-suns-set"]).of("two-labs-publish-prices")
    'two-labs'
    """

    def __init__(self, slugs: Iterable[str]) -> None:
        """Take the slugs of all records of a kind; they are looked at where the first beginning is asked for."""
        self._slugs = slugs

    @cached_property
    def _typed(self) -> list[tuple[str, str]]:
        """What reaches each slug when it is typed, in order of its letters, with the slug."""
        slugs = list(self._slugs)
        return sorted([*((slug, slug) for slug in slugs), *((slug.removeprefix(OF_TABLE), slug) for slug in slugs)])

    def of(self, slug: str) -> str:
        """Return the beginning of a slug; the slug itself where no other slug can be told from a shorter one."""
        words = slug.split("-")
        beginnings = ("-".join(words[:count]) for count in range(LEAST_WORDS, len(words)))
        return next((beginning for beginning in beginnings if self._reaches_one(beginning)), slug)

    def within(self, slug: str, most: int) -> str:
        """Return a slug of at most *most* letters; of a longer one as many words as fit and are its alone.

        >>> Beginnings(["two-labs-publish-prices", "two-labs-publish-plans"]).within("two-labs-publish-prices", 22)
        'two-labs-publish-price'
        """
        if len(slug) <= most:
            return slug
        bare = slug.removeprefix(OF_TABLE)
        words = bare.split("-")
        whole = ("-".join(words[:count]) for count in range(len(words), LEAST_WORDS - 1, -1))
        fitting = [beginning for beginning in whole if len(beginning) <= most]
        longer = (bare[:count] for count in range(most, len(bare) + 1) if bare[count - 1] != "-")
        return next(filter(self._reaches_one, (*fitting, *longer)), slug)

    def _reaches_one(self, beginning: str) -> bool:
        start = bisect_left(self._typed, (beginning, ""))
        reached = self._typed[start : start + 3]  # a slug is there twice
        return len({slug for typed, slug in reached if typed.startswith(beginning)}) == 1


def _begun_nearly(name: object, known: Sequence[str]) -> str:
    """Offer the slug of a table whose first words are nearly what was typed: as a whole it is too long to be near."""
    if not isinstance(name, str):
        return ""
    words = name.count("-") + 1
    firsts = {"-".join(slug.split("-")[1 : words + 1]): slug for slug in known if slug.startswith(OF_TABLE)}
    near = resembles(name, firsts)
    return f"; did you mean {firsts[near]!r}?" if near else ""


def _allowed(name: str) -> bool:
    try:
        return check_slug(name) == name
    except ValueError:
        return False
