"""Check forecasts piece by piece: good rows become numbers, bad rows are refused with what would be right."""

from __future__ import annotations

import numpy as np

from predictions.dates import EMPTY_CELLS
from predictions.errors import InvalidValue, check_field
from predictions.fields import check_line
from predictions.importing.column_checks import ChanceColumn, Faults, Flags, read_chances, read_flags
from predictions.importing.details import DETAILS, Fields, read_details
from predictions.importing.headers import Columns
from predictions.importing.line_cells import LINE_COLUMNS, QUANTILES_COLUMN, LineCells, LineReader
from predictions.importing.moment_columns import TOO_SMALL, counted_otherwise, read_moments
from predictions.importing.name_columns import Names
from predictions.importing.refusals import HEADER, WHOLE_ROW, Refusals
from predictions.importing.spill import ONE_CHANCE, NumberedForecasts, rows_together
from predictions.importing.tables import How, Piece
from predictions.storage.blocks import Forecasts, Times
from predictions.timestamps import EARLIEST, LATEST, moment_at, spoken_moment

FORECAST_COLUMNS = Columns(
    "forecasts",
    listed=("claim", "forecaster", "made_at", "probability"),
    needed=("claim", "made_at", "probability"),
    optional=("withdrawn", *LINE_COLUMNS, QUANTILES_COLUMN, *DETAILS),
    spellings={
        "claim": ("claim slug", "slug"), "forecaster": ("by", "who", "predictor", "speaker"),
        "made_at": ("made", "forecast date"), "probability": ("p", "prob", "chance", "share", "confidence"),
    },
    instead={"probability": ("low", "words", QUANTILES_COLUMN)},
)  # fmt: skip
DAY_MICROSECONDS = 86_400_000_000
EMPTY_DAYS = np.array([day for day in sorted(EMPTY_CELLS) if not day.endswith("-00")], "M8[D]").astype(np.int64)
NO_PROBABILITY = "no probability; a withdrawal says so in a column 'withdrawn'"

OF_PART = {number: column for column, number in LINE_COLUMNS.items()}  # which column says of what a chance is


