"""Find what could make the figures of a scorecard mislead, and what was left out of them, as caveats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from string import ascii_lowercase

import numpy as np

from forecasts.inputs import BoolArray
from predictions.numerals import counted, figure, some_of
from predictions.scoring.columns.claims import NO_OUTCOME
from predictions.scoring.columns.units import Units
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.models import stated_late
from predictions.scoring.pool import Pool
from predictions.scoring.skill_by_recording import SkillRetold, skills_by_recording, skills_if_known
from predictions.scoring.track_record import TrackRecord
from predictions.timestamps import EARLIEST
from predictions.views.scorecard.afterwards import afterwards
from predictions.views.scorecard.caveat import Caveat, caveat_of_forecasts

FEWEST_ALIKE = 3  # observations by verdicts with one day and one reason; fewer may agree by chance
EVIDENCE_NAMED = 3  # pieces of evidence or claims that are named


def marked(caveats: Iterable[Caveat], tables_of: Callable[[Caveat], Sequence[Sequence[TrackRecord]]]) -> list[Caveat]:
    """Return the caveats, with a letter for each that qualifies only some rows of a table.

    One that qualifies every row of the tables that it concerns needs no letter: its sentence says so.

    Args:
        caveats: The caveats.
        tables_of: Returns, for a caveat, the records in the rows of each table that can refer to it.
    """
    letters, lettered = iter(ascii_lowercase), list[Caveat]()
    for caveat in caveats:
        tables = [[caveat.touches(record) for record in table] for table in tables_of(caveat)]
        everywhere = all(all(rows) for rows in tables if any(rows))
        has_other_rows = max(map(len, tables), default=0) > 1 and any(map(any, tables))
        letter = "" if everywhere else next(letters, "")
        lettered.append(caveat._replace(letter=letter, everywhere=everywhere and has_other_rows))
    return lettered


def letters_on(caveats: Iterable[Caveat], record: TrackRecord) -> str:
    """Return the letters of the caveats that qualify a forecaster's figures, as "(a, b)"; "" if none does."""
    letters = ", ".join(caveat.letter for caveat in caveats if caveat.letter and caveat.touches(record))
    return f"({letters})" if letters else ""


def misleading(pool: Pool) -> Iterator[Caveat]:
    """Yield what would change the conclusions of a reader who did not know it; caveats about counts come first."""
    table, units = pool.table, pool.table.claims.units
    chosen = table.wanted
    theirs = chosen & _of_those_listed(pool)
    yield from _recorded_late(pool, theirs)
    yield from _doubted(pool, theirs)
    yield from _dated_early(pool, theirs)
    yield from _dated_late(pool, theirs)
    yield from afterwards(pool, theirs)
    replaced = pool.reader.doubted_verdicts.replaced & chosen
    if count := int(replaced.sum()):
        text = f"verdicts replaced: {counted(count, 'claim')} had another outcome before, in the history"
        yield Caveat(text, replaced, of_counts=True)
    if clustered := int((units.late & chosen).sum()):
        yield Caveat(
            f"clustered too late: {counted(clustered, 'claim')}, when somebody else had forecast, their own forecaster "
            "long before, or the answer was public; one observation in counts, intervals and tests, which makes these "
            "more cautious, and each by itself in means",
            units.late & chosen,
            of_counts=True,
        )
    linked = _linked_late(units, chosen)
    if count := int(linked.sum()):
        yield Caveat(
            f"linked too late: {counted(count, 'claim')}, joined by a claim that was recorded after them; one "
            "observation where that is more cautious, and in no mean",
            linked,
        )
    yield from (Caveat(text, people=people) for text, people in stated_late(pool.reader, table))
    yield from _on_one_evidence(pool)
    yield from _on_one_day(pool)


