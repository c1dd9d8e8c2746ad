"""Write the sentences of the leaderboard: on chances, on what qualifies a line, and on the yardstick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from predictions.numerals import counted, figure, percent, plural, some_of, two_places
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.leaderboard.rows import LeaderboardRow, is_computed
from predictions.scoring.leaderboard.standings import Standings
from predictions.scoring.track_record import FEW
from predictions.timestamps import moment_at

TYPE_NAMES = (
    ("yes or no",) * 2, ("choice", "choices"), ("of ordered options",) * 2, ("number", "numbers"), ("date", "dates"),
)  # fmt: skip  # by the kinds of ClaimTypes
TOO_LARGE = "too large a ledger to work out how much that could turn"
COLUMNS_EXPLAINED = (
    '"beats 50 %": the chance of being better than always saying that; "first": of being the best of the table; '
    '"entered": how much of the window had gone when the first forecast was made. Skills are drawn towards the middle, '
    "the more the less they rest on; the interval and the chances are of what was measured."
)


def chance(share: float | None, *, at_least: bool = False) -> str:
    """Return a chance in whole percents, never as certain; a dash for None, and for a lower bound below 1 %.

    >>> chance(0.712), chance(0.9996), chance(0.005), chance(None)
    ('71 %', '>99 %', '<1 %', '-')
    >>> chance(0.712, at_least=True), chance(0.9996, at_least=True), chance(0.005, at_least=True)
    ('>=71 %', '>99 %', '-')
    """
    if share is None or (at_least and share < 0.01):
        return "-"
    if at_least and share < 0.995:
        return f">={int(100 * share)} %"
    if share <= 0.005:
        return "<1 %"
    return ">99 %" if share >= 0.995 else percent(share)


def too_few(settled: Mapping[str, int]) -> str:
    """Return that nobody has enough settled statements; *settled* is how many each forecaster has, by name.

    >>> too_few({"ed": 7, "ana": 2, "ben": 3})
    'none yet: it takes 10 settled statements; ed has 7, the others 2 or 3'
    """
    most = max(settled.values(), default=0)
    if not most:
        return f"none yet: it takes {FEW} settled statements, and nobody has one"
    first = [name for name, n in settled.items() if n == most]
    names = " and ".join(first) if len(first) <= 2 else f"the {len(first)} first"
    fewer = sorted({n for n in settled.values() if n < most})
    the_others = plural(len(settled) - len(first), "the other", "the others")
    rest = f", {the_others} {_span(fewer)}" if fewer else ""
    return f"none yet: it takes {FEW} settled statements; {names} {plural(len(first), 'has', 'have')} {most}{rest}"


def note_of(row: LeaderboardRow, standings: Standings, letters: str, *, dates_told: bool = False) -> str:
    """Return the note on what qualifies the figures of a line, with the *letters* of caveats; "" if nothing does.

    With *dates_told* it leaves out verdicts that are dated early, which a sentence below says about every line.
    """
    notes = [*_where_from(row, standings), *_qualified(replace(row, dated_early=0) if dates_told else row)]
    return "; ".join([*notes, f"see {letters}"] if letters else notes)


def all_dated_early(rows: Sequence[LeaderboardRow]) -> bool:
    """Return whether each of several lines has verdicts that are dated early, so that one sentence can say it."""
    return len(rows) > 1 and all(row.dated_early for row in rows)


def dated_early_of_each(rows: Sequence[LeaderboardRow], names: Mapping[str, str]) -> str:
    """Return the sentence on verdicts dated early of several lines, with the skills by the days of recording."""
    counts = []
    for row in rows:
        skill = f" ({figure(row.by_recording, sign=True)})" if row.by_recording is not None else ""
        counts.append(f"{names[row.forecaster]} {row.dated_early:,}{skill}")
    return f"verdicts dated long before they were recorded (skill dated by their recording): {', '.join(counts)}"


def _where_from(row: LeaderboardRow, standings: Standings) -> Iterator[str]:
    """Yield where the forecasts of a line come from, if they were read from words or computed."""
    if row.from_words:
        yield f"from words: {_read_as(row, standings)}; the interval spans both"
    elif is_computed(row.kind):
        yield f"a {row.kind}: what it says follows from others, so it has no rank"


def _read_as(row: LeaderboardRow, standings: Standings) -> str:
    """Return the numbers that a forecaster's words were read as: ``0.90 is read from "will" (0.80 to 0.99)``."""
    table = standings.pool.table
    number = [forecaster.slug for forecaster in table.forecasters].index(row.forecaster)
    own, codes = table.positions_of(number), CODES_COUNTED[standings.pool.cohort]["means, imputed"]
    part = table.series.part(own[np.isin(table.series.mark[own], codes)])
    probability, low, high = part.probability, table.at_range_end(0, part)[0], table.at_range_end(1, part)[0]
    if np.unique(probability).size > 1:
        ends = f"{two_places(float(low.min()))} to {two_places(float(high.max()))}"
        span = f"{two_places(float(probability.min()))} to {two_places(float(probability.max()))}"
        return f"{span}, read within {ends}"
    claim = table.claims.slugs[int(part.claim[0])]
    words = standings.words_said(claim, row.forecaster)
    source = f'is read from "{words}"' if words else "is the middle of a range"
    return f"{two_places(float(probability[0]))} {source} ({two_places(float(low[0]))} to {two_places(float(high[0]))})"


