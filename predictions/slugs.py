"""Making slugs from texts, finding the slug that is meant, and recognizing names that are probably the same.

Which letters a slug may have, and how many, is checked by :func:`predictions.fields.check_slug`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha256

from predictions.enums import PLATFORMS
from predictions.errors import NotFound, did_you_mean, near_or_listed, short_repr
from predictions.fields import check_slug
from predictions.numerals import some_of

_UNICODE_3_2 = unicodedata.ucd_3_2_0
LONGEST_SLUG = 48  # characters of a slug that is made from words, at most
OF_ACCOUNTS = tuple(f"{platform}-" for platform in PLATFORMS)  # beginnings of the slugs of forecasters on platforms
OF_TABLE = "table-"  # the beginning of the slugs of claims from imported tables
NEXT = "the list is: ledger.board(), a new one: ledger.add(TEXT, deadline=DAY)"
MOST_BEGUN = 5  # slugs that a message lists if a beginning is that of several
COUNT_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}  # as messages spell them


def slug_from(text: str, taken: Container[str], *, otherwise: str = "claim") -> str:
    """Make a slug from the words of *text*, with a number after it if that slug is *taken*.

    It is cut to whole words of at most LONGEST_SLUG characters. *otherwise* is the slug if a slug can hold no letter of
    the text.

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
    """Return a name for each slug that no other has: its title, or the slug itself if two have that title.

    >>> names_apart({"ana": "Ana", "ana-2": "Ana", "bob": "Bob"})
    {'ana': 'ana', 'ana-2': 'ana-2', 'bob': 'Bob'}
    """
    count = Counter(titles.values())
    return {slug: title if count[title] == 1 else slug for slug, title in titles.items()}


def slug_of_name(name: str | None, titles: Mapping[str, str]) -> str | None:
    """Return the slug that a name means: the slug itself, that of a title with these words, or one of these letters.

    None if it means none of them, and if only an account on a platform has that name: Ann on a platform may be another
    Ann than the one meant. *titles* has the titles by slug; to look up many names, pass a :class:`Titles`.

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
    slug = hyphenated(name)  # not shortened: two long names may have the same beginning
    return slug if slug in titles and spelled_out(name) else None


def account_of_name(name: object, titles: Mapping[str, str]) -> str | None:
    """Return the slug of the forecaster known by this name from a platform; None if there is none.

    >>> account_of_name("Ann", {"fatebook-ann": "Ann", "ben": "Ben"})
    'fatebook-ann'
    """
    if not isinstance(name, str):
        return None
    accounts = (slug for slug, title in titles.items() if slug.startswith(OF_ACCOUNTS))
    return next((slug for slug in accounts if same_words(titles[slug], name)), None)


def hyphenated(text: str) -> str:
    """Return the words of a text in the letters that a slug may have, with hyphens between; accents are dropped."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


class Titles(dict[str, str]):
    """Titles by slug, with an index by the words of the titles.

    >>> Titles({"ana-silva": "Ana Silva"}).slug_of_title("ana  silva")
    'ana-silva'
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Take titles in the order of their records: of two with the same words, the first is found."""
        super().__init__()
        self._slugs: dict[str, str] = {}
        for slug, title in titles.items():
            self[slug] = title

    def __setitem__(self, slug: str, title: str) -> None:
        """Put a title under its slug, and index it unless it belongs to an account on a platform."""
        super().__setitem__(slug, title)
        if not slug.startswith(OF_ACCOUNTS):
            self._slugs.setdefault(folded(title), slug)

    def slug_of_title(self, title: str) -> str | None:
        """Return the slug whose title has these words; None if there is none."""
        return self._slugs.get(folded(title))


def slug_of(name: str, otherwise: str = "forecaster") -> str:
    """Return the slug for a name: the name itself, if it is a slug, else one made from its letters or *otherwise*.

    >>> slug_of("GPT-4o"), slug_of("Ana Maria")
    ('gpt-4o', 'ana-maria')
    """
    try:
        return check_slug(name)
    except ValueError:
        return with_digits(slug_from(name, (), otherwise=otherwise), name)


def with_digits(slug: str, name: str) -> str:
    """Add digits to a slug that cannot hold all letters of its *name*, so that two such names have two slugs."""
    return slug if spelled_out(name) else f"{slug}-{words_digest(name).hex()[:8]}"


def spelled_out(name: str) -> bool:
    """Return whether a slug can hold every letter of a name, accents apart."""
    letters = [letter for letter in unicodedata.normalize("NFKD", name) if letter.isalnum()]
    return bool(letters) and all(letter.isascii() for letter in letters)


def resembles(name: str, known: Collection[str]) -> str | None:
    """Return the name on file that a new name is probably a misspelling of; None if there is none."""
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return near[0] if near else None


