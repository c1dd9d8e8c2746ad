"""Tables that are refused whole: what is said of them, in one line."""

from __future__ import annotations

import pytest

from predictions import InvalidValue, Ledger
from predictions.records import Claim


def refusal(ledger: Ledger, source: object, **how: object) -> str:
    """What the import of a table into a ledger without claims is refused with; nothing of it is recorded."""
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", source, **how)  # type: ignore[arg-type]
    assert not ledger.snapshot().all(Claim)
    return " ".join(str(refused.value).split())
