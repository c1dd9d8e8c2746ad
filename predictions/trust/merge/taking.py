"""Take records from an independent ledger: which come in, which stand here already, and which contradict ours.

Evidence that stands here under the same link stands here already, whatever its slug.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from predictions.errors import InvalidValue, LedgerError, short_repr
from predictions.option_names import in_order_of_options
from predictions.recording.enter import Desk
from predictions.recording.revisions import ABOUT_THE_RECORDING
from predictions.recording.verdict_checks import check_verdict
from predictions.records import Claim, Evidence, Forecast, Merge, Record, Resolution, Source
from predictions.snapshot import Snapshot
from predictions.status import Timing
from predictions.storage.checkpoints import Head
from predictions.storage.claim_queries import evidence_of_link
from predictions.storage.deciding import deciding
from predictions.storage.imports import Imports
from predictions.storage.layout import NounSlug, RowKey, key_of
from predictions.storage.rows import record_of
from predictions.trust.merge.imports import Copy, contradictions, forecasts_under, take_blocks
from predictions.trust.merge.imports import key_of as forecast_key
from predictions.trust.merge.items import (
    OTHER,
    SETTLEMENTS,
    THIS,
    MergeItem,
    difference,
    nothing_to_settle,
    renamed,
    settled_slugs,
)
from predictions.trust.merge.offer import Offer
from predictions.trust.merge.turns import Turns

WHAT_A_FORECAST_SAYS = ("probability", "low", "high", "shares", "points", "days", "withdrawn", "words", "scale")
ANSWER = ("outcome", "fraction", "option", "value", "happened_from", "happened_on", "known_on", "known_at")


class Taking:
    """Decides which of the offered records come in, and records them.

    Attributes:
        items: The records that come in, what is referred to first.
        verdicts: The verdicts and dissents that come in.
        in_blocks: How many forecasts came in from blocks.
        timings: How the times of the forecasts that come in are known there.
        after_answer: How many of the witnessed ones are on claims whose answer was public here before.
        conflicts: What a person has to settle first, by name.
        left_out: What was left out because a settlement says so.
    """

    def __init__(self, desk: Desk, offer: Offer, copy: Copy, settle: Mapping[str, str]) -> None:
        self._desk, self._store, self._offer, self._settle = desk, desk.store, offer, settle
        self._unused = {name for name, word in settle.items() if word in SETTLEMENTS}
        self._copy = copy
        first, (self._since, self._merged_at) = self._merged_before()
        slugs = {**self._same_links(), **settled_slugs(offer.items, 0, settle)}
        if self._since:
            slugs = {**self._told_apart_before(first, slugs), **slugs}
        self._copy = copy._replace(slugs=slugs)
        self._more_in_blocks = False
        self._options = dict[str, tuple[str, ...]]()
        self.items: list[MergeItem] = []
        self.verdicts: list[MergeItem] = []
        self.in_blocks = self.after_answer = 0
        self.timings: Counter[Timing] = Counter()
        self.conflicts: dict[str, str] = {}
        self.left_out: list[str] = []

    @property
    def anything(self) -> bool:
        """Whether there is anything to record; also that ours was settled to stand, so that it is not asked again."""
        settled = not SETTLEMENTS.isdisjoint(self._settle.values())
        return not self.conflicts and bool(self.items or self.verdicts or self._more_in_blocks or settled)

    def decide(self) -> None:
        """Compare every offered record with what stands here, and sort them into three kinds.

        `items` are those that come in; what stands here with the same content is left out; what says otherwise under
        the same key is noted in `conflicts`. `timings` counts by which right the times of forecasts count, and
        `after_answer` how many of those witnessed there came when the answer was public here already. Raises
        InvalidValue for a way out of a conflict that settles none.
        """
        slugs = self._copy.slugs
        offered = [(item.name, self._as_here(item)) for item in self._offer.items]
        contradicting, self._more_in_blocks = contradictions(self._desk, self._copy)
        theirs = Imports(self._copy.journal.connection)
        offered += [(item.name, self._as_here(item)) for item in forecasts_under(theirs, contradicting, slugs)]
        standing = self._standing([item for _, item in offered])
        witnessed_on: list[str] = []
        for name, item in offered:
            here = standing.get((item.cls, key_of(item.cls, item.fields)), [])
            earlier = [self._as_here(old) for old in self._offer.earlier.get(name, [])]
            if self._comes_in(item, here, earlier):
                self.items.append(item)
                if item.cls is Forecast and not item.in_block:
                    self.timings[self._offer.timings[name]] += 1
                    if self._offer.timings[name] is Timing.WITNESSED:
                        witnessed_on.append(str(item.fields["claim"]))
        for verdict in self._offer.verdicts:
            self._decide_verdict(renamed(verdict, slugs))
        if self._unused and not self.conflicts:
            raise InvalidValue(nothing_to_settle(next(iter(self._unused))))
        self.after_answer = sum(self._is_answered(claim) for claim in witnessed_on)

    def _as_here(self, item: MergeItem) -> MergeItem:
        """Return a record under the slugs that were settled, with shares in the order of the options here."""
        item = renamed(item, self._copy.slugs)
        if item.cls is not Forecast or not item.fields.get("shares"):
            return item
        slug = str(item.fields["claim"])
        if slug not in self._options:
            self._options[slug] = self._store.revisions(Claim, slug=slug)[-1].options
        return replace(item, fields=in_order_of_options(item.fields, self._options[slug]))  # type: ignore[arg-type]  # plain

    def record(self, source: Source) -> None:
        """Record what comes in; *source* is the other ledger as one that publishes forecasts.

        A verdict that the rules of ``resolve`` refuse is noted as a conflict. What was recorded is then undone by the
        caller, with its transaction.
        """
        as_in = f"as in {source.slug}"
        if self.timings[Timing.WITNESSED]:
            self._put_source(source)
        Turns(self._desk, as_in).record_all(item for item in self.items if item.cls is not Forecast)
        before = self._store.in_blocks(2**62)
        _, left_out = take_blocks(self._desk, self._copy)
        self.in_blocks = self._store.in_blocks(2**62) - before
        self.left_out += left_out
        forecasts = [item for item in self.items if item.cls is Forecast]
        Turns(self._desk, as_in, forecasts).record_all(forecasts)
        turns = Turns(self._desk, as_in)
        for verdict in self.verdicts:
            self._check_verdict(verdict)
            turns.record_all([verdict])

    def _is_answered(self, claim: str) -> bool:
        """Tell whether a claim has a verdict, on file or coming in: its answer was public before this merge."""
        rows = self._store.rows_under(Resolution, claim=claim)
        coming = [item.fields for item in self.verdicts if item.fields["claim"] == claim]
        return any(not fields.get("dissent") for fields in [*(row.fields for row in rows), *coming])

    def _same_links(self) -> dict[NounSlug, str]:
        """Return the slug here of evidence that stands here under the same link: it is the same evidence."""
        slugs: dict[NounSlug, str] = {}
        for item in self._offer.items:
            slug = str(item.fields.get("slug"))
            if item.cls is Evidence and self._store.find(Evidence.noun, slug) is None:
                here = evidence_of_link(self._store, str(item.fields["link"]))
                if here:
                    slugs[Evidence.noun, slug] = here
        return slugs

    def _told_apart_before(self, first: int, settled: Mapping[NounSlug, str]) -> dict[NounSlug, str]:
        """Return the slugs here of records that an earlier merge settled to stand under slugs of their own.

        What refers to them there would otherwise be taken for what has their slug here. Such a record came in with a
        merge of that ledger, the *first* of which is the entry given, and says the same as there under another slug.
        """
        slugs = dict[NounSlug, str]()
        for item in self._offer.items:
            noun, slug = item.cls.noun, str(item.fields.get("slug"))
            if item.cls.key != ("slug",) or item.entry >= self._since or (noun, slug) in settled:
                continue
            theirs = _content(renamed(item, {**slugs, **settled}).fields)
            rows = list(self._store.rows(item.cls))
            if any(str(row.fields["slug"]) == slug and _content(row.fields) == theirs for row in rows):
                continue  # it stands here under its own slug
            came_in = [row for row in rows if row.entry > first and _content(row.fields) == theirs]
            if came_in:
                slugs[noun, slug] = str(came_in[-1].fields["slug"])
        return slugs

    def _merged_before(self) -> tuple[int, tuple[int, int]]:
        """Return the entry of the first merge of the other ledger here, and its size and the entry of the last one.

        They are -1, 0 and -1 if it was never merged.
        """
        other, sizes = self._copy.journal, [(0, -1)]
        for row in self._store.rows(Merge):
            merged = record_of(Merge, row)
            if other.knows(Head(merged.size, bytes.fromhex(merged.root))):
                sizes.append((merged.size, row.entry))
        return min((entry for _, entry in sizes[1:]), default=-1), max(sizes)

    def _standing(self, items: list[MergeItem]) -> dict[tuple[type[Record], RowKey], list[MergeItem]]:
        """Return what stands here under the keys of some items, oldest first."""
        standing: dict[tuple[type[Record], RowKey], list[MergeItem]] = {}
        keys: dict[type[Record], list[RowKey]] = {}
        for item in items:
            keys.setdefault(item.cls, []).append(key_of(item.cls, item.fields))
        blocks = Imports(self._store.connection)
        forecasts = {forecast_key(item) for item in items if item.cls is Forecast}
        for item in forecasts_under(blocks, forecasts) if blocks and forecasts else ():
            standing.setdefault((Forecast, key_of(Forecast, item.fields)), []).append(item)
        for cls, wanted in keys.items():
            for key, rows in self._store.rows_by_key(cls, wanted).items():
                standing.setdefault((cls, key), []).extend(MergeItem(row.entry, cls, row.fields) for row in rows)
        return standing

    def _comes_in(self, item: MergeItem, here: list[MergeItem], earlier: list[MergeItem]) -> bool:
        """Tell whether a record comes in: it is missing here, was corrected there since, or was settled so."""
        if not here:
            return not item.in_block  # the import of their block brings it
        if any(_compared_content(old) == _compared_content(item) for old in here):
            return False  # it stands here, or was corrected here since
        if any(_compared_content(old) == _compared_content(here[-1]) for old in earlier):
            return True
        if item.entry < self._since and not item.in_block:
            return False  # ours was settled to stand when that ledger was merged before
        word = self._word(item.name)
        if word not in SETTLEMENTS:
            self.conflicts[item.name] = difference(here[-1], item)
        return word == OTHER

    def _word(self, name: str) -> str | None:
        """Return how a contradiction was settled, if it was."""
        self._unused.discard(name)
        return self._settle.get(name)

    def _decide_verdict(self, verdict: MergeItem) -> None:
        """Take a verdict as the claim's own where it has none, else as a dissent; an equal one is on file."""
        claim = str(verdict.fields["claim"])
        rows = self._store.rows_under(Resolution, claim=claim)
        here = [row.fields for row in rows] + [item.fields for item in self.verdicts if item.fields["claim"] == claim]
        if any(_answer(fields) == _answer(verdict.fields) for fields in here):
            return
        if verdict.entry < self._since and self._store.first_entry(Claim.noun, claim) < self._merged_at:
            return  # it was left out when that ledger was merged before
        word = self._word(verdict.name)
        if word == THIS:
            self.left_out.append(verdict.name)
            return
        if word is not None:
            raise InvalidValue(
                f"{verdict.name} cannot be settled by {short_repr(word)}: where another verdict stands it comes in "
                f"as a dissent; {THIS!r} leaves it out"
            )
        # The verdict here is what its forecasters were told: another ledger may disagree, but not replace it.
        decided = any(not fields.get("dissent") for fields in here)
        fields = {**verdict.fields, **({"dissent": True} if decided else {})}
        self.verdicts.append(MergeItem(verdict.entry, Resolution, fields))

    def _check_verdict(self, verdict: MergeItem) -> None:
        """Hold a verdict against the claim's terms, as if it were given here; a refusal is a conflict."""
        if verdict.fields.get("dissent"):
            return
        claim, now = str(verdict.fields["claim"]), self._desk.now
        snapshot = Snapshot.of(deciding(self._store, [claim], now), head="", as_of=now, today=None)
        resolution = Resolution.model_validate({**verdict.fields, "number": 1, "revision": 1})
        try:
            check_verdict(self._desk, snapshot, snapshot.find(Claim, claim), resolution)
        except LedgerError as error:
            self.conflicts[verdict.name] = f"{resolution.said} there, which cannot be taken: {error}"

    def _put_source(self, source: Source) -> None:
        """Record the other ledger as a source, unless it was merged before."""
        standing = self._store.revisions(Source, slug=source.slug)
        if not standing:
            self._store.put(self._desk.writing, source)
        elif standing[-1].kind is not source.kind:
            raise InvalidValue(
                f"the source {source.slug} is no ledger here, and its slug is taken; nothing was written"
            )


def _content(fields: Mapping[str, object]) -> object:
    """Return the fields of a record but its slug, and who recorded it when and why."""
    return {name: value for name, value in fields.items() if name not in ABOUT_THE_RECORDING | {"slug"}}


def _compared_content(item: MergeItem) -> object:
    """Return what makes two records the same: of a forecast its numbers, whatever published it; else all it says."""
    return [item.fields.get(name) for name in WHAT_A_FORECAST_SAYS] if item.cls is Forecast else item.body


def _answer(fields: Mapping[str, object]) -> list[object]:
    """Return what makes two verdicts the same: the outcome and its days, but not who decided or why."""
    return [fields.get(name) for name in ANSWER]
