"""Names in a table: which claims and forecasters on file they mean, and which are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from predictions.enums import CROWDS_OF_PLATFORMS, ForecasterKind
from predictions.errors import InvalidValue, LedgerError, NotFound, short_repr
from predictions.importing.cells import has_no_value
from predictions.importing.refusals import ROWS_LISTED
from predictions.importing.spill import NumberedForecasts
from predictions.importing.staging import Staged
from predictions.recording.enter import Desk, build, enter
from predictions.records import Forecaster
from predictions.slugs import Titles, not_found, slug_of, slug_of_name
from predictions.storage.blocks import Forecasts
from predictions.storage.imports import LIST_NOUNS, beginnings
from predictions.timestamps import moment_at, moment_text

UNKNOWN = -1
LONGEST = 64  # characters of a slug: nothing longer resembles one
MOST_COMPARED = 10_000  # slugs that are searched for a similar one, at most


@dataclass(frozen=True)
class Named:
    """The claims and forecasters that the good rows name, each in the order of slugs.

    Attributes:
        claims: The slugs of all claims on file; a row's claim is an index into them.
        claim_entries: The entries where they began.
        listed: Which of them the import lists.
        forecasters: The slugs of the forecasters named; a row's forecaster is an index into them, and a rank.
        forecaster_entries: The entries where they began.
        new_forecasters: How many of them were recorded just now.
        claim_numbers: The index in *claims* of each name, UNKNOWN for one that is refused.
        forecaster_numbers: The index in *forecasters* of each name, likewise.
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
    def listed_slugs(self) -> list[str]:
        """Return the slugs of the claims that the import lists."""
        return [self.claims[number] for number in np.flatnonzero(self.listed).tolist()]

    @property
    def listed_claims(self) -> NDArray[np.int64]:
        """Return the entries of the claims that the import lists."""
        return self.claim_entries[self.listed]

    def numbered(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Return rows that have names by number with places in the lists instead, without those that are refused."""
        claim = self.claim_numbers.take(rows.forecasts.claim)
        forecaster = self.forecaster_numbers.take(rows.forecasts.forecaster)
        numbered = rows._replace(forecasts=rows.forecasts._replace(claim=claim, forecaster=forecaster))
        return numbered.chosen((claim != UNKNOWN) & (forecaster != UNKNOWN))

    def key(self, rows: Forecasts, index: int) -> tuple[str, str, str]:
        """Return the claim, forecaster and time of one row."""
        moment = moment_text(moment_at(int(rows.made_at[index])))
        return self.claims[rows.claim[index]], self.forecasters[rows.forecaster[index]], moment

    def ranked(self, rows: Forecasts) -> Forecasts:
        """Return rows with ranks in the import's lists."""
        rank = np.cumsum(self.listed, dtype=np.int32) - 1
        return rows._replace(claim=rank.take(rows.claim))


def look_up(desk: Desk, staged: Staged, kind: ForecasterKind | None) -> Named:
    """Find what the names in a source mean, and refuse the rows of those that mean nothing.

    Forecasters who are new are recorded, as of that *kind*; without one they are refused. The price of a market and the
    averages of a platform are crowds, whoever has exported them.
    """
    claims = beginnings(desk.store.connection, "claim")
    slugs = list(claims)
    titles = desk.store.titles(Forecaster)
    of_claims = claim_names(list(staged.claims), slugs)
    of_forecasters = forecaster_names(list(staged.forecasters), titles, new=kind is not None)
    used = _used(staged, of_claims, of_forecasters)
    pairs = zip(of_forecasters.slugs, staged.forecasters, used[1].tolist(), strict=True)
    named = {slug: name for slug, name, is_used in pairs if is_used and slug}
    new = sorted(named.keys() - titles.keys())
    for slug in new:
        is_crowd = slug in CROWDS_OF_PLATFORMS
        of_kind = ForecasterKind.CROWD if is_crowd else kind
        enter(desk, build(Forecaster, {"slug": slug, "title": named[slug], "kind": of_kind}))
    forecasters = sorted(named)
    began = beginnings(desk.store.connection, "forecaster")
    numbers = of_claims.numbers(slugs)
    listed = np.zeros(len(slugs), np.bool_)
    listed[numbers[used[0] & (numbers != UNKNOWN)]] = True
    return Named(
        slugs, np.array(list(claims.values()), np.int64), listed,
        forecasters, np.array([began[slug] for slug in forecasters], np.int64), len(new),
        numbers, of_forecasters.numbers(forecasters),
    )  # fmt: skip


def _used(staged: Staged, *meant: Meanings) -> list[NDArray[np.bool_]]:
    """Tell which names good rows have; rows whose names mean nothing are refused on the way."""
    if not any(names.refused for names in meant):
        return staged.spill.used
    used = [np.zeros(len(names.names), np.bool_) for names in meant]
    refused = [np.isin(np.arange(len(names.names)), list(names.refused)) for names in meant]
    for rows in staged.spill.partitions():
        columns = rows.forecasts.claim, rows.forecasts.forecaster
        bad = [flags.take(column) for flags, column in zip(refused, columns, strict=True)]
        for place in np.flatnonzero(bad[0] | bad[1]).tolist():
            of = 0 if bad[0][place] else 1
            number = int(columns[of][place])
            claim, forecaster = (names.names[column[place]] for names, column in zip(meant, columns, strict=True))
            staged.refusals.add(
                int(rows.number[place]), LIST_NOUNS[of], meant[of].names[number], meant[of].refused[number],
                as_cells(claim, forecaster, int(rows.forecasts.made_at[place]), rows.forecasts.probability[place]),
            )  # fmt: skip
        for flags, column in zip(used, columns, strict=True):
            flags[column[~(bad[0] | bad[1])]] = True
    return used


def as_cells(claim: str, forecaster: str, made_at: int, chance: float) -> tuple[object, ...]:
    """Return one forecast as the cells of a row that is refused."""
    withdrawn = isnan(chance)
    return claim, forecaster, moment_text(moment_at(made_at)), "" if withdrawn else float(chance), withdrawn or None


class Meanings:
    """What each distinct name of a column means, by the number that the name has.

    Attributes:
        slugs: The slug that is meant, or None.
        refused: Why a name means nothing that can be recorded, by its number.
    """

    def __init__(self, names: Sequence[str], noun: str, meant: Callable[[str], str]) -> None:
        """Look up every name; *meant* raises LedgerError or ValueError for one that means nothing.

        A further name that comes to the same slug is refused: two things must not become one unseen.
        """
        self.names = names
        self.slugs: list[str | None] = []
        self.refused: dict[int, str] = {}
        first: dict[str, str] = {}
        for number, name in enumerate(names):
            try:
                slug = meant(name)
                if (first_name := first.setdefault(slug, name)) != name:
                    raise InvalidValue(
                        f"{short_repr(name)} and {short_repr(first_name)} are one {noun} {slug!r}; use one name"
                    )
                self.slugs.append(slug)
            except (LedgerError, ValueError) as error:
                self.refused[number] = str(error)
                self.slugs.append(None)

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.int32]:
        """Return for each name the place of its slug in a list of them, or UNKNOWN."""
        index_of = {slug: number for number, slug in enumerate(slugs)}
        return np.array([index_of.get(slug, UNKNOWN) if slug else UNKNOWN for slug in self.slugs], np.int32)


