"""The rules by which records enter, one or many alike: which are on file, which are corrections, which are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from predictions.enums import ClaimType
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, warn
from predictions.fields import check_count, check_text
from predictions.fits import DISTRIBUTIONS, check_fits, fits_yes_or_no
from predictions.invisible import oddities
from predictions.recording.clusters import warn_of_cluster
from predictions.recording.conflicts import correction, difference
from predictions.recording.days_ahead import check_not_ahead, surely_past
from predictions.recording.drafts import check_draft
from predictions.recording.spelled_forecasts import said_otherwise
from predictions.records import Bearing, Claim, Forecast, Record, Resolution
from predictions.slugs import not_found
from predictions.storage.batch import Batch, batches_of, hashed_fields
from predictions.storage.canonical import Plain
from predictions.storage.claim_queries import claims_of_types
from predictions.storage.layout import Fields, RowKey, class_of, key_of, references
from predictions.storage.rows import StoredRow, record_of
from predictions.storage.seals import Writing
from predictions.storage.store import Store

ABOUT_THE_RECORDING = frozenset({"recorded_by", "revision", "reason"})
AS_WORDED = "As worded: "
LETTERS_COMPARED = 100  # a title or criteria with as many of the same first letters are the same text
PENDING = -1  # the entry of a record that is still to be put


class _Entry(NamedTuple):
    """What is recorded of a record beside its content."""

    recorded_by: str | None
    revision: int
    reason: str | None


class Entering:
    """Some records on their way into the ledger, with the revisions on file under their keys.

    :meth:`take` decides for one record at a time whether it is to be put; :meth:`put` then puts all of these at once.
    :meth:`put_fresh` is a faster way for many plain new records.
    """

    def __init__(
        self, store: Store, writing: Writing, me: str | None, now: datetime, records: Sequence[Record]
    ) -> None:
        self._store, self._writing, self._me, self._now, self._records = store, writing, me, now, records
        # By identity: two equal records are two, and comparing
        # records field by field would take longer than everything else.
        self._numbers = {id(records[number]): number for number in reversed(range(len(records)))}
        self._laid_out, self._distinct = list(batches_of(records)), True
        self._keys: dict[int, RowKey] = {}  # by the record's number, as all of these
        self._said: dict[int, Fields] = {}
        self._entered: dict[int, _Entry] = {}
        self._waiting: dict[tuple[type[Record], RowKey], list[int]] = {}
        self._known: dict[type[Record], dict[RowKey, list[StoredRow]]] = {}
        for numbers, batch in self._laid_out:
            keys = batch.keys()
            self._keys.update(zip(numbers, keys, strict=True))
            distinct = set(keys)
            self._distinct &= len(distinct) == len(keys)
            self._known[batch.cls] = store.rows_by_key(batch.cls, distinct)
        self._in_time = all(surely_past(batch, now) for _, batch in self._laid_out)
        self._ascii = all(batch.is_ascii() for _, batch in self._laid_out)
        claims = {record.claim for record in records if isinstance(record, (Forecast, Resolution))}
        self._of_other_types = claims_of_types(store, claims, DISTRIBUTIONS) if claims else set()
        # An imported forecast is the first revision under its key. None can have the time of one that is made now.
        dated = [record for record in records if isinstance(record, Forecast) and record.made_at != now]
        for imported in store.imported_forecasts({(forecast.claim, forecast.forecaster) for forecast in dated}):
            fields = hashed_fields(imported)
            self._known[Forecast].setdefault(key_of(Forecast, fields), []).insert(0, StoredRow(PENDING, fields))

    def known(self, record: Record) -> list[StoredRow]:
        """Return all revisions under the record's key, on file or waiting to be put, oldest first."""
        return self._under(type(record), self._keys[self._numbers[id(record)]])

    def take(self, record: Record, reason: str | None = None) -> StoredRow | None:
        """Let a record wait to be put and return None; if its content is on file already, return that revision.

        Raises Conflict and InvalidValue as :func:`predictions.recording.enter.enter` says.
        """
        number, known = self._numbers[id(record)], self.known(record)
        content = _content_of_fields(record, self._fields(number)) if known else {}
        if known and content == _content_of_fields(record, known[-1].fields):
            return known[-1]
        if not self._in_time:
            check_not_ahead(record, self._now)
        if isinstance(record, (Forecast, Resolution)):
            self._check_type(record)
        why = reason or record.reason
        if not known:
            self._wait(number, 1, why)
            return None
        standing = known[-1]
        repeats = [earlier.fields for earlier in known if content == _content_of_fields(record, earlier.fields)]
        # A catalogue registered again after a correction by hand has the old content: it must not undo the correction.
        if repeats and (why is None or any(why == earlier.get("reason") for earlier in repeats)):
            warn_of_repeat(record, standing.fields.get("reason"))
            return standing
        self._check_correction(record, known, why)
        self._wait(number, int(str(standing.fields["revision"])) + 1, why)
        return None

    def put(self) -> None:
        """Put the waiting records into the ledger.

        Raises NotFound if one refers to a record that is not there, with the nearest slug that is.
        """
        try:
            self._store.put_batches(self._writing, self._to_put())
        except NotFound as error:
            raise self._with_hint() or error from None

    def put_fresh(self) -> bool:
        """Put all records at once if that is safe, and return whether it was done.

        It is safe if no key is on file or given twice, no record has to fit another one of them, and whole columns
        show that no date lies ahead and no text is odd. Otherwise :meth:`take` them one by one.
        """
        kinds = {batch.cls for _, batch in self._laid_out} & {Claim, Bearing, Forecast, Resolution}
        independent = Bearing not in kinds and (Claim not in kinds or len(kinds) == 1)
        if any(self._known.values()) or not (independent and self._distinct and self._in_time and self._ascii):
            return False
        for record in self._records:
            if isinstance(record, (Forecast, Resolution)):
                self._check_type(record)
            if isinstance(record, Claim) and record.given:
                self._check_given(record, record.given)
        with suppress(NotFound):  # then nothing was put, and taking them one by one finds which record it is
            self._store.put_batches(self._writing, ((rows, batch.first_by(self._me)) for rows, batch in self._laid_out))
            return True
        return False

    def _to_put(self) -> Iterator[tuple[list[int], Batch]]:
        """Yield the waiting records in batches of one kind, each with the places of its records among all of them."""
        places = {number: place for place, number in enumerate(sorted(self._entered))}
        for numbers, batch in self._laid_out:
            rows = [row for row, number in enumerate(numbers) if number in places]
            if waiting := [numbers[row] for row in rows]:
                entered = zip(*map(self._entered.__getitem__, waiting), strict=True)
                columns = dict(zip(_Entry._fields, entered, strict=True))
                yield [places[number] for number in waiting], batch.of_rows(rows, columns)

    def _wait(self, number: int, revision: int, reason: str | None) -> None:
        """Keep a record until :meth:`put`, with its revision, who recorded it and why."""
        record, key = self._records[number], self._keys[number]
        if isinstance(record, Bearing):
            self._check_conditions(record)
        if isinstance(record, Claim) and record.given:
            self._check_given(record, record.given)
        self._entered[number] = _Entry(
            record.recorded_by or self._me,
            revision if revision == 1 else check_field("revision", check_count, revision),
            None if reason is None else check_field("reason", check_text, reason),
        )
        if not self._ascii:
            warn_of_oddities(record, self._final(number), self._writing)
        self._waiting.setdefault((type(record), key), []).append(number)

    def _fields(self, number: int) -> Fields:
        """Return the fields of a record, as they are hashed."""
        if number not in self._said:
            numbers, batch = next(laid_out for laid_out in self._laid_out if number in laid_out[0])
            self._said.update(zip(numbers, batch.fields(), strict=True))
        return self._said[number]

    def _final(self, number: int) -> dict[str, Plain]:
        """Return the fields of a waiting record, as they will be hashed with its revision, recorder and reason."""
        entered = self._entered[number]._asdict().items()
        return {**self._fields(number), **{name: value for name, value in entered if value is not None}}

    def _under(self, cls: type[Record], key: RowKey) -> list[StoredRow]:
        """Return the revisions with this key: those on file, then those waiting."""
        on_file, waiting = self._known.get(cls, {}).get(key, []), self._waiting.get((cls, key))
        return [*on_file, *(StoredRow(PENDING, self._final(number)) for number in waiting)] if waiting else on_file

    def _check_type(self, record: Forecast | Resolution) -> None:
        """Refuse a forecast or a verdict that does not fit the type of its claim."""
        key: RowKey = (record.claim,)
        is_here = key in self._known.get(Claim, {}) or (Claim, key) in self._waiting
        if fits_yes_or_no(record) and not is_here and record.claim not in self._of_other_types:
            return  # the usual case, decided without reading the claim
        claim = self._claim(record.claim)
        if claim is None:
            return  # a reference to a missing claim is refused when it is put
        if fits_yes_or_no(record) and claim.fields.get("type", ClaimType.YES_NO) not in DISTRIBUTIONS:
            return
        check_fits(record_of(Claim, claim), record)

    def _check_given(self, claim: Claim, given: str) -> None:
        """Refuse a claim conditional on one that cannot come out no: only a no would annul it."""
        basis = self._claim(given)
        if basis is not None and (type_ := basis.fields.get("type")) in DISTRIBUTIONS - {ClaimType.DATE}:
            raise InvalidValue(
                f"given: {given} is of type {type_}, which never comes out no, so nothing would annul {claim.slug}; "
                f"add a claim of what must be so, yes or no, and say that one"
            )

    def _claim(self, slug: str) -> StoredRow | None:
        """Return the latest revision of a claim, waiting or on file; None if there is none."""
        claims = self._known.setdefault(Claim, {})
        key: RowKey = (slug,)
        if key not in claims and (Claim, key) not in self._waiting:
            claims[key] = self._store.rows_under(Claim, slug=slug)
        return next(reversed(self._under(Claim, key)), None)

    def _check_conditions(self, bearing: Bearing) -> None:
        """Refuse a bearing that meets conditions its claim does not have."""
        if not bearing.meets:
            return
        claim = self._claim(bearing.claim)
        names = [condition.name for condition in record_of(Claim, claim).conditions] if claim else []
        for name in bearing.meets:
            if claim and name not in names:
                raise InvalidValue(f"{bearing.claim} has no condition {name!r}; it has {', '.join(names) or 'none'}")

    def _check_correction(self, record: Record, known: Sequence[StoredRow], reason: str | None) -> None:
        """Refuse a correction without a reason, and one of a field that cannot be changed (any more)."""
        standing, aside = record_of(type(record), known[-1]), about(record)
        fields = (name for name in type(record).model_fields if name not in aside)
        changes = [name for name in fields if getattr(record, name) != getattr(standing, name)]
        if not reason and isinstance(record, Forecast) and isinstance(standing, Forecast):
            raise said_otherwise(standing, record)
        if not reason:
            raise Conflict(
                f"{record.noun} {record.name} stands with {difference(standing, record, changes)}; "
                f"to correct it{correction(record, changes)}"
            )
        if isinstance(record, Claim) and "cluster" in changes:
            warn_of_cluster(self._store, record, known, record.recorded_by or self._me, self._now)
        fixed = [] if record.amendable is None else sorted(set(changes) - record.amendable)
        if fixed and not isinstance(record, Claim):
            raise Conflict(f"the {', '.join(fixed)} of {record.noun} {record.name} cannot be corrected")
        if fixed and isinstance(record, Claim):
            by = record.recorded_by or self._me
            check_draft(self._store, record, known, fixed, by=by, now=self._now)

    def _with_hint(self) -> NotFound | None:
        """Return the error for the first reference to a record that is not there, with the nearest slug that is.

        None if all references can be found.
        """
        new: list[tuple[str, str]] = []  # the records before this one that wait, by noun and slug
        for number in sorted(self._entered):
            cls, fields = type(self._records[number]), self._fields(number)
            for noun, slug in references(cls, fields):
                other = class_of(noun)
                if other and (noun, slug) not in new and self._store.find(noun, slug) is None:
                    slugs = [*self._store.slugs(other), *(new_slug for kind, new_slug in new if kind == noun)]
                    name = " ".join(map(str, key_of(cls, fields)))
                    return NotFound(f"{cls.noun} {name}: {not_found(noun, slug, slugs)}")
            if "slug" in fields:
                new.append((cls.noun, str(fields["slug"])))
        return None


