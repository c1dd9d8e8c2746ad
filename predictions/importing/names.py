"""The names in a source: which claims and forecasters on file they mean, and which are refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np
from numpy.typing import NDArray

from predictions.errors import shown
from predictions.importing.refusals import LISTED
from predictions.importing.spill import Rows
from predictions.importing.staging import Staged
from predictions.importing.validate import slug_of
from predictions.kinds import ForecasterKind
from predictions.moments import EPOCH, MICROSECOND, moment_text
from predictions.naming import slug_of_name
from predictions.records import Forecaster
from predictions.snapshot import missing
from predictions.storage.blocks import Forecasts
from predictions.storage.imports import NOUNS, beginnings
from predictions.verbs.recording import Desk, build, enter

UNKNOWN = -1
LONGEST = 64  # characters of a slug: nothing longer resembles one
MOST_COMPARED = 10_000  # slugs among which a similar one is looked for


@dataclass(frozen=True)
class Named:
    """The claims and forecasters that the good rows name, each in the order of slugs.

    Attributes:
        claims: The slugs of all claims on file; a row's claim is a place among them.
        claim_entries: The entries where they began.
        listed: Which of them the import lists.
        forecasters: The slugs of those who are named; a row's forecaster is a place among them, and a rank.
        forecaster_entries: The entries where they began.
        new_forecasters: How many of them were recorded just now.
        claim_numbers: The place in *claims* of each name of a claim, UNKNOWN for one that is refused.
        forecaster_numbers: Likewise.
    """

    claims: Sequence[str]
    claim_entries: NDArray[np.int64]
    listed: NDArray[np.bool_]
    forecasters: Sequence[str]
    forecaster_entries: NDArray[np.int64]
    new_forecasters: int
    claim_numbers: NDArray[np.int32]
    forecaster_numbers: NDArray[np.int32]

    @property
    def listed_claims(self) -> NDArray[np.int64]:
        """The entries of the claims that the import lists."""
        return self.claim_entries[self.listed]

    @property
    def listed_slugs(self) -> list[str]:
        """Their slugs."""
        return [self.claims[number] for number in np.flatnonzero(self.listed).tolist()]

    def numbered(self, rows: Rows) -> Rows:
        """Return rows that have names by number with places in the lists instead, without those that are refused."""
        claim = self.claim_numbers.take(rows.forecasts.claim)
        forecaster = self.forecaster_numbers.take(rows.forecasts.forecaster)
        numbered = Rows(rows.forecasts._replace(claim=claim, forecaster=forecaster), rows.number)
        known = (claim != UNKNOWN) & (forecaster != UNKNOWN)
        return numbered if known.all() else Rows(numbered.forecasts.rows(known), numbered.number[known])

    def key(self, rows: Forecasts, place: int) -> tuple[str, str, str]:
        """Return the claim, forecaster and time of one row."""
        moment = moment_text(EPOCH + int(rows.made_at[place]) * MICROSECOND)
        return self.claims[rows.claim[place]], self.forecasters[rows.forecaster[place]], moment

    def ranked(self, rows: Forecasts) -> Forecasts:
        """Return rows with ranks in the import's lists."""
        rank = np.cumsum(self.listed, dtype=np.int32) - 1
        return rows._replace(claim=rank.take(rows.claim))


def look_up(desk: Desk, connection: sqlite3.Connection, staged: Staged, kind: ForecasterKind | None) -> Named:
    """Find what the names in a source mean, and refuse the rows of those that mean nothing.

    Forecasters who are new are recorded, as of that *kind*; without one they are refused.
    """
    claims = beginnings(connection, "claim")
    slugs = list(claims)
    titles = {forecaster.slug: forecaster.title for forecaster in desk.store.standing(Forecaster)}
    names = list(staged.claims), list(staged.forecasters)
    meant = claim_names(names[0], slugs), forecaster_names(names[1], titles, new=kind is not None)
    used = _used(staged, names, meant)
    new = {
        slug: name
        for name, slug, there in zip(names[1], meant[1].slugs, used[1].tolist(), strict=True)
        if there and slug and slug not in titles
    }
    for slug in sorted(new):
        enter(desk, build(Forecaster, {"slug": slug, "title": new[slug], "kind": kind}))
    forecasters = sorted({slug for slug, there in zip(meant[1].slugs, used[1].tolist(), strict=True) if there and slug})
    began = beginnings(connection, "forecaster")
    numbers = meant[0].numbers(slugs)
    listed = np.zeros(len(slugs), np.bool_)
    listed[numbers[used[0] & (numbers != UNKNOWN)]] = True
    return Named(
        slugs, np.array(list(claims.values()), np.int64), listed,
        forecasters, np.array([began[slug] for slug in forecasters], np.int64), len(new),
        numbers, meant[1].numbers(forecasters),
    )  # fmt: skip


