"""What would make the figures of a scorecard wrong, or was left out of them, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import BoolArray
from predictions.numerals import counted, figure, some_of
from predictions.scoring.columns.claims import NO_OUTCOME
from predictions.scoring.columns.units import Units
from predictions.scoring.models import stated_late
from predictions.scoring.pool import Pool
from predictions.scoring.skill_by_recording import skills_by_recording
from predictions.timestamps import EARLIEST

FEWEST_ALIKE = 3  # verdicts of one day and one reason that are no chance
EVIDENCE_NAMED = 3  # pieces of evidence that are named, at most


def misleading(pool: Pool) -> Iterator[str]:
    """Tell what would change the conclusions of a reader who did not know it."""
    table, units = pool.table, pool.table.claims.units
    chosen = table.wanted
    theirs = chosen & _of_those_listed(pool)
    late = {who.forecaster.title: pool.dated_by_link[who.forecaster.entry] for who in pool.listed}
    if named := [f"{count:,} of {title}" for title, count in late.items() if count]:
        yield (
            f"recorded after the answer: {counted(sum(late.values()), 'forecast')} ({some_of(named)}), dated before it "
            "by a source that nobody has checked"
        )
    if on_its_word := int((pool.recorded_late.by_platform & theirs).sum()):
        yield (
            f"on a platform's word: forecasts on {counted(on_its_word, 'claim')} came in after the answer, dated "
            "before it by the platform"
        )
    yield from _doubted(pool, theirs)
    yield from _dated_early(pool, theirs)
    if clustered := int((units.late & chosen).sum()):
        yield (
            f"clustered too late: {counted(clustered, 'claim')}, when somebody else had forecast or the answer was "
            "public; one observation in counts, intervals and tests, which makes these more cautious, and each by "
            "itself in means"
        )
    if linked := int(_linked_late(units, chosen).sum()):
        yield (
            f"linked too late: {counted(linked, 'claim')}, joined by a claim that was recorded after them; one "
            "observation where that is more cautious, and in no mean"
        )
    if replaced := int((pool.reader.doubted_verdicts.replaced & chosen).sum()):
        yield f"verdicts replaced: {counted(replaced, 'claim')} had another outcome before, in history()"
    yield from stated_late(pool.reader, table)
    yield from _on_one_evidence(pool)
    yield from _on_one_reason(pool)


def _of_those_listed(pool: Pool) -> BoolArray:
    """Tell for each claim whether somebody forecast it whom the card lists; of a card of everybody each one counts."""
    table, among = pool.table, np.ones(len(pool.table.wanted), np.bool_)
    if len(pool.listed) < len(pool.everybody):
        listed = {record.forecaster.slug for record in pool.listed}
        numbers = [number for number, one in enumerate(table.forecasters) if one.slug in listed]
        among[:] = False
        among[table.series.claim[np.isin(table.series.forecaster, numbers)]] = True
    return among


def _doubted(pool: Pool, theirs: BoolArray) -> Iterator[str]:
    """Count the verdicts that are contested, and those whose evidence is gone."""
    verdicts, decided = pool.reader.doubted_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    if contested := int((verdicts.contested & theirs).sum()):
        yield f"contested: {_of_decided(contested, decided)}, of which somebody says otherwise, in history()"
    if retracted := int((verdicts.retracted & theirs).sum()):
        yield f"on retracted evidence: {_of_decided(retracted, decided)}"


def _dated_early(pool: Pool, theirs: BoolArray) -> Iterator[str]:
    """Tell how many verdicts are dated before they were recorded, and the skill over time if they were not."""
    early, decided = pool.early_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    chosen = early.found & theirs
    if chosen.any():
        carried = int((early.by_evidence & chosen).sum())
        skills = [
            f"{record.forecaster.title} {figure(skill, sign=True)}" for record, skill in skills_by_recording(pool)
        ]
        yield (
            f"dated early: {_of_decided(int(chosen.sum()), decided)}, dated before they were recorded, by "
            f"{counted(int(early.days[chosen].max()), 'day')} at most, {carried or 'none'} of them by evidence of that "
            "time; nothing counts after that day"
            + (f". Dated by their recording, skill over time: {some_of(skills)}" if skills else "")
        )


def _of_decided(count: int, decided: BoolArray) -> str:
    return f"{count:,} of {counted(int(decided.sum()), 'verdict')}"


def _on_one_reason(pool: Pool) -> Iterator[str]:
    """Name the day and reason that several verdicts have alike, though no evidence says that one fact decided them."""
    table, wide = pool.table, pool.table.claims.units.wide
    named = {place for _, places in pool.on_one_evidence for place in places}
    for told, places in pool.on_one_reason[:EVIDENCE_NAMED]:
        alike = [place for place in places if table.wanted[place] and place not in named]
        units = len(set(wide[alike].tolist()))
        if units >= FEWEST_ALIKE:
            yield (
                f"{len(alike):,} verdicts have one day and one reason ({told}) and count as {units:,} observations; if "
                "one fact decided them, a cluster makes them one"
            )


def _on_one_evidence(pool: Pool) -> Iterator[str]:
    """Name claims that one piece of evidence decided, though they count as several observations."""
    table, units = pool.table, pool.table.claims.units
    shared = [(slug, [place for place in places if table.wanted[place]]) for slug, places in pool.on_one_evidence]
    shared = [(slug, places) for slug, places in shared if len(set(units.wide[places].tolist())) > 1]
    for slug, places in shared[:EVIDENCE_NAMED]:
        named = some_of([table.claims.slugs[place] for place in places], EVIDENCE_NAMED)
        yield (
            f"the verdicts of {named} rest on one piece of evidence, {slug}; if one fact decided them, "
            "a cluster makes them one observation"
        )
    if len(shared) > EVIDENCE_NAMED:
        yield f"so do those of {len(shared) - EVIDENCE_NAMED:,} more groups of claims"


def how_counted(pool: Pool) -> Iterator[str]:
    """Tell which rule left forecasts out, or moved them, and how many."""
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
            "known_at= would say at which moment"
        )
    if changed := int(((table.claims.asked > EARLIEST) & chosen).sum()):
        yield (
            f"changed while a draft: {counted(changed, 'claim')}; what was said before counts from the change, "
            "if no link dates it"
        )


def _linked_late(units: Units, chosen: BoolArray) -> BoolArray:
    """Find claims that are one observation with others, though no mean takes them so and no cluster says why."""
    _, which = np.unique(units.wide, return_inverse=True)
    pairs = np.unique(np.stack([which[chosen], units.fair[chosen]]), axis=1)
    parts = np.bincount(pairs[0], minlength=which.max(initial=-1) + 1)
    told = np.bincount(which, units.late & chosen, parts.size) > 0
    return np.asarray(chosen & ((parts > 1) & ~told)[which])
