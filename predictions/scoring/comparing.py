"""Two forecasters on the same statements over the same time: the difference, how sure it is, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from predictions.display import Block, Heading, Paragraph, Shown, Table, Value, figure
from predictions.scoring.figures import Reference
from predictions.scoring.reliability import LEVEL, SEED
from predictions.scoring.rows import Row
from predictions.scoring.track import FEW, TrackRecord
from predictions.snapshot import Snapshot
from predictions.status import settle_on

LISTED = 20  # statements in the table, at most
SPOKEN: dict[str, str] = {
    Reference.HALF: "always saying 50 %",
    Reference.BASE_RATE: "the base rate",
    Reference.CLOCK: "the clock",
    Reference.CROWD: "the median of the others",
}


@dataclass(frozen=True)
class Pair:
    """One statement that both forecast."""

    statement: str
    claims: tuple[str, ...]
    settles_on: str
    difference: float  # loss of the first less loss of the second, over the time both stood


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """The first forecaster beside the second; a negative difference favours the first."""

    first: str
    second: str
    pairs: tuple[Pair, ...]  # in the order in which the statements settled
    difference: float | None
    anytime: tuple[float, float] | None  # holds at every moment at once, however often one looks
    once: tuple[float, float] | None  # an ordinary interval: holds for one look, planned beforehand
    first_forecasts: float | None  # the difference of first forecasts, made at different times
    needed: int | None

    @property
    def distinguishable(self) -> bool:
        """Whether the anytime-valid interval leaves out zero."""
        return bool(self.anytime and (self.anytime[0] > 0 or self.anytime[1] < 0))

    @property
    def sentence(self) -> str:
        """What the comparison says, for a reader."""
        n, who = len(self.pairs), SPOKEN.get(self.second, self.second)
        if self.difference is None:
            return f"{self.first} and {who} have no scored statement in common, so nothing can be compared."
        size, better = abs(self.difference), self.difference < 0
        than = "as high as" if not size else f"{size:.3f} {'lower (better)' if better else 'higher (worse)'} than"
        whose = (
            f"of {self.first}, over the time a forecast stood"
            if self.second in SPOKEN
            else ("both forecast, over the time both did")
        )
        said = f"On the {n} statement{'s'[: n != 1]} {whose}, the squared error of {self.first} is {than} that of {who}"
        if n < FEW or not self.anytime:
            return f"{said}; too few to say, at least {max(FEW - n, 1)} more needed."
        sure = f"{100 * LEVEL:.0f} % interval {_signed(self.anytime)}, however often one looks"
        if self.distinguishable:
            return f"{said} ({sure}): {self.first if better else who} was better."
        more = f"; about {self.needed:,} more statements would tell, if it stays so" if self.needed else ""
        return f"{said} ({sure}): not yet distinguishable{more}."

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"{self.first} beside {self.second}"), Paragraph(self.sentence, 2)]
        if self.difference is None:
            return found
        listed = sorted(self.pairs, key=lambda pair: -abs(pair.difference))[:LISTED]
        few = f", the {LISTED} largest of {len(self.pairs):,}" if len(self.pairs) > LISTED else ""
        rows = [
            (pair.settles_on, pair.statement, figure(pair.difference, sign=True))
            for pair in self.pairs
            if pair in listed
        ]
        caption = f"differences of squared error{few}, in the order of settling; below 0 favours the first"
        found += [Paragraph(""), Table(("settled", "statement", "difference"), rows, (2,), caption)]
        if self.once:
            found.append(
                Paragraph(
                    f"an ordinary interval, for one look planned beforehand: {_signed(self.once)}; it is narrower, for "
                    "whoever looks after every statement has that many chances to be misled, and the interval above "
                    "allows for them all",
                    2,
                )
            )
        if self.first_forecasts is not None:
            found.append(
                Paragraph(
                    f"first forecasts, made at different times: {figure(self.first_forecasts, sign=True)}; who "
                    "speaks later knows more",
                    2,
                )
            )
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [
            {
                "statement": pair.statement,
                "claims": list(pair.claims),
                "settle_on": pair.settles_on,
                "difference": pair.difference,
            }
            for pair in self.pairs
        ]

    def to_dict(self) -> dict[str, Value]:
        return {
            "first": self.first,
            "second": self.second,
            "statements": len(self.pairs),
            "difference": self.difference,
            "anytime": list(self.anytime) if self.anytime else None,
            "once": list(self.once) if self.once else None,
            "distinguishable": self.distinguishable,
            "sentence": self.sentence,
            "rows": self.rows(),
        }


def compare(snapshot: Snapshot, records: Sequence[TrackRecord], first: str, second: str | Reference) -> Comparison:
    """Two forecasters of one card, or one of them and a reference."""
    import numpy as np

    from forecasts.comparison import paired_bootstrap
    from forecasts.standing import time_skill
    from predictions.scoring.judging import ANY, BESIDE_HALF, anytime, interval_of, more_needed, resamples, stood_by

    stood = stood_by(snapshot, records)
    mine = [place for place, row in enumerate(stood.rows) if row.forecaster == first]
    claims_of_second = {row.claim.slug: place for place, row in enumerate(stood.rows) if row.forecaster == second}
    firsts: list[float | None]
    if isinstance(second, Reference):
        everything = stood.saved(second)
        values = [everything[place] for place in mine]
        firsts = [None] * len(mine)
    else:
        mine = [place for place in mine if stood.rows[place].claim.slug in claims_of_second]
        theirs = [claims_of_second[stood.rows[place].claim.slug] for place in mine]
        values = []
        if mine:
            saved = time_skill(stood.only(mine), stood.outcomes[mine], stood.only(theirs))
            values = np.atleast_1d(np.asarray(saved)).tolist()
        firsts = [_first_difference(stood.rows[one], stood.rows[two]) for one, two in zip(mine, theirs, strict=True)]
    kept = [(stood.rows[place], -value) for place, value in zip(mine, values, strict=True) if value is not None]
    pairs = _pairs(kept)
    differences = [pair.difference for pair in pairs]
    boot = (
        paired_bootstrap(differences, seed=SEED, level=LEVEL, resamples=resamples(len(differences)))
        if differences
        else None
    )
    plain = [value for value in firsts if value is not None]
    within = BESIDE_HALF if second is Reference.HALF else ANY
    return Comparison(
        first=first,
        second=str(second),
        pairs=tuple(pairs),
        difference=boot.mean if boot else None,
        anytime=anytime(differences, within),
        once=interval_of(boot),
        first_forecasts=fmean(plain) if plain else None,
        needed=more_needed(differences, within),
    )


def _signed(ends: tuple[float, float]) -> str:
    return f"{ends[0]:+.3f} .. {ends[1]:+.3f}"


def _first_difference(one: Row, two: Row) -> float | None:
    if one.middle.brier is None or two.middle.brier is None:
        return None
    return one.middle.brier - two.middle.brier


def _pairs(kept: Sequence[tuple[Row, float]]) -> list[Pair]:
    """One observation a statement, in the order of the settle days."""
    groups: dict[str, list[tuple[Row, float]]] = {}
    for row, value in kept:
        groups.setdefault(row.claim.statement, []).append((row, value))
    pairs = [
        Pair(
            statement,
            tuple(row.claim.slug for row, _ in group),
            max(settle_on(row.claim) for row, _ in group).isoformat(),
            fmean([value for _, value in group]),
        )
        for statement, group in groups.items()
    ]
    return sorted(pairs, key=lambda pair: (pair.settles_on, pair.statement))
