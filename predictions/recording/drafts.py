"""Drafts: for a day, and while nobody else has added to it, a claim's recorder may correct what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from predictions.enums import Axis, ClaimType
from predictions.errors import Conflict, NotFound
from predictions.numerals import measure
from predictions.records import Bearing, Claim, Evidence, Forecast, Forecaster, Merge, Resolution
from predictions.slugs import Beginnings, slug_of_name
from predictions.storage.canonical import Plain
from predictions.storage.claim_queries import readings_of, trees_over
from predictions.storage.rows import StoredRow, record_of
from predictions.storage.store import Store
from predictions.timestamps import end_of, moment_text, parse_moment_text, spoken_moment

DRAFT_HOURS = 24  # in which a slip can be corrected
LONGEST_NAMED = 24  # columns of a slug in a sentence that says it twice
LONGEST_SAID = 40  # characters of a value in the call that is offered, at most
REFERS = {"given", "supersedes", "parts"}  # fields that name other claims
WINDOW = {"opens_on", "deadline"}
CHAINED = {"statement", "supersedes"}  # what a claim that replaces another has from that one
NOT_IN_QUOTES = frozenset('"\\$`\n()[]')
_SPOKEN = {"wording": "text", "notes": "note"}
_NOUN_OF_FIELD = {**_SPOKEN, "between": "range", "ordered": "order"}
PLURAL = {"options", "conditions", "criteria", "parts"}
OF_RANGE = {"low", "high", "scale"}
PLACED = {"statement", "scored", "supersedes", "parts"}  # what decides which claims may be scored beside each other


def check_draft(
    store: Store, claim: Claim, known: Sequence[StoredRow], changes: Sequence[str], *, by: str | None, now: datetime
) -> None:
    """Refuse a correction of fields that may change in a draft only, unless the claim still is one.

    Args:
        store: The ledger.
        claim: The claim as it would stand.
        known: Its revisions on file, oldest first.
        changes: The fields in question.
        by: Who corrects it.
        now: The moment of the ledger's clock.

    Raises:
        Conflict: It is no draft any more, or not theirs; or as corrected it contradicts other claims.
    """
    if why := ended(store, known, by, now):
        raise no_draft(store, claim.slug, why, as_said(claim, _without_what_follows(claim, changes)))
    for name in REFERS.intersection(changes):  # a claim names only claims recorded before it
        _check_earlier(store, claim, name, known[0].entry)
    if claim.scored and not PLACED.isdisjoint(changes):
        _check_scored(store, claim, known[0].entry)


def _without_what_follows(claim: Claim, changes: Sequence[str]) -> list[str]:
    """Leave out of changes what only follows from the others: how a window was read, criteria made of the words."""
    follow = set[str]()
    if not WINDOW.isdisjoint(changes):
        follow |= {"edtf", "horizon", "horizon_read"}
    if "wording" in changes and claim.criteria.startswith("As worded: "):
        follow.add("criteria")
    return [name for name in changes if name not in follow]


def as_said(claim: Claim, names: Sequence[str]) -> dict[str, object]:
    """Return changed fields in the words of `add`: the ends of a range are `between`, the type of options `ordered`."""
    said = {
        "note" if name == "notes" else name: getattr(claim, name)
        for name in names
        if name not in OF_RANGE and (name != "type" or not claim.options)
    }
    if not OF_RANGE.isdisjoint(names):
        said["between"] = between_said(claim.low, claim.high, claim.scale)
    if "type" in names:
        said |= {"ordered": claim.type is ClaimType.ORDERED} if claim.options else {"type": claim.type}
    return said


def between_said(low: object, high: object, scale: object) -> tuple[object, ...]:
    """Return a range as `between` takes it, with "log" behind its ends on a log axis."""
    return (low, high, str(Axis.LOG)) if scale is Axis.LOG else (low, high)


def ended(store: Store, known: Sequence[StoredRow], by: str | None, now: datetime) -> str | None:
    """Say why nobody, or not *by*, may correct what a claim asks; None while it is their draft."""
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
    """Say why a claim is a draft of nobody's, by what ended it first; None while it is one."""
    try:
        sealed = store.seal_over(first.entry)
    except NotFound:  # it comes with this very seal
        return None
    # A merge seals old records anew: without this its seal would open a second day for corrections, in the other copy.
    if any(sealed.first <= row.entry < sealed.entry for row in store.rows(Merge)):
        return f"{standing.slug} came by a merge, and is a draft only in the copy where it was recorded"
    until = _until(standing, sealed.recorded_at)
    why = added_by_others(store, standing.slug, until)
    if not why and now >= until:
        why = f"it was one until {spoken_moment(until)}"
    return f"{standing.slug} is no draft any more ({why})" if why else None


