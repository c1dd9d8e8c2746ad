"""Proofs of imported forecasts: that an import is under a head, and a block in the import.

A block holds up to 4,096 forecasts, and its ranks mean slugs in the import's lists. Such a proof therefore discloses
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

Told: TypeAlias = list[tuple[str, str | float, float]]  # lines: "option", "at" or "day"; which of these; its chance
BLOCK_PROOF_FORMAT = "prediction-ledger-block-proof/1"


@dataclass(frozen=True, repr=False)
class BlockProof(Portable):
    """A proof that a block of forecasts is in an import, and the import in the ledger with a head.

    Attributes:
        of_import: The proof of the import's record.
        position: The block's place in the import.
        content: The block's bytes.
        path: The hashes that lead from the block to the import's root.
        claims: The import's list of claims; the block refers to them by their places in it.
        forecasters: The import's list of forecasters, likewise.
        claim: The claim of the series that was asked for.
        forecaster: The forecaster of that series.
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
        """Return why the proof does not hold, as a sentence; None if it holds."""
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
        """List the forecasts of the series in this block, each with its moment.

        A forecast is a chance, the lines of a distribution, or None for a withdrawal.
        """
        rows = decode(self.content)
        claim, forecaster = self.claims.index(self.claim), self.forecasters.index(self.forecaster)
        series = rows.rows((rows.claim == claim) & (rows.forecaster == forecaster)).compact()
        kind = PROBABILITIES if series.kind is None else int(series.kind[0])
        distributions = [_lines_named(kind, lines) for lines in series.lines.of_each()]
        forecasts: list[tuple[str, float | Told | None]] = []
        columns = series.made_at.tolist(), series.probability.tolist(), series.distributed.tolist()
        for made_at, number, has_lines in zip(*columns, strict=True):
            forecast = None if isnan(number) else distributions[int(number)] if has_lines else number
            forecasts.append((moment_text(moment_at(made_at)), forecast))
        return forecasts

    def blocks(self) -> Sequence[Shape]:
        """Return the proof for the screen: what it proves, and what else it discloses."""
        size = decode(self.content).size
        forecasts = "; ".join(f"{moment} {_in_words(forecast)}" for moment, forecast in self.series())
        return [
            Heading(f"proof: {self.forecaster} on {self.claim}: {forecasts}"),
            Paragraph(f"block {self.position} of the import that is entry {self.of_import.record.index}"),
            Paragraph(f"it discloses the {size:,} forecasts of that block, and the names in the import"),
            Paragraph(f"recorded {self.of_import.seal.fields.get('recorded_at')}, as its seal says"),
            Paragraph(f"head {self.of_import.head} of ledger {self.of_import.head.ledger_id}"),
        ]

    def rows(self) -> list[dict[str, Value]]:
        """List the forecasts as rows, a distribution with one row for each of its lines."""
        rows: list[dict[str, Value]] = []
        for moment, forecast in self.series():
            common: dict[str, Value] = {"claim": self.claim, "forecaster": self.forecaster, "made_at": moment}
            if isinstance(forecast, list):
                rows += [{**common, name: part, "probability": chance} for name, part, chance in forecast]
            else:
                rows.append({**common, "probability": forecast})
        return rows

    def to_dict(self) -> dict[str, Value]:
        """Return the fields of the proof's JSON format."""
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
    """Return the lines of a distribution, each with what its chance is for: an option, a value or a day.

    A block does not hold the names of options, only their places, which are counted from 1 here.
    """
    if kind == SHARES:
        return [("option", place, share) for place, (_, share) in enumerate(lines, 1)]
    if kind == POINTS:
        return [("at", value, chance) for value, chance in lines]
    return [("day", str(day_at(day)), chance) for day, chance in lines]


def _in_words(forecast: float | Told | None) -> str:
    """Write a forecast of :meth:`BlockProof.series` in words."""
    if isinstance(forecast, list):
        parts = [f"option {part}" if name == "option" else part for name, part, _ in forecast]
        return ", ".join(f"{part}={chance}" for part, (_, _, chance) in zip(parts, forecast, strict=True))
    return "withdrawn" if forecast is None else str(forecast)


def prove_any(journal: Journal, store: Store, name: str | int, *, head: Head | str | None = None) -> Proof | BlockProof:
    """Prove that a record is in the ledger, whether it has an entry of its own or is in a block.

    Args:
        journal: The open ledger.
        store: Its records.
        name: A slug, "claim forecaster", or the number of an entry.
        head: An earlier head, under which it must be already; None for the latest.

    Raises:
        NotFound: Nothing with that name is in the ledger.
    """
    try:
        return prove(journal, store, name, head=head)
    except NotFound:
        series = series_named(store, name)
        if series is None or not store.imported(journal.head().size):
            raise
    return prove_imported(journal, store, *series, head=head)


def prove_imported(journal: Journal, store: Store, claim: str, forecaster: str, *, head: object = None) -> BlockProof:
    """Prove the block with the last imported forecast by that forecaster on that claim.

    Raises NotFound if no import holds one; Tampered if the file contradicts itself.
    """
    connection = journal.connection
    block = Imports(connection).block_of(claim, forecaster)
    if block is None:
        raise NotFound(f"no forecast of {forecaster!r} on {claim!r} in this ledger")
    entry, position = block
    lists = []
    for noun, entries in zip(LIST_NOUNS, lists_of(connection, entry), strict=True):
        slug_of = slugs_by_entry(connection, noun)
        lists.append(tuple(slug_of[began] for began in entries.tolist()))
    claims, forecasters = lists
    query = "select content from main.block where import = ? and position = ?"
    (content,) = connection.execute(query, (entry, position)).fetchone()
    digests = [other.digest for other in blocks_of(connection, entry)]
    of_import, path = prove(journal, store, entry, head=head), tuple(inclusion_proof(digests, position))
    proof = BlockProof(of_import, position, content, path, claims, forecasters, claim, forecaster)
    # Checked as a receiver will check it: a proof that does not hold must never leave the ledger.
    if fault := proof.fault():
        raise Tampered(f"no proof of {claim} {forecaster} can be given: {fault}; run verify")
    return proof
