"""Plan the merge of two copies of one ledger: which of the other's records come in, and which contradict ours.

Two copies of a ledger went apart at some entry. For every record, by its key, there is what stood there, what stands
here and what stands in the other copy. Where only one side changed it, that side's word is taken; where both did, to
different ends, a person has to settle it. Plain values in, plain values out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from predictions.errors import InvalidValue
from predictions.records import Claim, Import, Merge, Statement
from predictions.storage.layout import NounSlug
from predictions.trust.merge.items import OTHER, SETTLEMENTS, THIS, MergeItem, changes, difference, nothing_to_settle


@dataclass
class Plan:
    """What a merge will do.

    Attributes:
        records: What to record here, in order.
        conflicts: What a person has to settle first, by name.
        left_out: What is left out.
    """

    records: list[MergeItem] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def reconcile(
    ours: Sequence[MergeItem], theirs: Sequence[MergeItem], *, common: int, since: int, settle: Mapping[str, str],
    added: Callable[[str], str | None],
) -> Plan:  # fmt: skip
    """Plan the merge of a copy that shares our first *common* entries.

    Args:
        ours: Our records.
        theirs: The other copy's, under the slugs of :func:`settled_slugs`.
        common: How many entries both have.
        since: Up to which entry the other copy was merged here before.
        settle: For a conflict, by its name: ``this`` or ``other`` for the word that stands, or the slug under which the
            other's record is to stand beside ours.
        added: Says what others than its recorder added to a claim here, if anything; what the claim asks then stays as
            it is.

    Raises:
        InvalidValue: A settlement cannot be carried out.
    """
    reconciling = _Reconciling(ours, theirs, common, since, settle, added)
    plan = reconciling.plan()
    surplus = [name for name, word in settle.items() if word in SETTLEMENTS and name not in reconciling.settled]
    if surplus and not plan.conflicts:
        raise InvalidValue(nothing_to_settle(surplus[0]))
    return plan


class _Reconciling:
    """The plan in the making: our records and theirs by name, and what was decided so far."""

    def __init__(
        self, ours: Sequence[MergeItem], theirs: Sequence[MergeItem], common: int, since: int,
        settle: Mapping[str, str], added: Callable[[str], str | None],
    ) -> None:  # fmt: skip
        self._ours, self._theirs = _grouped(ours), _grouped(theirs)
        self._common, self._since, self._settle, self._added = common, since, settle, added
        self._new = [item for item in theirs if item.entry >= since and item.cls not in {Import, Merge}]
        self._scored = {item.fields["statement"]: item.fields["slug"] for item in ours if _is_scored(item)}
        self._plan = Plan()
        self._coming: set[NounSlug] = set()
        self.settled: set[str] = set()

    def plan(self) -> Plan:
        """Decide record by record, then list what comes in, in the other copy's order."""
        taken: set[int] = set()
        restated: list[MergeItem] = []
        for name in dict.fromkeys(item.name for item in self._new):
            entries, again = self._decide(name)
            taken |= entries
            restated += again
        for item in self._new:
            if item.entry in taken and not item.in_block and self._can_be_merged(item):
                self._plan.records.append(item)
                if item.cls.key == ("slug",):
                    self._coming.add((item.cls.noun, str(item.fields["slug"])))  # what follows may refer to it
        self._plan.records += restated  # last: a record said once more corrects what came in before it
        return self._plan

    def _decide(self, name: str) -> tuple[set[int], list[MergeItem]]:
        """Return which of the other's entries for one record come in, and what is recorded once more after them."""
        ours, theirs = self._ours.get(name, []), self._theirs[name]
        new = [item for item in theirs if item.entry >= self._since]
        ours_new = [item for item in ours if item.entry >= self._common]
        stands, wanted = _last_item(ours), self._wanted(name, ours, theirs, ours_new, new)
        if stands is not None and wanted is not None and (why := self._kept(stands, wanted)):
            self._refuse(stands, f"{difference(stands, wanted, stands.cls.amendable or ())}, and {why} here")
            wanted = None
        if wanted is None and stands is not None:
            return set(), []  # ours stands as it was settled, or there is a conflict and nothing is written
        taken = [item for item in (_unknown(new, ours) if ours_new else new) if not item.in_block]
        last = _last_item(taken) or stands or _last_item(new)  # where nothing stands here, their block brings it
        again = [wanted] if wanted is not None and (last is None or last.body != wanted.body) else []
        return {item.entry for item in taken}, again

    def _wanted(
        self, name: str, here: list[MergeItem], there: list[MergeItem], ours_new: list[MergeItem], new: list[MergeItem]
    ) -> MergeItem | None:
        """Return what shall stand in the end; None where nothing does, or a person has to say.

        Whose word the other side has seen, and then gone on from, is the older one: the newer stands. Who still says
        what was merged before has changed nothing since: the other's stands. Else both have changed it.
        """
        ours, theirs = _last_item(here), _last_item(there)
        before = _last_item([item for item in there if item.entry < self._since])
        if theirs is None or (ours is not None and ours.body == theirs.body):
            return ours
        if ours is None or not ours_new:
            return theirs
        known_there, known_here = ({item.body for item in items} for items in (new, ours_new))
        theirs_is_newer, ours_is_newer = ours.body in known_there, theirs.body in known_here
        if theirs_is_newer != ours_is_newer:
            return theirs if theirs_is_newer else ours
        if before is not None and before.body in (ours.body, theirs.body):
            return theirs if before.body == ours.body else ours
        word = self._word(name)
        if word == OTHER:
            if here[0].body != there[0].body or ours.cls is not Claim:
                _check_amendable(ours, theirs)
            return theirs
        if word != THIS:
            self._plan.conflicts[name] = difference(ours, theirs)
        return None

    def _kept(self, ours: MergeItem, wanted: MergeItem) -> str | None:
        """Return why what a claim of ours asks cannot be corrected any more; None where it can, or is not changed."""
        changed, slug = set(changes(ours, wanted)), str(ours.fields.get("slug"))
        asked = ours.cls is Claim and not Claim.amendable.issuperset(changed)
        words = (
            ours.cls is Statement and "text" in changed and f"claim {slug}" in self._ours
        )  # of the recorder: they go together
        return self._added(slug) if asked or words else None

    def _word(self, name: str) -> str | None:
        """Return how a contradiction was settled, if it was."""
        self.settled.add(name)
        return self._settle.get(name)

    def _can_be_merged(self, item: MergeItem) -> bool:
        """Return whether a record can be merged; if not, it is left out, or a conflict is noted.

        It is left out if a record that it refers to is missing. If a slug that it refers to means another record here,
        or if it would give its statement a second scored reading, a conflict is noted, unless that was settled.
        """
        for noun, slug in item.refers:
            name = f"{noun} {slug}"
            if name in self._ours:
                self._require_same(name)
            elif (noun, slug) not in self._coming:
                self._plan.left_out.append(item.name)
                return False
        if _is_scored(item):
            # Either copy alone kept the rule of one scored reading per statement; together they may break it.
            first = self._scored.setdefault(item.fields["statement"], item.fields["slug"])
            if first not in (item.fields["slug"], item.fields.get("supersedes")):
                what = f"the scored reading of {item.fields['statement']} is {first} here"
                return self._refuse(item, f"{what}, {item.fields['slug']} there")
            self._scored[item.fields["statement"]] = item.fields["slug"]
        return True

    def _require_same(self, name: str) -> None:
        """Note a conflict if a slug means another record there: what refers to theirs would come to refer to ours."""
        ours, theirs = self._ours[name], self._theirs[name]
        # With the same beginning, they are one record that was corrected in both copies; with the same end, it does
        # not matter how they came to it.
        same = ours[0].body == theirs[0].body or ours[-1].body == theirs[-1].body
        if not same and self._word(name) not in SETTLEMENTS and name not in self._plan.conflicts:
            self._plan.conflicts[name] = difference(ours[-1], theirs[-1])

    def _refuse(self, item: MergeItem, why: str) -> bool:
        """Leave an item out if that was settled so, else note the conflict; return False, as it is not merged."""
        word = self._word(item.name)
        if word == OTHER:
            raise InvalidValue(f"{item.name} cannot be settled by {OTHER!r}: {why}; {THIS!r} leaves it out")
        if word == THIS:
            self._plan.left_out.append(item.name)
        else:
            self._plan.conflicts[item.name] = f"{why}; only {THIS!r} settles it, and leaves it out"
        return False


