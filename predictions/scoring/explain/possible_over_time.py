"""Write out the least and the most that forecasts can still save over time against knowing nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from forecasts.choices import Choice
from forecasts.dates import Date
from forecasts.inputs import FloatArray, IndexArray
from forecasts.numbers import Number
from forecasts.possible_savings import Stays, running_savings, turning_points
from forecasts.questions import Scoring
from forecasts.standing import Standing
from predictions.numerals import figure
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.explain.gap_lines import day_of_window, value_written
from predictions.scoring.explain.questions import saved_if
from predictions.scoring.pool import Pool
from predictions.timestamps import day_at

IF_AT_ONCE = "0.000000 if the answer comes at once"


class Extreme(NamedTuple):
    """An outcome with which a series saves least or most.

    Attributes:
        outcome: The outcome, as a number of the claim's type.
        forecasts: How many forecasts have stood by the moment at which it is known.
        known_at: Of a date that moment itself, in days since the window opened.
    """

    outcome: float
    forecasts: int
    known_at: float = 0.0


def still_saved(pool: Pool, key: int, ends: tuple[float, float]) -> str:
    """Write out how one series without an outcome comes to save least and most; *ends* are these two amounts."""
    table, claim = pool.table, key // len(pool.table.forecasters)
    scoring, own = table.scoring_of(claim), pool.standing([key])
    numbers = np.full(own.series.size, claim)
    stays = Stays(own.probabilities, numbers, own.starts, own.ends, own.series)
    if not own.series.size:
        return "nothing stood: 0.000000"
    (least, least_questions), (most, most_questions) = (
        _extreme_in_words(scoring, table.claims, own, stays, extreme, value)
        for value, extreme in zip(ends, _extremes(scoring, stays), strict=True)
    )
    text = f"least {least}; most {most}"
    if least_questions:
        text += f"; least: {least_questions}"
    if most_questions:
        text += f"; most: {most_questions}"
    return text


def _extreme_in_words(
    scoring: Scoring, claims: ClaimColumns, own: Standing, stays: Stays, extreme: Extreme | None, value: float
) -> tuple[str, str]:
    """Return the sum that is saved at one extreme with what would have to happen, and the questions behind it."""
    if extreme is None:
        return IF_AT_ONCE, ""
    claim, outcome = int(stays.claim[0]), extreme.outcome
    until, shares = stays.part(slice(0, extreme.forecasts)), own.shares[: extreme.forecasts].tolist()
    known = f", known on {day_at(float(until.ends[-1] - 1) // ONE_DAY)}"
    if isinstance(scoring, Date):
        known = _known_later(scoring, claims, claim, extreme)
        until = _standing_until(until, claims.opens[claim] + extreme.known_at * ONE_DAY)
    terms, questions = saved_if(scoring, claims, until, shares, outcome)
    return f"{terms} = {figure(value, 6)} if {_outcome_named(scoring, claims, claim, outcome)}{known}", questions


def _outcome_named(scoring: Scoring, claims: ClaimColumns, claim: int, outcome: float) -> str:
    """Return an outcome in words: a value, a day or never, or an option."""
    if isinstance(scoring, Number):
        return f"it is {value_written(claims, claim, outcome)}"
    if isinstance(scoring, Date):
        return "never" if outcome > claims.types.days[claim] else f"on {day_of_window(claims, claim, outcome)}"
    return claims.types.named[claim][int(outcome)]


def _extremes(scoring: Scoring, stays: Stays) -> tuple[Extreme | None, Extreme | None]:
    """Return with which outcome one series saves least, and with which most.

    None if that is 0, because the answer comes at once and no forecast has stood.
    """
    if isinstance(scoring, Date):
        return _by_day(scoring, stays)
    cases = _of_numbers(scoring, stays) if isinstance(scoring, Number) else _of_options(scoring, stays)
    least, most = int(cases.saved.argmin()), int(cases.saved.argmax())
    return cases.at(least) if cases.saved[least] < 0 else None, cases.at(most) if cases.saved[most] > 0 else None


def _by_day(scoring: Date, stays: Stays) -> tuple[Extreme, Extreme]:
    """Return the days still to come, or never, on which one series saves least and most, and when that is known."""
    least, most = (ends[0] for ends in scoring.savings_by_day_known(stays))
    return _on_day(scoring, stays, int(least.argmin()), np.min), _on_day(scoring, stays, int(most.argmax()), np.max)


def _on_day(scoring: Date, stays: Stays, day: int, end: Callable[[FloatArray], float]) -> Extreme:
    """Return when a day of the event, from 0, is known if what one series saves is the least, or the most."""
    claim = int(stays.claim[0])
    days, opens, over = int(scoring.days[claim]), scoring.opens[claim], int(scoring.over[claim])
    by_moment = scoring.by_moment is not None and bool(scoring.by_moment[claim])
    first = over if day == days else day + 1 - by_moment
    moments = np.unique(
        np.concatenate([np.arange(first, days + 1), (np.append(stays.starts, stays.ends) - opens) / ONE_DAY])
    )
    moments = moments[moments >= first]
    saved = []
    for moment in moments.tolist():
        until, outcome = _standing_until(stays, opens + moment * ONE_DAY), np.full(stays.forecast.size, day + 1.0)
        saved.append(float(until.saved(scoring.saved, outcome).sum()))
    close = np.isclose(saved, end(np.array(saved)), rtol=1e-12)
    return Extreme(day + 1.0, stays.forecast.size, float(moments[close.argmax()]))


def _standing_until(stays: Stays, moment: float) -> Stays:
    """Return the forecasts with the time that each stood until a moment."""
    return stays._replace(starts=np.minimum(stays.starts, moment), ends=np.minimum(stays.ends, moment))


def _known_later(scoring: Date, claims: ClaimColumns, claim: int, extreme: Extreme) -> str:
    """Name the day on which a date is known, unless that is the event's own day; of never, unless it is the last."""
    known_on = int(np.ceil(extreme.known_at))
    if known_on in {int(extreme.outcome), 0} or extreme.outcome > scoring.days[claim] <= known_on:
        return ""
    return f", known on {day_of_window(claims, claim, float(known_on))}"