class ForecastChecker:
    """Checks the pieces of one table."""

    def __init__(self, by: str | None, latest: int, how: How, refusals: Refusals) -> None:
        """Keep *by*, the forecaster if no column names one, and *latest*, the last microsecond allowed."""
        self._by = None if by is None else check_field("by", check_line, by)
        self._latest, self._how, self._refusals = latest, how, refusals
        self.claims, self.forecasters = Names("claim"), Names("forecaster")
        self.lines = LineReader(how)
        self.details: dict[int, Fields] = {}  # by row number, the fields of good rows that say more than a chance
        self.rounded = 0  # how many chances of good rows were rounded

    def check(self, piece: Piece) -> NumberedForecasts:
        """Return the good rows of a piece, with numbers for names; its bad rows are noted in the refusals.

        Raises InvalidValue if nothing says whose forecasts they are, or a column cannot hold what it should.
        """
        columns = piece.columns
        faults: Faults = {index: (WHOLE_ROW, fix) for index, fix in piece.uneven.items()}
        claim = self.claims.read(columns["claim"], faults)
        if columns["forecaster"] is not None:
            forecaster = self.forecasters.read(columns["forecaster"], faults)
        elif self._by is not None:
            forecaster = np.full(piece.size, self.forecasters[self._by], np.int32)
        else:
            raise InvalidValue("there is no column 'forecaster'; say whose forecasts they are: by=")
        made_at = read_moments(columns["made_at"], faults)
        self._check_times(made_at, faults)
        original = piece  # with all cells, to show them in refusals
        piece, lines = self.lines.read(piece, faults)
        chances, details = self._probabilities(piece, faults, lines)
        self._refuse(original, faults, chances)
        good = np.ones(piece.size, np.bool_)
        good[list(faults)] = False
        self.rounded += int((chances.rounded & good).sum())
        self.details |= {piece.first + index: fields for index, fields in details.items() if good[index]}
        number = np.arange(piece.first, piece.first + piece.size, dtype=np.uint32)
        rows = NumberedForecasts(Forecasts(claim, forecaster, made_at, chances.values), number)
        return rows.chosen(good) if lines is None else _with_lines(rows, lines, good)

    def _check_times(self, made_at: Times, faults: Faults) -> None:
        """Note the rows whose time is in the future, is not a moment, or is what programs make of an empty cell."""
        wrong = (made_at > self._latest) | (made_at < EARLIEST)
        if made_at.min(initial=TOO_SMALL) < TOO_SMALL:
            wrong |= (made_at >= 0) & (made_at < TOO_SMALL)
            wrong |= np.isin(made_at // DAY_MICROSECONDS, EMPTY_DAYS)
        for index in np.flatnonzero(wrong).tolist():
            faults.setdefault(index, ("made_at", self._untimely(int(made_at[index]))))

    def _untimely(self, moment: int) -> str:
        """Return why a time, in microseconds, cannot be that of a forecast."""
        if not EARLIEST <= moment <= LATEST:
            return f"outside the years 0001 to 9999 in microseconds; {counted_otherwise(moment)}"
        if moment > self._latest:
            return (
                f"lies in the future, at {spoken_moment(moment_at(moment))}; days mean their end, in UTC, where it is "
                f"{spoken_moment(moment_at(self._latest))}"
            )
        if 0 <= moment < TOO_SMALL:
            return f"early in 1970 if it counts microseconds; {counted_otherwise(moment)}"
        return "what programs make of an empty cell; say when it was made"

    def _probabilities(
        self, piece: Piece, faults: Faults, lines: LineCells | None
    ) -> tuple[ChanceColumn, dict[int, Fields]]:
        """Return the chances of a piece, and by place the fields of the rows that say more than a chance."""
        columns, none = piece.columns, np.zeros(piece.size, np.bool_)
        withdrawn = none if columns["withdrawn"] is None else read_flags(columns["withdrawn"], faults)
        chances, details = ChanceColumn(np.full(piece.size, np.nan), none, none), dict[int, Fields]()
        if columns["probability"] is not None:
            chances = read_chances(columns["probability"], "probability", self._how, faults)
        has_number = ~np.isnan(chances.values)
        if lines is not None:
            has_number |= lines.of > ONE_CHANCE
            has_number[list(lines.several)] = True  # several chances in one cell
        if any(columns[name] is not None for name in DETAILS):
            chances, details = read_details(piece, self._how, chances, withdrawn, faults)
        for index in np.flatnonzero(withdrawn & has_number).tolist():
            part = None if lines is None else OF_PART.get(int(lines.of[index]))
            if part is None or not np.isnan(chances.values[index]):
                faults.setdefault(index, ("probability", "a withdrawal carries no probability"))
            else:
                faults.setdefault(index, (part, "a withdrawal is of the whole forecast; leave this cell empty"))
        lacking = np.isnan(chances.values) & ~withdrawn  # rows without any chance
        if lines is not None:
            lacking[list(lines.several)] = False
        for index in np.flatnonzero(lacking).tolist():
            faults.setdefault(index, ("probability", NO_PROBABILITY))
        return chances, details

    def _refuse(self, piece: Piece, faults: Faults, chances: ChanceColumn) -> None:
        """Note the bad rows of a piece in the refusals, with their values."""
        names = [name for name in FORECAST_COLUMNS.names if name in HEADER or piece.columns[name] is not None]
        self._refusals.columns = names
        for index in sorted(faults):
            column, fix = faults[index]
            values = piece.values(index, names)
            if piece.columns["forecaster"] is None:
                values[1] = self._by
            self._refusals.add(
                piece.first + index, column, values[names.index(column)] if column in names else None, fix, values,
                all_refused=bool(chances.perhaps_percent[index]),
            )  # fmt: skip


def _with_lines(rows: NumberedForecasts, lines: LineCells, good: Flags) -> NumberedForecasts:
    """Return the good rows with what their chances are for; a row with several chances becomes several rows."""
    parts_of_rows = [(index, line) for index, chances in lines.several.items() if good[index] for line in chances]
    good = good.copy()
    good[list(lines.several)] = False
    single = rows._replace(of=lines.of, at=lines.at).chosen(good)
    if not parts_of_rows:
        return single
    parts = rows.chosen(np.array([index for index, _ in parts_of_rows], np.intp))
    of, at, chance = (np.array(column) for column in zip(*(line for _, line in parts_of_rows), strict=True))
    forecasts = parts.forecasts._replace(probability=chance.astype(np.float64))
    return rows_together(
        [single, NumberedForecasts(forecasts, parts.number, of.astype(np.uint8), at.astype(np.float64))]
    )
