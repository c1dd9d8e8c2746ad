"""What an independent ledger says about the claims that both ledgers ask: the records that a merge may take from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from predictions.enums import ClaimType, SourceKind
from predictions.errors import NotFound
from predictions.recorded import Recorded
from predictions.records import ASKED, Bearing, Claim, Event, Evidence, Forecast, Forecaster, Record, Resolution, Source
from predictions.snapshot import Snapshot, asked_at
from predictions.status import WITNESSED_WITHIN, Timing, published, witnessed
from predictions.storage.batch import hashed_fields
from predictions.storage.imports import Imports
from predictions.storage.store import Store
from predictions.trust.merge.items import MergeItem

SHORT_ID = 12  # digits of a ledger's id in the slug of its source; the last ones, as scratch ledgers begin alike


ONLY_THERE = "which is asked only there"  # ends the remark on such a claim


def common_claims(ours: Store, theirs: Store) -> tuple[list[str], list[str]]:
    """Compare the claims of two ledgers: the slugs of those that both ask alike, and remarks on the others there.

    A claim is asked alike if everything that says what is asked is equal, but for the order of a choice's options, and
    so are its parts and what it is given.
    """
    ours_by_slug, theirs_by_slug = ({claim.slug: claim for claim in store.standing(Claim)} for store in (ours, theirs))
    common, remarks = dict[str, Claim](), []
    for slug in sorted(ours_by_slug.keys() & theirs_by_slug.keys()):
        ours_asked, theirs_asked = _asked(ours_by_slug[slug]), _asked(theirs_by_slug[slug])
        differing = [name for name in ASKED if ours_asked[name] != theirs_asked[name]]
        if differing:
            differ = "differ" if isinstance(ours_asked[differing[0]], tuple) else "differs"
            remarks.append(f"claim {slug}, which asks something else there: its {differing[0]} {differ}")
        else:
            common[slug] = ours_by_slug[slug]
    # Again and again, for a tree may be a part of another tree: what falls out takes along all that are built on it.
    while strange := [slug for slug, claim in common.items() if not common.keys() >= {*_claims_needed(claim)}]:
        for slug in strange:
            del common[slug]
            remarks.append(f"claim {slug}, whose parts or condition ask something else there")
    only_there = [f"claim {slug}, {ONLY_THERE}" for slug in theirs_by_slug if slug not in ours_by_slug]
    return list(common), [*remarks, *only_there]


def _asked(claim: Claim) -> dict[str, object]:
    """Return what says what a claim asks, by field; the order of a choice's options says nothing."""
    fields = {name: getattr(claim, name) for name in ASKED}
    return fields | {"options": tuple(sorted(claim.options))} if claim.type is ClaimType.CHOICE else fields


def _claims_needed(claim: Claim) -> Iterator[str]:
    yield from claim.parts
    if claim.given:
        yield claim.given


def source_of_ledger(ledger_id: str, recorded_by: str | None) -> Source:
    """Return the source under which the forecasts that another ledger witnessed are published here."""
    slug, title = f"ledger-{ledger_id[-SHORT_ID:]}", f"Ledger {ledger_id}"
    return Source(slug=slug, title=title, kind=SourceKind.LEDGER, recorded_by=recorded_by)


@dataclass
class Offer:
    """The records of another ledger about the common claims.

    Attributes:
        items: Records other than verdicts, what is referred to before what refers to it.
        earlier: The earlier revisions of an item, by its name.
        verdicts: The standing verdict on each claim, and the dissents, in their order.
        timings: How the time of each forecast is known there, by the item's name.
        left_out: What cannot come in, with the reason.
    """

    items: list[MergeItem] = field(default_factory=list)
    earlier: dict[str, list[MergeItem]] = field(default_factory=dict)
    verdicts: list[MergeItem] = field(default_factory=list)
    timings: dict[str, Timing] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