def _until(claim: Claim, recorded_at: str) -> datetime:
    closes = claim.closes_at or end_of(claim.deadline)
    return min(parse_moment_text(recorded_at) + timedelta(hours=DRAFT_HOURS), closes)


def draft_until(store: Store, claim: Claim, by: str | None, now: datetime) -> datetime | None:
    """Say until when *by* may correct what a claim asks; None where they may not."""
    known = store.rows_under(Claim, slug=claim.slug)
    if ended(store, known, by, now):
        return None
    try:
        return _until(claim, store.seal_over(known[0].entry).recorded_at)
    except NotFound:  # it comes with this very seal
        return _until(claim, moment_text(now))


def no_draft(store: Store, claim: str, why: str, changes: Mapping[str, object]) -> Conflict:
    """Say why what a claim asks cannot change, with the call that records it as a new claim; a long slug is begun."""
    begun = Beginnings(store.titles(Claim)).within(claim, LONGEST_NAMED)
    claim, why = begun, why.replace(claim, begun)
    if fixed := CHAINED.intersection(changes):
        return Conflict(
            f"{why}; its {' and '.join(sorted(fixed))} stays; what was put in error is annulled: "
            f'ledger.resolve("{claim}", "annulled", reason="...")'
        )
    told = f'ledger.supersede("{claim}", {spelled_fields(changes)}, reason="...")'
    return Conflict(f"{why}; {_new(list(changes))} a new claim: {told}")


def _new(names: Sequence[str]) -> str:
    """Say what is new: ``a new deadline is``, ``new options are``, ``a new text and a new deadline are``."""
    nouns = [_NOUN_OF_FIELD.get(name, name) for name in names]
    told = [f"new {noun}" if noun in PLURAL else f"a new {noun}" for noun in nouns]
    return f"{' and '.join(told)} {'is' if len(nouns) == 1 and nouns[0] not in PLURAL else 'are'}"


def spelled_fields(changes: Mapping[str, object]) -> str:
    """Spell changed fields as the keywords of a call; what does not fit between quotes is left to be filled in."""
    return ", ".join(f"{_SPOKEN.get(name, name)}={_between_quotes(value)}" for name, value in changes.items())


