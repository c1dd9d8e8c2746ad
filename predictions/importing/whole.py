"""Join the rows of a long table that make one forecast: its shares, points or days, checked against its claim.

Forecasts that a verb would record unchanged are found all at once. The others are read one by one as the verb reads
them: a sum that is off by rounding is mended, three quantiles become a smooth curve, the rest is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.enums import ClaimType
from predictions.errors import InvalidValue
from predictions.fits import DISTRIBUTION_OF, DISTRIBUTIONS, HOW, check_said, takes
from predictions.importing.parts import Parts, Terms, drawn_curves, from_the_eve, in_rows, told_at_once
from predictions.importing.refusals import WHOLE_ROW
from predictions.importing.spill import (
    FITTING,
    LIST_OF_CHANCE,
    OF_DAY,
    OF_NAME,
    OF_OPTION,
    OF_POINT,
    OF_QUANTILE,
    ONE_CHANCE,
    NumberedForecasts,
    rows_together,
)
from predictions.importing.staging import Staged
from predictions.option_names import option_named
from predictions.recording.distributions import read_distribution
from predictions.recording.enter import Desk, build
from predictions.records import Claim, Forecast
from predictions.storage.blocks import BLOCK_LINES, DAYS, PROBABILITIES, Forecasts
from predictions.storage.claim_queries import ClaimTerms, claim_terms
from predictions.storage.lines import Lines, lined_up
from predictions.timestamps import EPOCH, day_at, day_number, moment_at, moment_text

LACKING = {  # for each type of claim, the columns that say what a chance is for, and what they name
    ClaimType.CHOICE: {"option": "option"}, ClaimType.ORDERED: {"option": "option"},
    ClaimType.NUMBER: {"at": "value", "value": "value"}, ClaimType.DATE: {"day": "day"},
}  # fmt: skip


@dataclass
class WholeForecasts:
    """Joins the rows that make one forecast.

    Attributes:
        desk: The open transaction.
        staged: The source, with its refusals.
        claims: The slugs of claims, by number.
        forecasters: The slugs of forecasters, by number.
        named: The slugs of the claims that rows name.
        mended: How many forecasts had shares that were made to sum to 1.
        drawn: How many had quantiles through which a smooth curve was drawn.
        begun: How many got a 0 on the day before they were made.
        repeated: How many were repeated, row by row.
        asked: The terms of the named claims that take a distribution, by number.
        names: The names of options and days, by number.
    """

    desk: Desk
    staged: Staged
    claims: Sequence[str]
    forecasters: Sequence[str]
    named: Sequence[str]
    mended: int = 0
    drawn: int = 0
    begun: int = 0
    repeated: int = 0
    names: Sequence[str] = field(init=False)
    asked: dict[int, ClaimTerms] = field(init=False)
    _records: dict[int, Claim] = field(init=False)
    _terms: Terms = field(init=False)
    _given: NumberedForecasts = field(init=False)  # the rows that were joined last

    def __post_init__(self) -> None:
        numbers = {slug: number for number, slug in enumerate(self.claims)}
        all_terms = claim_terms(self.desk.store.connection, self.named, DISTRIBUTIONS)
        self.asked = {numbers[terms.slug]: terms for terms in all_terms}
        self.names, self._records = list(self.staged.names), {}
        self._terms = Terms.of(len(self.claims), self.asked)

    def _record(self, number: int) -> Claim:
        if number not in self._records:
            (self._records[number],) = self.desk.store.last_revisions(Claim, [self.claims[number]]).values()
        return self._records[number]

    def whole(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Return the forecasts that rows from a source make; rows that do not fit their claim are refused."""
        self._given = rows
        kind = self._terms.kind.take(rows.forecasts.claim)
        of = np.full(kind.size, ONE_CHANCE, np.uint8) if rows.of is None else rows.of
        if rows.of is None and (kind == PROBABILITIES).all():  # the usual case: nothing to join
            return rows
        fitting = FITTING[kind, of]
        fitting |= (of == ONE_CHANCE) & np.isnan(rows.forecasts.probability)  # a withdrawal fits any claim
        for index in np.flatnonzero(~fitting).tolist():
            self._refuse_type(rows, index, int(of[index]))
        plain = fitting & (of == ONE_CHANCE)
        single = rows._replace(forecasts=rows.forecasts._replace(kind=kind), of=None, at=None).chosen(plain)
        parts = rows.chosen(fitting & ~plain)
        pieces = [single, self._gathered(parts)] if parts.number.size else [single]
        return rows_together([piece for piece in pieces if piece.number.size] or [single])

    def _gathered(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Join the rows of each forecast of a distribution into one line with that distribution.

        Most are kept as they were given, or become curves through their quantiles, all at once. Forecasts with details
        beside their chances, or unusual ones, are read one by one as the verb `forecast` reads them.
        """
        parts = Parts.of_rows(rows, self._places(rows), self._terms)
        ready, has_no_details = told_at_once(parts, self._terms), np.ones(parts.first.size, np.bool_)
        if self.staged.details:
            has_details = np.isin(parts.rows.number[parts.order], [*self.staged.details])
            has_no_details = np.bitwise_or.reduceat(has_details, parts.first) == 0
        kept_places, drawn_places = (np.flatnonzero(chosen & has_no_details) for chosen in ready)
        self.drawn += drawn_places.size
        lines = [parts.lines.part(kept_places), drawn_curves(parts, drawn_places, self._terms)]
        places = [kept_places, drawn_places]
        for number in np.flatnonzero(~((ready.as_given | ready.drawn) & has_no_details)).tolist():
            lines_read = self._read(parts, number)
            if lines_read is not None:
                lines.append(lines_read)
                places.append(np.array([number]))
        chosen = np.concatenate(places)
        forecasts = parts.forecasts.rows(chosen)
        kind = self._terms.kind.take(forecasts.claim)
        opens = np.where(kind == DAYS, self._terms.low.take(forecasts.claim), np.inf)
        joined_lines = lined_up(lines)
        begun_lines = from_the_eve(joined_lines, forecasts.made_at, opens)
        self.begun += begun_lines.at.size - joined_lines.at.size
        order = np.arange(chosen.size, dtype=np.float64)
        forecasts = forecasts._replace(probability=order, lines=begun_lines, kind=kind)
        return NumberedForecasts(forecasts, parts.number[chosen])

    def _places(self, rows: NumberedForecasts) -> NDArray[np.float64]:
        """Return the place of each chance: that of an option in its claim's list, a day, or a value.

        An option or a day given by its name (OF_OPTION, OF_NAME) has the number of the name in ``at``. Each name is
        looked up once a claim. Names of days become NaN, so that they are read as the verb reads them.
        """
        assert rows.of is not None and rows.at is not None  # noqa: PT018  both are there where there are lines
        places = rows.at.astype(np.float64)
        by_name = np.isin(rows.of, (OF_OPTION, OF_NAME))
        width = len(self.names) + 1
        pairs = rows.forecasts.claim[by_name].astype(np.int64) * width + rows.at[by_name].astype(np.int64)
        distinct, inverse = np.unique(pairs, return_inverse=True)
        place_of_pair = [self._place(*divmod(pair, width)) for pair in distinct.tolist()]
        places[by_name] = np.array(place_of_pair, np.float64)[inverse]
        return places

    def _place(self, claim: int, name: int) -> float:
        """Return the place of a named option in its claim's list; NaN for a day, or if there is no such option."""
        terms = self.asked[claim]
        if terms.type == ClaimType.DATE:
            return np.nan  # it is read by the verb's own rules
        option = option_named(terms.options, self.names[name])
        return float(terms.options.index(str(option))) if option in terms.options else np.nan

    def _read(self, parts: Parts, number: int) -> Lines | None:
        """Return one forecast as the verb reads it; None if it is refused."""
        rows = parts.of_one(number)
        claim = self._record(int(rows.forecasts.claim[0]))
        try:
            fields = self._fields(claim, rows)
        except InvalidValue as error:
            for index in range(rows.number.size):
                self._refuse(rows, index, WHOLE_ROW, in_rows(str(error), rows.of))
            return None
        if fields["shares"]:
            return Lines.of_one([(0.0, share["share"]) for share in fields["shares"]])
        if fields["points"]:
            return Lines.of_one([(point["at"], point["chance"]) for point in fields["points"]])
        days = [(float(day_number(day_chance["day"])), day_chance["chance"]) for day_chance in fields["days"]]
        return Lines.of_one(days)

    def _fields(self, claim: Claim, rows: NumberedForecasts) -> Mapping[str, Any]:
        """Return the fields of the distribution that the rows of one forecast make; InvalidValue as from the verb."""
        assert rows.of is not None and rows.at is not None  # noqa: PT018  as above
        of = int(rows.of[0])
        if (rows.of != of).any():
            raise InvalidValue("one forecast is told in several ways; say it in one: option, day, at or value")
        beside = self._beside(rows)
        pairs = self._once(claim, of, rows)
        if len(pairs) > BLOCK_LINES:
            raise InvalidValue(f"it has {len(pairs):,} parts; a forecast holds at most {BLOCK_LINES:,}")
        quantities = {"probability": dict(pairs)}
        if of == OF_QUANTILE:
            quantities = {"quantiles": {chance: value for value, chance in pairs}}
        if of == OF_POINT:
            fields: Mapping[str, Any] = {"points": [{"at": value, "chance": chance} for value, chance in sorted(pairs)]}
            placeholders = {"claim": claim.slug, "forecaster": "forecaster", "made_at": EPOCH}
            check_said(claim, build(Forecast, {**beside, **fields, **placeholders}))
        else:
            distribution = read_distribution(claim, {**beside, **quantities})
            fields = distribution.fields
            self.mended += distribution.made == "mended"
            self.drawn += distribution.made == "drawn"
        return {"shares": (), "points": (), "days": (), **fields}

    def _once(self, claim: Claim, of: int, rows: NumberedForecasts) -> list[tuple[Any, float]]:
        """Return what a forecast says, each part once, and count in `repeated` how often all of it is repeated.

        Raises InvalidValue if some parts are repeated more often than others, or have two values.
        """
        assert rows.at is not None
        chances = zip(rows.at.tolist(), rows.forecasts.probability.tolist(), strict=True)
        parts = Counter((self._key(claim, of, at), chance) for at, chance in chances)
        keys = Counter(chance if of == OF_QUANTILE else key for key, chance in parts)
        repetitions, is_contradictory = min(parts.values()), len(keys) < len(parts)
        if is_contradictory or max(parts.values()) > repetitions:
            duplicates = keys if is_contradictory else Counter({key: count for (key, _), count in parts.items()})
            raise InvalidValue(f"{duplicates.most_common(1)[0][0]} is given twice for one claim, forecaster and time")
        self.repeated += repetitions - 1
        return list(parts)

    def _key(self, claim: Claim, of: int, at: float) -> object:
        """Return the option, the day or the value that a row is for."""
        if of == OF_DAY:
            return day_at(at)
        if of in {OF_OPTION, OF_NAME}:
            name = self.names[int(at)]
            return name if claim.type is ClaimType.DATE else option_named(claim.options, name)
        return at

    def _beside(self, rows: NumberedForecasts) -> dict[str, object]:
        """Join what the rows of one forecast say beside its chances, and keep it under the lowest row number."""
        details, joined = self.staged.details, dict[str, object]()
        details_of_rows = [details.pop(number) for number in rows.number.tolist() if number in details]
        for fields in details_of_rows:
            for name, value in fields.items():
                if name != "probability" and joined.setdefault(name, value) != value:
                    raise InvalidValue(f"its rows differ in their {name}; say it once")
        if joined:
            details[int(rows.number.min())] = joined
        return joined

    # -- refusals -------------------------------------------------------------------------------------------------

    def _refuse_type(self, rows: NumberedForecasts, index: int, of: int) -> None:
        """Refuse a row whose chance is for something else than its claim asks."""
        slug, number = self.claims[rows.forecasts.claim[index]], int(rows.forecasts.claim[index])
        claim = self._record(number)
        if of == ONE_CHANCE:
            column, fix = self._empty_line(claim)
        else:
            wanted = HOW[DISTRIBUTION_OF[claim.type]] if number in self.asked else "one chance"
            fix = f"{slug} is of type {claim.type}, so it takes {wanted}, not {HOW[LIST_OF_CHANCE[of]]}"
            column = "claim"
        self._refuse(rows, index, column, fix)

    def _empty_line(self, claim: Claim) -> tuple[str, str]:
        """Return the column that should say what a chance is for, and what is missing there."""
        for column, noun in LACKING[claim.type].items():
            if column in self.staged.refusals.columns:
                return column, f"empty or nan names no {noun}: say which one this chance is of, or leave the row out"
        return "claim", takes(claim)

    def _refuse(self, rows: NumberedForecasts, index: int, column: str, fix: str) -> None:
        cells = self.cells(rows, index)
        self.staged.refusals.add(int(rows.number[index]), column, cells.get(column), fix, self._values(cells))

    def given_for(self, forecast: Forecasts) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Yield row number and cells of each row of a forecast that was joined last."""
        rows = self._given.forecasts
        is_of_forecast = (rows.claim == forecast.claim) & (rows.forecaster == forecast.forecaster)
        is_of_forecast &= (rows.made_at == forecast.made_at) & (self._given.of != ONE_CHANCE)
        for index in np.flatnonzero(is_of_forecast).tolist():
            yield int(self._given.number[index]), self._values(self.cells(self._given, index))

    def _values(self, cells: Mapping[str, object]) -> tuple[object, ...]:
        return tuple(cells.get(name) for name in self.staged.refusals.columns)

    def cells(self, rows: NumberedForecasts, index: int) -> dict[str, object]:
        """Return the cells of one row."""
        forecasts = rows.forecasts
        chance = float(forecasts.probability[index])
        cells: dict[str, object] = {
            "claim": self.claims[forecasts.claim[index]], "forecaster": self.forecasters[forecasts.forecaster[index]],
            "made_at": moment_text(moment_at(int(forecasts.made_at[index]))),
            "probability": "" if np.isnan(chance) else chance, "withdrawn": np.isnan(chance) or None,
        }  # fmt: skip
        if rows.of is not None and rows.at is not None:
            of, at = int(rows.of[index]), float(rows.at[index])
            if of in {OF_OPTION, OF_NAME}:
                cells["option"] = self.names[int(at)]
            elif of == OF_DAY:
                cells["day"] = str(day_at(at))
            elif of in {OF_POINT, OF_QUANTILE}:
                cells["at" if of == OF_POINT else "value"] = at
        return cells
