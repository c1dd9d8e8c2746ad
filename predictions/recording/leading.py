"""That no fact is scored twice: a statement has one scored claim, and a scored tree has no scored parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from predictions.errors import Conflict
from predictions.recording.enter import TOGETHER, Desk
from predictions.records import Claim, Record
from predictions.storage.claim_queries import scored_claims, statement_of


class Leading:
    """The scored claim of each statement, on file or checked since; the last of several that superseded each other."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self._leading: dict[str, str | None] = {}  # the scored claim by statement, None for none
        self._statements: dict[str, str] = {}  # the statement by claim, of the claims checked here

    def checked(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records, and check each new claim by :meth:`check` before it is yielded.

        What is on file is looked up for as many at once as are entered together.
        """
        waiting = iter(records)
        while group := list(islice(waiting, TOGETHER)):
            claims = [record for record in group if isinstance(record, Claim)]
            on_file = self._store.beginnings(Claim.noun, [claim.slug for claim in claims])
            of_new_claims = (claim.statement for claim in claims if claim.slug not in on_file)
            statements = {statement for statement in of_new_claims if statement not in self._leading}
            self._leading.update(dict.fromkeys(statements) | scored_claims(self._store, statements))
            for record in group:
                if isinstance(record, Claim) and not (record.slug in on_file or record.slug in self._statements):
                    self.check(record)
                yield record

    def check(self, claim: Claim) -> None:
        """Refuse a second scored claim of a statement, unless it supersedes the first, and a scored part of a tree.

        Raises Conflict.
        """
        self._statements[claim.slug] = claim.statement
        if not claim.scored:
            return
        other = self._of(claim.statement)
        if other not in {None, claim.slug, claim.supersedes}:
            raise Conflict(
                f"{other} is the scored reading of {claim.statement} already; "
                f"{claim.slug} can only be scored if it supersedes it; a further reading is not scored"
            )
        for part in claim.parts:
            statement = self._statements.get(part) or statement_of(self._store, part)
            if statement is not None and self._of(statement) == part:
                raise Conflict(f"{part} is scored by itself; it cannot be a part of {claim.slug}, which is scored too")
        self._leading[claim.statement] = claim.slug

    def _of(self, statement: str) -> str | None:
        """Return the scored claim of a statement, looked up once; None if there is none."""
        if statement not in self._leading:
            self._leading[statement] = scored_claims(self._store, [statement]).get(statement)
        return self._leading[statement]
