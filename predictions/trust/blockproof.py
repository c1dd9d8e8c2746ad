"""The proof of an imported forecast: that its import stands under a head, and its block in the import.

A block is 4,096 forecasts, and the ranks in it mean slugs of the import's lists, so this proof discloses the whole
block and both lists, and says so.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from predictions.bulk.blocks import digest, encoded, slugs_sha256
from predictions.bulk.fetch import fetch
from predictions.bulk.imports import block_of, blocks_of, listed, ranked, ranks
from predictions.display import Block as Shape
from predictions.display import Heading, Paragraph, Shown, Value
from predictions.errors import NotFound, Tampered
from predictions.journal import Journal
from predictions.merkle import check_inclusion, inclusion_proof
from predictions.moments import EPOCH, MICROSECOND, moment_text
from predictions.store import Store
from predictions.trust.proof import Proof, prove

FORMAT = "prediction-ledger-block-proof/1"


@dataclass(frozen=True, repr=False)
class BlockProof(Shown):
    """That a block of forecasts stands in an import, and the import in the ledger of a head."""

    of_import: Proof
    position: int
    columns: bytes
    path: tuple[bytes, ...]
    claims: tuple[str, ...]
    forecasters: tuple[str, ...]
    claim: str
    forecaster: str

    @property
    def text(self) -> str:
        """The proof as JSON, to hand to anybody."""
        return json.dumps(self.to_dict(), indent=2) + "\n"

    def fault(self) -> str | None:
        """Why the proof does not hold, in words; None where it holds."""
        if fault := self.of_import.fault():
            return fault
        said = self.of_import.record.fields
        for what, slugs in (("claims", self.claims), ("forecasters", self.forecasters)):
            if slugs_sha256(slugs) != said.get(f"{what}_sha256"):
                return f"the list of {what} is not the import's"
        count, root = said.get("blocks"), said.get("blocks_root")
        if not isinstance(count, int) or not isinstance(root, str):
            return "what is given as the import is none"
        if not check_inclusion(digest(self.columns), self.position, count, self.path, bytes.fromhex(root)):
            return "the block does not stand in the import"
        return None if self.said() else "the block holds no such forecast"

    def said(self) -> list[tuple[str, float | None]]:
        """When the forecaster said what of the claim, as the block has it; None is a withdrawal."""
        size = len(self.columns) // 24
        claim, forecaster = (np.frombuffer(self.columns, "<u4", size, offset) for offset in (0, 4 * size))
        moments, chances = (
            np.frombuffer(self.columns, kind, size, offset) for kind, offset in (("<i8", 8 * size), ("<f8", 16 * size))
        )
        mine = (claim == self.claims.index(self.claim)) & (forecaster == self.forecasters.index(self.forecaster))
        return [
            (moment_text(EPOCH + moment * MICROSECOND), None if np.isnan(chance) else chance)
            for moment, chance in zip(moments[mine].tolist(), chances[mine].tolist(), strict=True)
        ]

    def blocks(self) -> Sequence[Shape]:
        size = len(self.columns) // 24
        told = ", ".join(f"{moment} {'withdrawn' if chance is None else chance}" for moment, chance in self.said())
        return [
            Heading(f"proof: {self.forecaster} on {self.claim}: {told}"),
            Paragraph(f"block {self.position} of the import that is entry {self.of_import.record.index}"),
            Paragraph(f"it discloses the {size:,} forecasts of that block, and the names in the import"),
            Paragraph(f"recorded {self.of_import.seal.fields.get('recorded_at')}, as its seal says"),
            Paragraph(f"head {self.of_import.head} of ledger {self.of_import.head.ledger_id}"),
        ]

    def rows(self) -> list[dict[str, Value]]:
        return [
            {"claim": self.claim, "forecaster": self.forecaster, "made_at": moment, "probability": chance}
            for moment, chance in self.said()
        ]

    def to_dict(self) -> dict[str, Value]:
        return {
            "format": FORMAT,
            "import": self.of_import.to_dict(),
            "block": self.position,
            "columns": b64encode(self.columns).decode(),
            "path": [node.hex() for node in self.path],
            "claims": list(self.claims),
            "forecasters": list(self.forecasters),
            "claim": self.claim,
            "forecaster": self.forecaster,
        }


def prove_imported(journal: Journal, store: Store, claim: str, forecaster: str, *, head: object = None) -> BlockProof:
    """The proof of the last block that holds a forecast by that forecaster on that claim.

    Raises NotFound where no import holds one; Tampered where the file contradicts itself.
    """
    found = block_of(journal.connection, claim, forecaster)
    if found is None:
        raise NotFound(f"no forecast of {forecaster!r} on {claim!r} in this ledger")
    entry, block = found
    names = [listed(journal.connection, noun, entry) for noun in ("claim", "forecaster")]
    (rows,) = fetch(journal.connection, block.first, block.last)
    claim_ranks, forecaster_ranks = (ranks([number for _, _, number in one]) for one in names)
    columns = encoded(ranked(rows, claim_ranks, forecaster_ranks))
    digests = [one.digest for one in blocks_of(journal.connection, entry)]
    claims, forecasters = (tuple(str(slug) for _, slug, _ in one) for one in names)
    of_import, path = prove(journal, store, entry, head=head), tuple(inclusion_proof(digests, block.position))
    proof = BlockProof(of_import, block.position, columns, path, claims, forecasters, claim, forecaster)
    if fault := proof.fault():
        raise Tampered(f"no proof of {claim} {forecaster} can be given: {fault}; run verify")
    return proof
