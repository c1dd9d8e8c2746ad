"""Cells that hold outcomes, read before it is known what their claims ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from predictions.enums import ClaimType, Outcome
from predictions.errors import InvalidValue
from predictions.fits import DISTRIBUTIONS
from predictions.importing.cells import BadCell, fix_of, read_one_way
from predictions.importing.tables import How
from predictions.recording.outcomes import read_outcome
from predictions.records import Claim


@dataclass(frozen=True)
class OutcomeCell:
    """An outcome of a claim of any type.

    Attributes:
        meant: What it means of yes or no; else its text.
        told: What stands in the cell.
        decimal: "," or ".", if only that stands before the fraction of a number.
        fix: What would be right, where it means nothing of yes or no.
    """

    meant: Outcome | float | str
    told: Any = field(compare=False)
    decimal: str | None = field(default=None, compare=False)
    fix: str = field(default="", compare=False)

    def of(self, claim: Claim) -> str | float:
        """Return what the cell says of a claim, by its type; InvalidValue where it cannot say such a thing."""
        if claim.type is ClaimType.NUMBER:
            try:
                return read_one_way(self.told, self.decimal)  # type: ignore[return-value]  # a cell of any kind, as below
            except BadCell as error:
                raise InvalidValue(str(error)) from None
        if claim.type in DISTRIBUTIONS:
            return self.told  # type: ignore[no-any-return]  # a cell of any kind, which the claim's type reads
        if self.fix:
            raise InvalidValue(self.fix)
        return self.meant if isinstance(self.meant, float) else str(self.meant)


def read_outcome_cell(value: object, how: How) -> OutcomeCell:
    """Read an outcome as :func:`read_outcome` does; its refusal offers ``percent=True`` where that may be meant."""
    try:
        outcome, fraction = read_outcome(value, percent=how.percent)
        read_one_way(value if fraction is not None else None, how.decimal)
    except InvalidValue as error:
        ways = "; percent=True, if all are" if "% or " in str(error) else ""
        return OutcomeCell(str(value).strip(), value, how.decimal, f"{fix_of(error, value)}{ways}")
    except BadCell as error:
        return OutcomeCell(str(value).strip(), value, how.decimal, str(error))
    return OutcomeCell(outcome if fraction is None else fraction, value, how.decimal)
