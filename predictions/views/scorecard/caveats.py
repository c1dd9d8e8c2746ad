"""What would make the figures of a scorecard wrong, or was left out of them: in sentences, each with whose they are."""

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

FEWEST_ALIKE = 3  # verdicts of one day and one reason that are no chance
EVIDENCE_NAMED = 3  # pieces of evidence that are named, at most


def marked(caveats: Iterable[Caveat], tables_of: Callable[[Caveat], Sequence[Sequence[TrackRecord]]]) -> list[Caveat]:
    """Give a letter to each caveat that qualifies some rows of a table and others not.

    What qualifies every row of the tables that it concerns needs none: that is said once.

    Args:
        caveats: What would change the conclusions of a reader.
        tables_of: Returns whose rows there are in each table that may name a caveat.
    """
    letters, found = iter(ascii_lowercase), list[Caveat]()
    for caveat in caveats:
        tables = [[caveat.touches(record) for record in table] for table in tables_of(caveat)]
        everywhere = all(all(rows) for rows in tables if any(rows))
        of_several = max(map(len, tables), default=0) > 1 and any(map(any, tables))
        letter = "" if everywhere else next(letters, "")
        found.append(caveat._replace(letter=letter, everywhere=everywhere and of_several))
    return found


def letters_on(caveats: Iterable[Caveat], record: TrackRecord) -> str:
    """Return the letters of what qualifies somebody's figures, as a mark; empty if nothing does."""
    letters = ", ".join(caveat.letter for caveat in caveats if caveat.letter and caveat.touches(record))
    return f"({letters})" if letters else ""


def misleading(pool: Pool) -> Iterator[Caveat]:
    """Tell what would change the conclusions of a reader who did not know it; what qualifies counts comes first."""
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
    yield from map(Caveat, stated_late(pool.reader, table))
    yield from _on_one_evidence(pool)
    yield from _on_one_reason(pool)


