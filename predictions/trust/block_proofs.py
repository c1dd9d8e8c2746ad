"""Proofs of imported forecasts: that the import stands under a head, and the block in the import.

A block is up to 4,096 forecasts, and the ranks in it mean slugs of the import's lists. Such a proof therefore discloses
the whole block and both lists, and says so.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TypeAlias

from predictions.errors import NotFound, Tampered
from predictions.render.blocks import Block as Shape
from predictions.render.blocks import Heading, Paragraph
from predictions.render.result import Value
from predictions.storage.blocks import POINTS, PROBABILITIES, SHARES, decode, digest, slugs_sha256
from predictions.storage.checkpoints import Head
from predictions.storage.imports import LIST_NOUNS, Imports, blocks_of, lists_of, slugs_by_entry
from predictions.storage.journal import Journal
from predictions.storage.merkle import check_inclusion, inclusion_proof
from predictions.storage.store import Store
from predictions.timestamps import day_at, moment_at, moment_text
from predictions.trust.entry_lookup import series_named
from predictions.trust.proofs import Portable, Proof, prove

Told: TypeAlias = list[tuple[str, str | float, float]]  # what each is of, which of these, and its chance
BLOCK_PROOF_FORMAT = "prediction-ledger-block-proof/1"


@dataclass(frozen=True, repr=False)
class BlockProof(Portable):
    """That a block of forecasts stands in an import, and the import in the ledger of a head.

    Attributes:
        of_import: The proof of the import's record.
        position: The block's place in the import.
        content: The block's bytes.
        path: The hashes that lead from the block to the import's root.
        claims: The import's list of claims, by whose numbers the block names them.
        forecasters: The import's list of forecasters, likewise.
        claim: The claim that was asked for.
        forecaster: The forecaster that was asked for.
    """

    of_import: Proof
    position: int
    content: bytes
    path: tuple[bytes, ...]
    claims: tuple[str, ...]
    forecasters: tuple[str, ...]
    claim: str
    forecaster: str

    def fault(self) -> str | None:
        """Return why the proof does not hold, in words; None where it holds."""
        if fault := self.of_import.fault():
            return fault
        fields = self.of_import.record.fields
        for what, slugs in (("claims", self.claims), ("forecasters", self.forecasters)):
            if slugs_sha256(slugs) != fields.get(f"{what}_sha256"):
                return f"the list of {what} is not the import's"
        count, root = fields.get("blocks"), fields.get("blocks_root")
        if not isinstance(count, int) or not isinstance(root, str):
            return "what is given as the import is none"
        if not check_inclusion(digest(self.content), self.position, count, self.path, bytes.fromhex(root)):
            return "the block does not stand in the import"
        return None if self.series() else "the block holds no such forecast"

    def series(self) -> list[tuple[str, float | Told | None]]:
        """List when the forecaster said what of the claim: a chance, or the lines of a distribution; None withdraws."""
        rows = decode(self.content)
        who = self.claims.index(self.claim), self.forecasters.index(self.forecaster)
        mine = rows.rows((rows.claim == who[0]) & (rows.forecaster == who[1])).compact()
        kind = PROBABILITIES if mine.kind is None else int(mine.kind[0])
        named = [_lines_named(kind, lines) for lines in mine.lines.of_each()]
        columns = mine.made_at.tolist(), mine.probability.tolist(), mine.distributed.tolist()
        return [
            (moment_text(moment_at(moment)), None if isnan(said) else named[int(said)] if has_lines else said)
            for moment, said, has_lines in zip(*columns, strict=True)
        ]

    def blocks(self) -> Sequence[Shape]:
        size = decode(self.content).size
        forecasts = "; ".join(f"{moment} {_in_words(said)}" for moment, said in self.series())
        return [
            Heading(f"proof: {self.forecaster} on {self.claim}: {forecasts}"),
            Paragraph(f"block {self.position} of the import that is entry {self.of_import.record.index}"),
            Paragraph(f"it discloses the {size:,} forecasts of that block, and the names in the import"),
            Paragraph(f"recorded {self.of_import.seal.fields.get('recorded_at')}, as its seal says"),
            Paragraph(f"head {self.of_import.head} of ledger {self.of_import.head.ledger_id}"),
        ]

    def rows(self) -> list[dict[str, Value]]:
        """List what was said, a distribution in a row for each of its lines."""
        found: list[dict[str, Value]] = []
        for moment, said in self.series():
            common: dict[str, Value] = {"claim": self.claim, "forecaster": self.forecaster, "made_at": moment}
            if isinstance(said, list):
                found += [{**common, name: part, "probability": chance} for name, part, chance in said]
            else:
                found.append({**common, "probability": said})
        return found

    def to_dict(self) -> dict[str, Value]:
        return {
            "format": BLOCK_PROOF_FORMAT,
            "import": self.of_import.to_dict(),
            "block": self.position,
            "content": b64encode(self.content).decode(),
            "path": [node.hex() for node in self.path],
            "claims": list(self.claims),
            "forecasters": list(self.forecasters),
            "claim": self.claim,
            "forecaster": self.forecaster,
        }


def _lines_named(kind: int, lines: Sequence[tuple[float, float]]) -> Told:
    """Say of each line of a distribution what it is of; a block knows options by their place alone, here from 1."""
    if kind == SHARES:
        return [("option", place, share) for place, (_, share) in enumerate(lines, 1)]
    name = "at" if kind == POINTS else "day"
    return [(name, at if kind == POINTS else str(day_at(at)), chance) for at, chance in lines]


def _in_words(said: float | Told | None) -> str:
    if isinstance(said, list):
        return ", ".join(f"{'option ' * (name == 'option')}{part}={chance}" for name, part, chance in said)
    return "withdrawn" if said is None else str(said)


def prove_any(journal: Journal, store: Store, name: str | int, *, head: Head | str | None = None) -> Proof | BlockProof:
    """Prove that a record stands in the ledger, whether it has an entry of its own or stands in a block.

    Args:
        journal: The open ledger.
        store: Its records.
        name: A slug, "claim forecaster", or the number of an entry.
        head: An earlier head, under which it must have stood already.

    Raises:
        NotFound: Nothing of that name stands in the ledger.
    """
    try:
        return prove(journal, store, name, head=head)
    except NotFound:
        series = series_named(store, name)
        if series is None or not store.imported(journal.head().size):
            raise
    return prove_imported(journal, store, *series, head=head)


def prove_imported(journal: Journal, store: Store, claim: str, forecaster: str, *, head: object = None) -> BlockProof:
    """Prove the last block that holds a forecast by that forecaster on that claim.

    Raises NotFound where no import holds one; Tampered where the file contradicts itself.
    """
    connection = journal.connection
    where = Imports(connection).block_of(claim, forecaster)
    if where is None:
        raise NotFound(f"no forecast of {forecaster!r} on {claim!r} in this ledger")
    entry, position = where
    claims, forecasters = (
        tuple(slugs_by_entry(connection, noun)[entry] for entry in entries.tolist())
        for noun, entries in zip(LIST_NOUNS, lists_of(connection, entry), strict=True)
    )
    query = "select content from main.block where import = ? and position = ?"
    (content,) = connection.execute(query, where).fetchone()
    digests = [block.digest for block in blocks_of(connection, entry)]
    of_import, path = prove(journal, store, entry, head=head), tuple(inclusion_proof(digests, position))
    proof = BlockProof(of_import, position, content, path, claims, forecasters, claim, forecaster)
    # Checked as whoever receives it will check it: a proof that does not hold must never leave the ledger.
    if fault := proof.fault():
        raise Tampered(f"no proof of {claim} {forecaster} can be given: {fault}; run verify")
    return proof
