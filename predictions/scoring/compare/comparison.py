"""The result of comparing two forecasters: the difference, its interval, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from predictions.enums import ClaimType
from predictions.numerals import counted, figure, some_of, whole_percent
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result, Value
from predictions.scoring.eligibility import Rule
from predictions.scoring.in_doubt import Doubts
from predictions.scoring.score_columns import LEVEL, Reference
from predictions.scoring.statistics import Ends
from predictions.scoring.track_record import FEW

MOST_STATEMENTS = 20  # how many differences the table lists at most
REFERENCE_NAMES: dict[str, str] = {
    Reference.HALF: "always saying 50 %",  # of other types "knowing nothing"
    Reference.BASE_RATE: "the base rate (in hindsight)",
    Reference.CLOCK: "the clock",
    Reference.CROWD: "the median of the others",
}

WHY_SILENT: dict[str, str] = {
    Reference.CLOCK: "the clock is for events and dates; that time passes says nothing of other claims",
    Reference.CROWD: "nobody else stood there at the same time",
}
NEVER_TOGETHER = "the two had no forecast there at the same time"
UNBOUNDED = {Reference.BASE_RATE, Reference.CLOCK, Reference.CROWD}
"""References whose numbers depend on the verdicts still missing, so that these cannot be bounded."""


@dataclass(frozen=True)
class Pair:
    """One unit on which both had a forecast at the same time: usually one statement.

    Attributes:
        statement: The slug of the statement; the first in the alphabet if there are several.
        claims: The slugs of its claims.
        settle_on: The last of their settle days.
        difference: The loss of the first minus that of the second, over the time both stood. If the comparison covers
            several types, losses are divided by what knowing nothing expects to lose.
        cluster: The number of its unit with every cluster that was ever declared.
    """

    statement: str
    claims: tuple[str, ...]
    settle_on: str
    difference: float
    cluster: int = field(default=0, compare=False, repr=False)


class TakenBack(NamedTuple):
    """How long a forecaster who withdrew had a forecast on the claims that are compared.

    Attributes:
        forecaster: The slug of the forecaster.
        claims: From how many of these claims the forecaster withdrew, for good or for a while.
        share: The share of the time until the answer during which the forecaster had a forecast, as a mean over claims.
    """

    forecaster: str
    claims: int
    share: float


@dataclass(frozen=True, repr=False)
class Comparison(Result, rows="pairs", of=Pair):
    """The first forecaster beside the second; a negative difference favours the first.

    Attributes:
        first: The slug of the first forecaster.
        second: The slug of the second, or the name of a reference.
        types: The types of the claims.
        pairs: The statements on which both had a forecast at the same time, in the order of settling.
        observations: How many observations these are; fewer than the pairs if a cluster was declared too late for the
            means.
        difference: The mean difference of the loss over time; None without a pair.
        anytime: An interval that holds at every moment at once, however often one looks.
        once: An ordinary interval, which holds for one look planned beforehand.
        said: The mean difference of the scores of the scored forecasts; None against a reference, and over several
            types, whose scores have no common mean.
        rule: Whether the first or the last forecasts are scored.
        same_days: True if both made their scored forecasts on the same days.
        needed: About how many more statements would put 0 outside *anytime*; None if that cannot be estimated.
        missing: How many claims of both are in doubt; *anytime* allows for whatever becomes of them.
        presumed: What *anytime* presumes if windows overlap, or if links date forecasts that were recorded late, as the
            end of a sentence; else empty.
        silent: How many claims are left out, because the reference has no number there, or the two forecasters never
            had a forecast at the same time.
        taken_back: The forecasters of the two who withdrew from claims that are compared.
        words_only: The slugs of those of the two who gave no number, only words.
        biased: Why nobody can be judged by claims resolved so far; empty for claims whose time is up.
        doubts: The claims in doubt, counted by the reason.
        caveats: What could make the difference wrong, in sentences.
        names: The display names of both, by slug.
    """

    first: str
    second: str
    types: tuple[str, ...]
    pairs: tuple[Pair, ...]
    observations: int
    difference: float | None
    anytime: tuple[float, float] | None
    once: tuple[float, float] | None
    said: float | None
    rule: Rule
    same_days: bool
    needed: int | None
    missing: int = 0
    presumed: str = ""
    silent: int = 0
    taken_back: tuple[TakenBack, ...] = ()
    words_only: tuple[str, ...] = ()
    biased: str = ""
    doubts: Doubts = field(default=Doubts(), repr=False)
    caveats: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def distinguishable(self) -> bool:
        """True if the interval that holds at any time leaves out 0, whatever becomes of the claims in doubt."""
        if self.missing and self.second in UNBOUNDED:
            return False
        return bool(self.anytime and (self.anytime[0] > 0 or self.anytime[1] < 0))

    @property
    def _measure(self) -> tuple[str, str]:
        """The name of the loss that is compared, and the words for its units; empty for its natural ones."""
        if len(self.types) > 1:
            return "loss", ", over what knowing nothing expects to lose,"
        return ("squared error" if self._yes_or_no else "score"), ""

    @property
    def _yes_or_no(self) -> bool:
        """Whether all claims ask yes or no."""
        return self.types in {(), (ClaimType.YES_NO.value,)}

    @property
    def _beside(self) -> str:
        """The second forecaster or reference, in words."""
        if self.second == Reference.HALF and not self._yes_or_no:
            return "knowing nothing"
        return REFERENCE_NAMES.get(self.second) or self._called(self.second)

    def _called(self, slug: str) -> str:
        """Return the display name of a forecaster."""
        return self.names.get(slug, slug)

    @property
    def sentence(self) -> str:
        """The result in one sentence, which gives no judgement if there are too few statements."""
        n, first, second = self.observations, self._called(self.first), self._beside
        if self.difference is None:
            return f"{self._nothing_in_common}, so nothing can be compared."
        size, better = abs(self.difference), self.difference < 0
        direction = "lower (better)" if better else "higher (worse)"
        than = f"{figure(size)} {direction} than" if size else "as high as"
        if self.second in REFERENCE_NAMES:
            compared = f"of {first}, over the time a forecast stood"
        else:
            compared = "both forecast, over the time both did"
        of_first = f"{self._measure[0]} of {first}{self._measure[1]}"
        finding = f"On the {counted(n, 'statement')} {compared}, the {of_first} is {than} that of {second}"
        if self.biased:
            return f"{finding}, of those resolved so far; that judges nobody: {self.biased}."
        if n < FEW or not self.anytime:
            return f"{finding}; too few to say, at least {max(FEW - n, 1)} more needed."
        if self.missing and self.second in UNBOUNDED:
            return f"{finding}; not yet to be told{self.doubts.turn}."
        # What is in doubt can move the interval so far that the mean difference lies outside it.
        outside = not self.anytime[0] <= self.difference <= self.anytime[1]
        decided = ", with all that is still in doubt" if outside else ""
        ends = f"{_signed(self.anytime)}{decided}"
        interval = f"{100 * LEVEL:.0f} % interval {ends}, however often one looks{self.presumed}"
        if self.distinguishable:
            return f"{finding} ({interval}): {first if better else second} was better{self.doubts.whatever}."
        more = f"; about {self.needed:,} more statements would tell, if it stays so" if self.needed else ""
        return f"{finding} ({interval}): not yet distinguishable{self.doubts.turn or more}."

    @property
    def _nothing_in_common(self) -> str:
        """The reason why nothing can be compared, as the beginning of a sentence."""
        first, second = self._called(self.first), self._beside
        is_reference = self.second in REFERENCE_NAMES
        if self.silent and not is_reference:
            claims = counted(self.silent, "scored claim") if self.silent > 1 else "only scored claim"
            return f"{first} and {second} had no forecast at the same time on the {claims} of both"
        names = some_of([*map(self._called, self.words_only)], then=" and ")
        why = f" ({names} gave no number, only words)" if names else ""
        if is_reference and not self.silent:
            return f"{first} has no scored statement{why} to set beside {second}"
        return f"{first} and {second} have no scored statement in common{why}"

    def blocks(self) -> Sequence[Block]:
        """Lay out the sentence, the caveats, the table of the largest differences, and the ordinary figures."""
        heading = f"{self._called(self.first)} beside {self._called(self.second)}"
        blocks: list[Block] = [Heading(heading), Paragraph(self.sentence, 2)]
        if self.silent and (self.difference is not None or self.second in REFERENCE_NAMES):
            apart = counted(self.silent, "claim is", "claims are")
            blocks.append(Paragraph(f"{apart} not in it: {WHY_SILENT.get(self.second, NEVER_TOGETHER)}", 2))
        if self.difference is None:
            return blocks
        blocks += [
            Paragraph(
                f"{self._called(withdrawal.forecaster)} withdrew from {withdrawal.claims:,} of these claims, and had "
                f"a forecast for {whole_percent(withdrawal.share)} of the time until the answers",
                2,
                4,
            )
            for withdrawal in self.taken_back
        ]
        blocks += [Paragraph(caveat, 2, 4) for caveat in self.caveats]
        blocks += [Paragraph(""), self._largest()]
        if self.once:
            blocks.append(
                Paragraph(
                    f"an ordinary interval, for one look planned beforehand: {_signed(self.once)}; it is narrower, "
                    "because a reader who looks after every statement has that many chances to be misled, and the "
                    "interval above allows for them all",
                    2,
                )
            )
        if self.said is not None:
            size = figure(self.said, sign=True)
            when = f"made on the same days: {size}"
            if not self.same_days:
                when = f"made on different days: {size}; who speaks later knows more"
            blocks.append(Paragraph(f"{self.rule} forecasts, {when}", 2))
        return blocks

    def _largest(self) -> Table:
        """Lay out the pairs with the largest differences, in the order of settling."""
        listed = sorted(self.pairs, key=lambda pair: -abs(pair.difference))[:MOST_STATEMENTS]
        few = f", the {MOST_STATEMENTS} largest of {len(self.pairs):,}" if len(self.pairs) > MOST_STATEMENTS else ""
        rows = [
            (pair.settle_on, pair.statement, figure(pair.difference, sign=True))
            for pair in self.pairs
            if pair in listed
        ]
        caption = f"differences of {self._measure[0]}{few}, in the order of settling; below 0 favours the first"
        return Table(("settled", "statement", "difference"), rows, (2,), caption)

    def to_dict(self) -> dict[str, Value]:
        """Return the fields, with what follows from them."""
        derived: dict[str, Value] = {
            "statements": len(self.pairs),
            "distinguishable": self.distinguishable,
            "sentence": self.sentence,
        }
        return super().to_dict() | derived


def _signed(ends: Ends) -> str:
    return f"{figure(ends[0], sign=True)} .. {figure(ends[1], sign=True)}"
