"""Drafts: for a day, and while nobody else has added to it, a claim's recorder may correct what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from predictions.errors import Conflict, NotFound
from predictions.recording.spelled_fields import SPOKEN, as_said, spelled_fields
from predictions.records import Bearing, Claim, Evidence, Forecast, Forecaster, Merge, Resolution
from predictions.slug_beginnings import Beginnings
from predictions.slugs import slug_of_name
from predictions.storage.canonical import Plain
from predictions.storage.claim_queries import readings_of, trees_over
from predictions.storage.rows import StoredRow, record_of
from predictions.storage.store import Store
from predictions.timestamps import end_of, moment_text, parse_moment_text, spoken_moment

DRAFT_HOURS = 24  # in which a slip can be corrected
LONGEST_SLUG = 24  # columns of a slug in a sentence that has it twice, at most
REFERS = {"given", "supersedes", "parts"}  # fields that name other claims
WINDOW = {"opens_on", "deadline"}
CHAINED = {"statement", "supersedes"}  # fields that a claim takes over from the one it replaces
_NOUN_OF_FIELD = {**SPOKEN, "between": "range", "ordered": "order", "when": "type"}
PLURAL = {"options", "conditions", "criteria", "parts"}
PLACED = {"statement", "scored", "supersedes", "parts"}  # fields that decide which claims may both be scored


def check_draft(
    store: Store, claim: Claim, known: Sequence[StoredRow], changes: Sequence[str], *, by: str | None, now: datetime
) -> None:
    """Refuse a correction of fields that can change in a draft only, unless the claim is still a draft.

    Args:
        store: The ledger.
        claim: The claim as corrected.
        known: Its revisions on file, oldest first.
        changes: The names of these fields.
        by: The name of the person who corrects it.
        now: The moment of the ledger's clock.

    Raises:
        Conflict: It is not a draft any more, or somebody else's; or as corrected it contradicts other claims.
    """
    if why := ended(store, known, by, now):
        raise no_draft(store, claim.slug, why, as_said(claim, _without_what_follows(claim, changes)))
    for name in REFERS.intersection(changes):  # a claim names only claims recorded before it
        _check_earlier(store, claim, name, known[0].entry)
    if claim.scored and not PLACED.isdisjoint(changes):
        _check_scored(store, claim, known[0].entry)


def _without_what_follows(claim: Claim, changes: Sequence[str]) -> list[str]:
    """Leave out changed fields that only follow from others: how a window was read, criteria made from the wording."""
    follow = set[str]()
    if not WINDOW.isdisjoint(changes):
        follow |= {"edtf", "horizon", "horizon_read"}
    if "wording" in changes and claim.criteria.startswith("As worded: "):
        follow.add("criteria")
    return [name for name in changes if name not in follow]


def ended(store: Store, known: Sequence[StoredRow], by: str | None, now: datetime) -> str | None:
    """Return why *by* may not correct what a claim asks any more, or at all; None while it is their draft.

    *known* are the revisions of the claim on file, oldest first.
    """
    first, standing = known[0], record_of(Claim, known[-1])
    recorder, slug = first.fields.get("recorded_by"), standing.slug
    if why := _over(store, first, standing, now):
        return why
    if by == recorder:
        return None
    if recorder:
        return f"{slug} is a draft of {recorder}, who alone may correct what it asks"
    return f"nobody said who recorded {slug}, so nobody may correct what it asks"


def _over(store: Store, first: StoredRow, standing: Claim, now: datetime) -> str | None:
    """Return what ended the draft of a claim for everybody; None while it is a draft."""
    try:
        sealed = store.seal_over(first.entry)
    except NotFound:  # the claim is recorded in this very transaction, which is not sealed yet
        return None
    # A merge seals old records anew: its seal would give them a second day for corrections, in the other copy.
    if any(sealed.first <= row.entry < sealed.entry for row in store.rows(Merge)):
        return f"{standing.slug} came by a merge, and is a draft only in the copy where it was recorded"
    until = _until(standing, sealed.recorded_at)
    why = added_by_others(store, standing.slug, until)
    if not why and now >= until:
        why = f"it was one until {spoken_moment(until)}"
    return f"{standing.slug} is no draft any more ({why})" if why else None


def _until(claim: Claim, recorded_at: str) -> datetime:
    """Return when the time of a draft ends: a day after it was recorded, or with its window if that is earlier."""
    closes = claim.closes_at or end_of(claim.deadline)
    return min(parse_moment_text(recorded_at) + timedelta(hours=DRAFT_HOURS), closes)


def draft_until(store: Store, claim: Claim, by: str | None, now: datetime) -> datetime | None:
    """Return until when *by* may correct what a claim asks; None if they may not."""
    rows = store.rows_under(Claim, slug=claim.slug)
    if ended(store, rows, by, now):
        return None
    try:
        return _until(claim, store.seal_over(rows[0].entry).recorded_at)
    except NotFound:  # recorded in this very transaction, which is not sealed yet
        return _until(claim, moment_text(now))


def no_draft(store: Store, claim: str, why: str, changes: Mapping[str, object]) -> Conflict:
    """Return the error for a change of what a claim asks, with the call that records it as a new claim instead.

    Args:
        store: The ledger, by whose slugs a long slug is shortened to a beginning that only it has.
        claim: The slug.
        why: Why it cannot change, as :func:`ended` says.
        changes: The changes, by the names that `add` has for them.
    """
    short = Beginnings(store.titles(Claim)).within(claim, LONGEST_SLUG)
    why = why.replace(claim, short)
    if fixed := CHAINED.intersection(changes):
        return Conflict(
            f"{why}; its {' and '.join(sorted(fixed))} stays; what was put in error is annulled: "
            f'ledger.resolve("{short}", "annulled", reason="...")'
        )
    call = f'ledger.supersede("{short}", {spelled_fields(changes)}, reason="...")'
    return Conflict(f"{why}; {_new(list(changes))} a new claim: {call}")


def _new(names: Sequence[str]) -> str:
    """Name what is new: ``a new deadline is``, ``new options are``, ``a new text and a new deadline are``."""
    nouns = [_NOUN_OF_FIELD.get(name, name) for name in names]
    phrases = [f"new {noun}" if noun in PLURAL else f"a new {noun}" for noun in nouns]
    verb = "is" if len(nouns) == 1 and nouns[0] not in PLURAL else "are"
    return f"{' and '.join(phrases)} {verb}"


def added_by_others(store: Store, claim: str, until: datetime | None = None) -> str | None:
    """Describe what somebody else has added to a claim since its first seal; None if nobody has.

    That is a forecast by another forecaster, evidence that another recorder logged, or any verdict. Once others build
    on a claim, what it asks must not change under them. Only what was recorded before *until* counts; None for all.
    """
    first, *_ = store.rows_under(Claim, slug=claim)
    recorder, sealed = first.fields.get("recorded_by"), store.seal_over(first.entry).entry
    if forecast := forecast_by_others(store, claim, recorder, after=sealed, until=until):
        return forecast
    for bearing in _in_time(store, store.rows_under(Bearing, claim=claim), until):
        slug = str(bearing.fields["evidence"])
        evidence = store.rows_under(Evidence, slug=slug)[:1]  # none in a damaged file
        recorders = [row.fields.get("recorded_by") for row in (bearing, *evidence)]
        if bearing.entry > sealed and any(name != recorder for name in recorders):
            other = next(name for name in recorders if name != recorder)
            return f"{other or 'somebody'} recorded evidence on it, {slug}"
    verdicts = _in_time(store, store.rows_under(Resolution, claim=claim), until)
    return "a verdict on it is recorded" if any(verdicts) else None


def _in_time(store: Store, rows: Iterable[StoredRow], until: datetime | None) -> list[StoredRow]:
    """Return the rows that were recorded before a moment; all of them if it is None."""
    return [row for row in rows if _recorded_before(store, row.entry, until)]


def _recorded_before(store: Store, entry: int, until: datetime | None) -> bool:
    """Return whether an entry was sealed before a moment, or is being recorded now; always True if it is None."""
    try:
        return until is None or parse_moment_text(store.seal_over(entry).recorded_at) < until
    except NotFound:
        return True


def forecast_by_others(
    store: Store, claim: str, recorder: Plain, *, after: int = -1, until: datetime | None = None
) -> str | None:
    """Describe the first forecast on a claim by anybody but its *recorder*; None if there is none.

    Only those count that were recorded *after* an entry, and *until* a moment unless it is None.
    """
    return _first_forecast(store, claim, recorder, after, until, own=False)


def forecast_by_themselves(store: Store, claim: str, recorder: Plain, *, until: datetime) -> str | None:
    """Describe the first forecast on a claim by its *recorder* that was recorded until a moment; None for none."""
    return _first_forecast(store, claim, recorder, -1, until, own=True)


def _first_forecast(
    store: Store, claim: str, recorder: Plain, after: int, until: datetime | None, *, own: bool
) -> str | None:
    """Describe the first forecast in that time by the claim's *recorder* (*own*), or by anybody else; None for none."""
    # Recorders are names, forecasters are records: `me="Ana"` and the forecaster ana are one and the same person.
    own_slug = slug_of_name(str(recorder) if recorder else None, store.titles(Forecaster))
    for entry, forecaster, made_on in _forecasts_on(store, claim, recorder, after):
        if entry > after and (forecaster == own_slug) is own and _recorded_before(store, entry, until):
            return f"{forecaster} forecast on it on {made_on}"
    return None


