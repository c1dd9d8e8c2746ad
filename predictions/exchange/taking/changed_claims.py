"""Find what a file says otherwise of a claim on file: its words, its terms, its link and note, and its source."""

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

OF_THE_END = ("deadline", "closes_at", "settle_days")  # fields that say until when a question runs


class ChangedClaims:
    """Compares questions of files with the claims on file that they ask."""

    def __init__(self, desk: Desk, sources: Sources, new_claims: NewClaims, *, is_platform: bool) -> None:
        self._desk, self._sources, self._new_claims, self._is_platform = desk, sources, new_claims, is_platform

    def of(
        self, question: Question, claim: Claim, statement: Statement, changed: Mapping[str, object]
    ) -> Iterator[Change]:
        """Yield the changes between a claim and its question: words, the *changed* fields, note and source."""
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
        """Return the fields in which a file differs from a claim, with the file's values."""
        fields: dict[str, object] = dict(question.fields)
        if question.deadline is not None:
            fields["deadline"] = self._deadline_on(question, claim)
        if question.opens_on is not None and not question.opens_unsaid:
            fields["opens_on"] = question.opens_on
        if question.cut_short and self._deadline_on(question, claim) <= claim.deadline:
            fields = {name: value for name, value in fields.items() if name not in OF_THE_END}
        if question.is_no_date and claim.type is ClaimType.DATE:
            fields["type"] = ClaimType.YES_NO
        if same_options(claim.type, claim.options, fields):
            del fields["options"]
        defaults = self._new_claims.usual(question).items()  # recorded if an earlier file was silent: no change
        return {
            name: value
            for name, value in fields.items()
            if _bare(getattr(claim, name)) != _bare(value) and (name, getattr(claim, name)) not in defaults
        }

    def fit(self, question: Question, claim: Claim, changed: Mapping[str, object]) -> tuple[bool, ...]:
        """Rank how well a claim fits a question of its deadline: the same terms and words, the same terms, the length.

        A question that was closed by its answer may be any claim that was to run longer; then the claim is preferred
        that has this answer already.
        """
        same_terms = not changed
        same_text = question.text is None or _bare(question.text) == _bare(claim.wording)
        as_long = question.deadline is None or self._deadline_on(question, claim) == claim.deadline
        return same_terms and same_text, same_terms, as_long, holds_verdict(self._desk.store, claim, question.verdict)

    def _deadline_on(self, question: Question, claim: Claim) -> date:
        """Return the deadline that a question has if it opened on the day when the claim did."""
        return self._new_claims.window(question, claim.opens_on).deadline

    def _other_text(self, question: Question, claim: Claim, statement: Statement) -> str | None:
        """Return the question's text if it differs from the claim's; None if not, or if the words found the claim."""
        by_its_words = not (self._is_platform or question.id or question.claim)  # then spelling does not matter
        text = question.text
        if text is None or _bare(text) in {_bare(statement.text), _bare(claim.wording)}:
            return None
        return None if by_its_words and same_words(text, statement.text) else text

    def _is_draft(self, claim: Claim, changed: Mapping[str, object]) -> bool:
        """Tell whether the changed fields can be corrected in a draft; new wording would also change its text."""
        if not changed or "wording" in changed or self._is_platform:
            return False
        return draft_until(self._desk.store, claim, self._desk.me, self._desk.now) is not None

    def _other_source(self, question: Question, statement: Statement) -> str | None:
        """Return the slug of a question's source if it is another than the statement's; None if that is no change.

        A speaker may say the same again on another day: if the question has a forecast from there, it is no change.
        """
        published, speaker = question.published, statement.speaker
        if published is None:
            return self._source_given(question, statement)
        if published.day is None or speaker is None:
            return None
        if slug_of(self._new_claims.speaker(question) or "") != slug_of(speaker):
            return None
        source = self._desk.store.revisions(Source, slug=statement.source)[-1]
        dated = [said.published for said in question.said if said.published and said.published.day]
        sources = (self._sources.known(publication, speaker) for publication in (published, *dated))
        if source.kind in {SourceKind.SELF, SourceKind.PLATFORM} or source in sources:
            return None
        day = str(published.day)
        is_same_day = source.published == day or source.title.endswith(f", {day}")
        has_forecast = any(forecast.published == published and forecast.fields for forecast in question.said)
        return self._sources.publication(published, speaker).slug if is_same_day or not has_forecast else None

    def _source_given(self, question: Question, statement: Statement) -> str | None:
        """Return the slug of the source that the caller names for statements of a table if it is another one."""
        if self._sources.given is None or question.text is None:
            return None
        if self._desk.store.revisions(Source, slug=statement.source)[-1].kind in {SourceKind.SELF, SourceKind.PLATFORM}:
            return None
        source = self._sources.own()
        return source.slug if source.slug != statement.source else None


def _worded(claim: Claim, statement: Statement) -> bool:
    """Tell whether a claim asks exactly what its statement says."""
    return claim.wording == statement.text


def _notes(question: Question, claim: Claim) -> str | None:
    """Return the claim's notes, with the link and the note of its question in place of its own if it gives any."""
    link, note = None, claim.notes
    first, _, rest = (claim.notes or "").partition("\n")
    with suppress(ValueError):
        link, note = check_link(first), rest
    return "\n".join(filter(None, (question.link or link, question.note or note))) or None


def _bare(value: object) -> object:
    """Return a text without white space at its ends, which a shell does not pass on; other values unchanged."""
    return value.strip() if isinstance(value, str) else value