def _qualified(row: LeaderboardRow) -> Iterator[str]:
    """Yield the notes on the skill of a line."""
    if row.skill is not None and _misread(row):
        yield f"{figure(row.measured, sign=True)} as measured, drawn towards the middle"
    if row.compared < row.n:
        yield f"others stood beside on {row.compared:,} of the {row.n:,}, and only these count"
    if row.in_doubt:
        yield _doubts_in_words(row)
    if row.dated_early:
        count = f"{counted(row.dated_early, 'verdict')} dated long before they were recorded"
        yield count + _otherwise("dated by their recording", row.by_recording)
    if row.dated_late:
        count = f"{counted(row.dated_late, 'verdict')} dated after the answer could be known"
        yield count + _otherwise("until then", row.as_early_as_known)
    if row.late_clusters:
        yield f"{row.late_clusters:,} in a cluster declared late"
    if row.by_day:
        yield f"{row.by_day:,} taken by the day after all"
    if row.replaced:
        yield f"{row.replaced:,} with another outcome before"
    if row.retracted:
        yield f"{row.retracted:,} on retracted evidence"
    if row.begun_by_words:
        yield f"{row.begun_by_words:,} more begun by words, apart"


def _otherwise(how: str, skill: float | None) -> str:
    """Return, as the end of a note, the skill as it would be otherwise; "" if it was not computed."""
    return f"; {how} {figure(skill, sign=True)}" if skill is not None else ""


def interval_told(row: LeaderboardRow) -> str:
    """Write the interval of a line, with a third decimal where the skill would otherwise seem to lie outside it."""
    skill, ends = round(row.skill or 0, 3), (row.lower or 0, row.upper or 0)
    inside = [places for places in (2, 3) if round(ends[0], places) <= skill <= round(ends[1], places)]
    lower, upper = (figure(end, min(inside, default=2), sign=True) for end in (row.lower, row.upper))
    return f"{lower} .. {upper}"


def _misread(row: LeaderboardRow) -> bool:
    """Return whether the skill is outside its interval, or on the other side of 0 than the measured one."""
    skill, measured = round(row.skill or 0, 3), round(row.measured or 0, 3)
    return not (row.lower or 0) <= (row.skill or 0) <= (row.upper or 0) or np.sign(skill) != np.sign(measured)


def _doubts_in_words(row: LeaderboardRow) -> str:
    """Return how many outcomes are in doubt, and the lowest skill that was computed for how they can turn out."""
    doubts = {
        f"{counted(row.no_verdict, 'claim')} without a verdict": row.no_verdict,
        f"{row.unclear:,} unclear or annulled": row.unclear,
        f"{row.partly:,} true in part": row.partly,
        f"{row.contested:,} with a contested verdict": row.contested,
    }
    text = ", ".join(doubt for doubt, number in doubts.items() if number)
    worst = f"{figure(row.at_worst, sign=True)} at worst" if row.at_worst is not None else TOO_LARGE
    return f"{text}: {worst}" if row.skill is not None and not row.from_words else text


def yardstick_sentence(standings: Standings) -> str:
    """Return the sentence on the forecasters of the yardstick, and on who has most weight among them."""
    stick, people = standings.stick, standings.pool.table.forecasters
    members = np.flatnonzero(stick.members).tolist()
    if stick.chosen:
        names = f"{some_of([people[number].title for number in members])}, {_when_chosen(standings)}"
    else:
        names = f"{counted(len(members), 'forecaster')} with {FEW} statements or more"
    imported = f"; {stick.imported:,} more are known from imports alone" if stick.imported else ""
    (largest, share), (recorder, recorded) = standings.shares()
    return (
        f"How hard it was is learned from {names}{imported}. The largest share of one is {percent(share)} "
        f"({people[largest].title}); of one recorder {percent(recorded)} ({recorder})."
    )


def types_sentence(standings: Standings) -> Iterator[str]:
    """Yield a sentence on how claims of several types are ranked together; nothing if all are yes or no."""
    kinds = standings.pool.table.claims.types.kind[standings.claims]
    count = np.bincount(kinds, minlength=len(TYPE_NAMES)).tolist()
    if any(count[YES_OR_NO + 1 :]):
        types = [counted(number, *names) for number, names in zip(count, TYPE_NAMES, strict=True) if number]
        yield (
            f"Claims of every type count: {', '.join(types)}; each loss in units of what knowing nothing expects to "
            'lose there. "50 %" is knowing nothing: of a choice the same share for each option, of a number evenly '
            "over its range, of a date a rise to one half."
        )


def _when_chosen(standings: Standings) -> str:
    """Return whether the list of the yardstick's members was on file before the claims were over, or chosen later."""
    if standings.stick.list_name is None:
        return "chosen afterwards"
    closed, claims = standings.closed_before_the_list()
    day = moment_at(int(standings.stick.recorded_at)).date()
    if closed == claims:
        return f"chosen afterwards (list {standings.stick.list_name} of {day})"
    when = f"when {closed:,} of {claims:,} claims were over" if closed else "before any of these claims was over"
    among = f", one of {standings.stick.lists:,} lists on file" if standings.stick.lists > 1 else ""
    return f"on file as {standings.stick.list_name} since {day}, {when}{among}"


def _span(numbers: Sequence[int]) -> str:
    """Return rising numbers in short: ``3``, ``none or 3``, ``2 to 7``."""
    words = [str(number) if number else "none" for number in numbers]
    if len(words) == 1:
        return words[0]
    return f"{words[0]} or {words[1]}" if len(words) == 2 else f"{words[0]} to {words[-1]}"
