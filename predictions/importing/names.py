"""Find the claims and forecasters that the names in a table mean, and refuse names that mean none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from predictions.enums import CROWDS_OF_PLATFORMS, ForecasterKind
from predictions.errors import InvalidValue, LedgerError, NotFound, short_repr
from predictions.importing.cells import has_no_value
from predictions.importing.refusals import ROWS_LISTED
from predictions.importing.spill import NumberedForecasts
from predictions.importing.staging import Staged
from predictions.recording.enter import Desk, build, enter_all
from predictions.records import Forecaster
from predictions.slugs import Titles, not_found, slug_of, slug_of_name
from predictions.storage.blocks import Forecasts
from predictions.storage.imports import LIST_NOUNS, beginnings
from predictions.timestamps import moment_at, moment_text

UNKNOWN = -1
LONGEST = 64  # characters of a slug; a longer name resembles none
MOST_COMPARED = 10_000  # slugs among which a similar one is searched


@dataclass(frozen=True)
class Named:
    """The claims and forecasters that the good rows name, both sorted by slug.

    Attributes:
        claims: The slugs of all claims on file; a row's claim is a place in this list.
        claim_entries: The entries that first recorded them.
        listed: Which of them are named by the import.
        forecasters: The slugs of the forecasters named; a row's forecaster is a place in this list.
        forecaster_entries: The entries that first recorded them; 0 for those who are new.
        new: The names of those who are new, by slug.
        claim_numbers: The place in *claims* for each name; UNKNOWN if it is refused.
        forecaster_numbers: The place in *forecasters* for each name, likewise.
    """

    claims: Sequence[str]
    claim_entries: NDArray[np.int64]
    listed: NDArray[np.bool_]
    forecasters: Sequence[str]
    forecaster_entries: NDArray[np.int64]
    new: Mapping[str, str]
    claim_numbers: NDArray[np.int32]
    forecaster_numbers: NDArray[np.int32]

    @property
    def listed_slugs(self) -> list[str]:
        """The slugs of the claims that the import names."""
        return [self.claims[number] for number in np.flatnonzero(self.listed).tolist()]

    @property
    def listed_claims(self) -> NDArray[np.int64]:
        """The entries of the claims that the import names."""
        return self.claim_entries[self.listed]

    def numbered(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Return rows with places in the lists for the numbers of names, without rows whose names are refused."""
        claim = self.claim_numbers.take(rows.forecasts.claim)
        forecaster = self.forecaster_numbers.take(rows.forecasts.forecaster)
        numbered = rows._replace(forecasts=rows.forecasts._replace(claim=claim, forecaster=forecaster))
        return numbered.chosen((claim != UNKNOWN) & (forecaster != UNKNOWN))

    def key(self, rows: Forecasts, index: int) -> tuple[str, str, str]:
        """Return claim, forecaster and time of one row."""
        moment = moment_text(moment_at(int(rows.made_at[index])))
        return self.claims[rows.claim[index]], self.forecasters[rows.forecaster[index]], moment

    def ranked(self, rows: Forecasts) -> Forecasts:
        """Return rows whose claims are places in the import's own list of claims."""
        rank = np.cumsum(self.listed, dtype=np.int32) - 1
        return rows._replace(claim=rank.take(rows.claim))


def look_up(desk: Desk, staged: Staged, *, new: bool) -> Named:
    """Find what the names mean in rows that are not refused yet, and refuse the rows with names that mean nothing.

    If *new* is false, so are names of forecasters who are not on file.
    """
    claims = beginnings(desk.store.connection, "claim")
    slugs = list(claims)
    titles = desk.store.titles(Forecaster)
    claim_meanings = claim_names(list(staged.claims), slugs)
    forecaster_meanings = forecaster_names(list(staged.forecasters), titles, new=new)
    used = _used(staged, claim_meanings, forecaster_meanings)
    pairs = zip(forecaster_meanings.slugs, staged.forecasters, used[1].tolist(), strict=True)
    name_of_slug = {slug: name for slug, name, is_used in pairs if is_used and slug}
    forecasters = sorted(name_of_slug)
    entries = beginnings(desk.store.connection, "forecaster")
    numbers = claim_meanings.numbers(slugs)
    listed = np.zeros(len(slugs), np.bool_)
    listed[numbers[used[0] & (numbers != UNKNOWN)]] = True
    return Named(
        slugs, np.array(list(claims.values()), np.int64), listed,
        forecasters, np.array([entries.get(slug, 0) for slug in forecasters], np.int64),
        {slug: name_of_slug[slug] for slug in forecasters if slug not in titles},
        numbers, forecaster_meanings.numbers(forecasters),
    )  # fmt: skip


def with_new_recorded(desk: Desk, names: Named, kind: ForecasterKind) -> Named:
    """Record the new forecasters with that *kind*, and return all with the entries that first recorded them.

    The price of a market and the average of a platform become crowds, whoever exported them.
    """
    kinds = {slug: ForecasterKind.CROWD if slug in CROWDS_OF_PLATFORMS else kind for slug in names.new}
    new = [{"slug": slug, "title": title, "kind": kinds[slug]} for slug, title in names.new.items()]
    enter_all(desk, (build(Forecaster, fields) for fields in new))
    entries = beginnings(desk.store.connection, "forecaster")
    return replace(names, forecaster_entries=np.array([entries[slug] for slug in names.forecasters], np.int64))