class _Possible(NamedTuple):
    """What one series saves in each case: an outcome that becomes known at the end of one of its forecasts.

    Attributes:
        saved: The amount saved.
        outcome: The outcome.
        forecasts: How many forecasts have stood by then.
    """

    saved: FloatArray
    outcome: FloatArray
    forecasts: IndexArray

    def at(self, cell: int) -> Extreme:
        """Return one case."""
        return Extreme(float(self.outcome[cell]), int(self.forecasts[cell]))


def _of_options(scoring: Scoring, stays: Stays) -> _Possible:
    """Return what one series saves with every option."""
    size, count = stays.forecast.size, scoring.options[stays.claims] if isinstance(scoring, Choice) else np.array([2])
    options = np.arange(float(count[0]))
    running = running_savings(scoring.saved, stays, options, count)
    return _Possible(running.saved, np.repeat(options, size), np.tile(np.arange(1, size + 1), options.size))


def _of_numbers(scoring: Number, stays: Stays) -> _Possible:
    """Return what one series saves with every value that may be an extreme.

    These are the values at which a curve bends, the middles between them, and the turning points in between.
    """
    size = stays.forecast.size
    values, count = scoring.telling_values(stays)
    running = running_savings(scoring.saved, stays, scoring.off_axis(values, np.repeat(stays.claims, count)), count)
    turns = turning_points(running, count)
    left = turns.cell // size
    at = np.append(np.repeat(values, size), values[left] + turns.place * (values[left + 2] - values[left]))
    forecasts = np.append(np.tile(np.arange(1, size + 1), values.size), turns.cell % size + 1)
    return _Possible(
        np.append(running.saved, turns.saved), scoring.off_axis(at, np.repeat(stays.claims, at.size)), forecasts
    )