def _forecasts_on(store: Store, claim: str, recorder: Plain, sealed: int) -> Iterator[tuple[int, str, str]]:
    """Yield the entry, forecaster and day of each forecast on a claim, recorded singly or imported.

    Left out are those by which the claim's recorder corrects a forecast that came with it: a second one by the same
    forecaster with the same time, recorded after the entry *sealed*.
    """
    came_with_it = set[tuple[Plain, Plain]]()
    for row in store.rows_under(Forecast, claim=claim):
        key = row.fields["forecaster"], row.fields["made_at"]
        if row.entry <= sealed:
            came_with_it.add(key)
        elif key in came_with_it and row.fields.get("recorded_by") == recorder:
            continue
        yield row.entry, str(key[0]), str(key[1])[:10]
    if store.has_blocks():
        from predictions.storage.imports import Imports

        for entry, forecast in Imports(store.connection).forecasts(claims=[claim]):
            yield entry, forecast.forecaster, str(forecast.made_at.date())


def _check_earlier(store: Store, claim: Claim, name: str, began: int) -> None:
    """Refuse a reference, in the field *name*, to a claim recorded after this one: with those, a circle could close."""
    reference = getattr(claim, name)
    for slug in reference if isinstance(reference, tuple) else [reference]:
        entry = None if slug is None else store.find(Claim.noun, slug)
        if slug is not None and (entry is None or entry > began > 0):
            raise Conflict(f"{name}: {slug!r} was not recorded before {claim.slug}, and claims refer to earlier ones")