def _used(staged: Staged, claims: Meanings, forecasters: Meanings) -> list[NDArray[np.bool_]]:
    """Return which names of claims, and which of forecasters, good rows have; refuse the other rows."""
    if not (staged.refusals.count or claims.refused or forecasters.refused):
        return staged.spill.used
    used_claims, used_forecasters = np.zeros(len(claims.names), np.bool_), np.zeros(len(forecasters.names), np.bool_)
    for partition in staged.spill.partitions():
        rows = partition.chosen(~staged.refusals.among(partition.number))
        claim, forecaster = rows.forecasts.claim, rows.forecasts.forecaster
        bad_claim = np.isin(claim, list(claims.refused))
        bad = bad_claim | np.isin(forecaster, list(forecasters.refused))
        for place in np.flatnonzero(bad).tolist():
            is_claim = bool(bad_claim[place])
            names, number = (claims, int(claim[place])) if is_claim else (forecasters, int(forecaster[place]))
            cells = as_cells(
                claims.names[claim[place]], forecasters.names[forecaster[place]],
                int(rows.forecasts.made_at[place]), rows.forecasts.probability[place],
            )  # fmt: skip
            noun = LIST_NOUNS[0 if is_claim else 1]
            staged.refusals.add(int(rows.number[place]), noun, names.names[number], names.refused[number], cells)
        used_claims[claim[~bad]] = True
        used_forecasters[forecaster[~bad]] = True
    return [used_claims, used_forecasters]


def as_cells(claim: str, forecaster: str, made_at: int, chance: float) -> tuple[object, ...]:
    """Return a forecast as the cells of a row, to show it as refused."""
    withdrawn = isnan(chance)
    return claim, forecaster, moment_text(moment_at(made_at)), "" if withdrawn else float(chance), withdrawn or None


class Meanings:
    """What each distinct name of a column means, by the number of the name.

    Attributes:
        slugs: The slug that is meant; None if the name is refused.
        refused: For each refused name the reason, by its number.
    """

    def __init__(self, names: Sequence[str], noun: str, meant: Callable[[str], str]) -> None:
        """Look up every name; *meant* returns its slug, or raises LedgerError or ValueError if it means nothing.

        A second name for one slug is refused, since two things could become one unnoticed.
        """
        self.names = names
        self.slugs: list[str | None] = []
        self.refused: dict[int, str] = {}
        first: dict[str, str] = {}
        for number, name in enumerate(names):
            try:
                slug = meant(name)
                if (first_name := first.setdefault(slug, name)) != name:  # another name meant this slug before
                    raise InvalidValue(
                        f"{short_repr(name)} and {short_repr(first_name)} are one {noun} {slug!r}; use one name"
                    )
                self.slugs.append(slug)
            except (LedgerError, ValueError) as error:
                self.refused[number] = str(error)
                self.slugs.append(None)

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.int32]:
        """Return for each name the place of its slug in *slugs*, or UNKNOWN."""
        index_of = {slug: number for number, slug in enumerate(slugs)}
        return np.array([index_of.get(slug, UNKNOWN) if slug else UNKNOWN for slug in self.slugs], np.int32)


def claim_names(names: Sequence[str], on_file: Sequence[str]) -> Meanings:
    """Return the claims that names mean: a slug, or a name of which a slug can be made; others are refused."""
    slugs_on_file, unknown = set(on_file), list[str]()

    def slug_meant(name: str) -> str:
        """Return the slug of the claim on file; NotFound if there is none."""
        slug = name
        if name not in slugs_on_file:
            with suppress(ValueError):
                slug = slug_of(name)
        if slug in slugs_on_file:
            return slug
        unknown.append(name)
        raise NotFound(no_claim(name, on_file if len(unknown) <= ROWS_LISTED else ()))

    return Meanings(names, "claim", slug_meant)


def forecaster_names(names: Sequence[str], titles: Mapping[str, str], *, new: bool) -> Meanings:
    """Return the forecasters that names mean: those on file, by slug or title, or new ones.

    Unless *new* forecasters are allowed, a name must be the slug of one on file.
    """
    index = Titles(titles)

    def slug_meant(name: str) -> str:
        """Return the slug of a forecaster; an error if the name can mean nobody."""
        if name in titles:
            return name
        if not new:
            raise NotFound(f"no forecaster {short_repr(name)} in this ledger")
        slug = slug_of_name(name, index)
        if slug is None and has_no_value(name):
            raise InvalidValue(f"{short_repr(name)} stands for an empty cell; say who forecast")
        return slug or slug_of(name)

    return Meanings(names, "forecaster", slug_meant)


def no_claim(name: str, slugs: Sequence[str]) -> str:
    """Return the message that no claim has a name, with a similar slug if there is one."""
    return not_found("claim", name, slugs if len(name) <= LONGEST and len(slugs) < MOST_COMPARED else ())