def _between_quotes(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        value = tuple(value)
    if isinstance(value, tuple) and value and isinstance(value[0], (int, float)):  # a range
        return f"({', '.join(map(_between_quotes, value))})"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return measure(value)
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return f'"{",".join(value)}"' if len(value) == 1 else f"[{', '.join(map(_between_quotes, value))}]"
    said = moment_text(value) if isinstance(value, datetime) else "" if value is None else str(value)
    return f'"{said if len(said) <= LONGEST_SAID and not set(said) & NOT_IN_QUOTES else "..."}"'


def added_by_others(store: Store, claim: str, until: datetime | None = None) -> str | None:
    """Say what others than its recorder added to a claim after its first seal, *until* a moment; None where nobody did.

    That is a forecast by another forecaster, evidence of another recorder, or any verdict.
    """
    first, *_ = store.rows_under(Claim, slug=claim)
    recorder, sealed = first.fields.get("recorded_by"), store.seal_over(first.entry).entry
    if said := forecast_by_others(store, claim, recorder, after=sealed, until=until):
        return said
    for bearing in _in_time(store, store.rows_under(Bearing, claim=claim), until):
        evidence, *_ = [*store.rows_under(Evidence, slug=str(bearing.fields["evidence"])), bearing]
        others = [row.fields.get("recorded_by") for row in (bearing, evidence)]
        if bearing.entry > sealed and others != [recorder, recorder]:
            who = next((name for name in others if name != recorder), None)
            return f"{who or 'somebody'} recorded evidence on it, {bearing.fields['evidence']}"
    verdicts = _in_time(store, store.rows_under(Resolution, claim=claim), until)
    return "a verdict on it is recorded" if any(verdicts) else None


def _in_time(store: Store, rows: Iterable[StoredRow], until: datetime | None) -> list[StoredRow]:
    return [row for row in rows if _recorded_before(store, row.entry, until)]


def _recorded_before(store: Store, entry: int, until: datetime | None) -> bool:
    """Tell whether an entry was sealed before a moment; what is not sealed yet, and any before None, was."""
    try:
        return until is None or parse_moment_text(store.seal_over(entry).recorded_at) < until
    except NotFound:
        return True


def forecast_by_others(
    store: Store, claim: str, recorder: Plain, *, after: int = -1, until: datetime | None = None
) -> str | None:
    """Say which other forecaster than the *recorder* forecast on a claim *after* an entry and *until* a moment."""
    # Recorders are names, forecasters are records: `me="Ana"` and the forecaster ana are one and the same person.
    own = slug_of_name(str(recorder) if recorder else None, store.titles(Forecaster))
    return next(
        (
            f"{forecaster} forecast on it on {made_on}"
            for entry, forecaster, made_on in _forecasts_on(store, claim, recorder, after)
            if entry > after and forecaster != own and _recorded_before(store, entry, until)
        ),
        None,
    )


def _forecasts_on(store: Store, claim: str, recorder: Plain, sealed: int) -> Iterator[tuple[int, str, str]]:
    """Find who forecast a claim, on which day, and under which entry.

    What its recorder corrects of a forecast that came with it, or takes down as said at the same moment, is none.
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

        for entry, said in Imports(store.connection).forecasts(claims=[claim]):
            yield entry, said.forecaster, str(said.made_at.date())


def _check_earlier(store: Store, claim: Claim, name: str, began: int) -> None:
    """Refuse a reference to a claim that was recorded later: with those no circle can close."""
    said = getattr(claim, name)
    for slug in said if isinstance(said, tuple) else [said]:
        entry = None if slug is None else store.find(Claim.noun, slug)
        if slug is not None and (entry is None or entry > began > 0):
            raise Conflict(f"{name}: {slug!r} was not recorded before {claim.slug}, and claims refer to earlier ones")


def _check_scored(store: Store, claim: Claim, began: int) -> None:
    """Refuse a second scored claim of one statement that supersedes none, and a scored part of a scored tree."""
    readings = [slug for slug in readings_of(store, claim.statement) if slug != claim.slug]
    standing = [store.revisions(Claim, slug=slug)[-1] for slug in readings]
    chain = [claim, *(reading for reading in standing if reading.scored and reading.statement == claim.statement)]
    # In a chain all but one are replaced by another of it. Fewer means that two would be scored beside each other.
    replaced = [chained.supersedes for chained in chain if chained.supersedes in {other.slug for other in chain}]
    if len(set(replaced)) < len(chain) - 1:
        others = ", ".join(one.slug for one in chain[1:])
        raise Conflict(f"{others} is the scored reading of {claim.statement} already; one of them must supersede it")
    trees = [tree.slug for tree in trees_over(store, began) if tree.scored and claim.slug in tree.parts]
    parts = [part for part in claim.parts if store.revisions(Claim, slug=part)[-1].scored]
    if trees or parts:
        part, tree = (claim.slug, trees[0]) if trees else (parts[0], claim.slug)
        raise Conflict(f"{part} is scored by itself; it cannot be a part of {tree}, which is scored too")