def warn_of_repeat(record: Record, reason: object, way_back: str = "") -> None:
    """Warn that a record has the content of an earlier revision, which was corrected for that *reason*.

    *way_back* says how one has it so again; empty if only a correction does that.
    """
    text = f"{record.noun} {record.name} was recorded so before and since corrected ({reason}); the correction stands"
    warn(text + way_back)


def _content_of_fields(record: Record, fields: Fields) -> Fields:
    """Return the content among the fields of a record: all but who recorded it and why it was corrected."""
    aside = about(record)
    return {name: value for name, value in fields.items() if name not in aside}


def about(record: Record) -> frozenset[str]:
    """Return the fields that say who recorded a record and why; the reason of a verdict belongs to its content."""
    return ABOUT_THE_RECORDING - {"reason"} if isinstance(record, Resolution) else ABOUT_THE_RECORDING


def warn_of_oddities(record: Record, fields: Fields, writing: Writing) -> None:
    """Warn of texts that are not what they seem, such as look-alike letters; once for a text in several fields."""
    aside = about(record)
    for name, value in fields.items():
        if isinstance(value, str) and not value.isascii() and name not in aside:
            beginning = " ".join(value.removeprefix(AS_WORDED).split())[:LETTERS_COMPARED]
            for oddity in oddities(value):
                if (oddity, beginning) not in writing.warned:
                    writing.warned.add((oddity, beginning))
                    warn(f"the {name} of {record.noun} {record.name} has {oddity}")
