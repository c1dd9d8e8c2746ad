"""Pieces of forecasts checked as columns: the good rows as numbers, the others refused with what would be right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.dates import EMPTY_CELLS
from predictions.errors import InvalidValue, named
from predictions.importing.chances import Read, read_chances
from predictions.importing.columns import TOO_SMALL, Faults, Names, read_flags, read_moments
from predictions.importing.details import DETAILS, Details
from predictions.importing.refusals import ROW, Refusals
from predictions.importing.tables import Columns, How, Piece
from predictions.moments import EARLIEST, EPOCH, LATEST, MICROSECOND, spoken_moment
from predictions.naming import slug_from, spelled_out, words_digest
from predictions.storage.blocks import Forecasts, Times
from predictions.values import check_line, check_slug
from predictions.verbs.entering import AHEAD

FORECAST_COLUMNS = Columns(
    "forecasts",
    listed=("claim", "forecaster", "made_at", "probability"),
    needed=("claim", "made_at", "probability"),
    optional=("withdrawn", *DETAILS),
    spellings={
        "claim": ("claim slug", "slug"), "forecaster": ("by", "who", "predictor", "speaker"),
        "made_at": ("made", "forecast date"), "probability": ("p", "prob", "chance", "confidence"),
    },
    instead={"probability": ("low", "words")},
)  # fmt: skip
DAY = 86_400_000_000
EMPTY_DAYS = np.array([day for day in sorted(EMPTY_CELLS) if not day.endswith("-00")], "M8[D]").astype(np.int64)
NO_PROBABILITY = "no probability; a withdrawal says so in a column 'withdrawn'"


class Checked(NamedTuple):
    """The good rows of a piece.

    Attributes:
        rows: With numbers of names for ``claim`` and ``forecaster``.
        number: The number of each row in its source.
        rounded: How many probabilities were rounded.
        details: The fields of forecasts that say more than a number, by the number of the row.
    """

    rows: Forecasts
    number: NDArray[np.uint32]
    rounded: int
    details: dict[int, dict[str, object]]


class ForecastChecker:
    """Checks the pieces of one source.

    Attributes:
        claims: The number of each name of a claim, in the order of arrival.
        forecasters: Likewise.
    """

    def __init__(self, by: str | None, latest: int, how: How, refusals: Refusals) -> None:
        """Begin.

        Args:
            by: Whose forecasts they all are, where no column says.
            latest: The last moment, in microseconds, at which a forecast can have been made.
            how: How numbers are to be read.
            refusals: Where bad rows are told.
        """
        self._by = None if by is None else named("by", check_line, by)
        self._latest, self._how, self._refusals = latest, how, refusals
        self._claims, self._forecasters = Names("claim"), Names("forecaster")
        self.claims, self.forecasters = self._claims.numbers, self._forecasters.numbers

    def check(self, piece: Piece) -> Checked:
        """Check one piece; its bad rows are told to the refusals.

        Raises:
            InvalidValue: The table does not say whose forecasts they are, or a column can hold none.
        """
        columns = piece.columns
        faults: Faults = {place: (ROW, fix) for place, fix in piece.uneven.items()}
        claim = self._claims.read(columns["claim"], faults)
        if columns["forecaster"] is not None:
            forecaster = self._forecasters.read(columns["forecaster"], faults)
        elif self._by is not None:
            forecaster = np.full(piece.size, self._forecasters.number(self._by), np.int32)
        else:
            raise InvalidValue("there is no column 'forecaster'; say whose forecasts they are: by=")
        made_at = read_moments(columns["made_at"], faults)
        self._check_times(made_at, faults)
        read, details = self._probabilities(piece, faults)
        rows = Forecasts(claim, forecaster, made_at, read.values)
        self._refusals.learn(piece)
        number = np.arange(piece.first, piece.first + piece.size, dtype=np.uint32)
        if not faults:
            return Checked(rows, number, int(read.rounded.sum()), _by_row(details, piece.first))
        self._refuse(piece, faults, read)
        good = np.ones(piece.size, np.bool_)
        good[list(faults)] = False
        kept = {place: fields for place, fields in details.items() if good[place]}
        return Checked(rows.rows(good), number[good], int(read.rounded[good].sum()), _by_row(kept, piece.first))

    def finish(self) -> None:
        """Raise InvalidValue for what is wrong with the source as a whole: it seems to be in percent."""
        if self._refusals.all_refused:
            self._refusals.refuse()

    def _check_times(self, made_at: Times, faults: Faults) -> None:
        if not made_at.size:
            return
        wrong = (made_at > self._latest) | (made_at < EARLIEST)
        if made_at.min() < TOO_SMALL:
            wrong |= (made_at >= 0) & (made_at < TOO_SMALL)
            wrong |= np.isin(made_at // DAY, EMPTY_DAYS)
        for place in np.flatnonzero(wrong).tolist():
            faults.setdefault(place, ("made_at", self._untimely(int(made_at[place]))))

    def _untimely(self, moment: int) -> str:
        if not EARLIEST <= moment <= LATEST:
            return "outside the years 0001 to 9999 in microseconds"
        if moment > self._latest:
            at, now = (EPOCH + one * MICROSECOND for one in (moment, self._latest))
            return (
                f"lies in the future, at {spoken_moment(at)}; days mean their end, in UTC, where it is "
                f"{spoken_moment(now - AHEAD)}"
            )
        if 0 <= moment < TOO_SMALL:
            return "early in 1970 if it counts microseconds; seconds and milliseconds are not read"
        return "what programs make of an empty cell; say when it was made"

    def _probabilities(self, piece: Piece, faults: Faults) -> tuple[Read, dict[int, dict[str, object]]]:
        columns, nothing = piece.columns, np.zeros(piece.size, np.bool_)
        withdrawn = nothing if columns["withdrawn"] is None else read_flags(columns["withdrawn"], "withdrawn", faults)
        if columns["probability"] is None:
            read = Read(np.full(piece.size, np.nan), nothing, nothing)
        else:
            read = read_chances(columns["probability"], "probability", self._how, faults)
        details: dict[int, dict[str, object]] = {}
        if any(columns[name] is not None for name in DETAILS):
            further = Details(piece, self._how, faults)
            said = ~np.isnan(read.values)
            numbers, details = further.read(read.values, withdrawn)
            read = Read(numbers, read.rounded, read.perhaps_percent | further.perhaps_percent)
        else:
            said = ~np.isnan(read.values)
        for place in np.flatnonzero(withdrawn & said).tolist():
            faults.setdefault(place, ("probability", "a withdrawal carries no probability"))
        for place in np.flatnonzero(np.isnan(read.values) & ~withdrawn).tolist():
            faults.setdefault(place, ("probability", NO_PROBABILITY))
        return read, details

    def _refuse(self, piece: Piece, faults: Faults, read: Read) -> None:
        names = [
            name
            for name in FORECAST_COLUMNS.names
            if name in FORECAST_COLUMNS.listed or piece.columns[name] is not None
        ]
        names = list(dict.fromkeys([*names[:4], "withdrawn", *names[4:]]))
        self._refusals.columns = names
        for place in sorted(faults):
            column, fix = faults[place]
            values = piece.values(place, names)
            if piece.columns["forecaster"] is None:
                values[1] = self._by
            value = values[names.index(column)] if column in names else None
            self._refusals.add(
                piece.first + place, column, value, fix, values, all_refused=bool(read.perhaps_percent[place])
            )


def _by_row(details: dict[int, dict[str, object]], first: int) -> dict[int, dict[str, object]]:
    return {first + place: fields for place, fields in details.items()}


def slug_of(name: str) -> str:
    """Return the slug for a name: the name, if it is one; else one made of its letters.

    A name whose letters a slug cannot all hold gets some digits of its own too, so that two of them stay two.

    >>> slug_of("GPT-4o"), slug_of("Ana Maria")
    ('gpt-4o', 'ana-maria')
    """
    try:
        return check_slug(name)
    except ValueError:
        slug = slug_from(name, (), otherwise="forecaster")
        return slug if spelled_out(name) else f"{slug}-{words_digest(name).hex()[:8]}"
