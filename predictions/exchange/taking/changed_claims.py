"""What a file says otherwise of a claim on file: its words and terms, its link and note, and where it was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

from predictions.enums import ClaimType, SourceKind
from predictions.exchange.questions import Question
from predictions.exchange.said import same_options
from predictions.exchange.taking.changes import Change, changed_fields, changed_record
from predictions.exchange.taking.new_claims import NewClaims
from predictions.exchange.taking.same_verdict import holds_verdict
from predictions.exchange.taking.sources import Sources
from predictions.fields import check_link
from predictions.recording.claim_types import in_keywords
from predictions.recording.drafts import draft_until
from predictions.recording.enter import Desk
from predictions.records import Claim, Source, Statement
from predictions.slugs import same_words, slug_of

OF_THE_END = ("deadline", "closes_at", "settle_days")  # what says until when a question runs


class ChangedClaims:
    """Compares questions with their claims."""

    def __init__(self, desk: Desk, sources: Sources, new_claims: NewClaims, *, is_platform: bool) -> None:
        self._desk, self._sources, self._new_claims, self._is_platform = desk, sources, new_claims, is_platform

    def of(
        self, question: Question, claim: Claim, statement: Statement, changed: Mapping[str, object]
    ) -> Iterator[Change]:
        """Yield what a question says otherwise of its claim: words, fields that *changed*, note, and publication."""
        before, changed = in_keywords(claim, changed)
        text = self._other_text(question, claim, statement)
        if text is not None and ("wording" in question.fields or not (claim.supersedes or _worded(claim, statement))):
            yield changed_record(claim.slug, statement, {"text": text})
        elif text is not None:
            before, changed = {"text": statement.text, **before}, {"text": text, **changed}
        yield from changed_fields(claim.slug, before, changed, is_draft=self._is_draft(claim, changed))
        if not self._is_platform and _bare(notes := _notes(question, claim)) != _bare(claim.notes):
            yield from changed_fields(claim.slug, {"note": claim.notes}, {"note": notes})
        if (source := self._other_source(question, statement)) is not None:
            yield changed_record(claim.slug, statement, {"source": source})

    def fields(self, question: Question, claim: Claim) -> Mapping[str, object]:
        """Return the fields of a claim that the file says otherwise, as it says them."""
        told: dict[str, object] = dict(question.fields)
        if question.deadline is not None:
            told["deadline"] = self._deadline_on(question, claim)
        if question.opens_on is not None and not question.opens_unsaid:
            told["opens_on"] = question.opens_on
        if question.cut_short and self._deadline_on(question, claim) <= claim.deadline:
            told = {name: value for name, value in told.items() if name not in OF_THE_END}
        if question.is_no_date and claim.type is ClaimType.DATE:
            told["type"] = ClaimType.YES_NO
        if same_options(claim.type, claim.options, told):
            del told["options"]
        filled_in = self._new_claims.usual(question).items()  # where an earlier file said nothing, which is no change
        return {
            name: value
            for name, value in told.items()
            if _bare(getattr(claim, name)) != _bare(value) and (name, getattr(claim, name)) not in filled_in
        }

    def fit(self, question: Question, claim: Claim, changed: Mapping[str, object]) -> tuple[bool, ...]:
        """Rank how well a claim fits a question of its deadline: it says the same, in the same words; is as long.

        A question that was closed by its answer may be of any claim that was to run longer: then it is of the one that
        holds that answer already.
        """
        same, words = not changed, question.text is None or _bare(question.text) == _bare(claim.wording)
        as_long = question.deadline is None or self._deadline_on(question, claim) == claim.deadline
        return same and words, same, as_long, holds_verdict(self._desk.store, claim, question.verdict)

    def _deadline_on(self, question: Question, claim: Claim) -> date:
        """Return the deadline that a question has if it opened when a claim did."""
        return self._new_claims.window(question, claim.opens_on).deadline

    def _other_text(self, question: Question, claim: Claim, statement: Statement) -> str | None:
        """Return the words of a question if they are others: in any letter, where a key says which claim it is."""
        by_its_words = not (self._is_platform or question.id or question.claim)
        text = question.text
        if text is None or _bare(text) in {_bare(statement.text), _bare(claim.wording)}:
            return None
        return None if by_its_words and same_words(text, statement.text) else text

    def _is_draft(self, claim: Claim, changed: Mapping[str, object]) -> bool:
        """Tell whether the changes can be corrected; with the wording of a draft its text would be corrected, too."""
        if not changed or "wording" in changed or self._is_platform:
            return False
        return draft_until(self._desk.store, claim, self._desk.me, self._desk.now) is not None

    def _other_source(self, question: Question, statement: Statement) -> str | None:
        """Return the source of a question, if its speaker said it on that day elsewhere than on file.

        What they say on another day is said again, which is no change where the question holds a forecast of it.
        """
        published, speaker = question.published, statement.speaker
        if published is None or published.day is None or speaker is None:
            return None
        if slug_of(self._new_claims.speaker(question) or "") != slug_of(speaker):
            return None
        standing = self._desk.store.revisions(Source, slug=statement.source)[-1]
        others = (said.published for said in question.said if said.published and said.published.day)
        known = (self._sources.known(one, speaker) for one in (published, *others))
        if standing.kind in {SourceKind.SELF, SourceKind.PLATFORM} or standing in known:
            return None
        day = str(published.day)
        same_day = standing.published == day or standing.title.endswith(f", {day}")
        is_said = any(said.published == published and said.fields for said in question.said)
        return self._sources.publication(published, speaker).slug if same_day or not is_said else None


def _worded(claim: Claim, statement: Statement) -> bool:
    """Tell whether a claim asks what was said, word for word."""
    return claim.wording == statement.text


def _notes(question: Question, claim: Claim) -> str | None:
    """Return the notes of a claim with the link and the note of its question, as far as that has them."""
    link, note = None, claim.notes
    first, _, rest = (claim.notes or "").partition("\n")
    with suppress(ValueError):
        link, note = check_link(first), rest
    return "\n".join(filter(None, (question.link or link, question.note or note))) or None


def _bare(value: object) -> object:
    """Return a text without the white space around it, which no shell hands on; anything else as it is."""
    return value.strip() if isinstance(value, str) else value