def _recorded_late(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield how many forecasts were recorded after the answer, or late in the window, with an earlier date.

    A link or a platform shows that date, and nobody has checked it.
    """
    recordings = pool.afterwards
    late = (
        ("recorded after the answer", recordings.dated_by_link, "dated before it by a source that nobody has checked"),
        (
            "recorded on the way",
            recordings.dated_on_the_way,
            "when more than a tenth of the window was gone since the day on which a source that nobody has checked "
            "dates them",
        ),
    )
    for label, counts, dated in late:
        yield from caveat_of_forecasts(pool, label, counts, dated)
    yield from caveat_of_forecasts(pool, late[0][0], recordings.stated_late, late[0][2], "statement")
    on_its_word = recordings.recorded_late.by_platform & theirs
    if count := int(on_its_word.sum()):
        yield Caveat(
            f"on a platform's word: forecasts on {counted(count, 'claim')} came in after the answer, dated "
            "before it by the platform",
            on_its_word,
            of_counts=True,
        )


def _of_those_listed(pool: Pool) -> BoolArray:
    """Mark the claims that a forecaster on the card has forecast; all claims if everybody is on it."""
    table = pool.table
    if len(pool.listed) >= len(pool.everybody):
        return np.ones(len(table.wanted), np.bool_)
    listed = {record.forecaster.slug for record in pool.listed}
    numbers = [number for number, forecaster in enumerate(table.forecasters) if forecaster.slug in listed]
    claims = np.zeros(len(table.wanted), np.bool_)
    claims[table.series.claim[np.isin(table.series.forecaster, numbers)]] = True
    return claims


def _doubted(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield how many verdicts are contested, and how many rest on retracted evidence."""
    verdicts, decided = pool.reader.doubted_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    if contested := int((verdicts.contested & theirs).sum()):
        text = f"contested: {_of_decided(contested, decided)}, of which somebody says otherwise, in the history"
        yield Caveat(text, verdicts.contested & theirs, of_counts=True)
    if retracted := int((verdicts.retracted & theirs).sum()):
        text = f"on retracted evidence: {_of_decided(retracted, decided)}"
        yield Caveat(text, verdicts.retracted & theirs, of_counts=True)


def _dated_early(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield how many verdicts are dated before they were recorded, and what the skills would be if they were not."""
    early, decided = pool.early_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    chosen = early.is_early & theirs
    if chosen.any():
        carried = int((early.by_evidence & chosen).sum())
        retold = list(skills_by_recording(pool))
        yield Caveat(
            f"dated early: {_of_decided(int(chosen.sum()), decided)}, dated before they were recorded, by "
            f"{counted(int(early.days[chosen].max()), 'day')} at most, {carried or 'none'} of them by evidence of that "
            "time; nothing counts after that day",
            chosen,
            # Also forecasters who have no figure on these claims, since their forecasts came too late by these dates.
            people={record.forecaster.entry for record, _ in retold},
            of_counts=True,
            retold=_retold("dated by their recording", retold),
        )


def _dated_late(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield how many answers could be known before the day of their verdict, and the skills until then."""
    late, decided = pool.late_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    retold = _retold("until the answer could be known", list(skills_if_known(pool)))
    chosen = (late.days > 0) & theirs
    if chosen.any():
        yield Caveat(
            f"dated late: {_of_decided(int(chosen.sum()), decided)}, by {counted(int(late.days[chosen].max()), 'day')} "
            "at most after it happened, after what they rest on was published, or after an earlier verdict said; what "
            "was said until the later day counts",
            chosen,
            of_counts=True,
            retold=retold,
        )
    yield from _without_a_day(pool, decided)
    without_moment = late.without_moment & theirs
    if count := int(without_moment.sum()):
        yield Caveat(
            f"without a moment: {counted(count, 'claim')} with closes_at, of which the verdict has none; what was said "
            "on the last day counts until they closed, before the answer or after it; a moment as known_on= would say",
            without_moment,
            of_counts=True,
            retold="" if chosen.any() else retold,
        )


def _without_a_day(pool: Pool, decided: BoolArray) -> Iterator[Caveat]:
    """Yield how many answers may have been known before the day of their verdict, when somebody raised a number."""
    late = pool.late_verdicts
    if count := int((late.without_day & decided).sum()):
        raised = [record for record in pool.everybody if record.number in np.flatnonzero(late.raised)]
        yield Caveat(
            f"no day told: {_of_decided(count, decided)} came true, and say only when it was known; if it had happened "
            f"before, what {some_of([record.forecaster.title for record in raised])} said on the way came after it; "
            "happened_on= would say",
            people={record.forecaster.entry for record in raised},
            of_counts=True,
        )


def _retold(how: str, skills: Sequence[tuple[TrackRecord, SkillRetold]]) -> str:
    """Return the skills as they would be otherwise; *how* names that case. "" if there are none."""
    texts = [
        f"{record.forecaster.title} {figure(retold.skill, sign=True)}"
        + (" over every type" if retold.types > 1 else "")
        for record, retold in skills
    ]
    return f"{how}, skill over time: {some_of(texts)}" if texts else ""


def _of_decided(count: int, decided: BoolArray) -> str:
    """Return a count of all verdicts: "2 of 10 verdicts"."""
    return f"{count:,} of {counted(int(decided.sum()), 'verdict')}"


def _counted_claims(pool: Pool) -> BoolArray:
    """Mark the claims on which a series of a listed forecaster counts; the others make no observations."""
    series, codes = pool.table.series, CODES_COUNTED[pool.cohort]
    counts = np.isin(series.mark, [*codes["means"], *codes["means, imputed"]])
    counts &= np.isin(series.forecaster, [record.number for record in pool.listed])
    claims = np.zeros(len(pool.table.wanted), np.bool_)
    claims[series.claim[counts]] = True
    return claims


def _on_one_day(pool: Pool) -> Iterator[Caveat]:
    """Yield each day, perhaps with a reason, that verdicts have alike: one fact may have decided them."""
    if not pool.on_one_day:
        return
    counted_claims, wide = _counted_claims(pool), pool.table.claims.units.wide
    told = {claim for _, claims in pool.on_one_evidence for claim in claims}  # _on_one_evidence names these
    groups = [(alike, [claim for claim in claims if counted_claims[claim]]) for alike, claims in pool.on_one_day]
    named = 0
    for alike, claims in groups:
        sharing = [claim for claim in claims if claim not in told]
        units = len(set(wide[sharing].tolist()))
        if units >= FEWEST_ALIKE and named < EVIDENCE_NAMED:
            told, named = told.union(sharing), named + 1
            yield Caveat(
                f"{len(sharing):,} verdicts have {alike} and count as {units:,} observations; if one fact decided "
                "them, a cluster makes them one",
                _mark_claims(pool, sharing),
            )


def _on_one_evidence(pool: Pool) -> Iterator[Caveat]:
    """Yield the claims that rest on one piece of evidence, though they count as several observations."""
    if not pool.on_one_evidence:
        return
    table, units, counted_claims = pool.table, pool.table.claims.units, _counted_claims(pool)
    groups = [(slug, [claim for claim in claims if counted_claims[claim]]) for slug, claims in pool.on_one_evidence]
    groups = [(slug, claims) for slug, claims in groups if len(set(units.wide[claims].tolist())) > 1]
    for slug, claims in groups[:EVIDENCE_NAMED]:
        names = some_of([table.claims.slugs[claim] for claim in claims], EVIDENCE_NAMED)
        yield Caveat(
            f"the verdicts of {names} rest on one piece of evidence, {slug}; if one fact decided them, "
            "a cluster makes them one observation",
            _mark_claims(pool, claims),
        )
    if more := groups[EVIDENCE_NAMED:]:
        rest = [claim for _, claims in more for claim in claims]
        yield Caveat(f"so do those of {len(more):,} more groups of claims", _mark_claims(pool, rest))


def _mark_claims(pool: Pool, claims: Sequence[int]) -> BoolArray:
    """Mark the claims with these numbers."""
    return np.isin(np.arange(len(pool.table.claims.slugs)), claims)


def how_counted(pool: Pool) -> Iterator[str]:
    """Yield sentences on the rules of counting that left forecasts out, or made them count later, with how many."""
    table = pool.table
    chosen = table.wanted
    if same_day := int(table.same_day.sum()):
        yield (
            f"told by the day: {counted(same_day, 'forecast')} of the day on which the answer came, or the window "
            f"ended, not counted, for yes and no alike; with closes_at= {'it' if same_day == 1 else 'they'} would "
            "be, until that moment"
        )
    if after_all := int((table.claims.by_day_after_all & chosen).sum()):
        yield (
            f"told by the day after all: {counted(after_all, 'claim')} with closes_at, answered on a day before it; "
            "a moment as known_on= would say when"
        )
    if changed := int(((table.claims.asked > EARLIEST) & chosen).sum()):
        yield (
            f"changed while a draft: {counted(changed, 'claim')}; what was said before counts from the change, "
            "if no link dates it"
        )


def _linked_late(units: Units, chosen: BoolArray) -> BoolArray:
    """Mark the claims that were linked late: they are one observation with others in tests, but not in means.

    Those of a cluster that was declared late are left out, since another caveat is about it.
    """
    _, group = np.unique(units.wide, return_inverse=True)
    pairs = np.unique(np.stack([group[chosen], units.fair[chosen]]), axis=1)
    parts = np.bincount(pairs[0], minlength=group.max(initial=-1) + 1)  # units in means, for each unit in tests
    is_clustered = np.bincount(group, units.late & chosen, parts.size) > 0
    return np.asarray(chosen & ((parts > 1) & ~is_clustered)[group])