def _grouped(items: Iterable[MergeItem]) -> dict[str, list[MergeItem]]:
    by_name: dict[str, list[MergeItem]] = {}
    for item in items:
        by_name.setdefault(item.name, []).append(item)
    return by_name


def _unknown(new: Iterable[MergeItem], ours: Iterable[MergeItem]) -> list[MergeItem]:
    """List what was never said here, once each."""
    bodies = {item.body for item in ours}
    unknown: dict[bytes, MergeItem] = {}
    for item in new:
        if item.body not in bodies:
            unknown.setdefault(item.body, item)
    return list(unknown.values())


def _last_item(items: Sequence[MergeItem]) -> MergeItem | None:
    """Return the last revision, or the last verdict that is not a dissent."""
    return next((item for item in reversed(items) if not item.fields.get("dissent")), None)


def _is_scored(item: MergeItem) -> bool:
    return item.cls is Claim and bool(item.fields["scored"])


def _check_amendable(ours: MergeItem, theirs: MergeItem) -> None:
    changed = changes(ours, theirs)
    if ours.cls.amendable is not None and not set(changed) <= ours.cls.amendable:
        fixed = ", ".join(sorted(set(changed) - ours.cls.amendable))
        raise InvalidValue(f"the {fixed} of {ours.name} cannot be corrected; settle it by {THIS!r} or by a new slug")