class Gathering:
    """Gathers the offer of another ledger, claim by claim."""

    def __init__(self, snapshot: Snapshot, imports: Imports, ledger: Source, *, clock_counts: bool) -> None:
        """Gather from *snapshot*, and from the blocks of *imports*.

        Args:
            snapshot: The other ledger's records.
            imports: Its imports.
            ledger: The other ledger as a source here.
            clock_counts: Whether times that its clock witnessed count here.
        """
        self._snapshot, self._imports, self._ledger, self._clock_counts = snapshot, imports, ledger, clock_counts
        self._gathered: dict[type[Record], dict[str, MergeItem]] = {
            cls: {} for cls in (Source, Event, Evidence, Bearing, Forecaster, Forecast)
        }
        self._offer = Offer()

    def offer(self, claims: Collection[str]) -> Offer:
        """Return what the other ledger says about these claims."""
        for slug in claims:
            claim = self._snapshot.find(Claim, slug)
            for evidence in self._snapshot.evidence_on(claim):
                self._add(evidence.evidence)
                if evidence.event:
                    self._add(evidence.event)
                self._add(evidence.bearing)
            for forecast in self._snapshot.forecasts_on(claim):
                self._add_forecast(claim, forecast)
            self._add_verdicts(claim)
        for forecaster, published_in in self._imports.named_on(claims):
            self._add_named(Forecaster, forecaster)
            self._add_named(Source, published_in)
        self._offer.items = [item for items in self._gathered.values() for item in items.values()]
        return self._offer

    def _add(self, record: Record) -> None:
        """Add a record with its earlier revisions, once."""
        cls = type(record)
        *before, standing = self._snapshot.revisions(cls, *(getattr(record, name) for name in record.key))
        item = MergeItem(standing.entry, cls, hashed_fields(record))
        if item.name not in self._gathered[cls]:
            self._gathered[cls][item.name] = item
            self._offer.earlier[item.name] = [MergeItem(old.entry, cls, hashed_fields(old.record)) for old in before]

    def _add_named(self, cls: type[Record], slug: str | None) -> bool:
        """Add the record of that slug, if one is named; False where it is missing there, as in a redacted copy."""
        if slug is None:
            return True
        try:
            self._add(self._snapshot.revisions(cls, slug)[-1].record)
        except NotFound:
            return False
        return True

    def _add_all(self, name: str, named: Iterable[tuple[type[Record], str | None]]) -> bool:
        """Add what a record names; where something is missing there, the record is left out."""
        for cls, slug in named:
            if not self._add_named(cls, slug):
                self._offer.left_out.append(f"{name}, which names {cls.noun} {slug}: it is missing there")
                return False
        return True

    def _add_forecast(self, claim: Claim, recorded: Recorded[Forecast]) -> None:
        """Add a forecast with what it names; one that was witnessed there is published here by that ledger."""
        forecast = recorded.record
        timing = self._timing(claim, forecast)
        fields = hashed_fields(forecast)
        if timing is Timing.WITNESSED:
            fields["published_in"] = self._ledger.slug
        item = MergeItem(recorded.entry, Forecast, fields)
        named: list[tuple[type[Record], str | None]] = [
            (Forecaster, forecast.forecaster), (Evidence, forecast.published_in_evidence),
            *((Evidence, slug) for slug in forecast.because),
        ]  # fmt: skip
        if timing is not Timing.WITNESSED:
            named.append((Source, forecast.published_in))
        if self._add_all(item.name, named):
            before = self._snapshot.revisions(Forecast, claim.slug, forecast.forecaster, forecast.made_at)[:-1]
            self._offer.earlier[item.name] = [
                MergeItem(old.entry, Forecast, hashed_fields(old.record)) for old in before
            ]
            self._offer.timings[item.name] = timing
            self._gathered[Forecast][item.name] = item

    def _timing(self, claim: Claim, forecast: Forecast) -> Timing:
        """Tell how the time of a forecast is known in the other ledger.

        A witnessed forecast that is older than the last change of its question counts there from that change. Here it
        would keep its day, so it is not taken as witnessed.
        """
        if published(self._snapshot, forecast):
            return Timing.PUBLISHED
        in_time = witnessed(self._snapshot.numbers_recorded_at(forecast), forecast.made_at)
        as_asked = forecast.made_at >= asked_at(self._snapshot, claim) - WITNESSED_WITHIN
        return Timing.WITNESSED if in_time and as_asked and self._clock_counts else Timing.BACKDATED

    def _add_verdicts(self, claim: Claim) -> None:
        """Add the verdict that stands there, and the dissents; verdicts that were replaced there are history."""
        standing = self._snapshot.verdict(claim)
        for recorded in self._snapshot.resolutions_of(claim):
            resolution = recorded.record
            if resolution is not standing and not resolution.dissent:
                continue  # it was replaced there
            fields = hashed_fields(resolution)
            decided_by = resolution.decided_by or resolution.recorded_by
            if decided_by:
                # Here its recorder will be whoever merges; the verdict must go on naming who gave it.
                fields["decided_by"] = decided_by
            item = MergeItem(recorded.entry, Resolution, fields)
            named: list[tuple[type[Record], str | None]] = [
                (Source, resolution.published_in),
                *((Evidence, slug) for slug in resolution.because),
            ]
            if self._add_all(item.name, named):
                self._offer.verdicts.append(item)
