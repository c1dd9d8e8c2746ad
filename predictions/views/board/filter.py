"""Which statements a board shows: by status, forecaster, source, tag, words and type of claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from predictions import other_words
from predictions.errors import InvalidValue, short_repr
from predictions.forecaster_names import forecaster_among
from predictions.records import Claim, Source, Statement
from predictions.scoring.columns.filters import Conditions, Filter
from predictions.slugs import slug_of, slug_of_name, source_named
from predictions.snapshot import Snapshot
from predictions.status import LATE, Status, status

STATUSES = {
    "open": {Status.OPEN},
    "due": LATE,
    "overdue": {Status.OVERDUE},
    "settled": {Status.RESOLVED},
    "unclear": {Status.AMBIGUOUS, Status.ANNULLED},
}


@dataclass(frozen=True)
class BoardFilter(Conditions):
    """The conditions that a statement must fulfil to be on a board; those that are None do not count.

    Attributes:
        status: The status of one of its scored claims: open, due, overdue, settled, unclear.
        by: Who made the statement, or forecast on one of its scored claims.
        source: The slug or the title of its source.
        tag: A tag of one of its scored claims.
        search: Words that all occur in its text, or in the title, wording, slug or tags of one of its claims.
        type: The type of one of its scored claims.
    """

    status: str | None = None
    by: str | None = None
    source: str | None = None
    tag: str | None = None
    search: str | None = None
    type: str | None = None

    def scored_claims(self, snapshot: Snapshot) -> dict[str, list[Claim]]:
        """Find the scored claims that fit, by the slug of their statement.

        Raises:
            NotFound: No such source, tag or forecaster.
            InvalidValue: No such status or type, or a search without words.
        """
        claims = [
            claim for claim in Filter(source=self.source, tag=self.tag, type=self.type).claims(snapshot) if claim.scored
        ]
        if self.status is not None:
            statuses = self._statuses()
            claims = [claim for claim in claims if status(snapshot, claim) in statuses]
        if self.by is not None:
            claims = claims_said_by(snapshot, claims, self.by)
        if self.search is not None:
            words = _words(self.search)
            claims = [
                claim for claim in claims if _occur(words, _texts(snapshot.find(Statement, claim.statement), [claim]))
            ]
        by_statement: dict[str, list[Claim]] = {}
        for claim in claims:
            by_statement.setdefault(claim.statement, []).append(claim)
        return by_statement

    def fits_unscored(self, snapshot: Snapshot, statement: Statement) -> bool:
        """Return whether a statement without a scored claim is on the board.

        It has a source and words; any other condition is about a scored claim, so it does not fulfil it.
        """
        if any(condition is not None for condition in (self.status, self.by, self.tag, self.type)):
            return False
        titles = {source.slug: source.title for source in snapshot.all(Source)} if self.source is not None else {}
        if self.source is not None and statement.source != source_named(self.source, titles):
            return False
        return self.search is None or _occur(_words(self.search), _texts(statement, snapshot.claims_of(statement)))

    def _statuses(self) -> set[Status]:
        """Return the statuses of claims that the given status stands for; raise InvalidValue for an unknown one."""
        if isinstance(self.status, str) and self.status in STATUSES:
            return STATUSES[self.status]
        choices = f"one of {', '.join(STATUSES)}"
        synonym = other_words.WORDS_FOR_A_STATUS.get(self.status.lower()) if isinstance(self.status, str) else None
        raise InvalidValue(f"{short_repr(self.status)} is no status; say {synonym or choices}")


def claims_said_by(snapshot: Snapshot, claims: Iterable[Claim], name: str) -> list[Claim]:
    """Select the claims that somebody forecast, or whose statement they made; NotFound if nobody has that *name*."""
    forecaster = forecaster_named(snapshot, name)
    titles = snapshot.forecaster_titles
    speakers = {statement.speaker for statement in snapshot.all(Statement) if statement.speaker}
    own = {speaker for speaker in speakers if (slug_of_name(speaker, titles) or slug_of(speaker)) == forecaster}
    return [
        claim
        for claim in claims
        if any(item.record.forecaster == forecaster for item in snapshot.forecasts_on(claim))
        or snapshot.find(Statement, claim.statement).speaker in own
    ]


def forecaster_named(snapshot: Snapshot, name: str) -> str:
    """Find the slug of a forecaster by slug or name; NotFound suggests similar names.

    Whoever made a statement is found, too, and so is the reader, even before they have forecast.
    """
    speakers = (statement.speaker for statement in snapshot.all(Statement))
    return forecaster_among(name, snapshot.forecaster_titles, chain([snapshot.me], speakers))


def _words(search: object) -> list[str]:
    """Return the words to search for, in lower case; raise InvalidValue if there are none."""
    if not isinstance(search, str) or not search.split():
        raise InvalidValue(f"search: {short_repr(search)} holds no word; say what to look for, such as 'salary cut'")
    return search.casefold().split()


def _texts(statement: Statement, claims: Iterable[Claim]) -> str:
    """Return all texts of a statement and its claims that are searched, in lower case."""
    texts = [statement.slug, statement.text, statement.speaker or ""]
    for claim in claims:
        texts += [claim.slug, claim.title, claim.wording, *claim.tags]
    return "\n".join(texts).casefold()


def _occur(words: Iterable[str], text: str) -> bool:
    """Return whether all words occur in a text."""
    return all(word in text for word in words)