def slipped(name: str, other: str) -> bool:
    """Return whether one of two similar names may be the other with letters swapped, left out or doubled.

    Two names that differ in a single letter, such as ``firm-a`` and ``firm-b``, are not.

    >>> slipped("krik-coast", "kirk-coast"), slipped("fontura", "fontoura"), slipped("firm-a", "firm-b")
    (True, True, False)
    """
    return sorted(name) == sorted(other) or len(name) != len(other)


def same_words(first: str, second: str) -> bool:
    """Return whether two texts have the same words, apart from capitals, white space and how letters are composed."""
    return folded(first) == folded(second)


def same_name(first: str, second: str) -> bool:
    """Return whether two names are the same by the rules of :func:`slug_of_name`: the same words, or the same slug.

    >>> same_name("Tech Oracle, 2026-01-05", "tech-oracle 2026-01-05"), same_name("Ann", "Anna")
    (True, False)
    """
    same_letters = hyphenated(first) == hyphenated(second) and spelled_out(first) and spelled_out(second)
    return same_letters or same_words(first, second)


def same_but_for_hyphens(first: str, second: str) -> bool:
    """Return whether two names have the same letters and signs, apart from capitals, white space and hyphens.

    >>> same_but_for_hyphens("Tech Oracle", "tech-oracle"), same_but_for_hyphens("C++ Guru", "C Guru")
    (True, False)
    """
    return "".join(folded(first.replace("-", " ")).split()) == "".join(folded(second.replace("-", " ")).split())


def words_digest(text: str) -> bytes:
    """Return the digest by which a text is looked up: the same for all texts with :func:`same_words`."""
    return sha256(folded(text).encode("utf-8", "surrogatepass")).digest()


def folded(text: str) -> str:
    """Return a text in the form in which it is compared: composed, without capitals, with single spaces.

    The digests on file must be the same on every later Python. Therefore letters are folded by the tables of Unicode
    3.2, the oldest that Python has; a letter that was added since is left as it is.

    >>> folded("  It RAINS ")
    'it rains'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    composed = _UNICODE_3_2.normalize("NFC", text)
    lowered = "".join(letter if _UNICODE_3_2.category(letter) == "Cn" else letter.casefold() for letter in composed)
    return " ".join(_UNICODE_3_2.normalize("NFC", lowered).split())


def match_slug(noun: str, slug: object, known: Sequence[str]) -> str:
    """Return a slug if it is known, or the only known one that begins with it; NotFound suggests the nearest.

    The slug of a claim from a table may be begun without its first word, which nobody typed.

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
    message = not_found(noun, slug, known)
    needs_advice = noun == "claim" and "; did you mean" not in message
    raise NotFound(f"{message}; {NEXT}" if needs_advice else message)


def source_named(name: str, titles: Mapping[str, str]) -> str:
    """Return the slug of the source with that slug, title or beginning of a slug; NotFound if there is none.

    *titles* has the titles of the sources on file, by slug.
    """
    return slug_of_name(name, titles) or match_slug("source", name, [*titles])


def not_found(noun: str, name: object, known: Sequence[str]) -> str:
    """Return the message that no record has this name, with the nearest name, or else with the first few names."""
    near = _begun_nearly(name, known) or did_you_mean(name, known)
    lists = {"claim": "", "record": "; the list of claims is: ledger.board(), of all: ledger.history()"}
    listed = lists[noun] if noun in lists else near_or_listed(name, known)
    return f"no {noun} {short_repr(name)} in this ledger{near or listed}"


def begins(slug: str, typed: str) -> bool:
    """Return whether a slug begins with what was typed, for a claim from a table also after the word "table".

    >>> begins("rain-falls", "rain"), begins("table-rain-falls", "rain"), begins("the-rain-falls", "rain")
    (True, True, False)
    """
    return slug.startswith(typed) or (slug.startswith(OF_TABLE) and slug.startswith(typed, len(OF_TABLE)))


def _begun_nearly(name: object, known: Sequence[str]) -> str:
    """Return the end of a message that offers the slug whose beginning is similar to a name, or "".

    As a whole a slug of many words is much longer than what was typed, and so never similar. Hyphens are not compared,
    so that one may leave out those of "it's" and "70-30"; nor is the word that a claim from a table begins with.
    """
    if not isinstance(name, str):
        return ""
    letters = name.replace("-", "")
    beginnings: dict[str, str] = {}
    for slug in sorted(known, key=len):
        beginnings.setdefault(slug.removeprefix(OF_TABLE).replace("-", "")[: len(letters)], slug)
    near = resembles(letters, beginnings)
    return f"; did you mean {beginnings[near]!r}?" if near else ""


def _allowed(name: str) -> bool:
    """Return whether a record may have this slug."""
    try:
        return check_slug(name) == name
    except ValueError:
        return False
