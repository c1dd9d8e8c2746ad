"""Cells that hold outcomes, read before it is known what their claims ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from predictions.enums import Outcome
from predictions.errors import InvalidValue
from predictions.fits import DISTRIBUTIONS
from predictions.importing.cells import fix_of
from predictions.recording.outcomes import read_outcome
from predictions.records import Claim


@dataclass(frozen=True)
class OutcomeCell:
    """An outcome of a claim of any type.

    Attributes:
        meant: What it means of yes or no; else its text.
        told: What stands in the cell.
        fix: What would be right, where it means nothing of yes or no.
    """

    meant: Outcome | float | str
    told: Any = field(compare=False)
    fix: str = field(default="", compare=False)

    def of(self, claim: Claim) -> str | float:
        """Return what the cell says of a claim, by its type; InvalidValue where it asks yes or no and gets neither."""
        if claim.type in DISTRIBUTIONS:
            return self.told  # type: ignore[no-any-return]  # a cell of any kind, which the claim's type reads
        if self.fix:
            raise InvalidValue(self.fix)
        return self.meant if isinstance(self.meant, float) else str(self.meant)


def read_outcome_cell(value: object, *, percent: bool) -> OutcomeCell:
    """Read an outcome as :func:`read_outcome` does; its refusal offers ``percent=True`` where that may be meant."""
    try:
        outcome, fraction = read_outcome(value, percent=percent)
    except InvalidValue as error:
        ways = "; percent=True, if all are" if "% or " in str(error) else ""
        return OutcomeCell(str(value).strip(), value, f"{fix_of(error, value)}{ways}")
    return OutcomeCell(outcome if fraction is None else fraction, value)
