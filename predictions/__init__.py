"""Keeps track of what was predicted, and of who was right: claims, evidence and scores in one SQLite file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from predictions.catalog import Catalog, ainews, read_catalog
    from predictions.errors import (
        Conflict,
        InvalidValue,
        LedgerBusy,
        LedgerError,
        LedgerWarning,
        MissingExtra,
        NotALedger,
        NotFound,
        StorageError,
        Tampered,
        TooEarly,
    )  # fmt: skip
    from predictions.ledger import Ledger
    from predictions.storage.checkpoints import Head

__all__ = [
    "Catalog", "Conflict", "Head", "InvalidValue", "Ledger", "LedgerBusy", "LedgerError", "LedgerWarning",
    "MissingExtra", "NotALedger", "NotFound", "StorageError", "Tampered", "TooEarly", "ainews", "read_catalog",
]  # fmt: skip

_HOME = {
    "Catalog": "catalog",
    "Head": "storage.checkpoints",
    "Ledger": "ledger",
    "ainews": "catalog",
    "read_catalog": "catalog",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'predictions' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"predictions.{_HOME.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return __all__
