"""A seal: the last entry of one transaction, as it is kept and as it is hashed."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import NamedTuple

from predictions.storage.canonical import Plain

COLUMNS = "entry, number, recorded_at, first, size_before, root_before, salt, size, root, frontier"


class Seal(NamedTuple):
    """A row of the table of seals, as it stands."""

    entry: int
    number: int
    recorded_at: str
    first: int
    size_before: int
    root_before: bytes
    salt: bytes | None  # None where a body under this seal was redacted
    size: int
    root: bytes
    frontier: bytes

    def content(self) -> bytes:
        """The canonical bytes of its fields, as ``canonical`` makes them, only sooner.

        Raises AttributeError or TypeError where the row is not one of a seal.
        """
        return (
            f'{{"first":{self.first},"index":{self.entry},"number":{self.number},"record":"seal",'
            f'"recorded_at":{encode_basestring(self.recorded_at)},"root_before":"{self.root_before.hex()}",'
            f'"size_before":{self.size_before}}}'
        ).encode()

    def fields(self) -> dict[str, Plain]:
        """What the seal's canonical bytes hold; nothing where the row is not one of a seal."""
        try:
            found: dict[str, Plain] = json.loads(self.content())
        except (AttributeError, TypeError, ValueError):
            return {}
        del found["record"]
        return found
