"""Cells with outcomes, read before it is known what their claims ask."""

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
    """The outcome in a cell, for a claim of any type.

    Attributes:
        meant: The outcome of a yes-or-no claim; the cell's text if it is none.
        told: The cell itself.
        decimal: "," or ".", if the caller says that this is the decimal sign.
        fix: What would be right, if it is not the outcome of a yes-or-no claim; else empty.
    """

    meant: Outcome | float | str
    told: Any = field(compare=False)
    decimal: str | None = field(default=None, compare=False)
    fix: str = field(default="", compare=False)

    def of(self, claim: Claim) -> str | float:
        """Return what the cell means for a claim of its type; InvalidValue if it is not an outcome of such a claim."""
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
    """Return the outcome in a cell; its fix offers ``percent=True`` if that may be meant."""
    try:
        outcome, fraction = read_outcome(value, percent=how.percent)
        read_one_way(value if fraction is not None else None, how.decimal)
    except InvalidValue as error:
        hint = "; percent=True, if all are" if "% or " in str(error) else ""
        return OutcomeCell(str(value).strip(), value, how.decimal, f"{fix_of(error, value)}{hint}")
    except BadCell as error:
        return OutcomeCell(str(value).strip(), value, how.decimal, str(error))
    return OutcomeCell(outcome if fraction is None else fraction, value, how.decimal)
