"""Behind a figure: the rows it rests on, its formula, and the arithmetic, so that a reader can do it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from predictions.display import Block, Heading, Paragraph, Shown, Value, figure
from predictions.errors import InvalidValue, shown
from predictions.scoring.rows import Row
from predictions.scoring.track import TrackRecord
from predictions.snapshot import Snapshot

FORMULAS = {
    "brier": "Brier = (p - outcome)^2 of the first forecast; one mean a statement, then the mean over statements",
    "brier_original": "Brier of 1950 = 2 x (p - outcome)^2; one mean a statement, then the mean over statements",
    "log_score": "log = -ln of the probability given to what happened; one mean a statement, then over statements",
    "time_skill": "skill over time = sum over the window of share x (0.25 - (p - outcome)^2), over the scheduled "
    "window; one mean a statement, then the mean over statements",
    "coverage": "coverage = share of the scheduled window in which a forecast stood; one mean a statement, then over "
    "statements",
}
OVER_TIME = {"time_skill", "coverage"}
SPLIT = {
    "miscalibration": "miscalibration = mean Brier - mean Brier of the recalibrated forecasts",
    "discrimination": "discrimination = uncertainty - mean Brier of the recalibrated forecasts",
    "uncertainty": "uncertainty = base rate x (1 - base rate), the mean Brier of saying the base rate",
}


@dataclass(frozen=True)
class Step:
    """One claim's part of a figure."""

    claim: str
    statement: str
    probability: float
    outcome: float
    arithmetic: str
    value: float
    part: float  # what it adds to the mean; all parts sum to it


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """One figure of one forecaster, taken apart."""

    figure: str
    forecaster: str
    formula: str
    steps: tuple[Step, ...]
    total: str
    value: float | None

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [
            Heading(f"{self.figure} of {self.forecaster}: {figure(self.value, 6)}"),
            Paragraph(self.formula, 2),
        ]
        if self.steps:
            found.append(Paragraph(""))
            for step in self.steps:
                found.append(Heading(f"  {step.claim}", figure(step.part, 6)))
                found.append(Paragraph(step.arithmetic, 4, 6))
            found.append(Paragraph(""))
        found.append(Paragraph(self.total, 2))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [
            {
                "claim": step.claim,
                "statement": step.statement,
                "probability": step.probability,
                "outcome": step.outcome,
                "arithmetic": step.arithmetic,
                "value": step.value,
                "part": step.part,
            }
            for step in self.steps
        ]

    def to_dict(self) -> dict[str, Value]:
        return {
            "figure": self.figure,
            "forecaster": self.forecaster,
            "formula": self.formula,
            "value": self.value,
            "total": self.total,
            "rows": self.rows(),
        }


def explain(snapshot: Snapshot, record: TrackRecord, name: str) -> Explanation:
    """The arithmetic behind one figure of one forecaster of the card."""
    forecaster, rows = record.forecaster.slug, record.scored
    if name in SPLIT:
        return _split(forecaster, name, rows)
    if name not in FORMULAS:
        known = ", ".join([*FORMULAS, *SPLIT])
        raise InvalidValue(f"{shown(name)} is no figure that can be explained; say one of {known}")
    if not rows:
        return Explanation(name, forecaster, FORMULAS[name], (), "no statement is scored yet", None)
    worked = _over_time(snapshot, rows, name) if name in OVER_TIME else [_worked(row, name) for row in rows]
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.claim.statement] = sizes.get(row.claim.statement, 0) + 1
    steps = tuple(
        Step(
            row.claim.slug, row.claim.statement, row.middle.probability or 0.0, row.value or 0.0, text, value,
            value / sizes[row.claim.statement] / len(sizes),
        )
        for row, (text, value) in zip(rows, worked, strict=True)
    )  # fmt: skip
    total = sum(step.part for step in steps)
    how = f"the parts of {len(steps)} claims of {len(sizes)} statements sum to {total:.6f}"
    return Explanation(name, forecaster, FORMULAS[name], steps, how, total)


def _worked(row: Row, name: str) -> tuple[str, float]:
    """One claim's figure, written out."""
    p, v = row.middle.probability or 0.0, row.value or 0.0
    if name == "brier":
        return f"({p:g} - {v:g})^2 = {(p - v) ** 2:.6f}", (p - v) ** 2
    if name == "brier_original":
        return f"2 x ({p:g} - {v:g})^2 = {2 * (p - v) ** 2:.6f}", 2 * (p - v) ** 2
    value = row.middle.log_score or 0.0
    ends = {1.0: f"-ln {p:g}", 0.0: f"-ln(1 - {p:g})"}
    return f"{ends.get(v, f'-{v:g} ln {p:g} - {1 - v:g} ln(1 - {p:g})')} = {value:.6f}", value


def _over_time(snapshot: Snapshot, rows: Sequence[Row], name: str) -> list[tuple[str, float]]:
    """The figures that need the time each number stood, written out."""
    from predictions.scoring.references import Stood

    stood = Stood(snapshot, rows)
    found = []
    for place, row in enumerate(rows):
        one, v = stood.only([place]), row.value or 0.0
        shares = ((one.ends - one.starts) / one.horizon[0]).tolist()
        if name == "coverage":
            text, value = " + ".join(f"{share:.4f}" for share in shares), sum(shares)
        else:
            half = (0.5 - v) ** 2
            pieces = list(zip(shares, one.probabilities.tolist(), strict=True))
            text = " + ".join(f"{share:.4f} x ({half:g} - ({chance:g} - {v:g})^2)" for share, chance in pieces)
            value = sum(share * (half - (chance - v) ** 2) for share, chance in pieces)
        found.append((f"{text or '0'} = {value:.6f}", value))
    return found


def _split(forecaster: str, name: str, rows: Sequence[Row]) -> Explanation:
    from forecasts.corp import corp_decomposition, recalibrated

    chances = [row.middle.probability or 0.0 for row in rows]
    truth = [row.value or 0.0 for row in rows]
    split = corp_decomposition(chances, truth)
    if split is None:
        return Explanation(name, forecaster, SPLIT[name], (), "no statement is scored yet", None)
    fitted = recalibrated(chances, truth).tolist()
    base = fmean(truth)
    steps = []
    for row, p, v, fit in zip(rows, chances, truth, fitted, strict=True):
        text, value = {
            "miscalibration": (f"({p:g} - {v:g})^2 - ({fit:.4f} - {v:g})^2", (p - v) ** 2 - (fit - v) ** 2),
            "discrimination": (f"({base:.4f} - {v:g})^2 - ({fit:.4f} - {v:g})^2", (base - v) ** 2 - (fit - v) ** 2),
            "uncertainty": (f"({base:.4f} - {v:g})^2", (base - v) ** 2),
        }[name]
        steps.append(Step(row.claim.slug, row.claim.statement, p, v, f"{text} = {value:.6f}", value, value / len(rows)))
    total = sum(step.part for step in steps)
    how = f"each claim one part in {len(steps)}; recalibrated by the best rising curve (CORP); the parts sum to "
    return Explanation(name, forecaster, SPLIT[name], tuple(steps), f"{how}{total:.6f}", getattr(split, name))