def _check_scored(store: Store, claim: Claim, began: int) -> None:
    """Refuse a correction by which one fact would be scored twice.

    That is a second scored claim of a statement that neither replaces the first nor is replaced by it, and a scored
    claim that is a part of a tree, which is scored too.
    """
    slugs = [slug for slug in readings_of(store, claim.statement) if slug != claim.slug]
    readings = [store.revisions(Claim, slug=slug)[-1] for slug in slugs]
    scored = [claim, *(reading for reading in readings if reading.scored and reading.statement == claim.statement)]
    # All but one of them must be replaced by another of them; otherwise two would be scored beside each other.
    replaced = {reading.supersedes for reading in scored} & {reading.slug for reading in scored}
    if len(replaced) < len(scored) - 1:
        listed = ", ".join(reading.slug for reading in scored[1:])
        raise Conflict(f"{listed} is the scored reading of {claim.statement} already; one of them must supersede it")
    trees = [tree.slug for tree in trees_over(store, began) if tree.scored and claim.slug in tree.parts]
    parts = [part for part in claim.parts if store.revisions(Claim, slug=part)[-1].scored]
    if trees or parts:
        part, tree = (claim.slug, trees[0]) if trees else (parts[0], claim.slug)
        raise Conflict(f"{part} is scored by itself; it cannot be a part of {tree}, which is scored too")
