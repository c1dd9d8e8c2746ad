"""Bring the rows of a long table together to one forecast: its shares, points or days, checked against its claim.

What a verb would record as it is given is told for all forecasts at once. The others are read one by one as the verb
reads them: a sum off by rounding is mended, three quantiles become a smooth curve, the rest is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.enums import ClaimType
from predictions.errors import InvalidValue
from predictions.fits import DISTRIBUTION_OF, DISTRIBUTIONS, HOW, check_said, takes
from predictions.importing.parts import Parts, Terms, drawn_curves, from_the_eve, told_at_once
from predictions.importing.refusals import WHOLE_ROW
from predictions.importing.spill import (
    CHANCES_OF_KIND,
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

LACKING = {  # the columns that say what a chance is of
    ClaimType.CHOICE: {"option": "option"}, ClaimType.ORDERED: {"option": "option"},
    ClaimType.NUMBER: {"at": "value", "value": "value"}, ClaimType.DATE: {"day": "day"},
}  # fmt: skip


@dataclass
class WholeForecasts:
    """Brings rows together.

    Attributes:
        desk: Of the ledger in which claims are read.
        staged: The source, whose refusals are added to.
        claims: The slugs of claims, by number.
        forecasters: Those of forecasters.
        named: The slugs of the claims that rows name.
        mended: How many forecasts had shares that were made to sum to 1.
        drawn: How many had quantiles through which a smooth curve was drawn.
        begun: How many begin with 0 on the day before they were said.
        repeated: How many were repeated, row by row.
        asked: What the claims named ask that take a distribution, by number.
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
    _given: NumberedForecasts = field(init=False)  # the rows that were last brought together

    def __post_init__(self) -> None:
        numbers = {slug: number for number, slug in enumerate(self.claims)}
        asked = claim_terms(self.desk.store.connection, self.named, DISTRIBUTIONS)
        self.asked = {numbers[terms.slug]: terms for terms in asked}
        self.names, self._records = list(self.staged.names), {}
        self._terms = Terms.of(len(self.claims), self.asked)

    def _record(self, number: int) -> Claim:
        if number not in self._records:
            (self._records[number],) = self.desk.store.last_revisions(Claim, [self.claims[number]]).values()
        return self._records[number]

    def whole(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Return the forecasts that rows from a source say; what does not fit its claim is refused."""
        self._given = rows
        kind = self._terms.kind.take(rows.forecasts.claim)
        of = np.full(kind.size, ONE_CHANCE, np.uint8) if rows.of is None else rows.of
        if rows.of is None and (kind == PROBABILITIES).all():
            return rows
        withdrawn = (of == ONE_CHANCE) & np.isnan(rows.forecasts.probability)
        fits = [(kind == asked) & np.isin(of, chances) for asked, chances in CHANCES_OF_KIND.items()]
        fitting = withdrawn | np.any(fits, axis=0)
        for index in np.flatnonzero(~fitting).tolist():
            self._refuse_type(rows, index, int(of[index]))
        plain = fitting & (of == ONE_CHANCE)
        single = rows._replace(forecasts=rows.forecasts._replace(kind=kind), of=None, at=None).chosen(plain)
        several = rows.chosen(fitting & ~plain)
        return rows_together([single, self._gathered(several)]) if several.number.size else single

    def _gathered(self, rows: NumberedForecasts) -> NumberedForecasts:
        """Bring the rows of each forecast together: one line for each forecast, with its distribution.

        Most are taken as they were given, or drawn as curves through their quantiles, all at once. Those that say more
        beside their chances, or are not in order, are read one by one as the verb `forecast` reads them.
        """
        parts = Parts.of(rows, self._places(rows), self._terms)
        told, alone = told_at_once(parts, self._terms), np.ones(parts.first.size, np.bool_)
        if self.staged.details:
            alone = np.bitwise_or.reduceat(np.isin(parts.rows.number, [*self.staged.details]), parts.first) == 0
        given, drawn = (np.flatnonzero(chosen & alone) for chosen in told)
        self.drawn += drawn.size
        lines, kept = [parts.lines.part(given), drawn_curves(parts, drawn, self._terms)], [given, drawn]
        for number in np.flatnonzero(~((told.as_given | told.drawn) & alone)).tolist():
            read = self._read(parts, number)
            if read is not None:
                lines.append(read)
                kept.append(np.array([number]))
        chosen = np.concatenate(kept)
        first = parts.first[chosen]
        forecasts = parts.rows.forecasts.rows(first)
        kind = self._terms.kind.take(forecasts.claim)
        opens = np.where(kind == DAYS, self._terms.low.take(forecasts.claim), np.inf)
        told_lines = lined_up(lines)
        joined = from_the_eve(told_lines, forecasts.made_at, opens)
        self.begun += joined.at.size - told_lines.at.size
        order = np.arange(chosen.size, dtype=np.float64)
        forecasts = forecasts._replace(probability=order, lines=joined, kind=kind)
        return NumberedForecasts(forecasts, np.minimum.reduceat(parts.rows.number, parts.first)[chosen])

    def _places(self, rows: NumberedForecasts) -> NDArray[np.float64]:
        """Return where each chance of a row belongs: the place of an option among its claim's, a day or a value.

        Where an option or a day is given by its name (OF_OPTION, OF_NAME), ``at`` holds the number of that name.
        Options are looked up, each name once a claim; names of days become NaN, and are read as the verbs read them.
        """
        assert rows.of is not None and rows.at is not None  # noqa: PT018  both are there where there are lines
        places = rows.at.astype(np.float64)
        by_name = np.isin(rows.of, (OF_OPTION, OF_NAME))
        width = len(self.names) + 1
        pairs = rows.forecasts.claim[by_name].astype(np.int64) * width + rows.at[by_name].astype(np.int64)
        distinct, inverse = np.unique(pairs, return_inverse=True)
        found = [self._place(*divmod(pair, width)) for pair in distinct.tolist()]
        places[by_name] = np.array(found, np.float64)[inverse]
        return places

    def _place(self, claim: int, name: int) -> float:
        asked = self.asked[claim]
        if asked.type == ClaimType.DATE:
            return np.nan  # it is read by the verb's own rules
        option = option_named(asked.options, self.names[name])
        return float(asked.options.index(str(option))) if option in asked.options else np.nan

    def _read(self, parts: Parts, number: int) -> Lines | None:
        """Read one forecast as the verb would; None where it is refused."""
        rows = parts.of_one(number)
        claim = self._record(int(rows.forecasts.claim[0]))
        try:
            fields = self._fields(claim, rows)
        except InvalidValue as refused:
            for index in range(rows.number.size):
                self._refuse(rows, index, WHOLE_ROW, str(refused))
            return None
        if fields["shares"]:
            return Lines.of_one([(0.0, share["share"]) for share in fields["shares"]])
        if fields["points"]:
            return Lines.of_one([(point["at"], point["chance"]) for point in fields["points"]])
        days = [(float(day_number(by["day"])), by["chance"]) for by in fields["days"]]
        return Lines.of_one(days)

    def _fields(self, claim: Claim, rows: NumberedForecasts) -> Mapping[str, Any]:
        """Read the rows of one forecast as the fields of its distribution; InvalidValue as the verb raises it."""
        assert rows.of is not None and rows.at is not None  # noqa: PT018  as above
        of = int(rows.of[0])
        if (rows.of != of).any():
            raise InvalidValue("one forecast is told in several ways; say it in one: option, day, at or value")
        beside = self._beside(rows)
        told = self._once(claim, of, rows)
        if len(told) > BLOCK_LINES:
            raise InvalidValue(f"it has {len(told):,} parts; a forecast holds at most {BLOCK_LINES:,}")
        said = {"probability": dict(told)}
        if of == OF_QUANTILE:
            said = {"quantiles": {chance: value for value, chance in told}}
        if of == OF_POINT:
            fields: Mapping[str, Any] = {"points": [{"at": value, "chance": chance} for value, chance in sorted(told)]}
            known = {"claim": claim.slug, "forecaster": "forecaster", "made_at": EPOCH}
            check_said(claim, build(Forecast, {**beside, **fields, **known}))
        else:
            read = read_distribution(claim, {**beside, **said})
            fields = read.fields
            self.mended += read.made == "mended"
            self.drawn += read.made == "drawn"
        return {"shares": (), "points": (), "days": (), **fields}

    def _once(self, claim: Claim, of: int, rows: NumberedForecasts) -> list[tuple[Any, float]]:
        """List what a forecast says, each part once, and count in `repeated` how often the whole of it is said again.

        Raises InvalidValue where some parts are said more often than others, or one part in two ways.
        """
        told = Counter((self._key(claim, of, at), chance) for at, chance in _values_with_chances(rows))
        keys = Counter(chance if of == OF_QUANTILE else key for key, chance in told)
        times = min(told.values())
        if len(keys) < len(told) or max(told.values()) > times:
            twice = keys if len(keys) < len(told) else Counter({key: count for (key, _), count in told.items()})
            raise InvalidValue(f"{twice.most_common(1)[0][0]} is given twice for one claim, forecaster and time")
        self.repeated += times - 1
        return list(told)

    def _key(self, claim: Claim, of: int, at: float) -> object:
        """Return the option, the day or the value that a row is of."""
        if of == OF_DAY:
            return day_at(at)
        if of in {OF_OPTION, OF_NAME}:
            name = self.names[int(at)]
            return name if claim.type is ClaimType.DATE else option_named(claim.options, name)
        return at

    def _beside(self, rows: NumberedForecasts) -> dict[str, object]:
        """Join what the rows of one forecast say beside its chances, and keep it under the first of them."""
        given = [self.staged.details.pop(number) for number in rows.number.tolist() if number in self.staged.details]
        beside: dict[str, object] = {}
        for details in given:
            for name, value in details.items():
                if name != "probability" and beside.setdefault(name, value) != value:
                    raise InvalidValue(f"its rows differ in their {name}; say it once")
        if beside:
            self.staged.details[int(rows.number.min())] = beside
        return beside

    # -- refusals -------------------------------------------------------------------------------------------------

    def _refuse_type(self, rows: NumberedForecasts, index: int, of: int) -> None:
        """Refuse a row that says its chance of something else than its claim asks."""
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
        """Return the column of the file that should say what a lone chance is of, and what it lacks."""
        for column, what in LACKING[claim.type].items():
            if column in self.staged.refusals.columns:
                return column, f"empty or nan names no {what}: say which one this chance is of, or leave the row out"
        return "claim", takes(claim)

    def _refuse(self, rows: NumberedForecasts, index: int, column: str, fix: str) -> None:
        cells = self.cells(rows, index)
        self.staged.refusals.add(int(rows.number[index]), column, cells.get(column), fix, self._values(cells))

    def given_for(self, forecast: Forecasts) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Yield the number and the cells of each row that one of the forecasts last brought together was given in."""
        given = self._given.forecasts
        same = (given.claim == forecast.claim) & (given.forecaster == forecast.forecaster)
        same &= (given.made_at == forecast.made_at) & (self._given.of != ONE_CHANCE)
        for index in np.flatnonzero(same).tolist():
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
            readers: Mapping[int, Callable[[], tuple[str, object]]] = {
                OF_OPTION: lambda: ("option", self.names[int(at)]), OF_NAME: lambda: ("option", self.names[int(at)]),
                OF_DAY: lambda: ("day", str(day_at(at))), OF_POINT: lambda: ("at", at),
                OF_QUANTILE: lambda: ("value", at),
            }  # fmt: skip
            cells |= [readers[of]()] if of in readers else []
        return cells


def _values_with_chances(rows: NumberedForecasts) -> list[tuple[float, float]]:
    assert rows.at is not None
    return list(zip(rows.at.tolist(), rows.forecasts.probability.tolist(), strict=True))