def _used(staged: Staged, names: tuple[list[str], list[str]], meant: tuple[Names, Names]) -> list[NDArray[np.bool_]]:
    """Tell which names good rows have; rows whose names mean nothing are refused on the way."""
    if not meant[0].refused and not meant[1].refused:
        return staged.spill.used
    used = [np.zeros(len(column), np.bool_) for column in names]
    refused = [np.isin(np.arange(len(column)), list(names.refused)) for column, names in zip(names, meant, strict=True)]
    for rows in staged.spill.partitions():
        columns = rows.forecasts.claim, rows.forecasts.forecaster
        bad = [flags.take(column) for flags, column in zip(refused, columns, strict=True)]
        for place in np.flatnonzero(bad[0] | bad[1]).tolist():
            noun = 0 if bad[0][place] else 1
            name = int(columns[noun][place])
            staged.refusals.add(
                int(rows.number[place]), NOUNS[noun], names[noun][name], meant[noun].refused[name],
                _values(rows, place, names),
            )  # fmt: skip
        good = ~(bad[0] | bad[1])
        for flags, column in zip(used, columns, strict=True):
            flags[column[good]] = True
    return used


def _values(rows: Rows, place: int, names: tuple[list[str], list[str]]) -> tuple[object, ...]:
    claim, forecaster, made_at, chance = (column[place].item() for column in rows.forecasts)
    moment = moment_text(EPOCH + made_at * MICROSECOND)
    return names[0][claim], names[1][forecaster], moment, "" if isnan(chance) else chance, isnan(chance) or None


@dataclass
class Names:
    """What each distinct name of a column means, by the number that the name has.

    Attributes:
        slugs: The slug that is meant, or None.
        refused: Why a name means nothing that can be recorded, by its number.
    """

    slugs: list[str | None]
    refused: dict[int, str] = field(default_factory=dict)

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.int32]:
        """Return for each name the place of its slug in a list of them, or UNKNOWN."""
        place = {slug: number for number, slug in enumerate(slugs)}
        return np.array([place.get(slug, UNKNOWN) if slug else UNKNOWN for slug in self.slugs], np.int32)


def claim_names(names: Sequence[str], on_file: Sequence[str]) -> Names:
    """Look up the claims that names mean: a slug, or what a slug is made of; others are refused."""
    known = set(on_file)
    meant = Names([name if name in known else _made(name, known) for name in names])
    for number, (name, slug) in enumerate(zip(names, meant.slugs, strict=True)):
        if slug is None:
            meant.refused[number] = no_claim(name, on_file if len(meant.refused) < LISTED else ())
    _refuse_doubles(names, meant, "claim")
    return meant


def forecaster_names(names: Sequence[str], titles: Mapping[str, str], *, new: bool) -> Names:
    """Find the slugs that names of forecasters mean: of one on file by slug or title, or of somebody new.

    Where nobody *new* may come in, names are slugs, and nothing else.
    """
    meant = Names([])
    for number, name in enumerate(names):
        slug = name if name in titles else slug_of_name(name, titles) if new else None
        if slug is None and not new:
            meant.refused[number] = f"no forecaster {shown(name)} in this ledger"
        elif slug is None:
            try:
                slug = slug_of(name)
            except ValueError as error:
                meant.refused[number] = str(error)
        meant.slugs.append(slug)
    _refuse_doubles(names, meant, "forecaster")
    return meant


def _made(name: str, known: set[str]) -> str | None:
    try:
        slug = slug_of(name)
    except ValueError:
        return None
    return slug if slug in known else None


def _refuse_doubles(names: Sequence[str], meant: Names, noun: str) -> None:
    """Refuse every further name that comes to one slug: two things must not become one unseen."""
    if meant.slugs == names:
        return
    first: dict[str, str] = {}
    for number, (name, slug) in enumerate(zip(names, meant.slugs, strict=True)):
        if slug is not None and first.setdefault(slug, name) != name:
            meant.refused[number] = f"{shown(name)} and {shown(first[slug])} are one {noun} {slug!r}; use one name"
            meant.slugs[number] = None


def no_claim(name: str, slugs: Sequence[str]) -> str:
    """Tell that no claim has a name, and which slug is near it, where one may be."""
    return missing("claim", name, slugs if len(name) <= LONGEST and len(slugs) < MOST_COMPARED else ())