def _recorded_late(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Count what came in after the answer, or late in the window, dated before it by a link or by a platform."""
    found = pool.afterwards
    late = (
        ("recorded after the answer", found.dated_by_link, "dated before it by a source that nobody has checked"),
        (
            "recorded on the way",
            found.dated_on_the_way,
            "when more than a tenth of the window was gone since the day on which a source that nobody has checked "
            "dates them",
        ),
    )
    for label, counts, dated in late:
        yield from caveat_of_forecasts(pool, label, counts, dated)
    yield from caveat_of_forecasts(pool, late[0][0], found.stated_late, late[0][2], "statement")
    on_its_word = found.recorded_late.by_platform & theirs
    if count := int(on_its_word.sum()):
        yield Caveat(
            f"on a platform's word: forecasts on {counted(count, 'claim')} came in after the answer, dated "
            "before it by the platform",
            on_its_word,
            of_counts=True,
        )


def _of_those_listed(pool: Pool) -> BoolArray:
    """Tell for each claim whether somebody forecast it whom the card lists; of a card of everybody each one counts."""
    table, among = pool.table, np.ones(len(pool.table.wanted), np.bool_)
    if len(pool.listed) < len(pool.everybody):
        listed = {record.forecaster.slug for record in pool.listed}
        numbers = [number for number, forecaster in enumerate(table.forecasters) if forecaster.slug in listed]
        among[:] = False
        among[table.series.claim[np.isin(table.series.forecaster, numbers)]] = True
    return among


def _doubted(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Count the verdicts that are contested, and those whose evidence is gone."""
    verdicts, decided = pool.reader.doubted_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    if contested := int((verdicts.contested & theirs).sum()):
        text = f"contested: {_of_decided(contested, decided)}, of which somebody says otherwise, in the history"
        yield Caveat(text, verdicts.contested & theirs, of_counts=True)
    if retracted := int((verdicts.retracted & theirs).sum()):
        text = f"on retracted evidence: {_of_decided(retracted, decided)}"
        yield Caveat(text, verdicts.retracted & theirs, of_counts=True)


def _dated_early(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Tell how many verdicts are dated before they were recorded, and the skill over time if they were not."""
    early, decided = pool.early_verdicts, theirs & (pool.table.claims.verdict != NO_OUTCOME)
    chosen = early.found & theirs
    if chosen.any():
        carried = int((early.by_evidence & chosen).sum())
        retold = list(skills_by_recording(pool))
        yield Caveat(
            f"dated early: {_of_decided(int(chosen.sum()), decided)}, dated before they were recorded, by "
            f"{counted(int(early.days[chosen].max()), 'day')} at most, {carried or 'none'} of them by evidence of that "
            "time; nothing counts after that day",
            chosen,
            # Of some everything may have come too late because of it, so that none of these claims is in their figures.
            people={record.forecaster.entry for record, _ in retold},
            of_counts=True,
            retold=_retold("dated by their recording", retold),
        )


def _dated_late(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Tell how many answers could be known before the day of their verdict, and the skill over time until then."""
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
    without_moment = late.without_moment & theirs
    if count := int(without_moment.sum()):
        yield Caveat(
            f"without a moment: {counted(count, 'claim')} with closes_at, of which the verdict has none; what was said "
            "on the last day counts until they closed, before the answer or after it; a moment as known_on= would say",
            without_moment,
            of_counts=True,
            retold="" if chosen.any() else retold,
        )


def _retold(how: str, skills: Sequence[tuple[TrackRecord, SkillRetold]]) -> str:
    """Say which skills it would be otherwise; nothing where there are none."""
    told = [
        f"{record.forecaster.title} {figure(retold.skill, sign=True)}"
        + (" over every type" if retold.types > 1 else "")
        for record, retold in skills
    ]
    return f"{how}, skill over time: {some_of(told)}" if told else ""


def _of_decided(count: int, decided: BoolArray) -> str:
    return f"{count:,} of {counted(int(decided.sum()), 'verdict')}"


def _counted_claims(pool: Pool) -> BoolArray:
    """Mark the claims on which something counts of those whom the card lists; on others nothing is an observation."""
    series, codes = pool.table.series, CODES_COUNTED[pool.cohort]
    counts = np.isin(series.mark, [*codes["means"], *codes["means, imputed"]])
    counts &= np.isin(series.forecaster, [record.number for record in pool.listed])
    claims = np.zeros(len(pool.table.wanted), np.bool_)
    claims[series.claim[counts]] = True
    return claims


def _on_one_reason(pool: Pool) -> Iterator[Caveat]:
    """Name the day and reason that several verdicts have alike, though no evidence says that one fact decided them."""
    if not pool.on_one_reason:
        return
    counted_claims, wide = _counted_claims(pool), pool.table.claims.units.wide
    named = {place for _, places in pool.on_one_evidence for place in places}
    for told, places in pool.on_one_reason[:EVIDENCE_NAMED]:
        alike = [place for place in places if counted_claims[place] and place not in named]
        units = len(set(wide[alike].tolist()))
        if units >= FEWEST_ALIKE:
            yield Caveat(
                f"{len(alike):,} verdicts have one day and one reason ({told}) and count as {units:,} observations; if "
                "one fact decided them, a cluster makes them one",
                _those(pool, alike),
            )


def _on_one_evidence(pool: Pool) -> Iterator[Caveat]:
    """Name claims that one piece of evidence decided, though they count as several observations."""
    if not pool.on_one_evidence:
        return
    table, units, counted_claims = pool.table, pool.table.claims.units, _counted_claims(pool)
    shared = [(slug, [place for place in places if counted_claims[place]]) for slug, places in pool.on_one_evidence]
    shared = [(slug, places) for slug, places in shared if len(set(units.wide[places].tolist())) > 1]
    for slug, places in shared[:EVIDENCE_NAMED]:
        named = some_of([table.claims.slugs[place] for place in places], EVIDENCE_NAMED)
        yield Caveat(
            f"the verdicts of {named} rest on one piece of evidence, {slug}; if one fact decided them, "
            "a cluster makes them one observation",
            _those(pool, places),
        )
    if len(shared) > EVIDENCE_NAMED:
        rest = [place for _, places in shared[EVIDENCE_NAMED:] for place in places]
        yield Caveat(f"so do those of {len(shared) - EVIDENCE_NAMED:,} more groups of claims", _those(pool, rest))


def _those(pool: Pool, places: Sequence[int]) -> BoolArray:
    """Mark the claims at some places."""
    return np.isin(np.arange(len(pool.table.claims.slugs)), places)


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
            "a moment as known_on= would say when"
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