def claim_names(names: Sequence[str], on_file: Sequence[str]) -> Meanings:
    """Look up the claims that names mean: a slug, or what a slug is made of; others are refused."""
    slugs_on_file, unknown = set(on_file), list[str]()

    def meant(name: str) -> str:
        slug = name
        if name not in slugs_on_file:
            with suppress(ValueError):
                slug = slug_of(name)
        if slug in slugs_on_file:
            return slug
        unknown.append(name)
        raise NotFound(no_claim(name, on_file if len(unknown) <= ROWS_LISTED else ()))

    return Meanings(names, "claim", meant)


def forecaster_names(names: Sequence[str], titles: Mapping[str, str], *, new: bool) -> Meanings:
    """Find the slugs that names of forecasters mean: of one on file by slug or title, or of somebody new.

    Where nobody *new* may come in, names are slugs, and nothing else.
    """
    index = Titles(titles)

    def meant(name: str) -> str:
        if name in titles:
            return name
        if not new:
            raise NotFound(f"no forecaster {short_repr(name)} in this ledger")
        slug = slug_of_name(name, index)
        if slug is None and has_no_value(name):
            raise InvalidValue(f"{short_repr(name)} stands for an empty cell; say who forecast")
        return slug or slug_of(name)

    return Meanings(names, "forecaster", meant)


def no_claim(name: str, slugs: Sequence[str]) -> str:
    """Word that no claim has a name, and which slug is near it, where one may be."""
    return not_found("claim", name, slugs if len(name) <= LONGEST and len(slugs) < MOST_COMPARED else ())
