"""Questions of a file put onto claims: those on file, left as they are; or new ones, with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from predictions.enums import ClaimType, SourceKind
from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.exchange.options import Options
from predictions.exchange.questions import FileRead, LeftOut, Platform, Question, RowFault, unbroken
from predictions.exchange.taking.chains import Chains
from predictions.exchange.taking.changed_claims import ChangedClaims
from predictions.exchange.taking.changes import Change, other_deadline
from predictions.exchange.taking.new_claims import NewClaims
from predictions.exchange.taking.sources import Sources
from predictions.exchange.taking.told_once import told_once
from predictions.importing.names import no_claim
from predictions.recording.distributions import NOUNS
from predictions.recording.enter import Desk, correct, enter_all, put_new, the_slug
from predictions.records import Claim, Source, Statement
from predictions.slugs import same_words
from predictions.storage.claim_queries import claims_said


class PlacedQuestion(NamedTuple):
    """A question with the claim it is on: a new one, or one on file.

    Attributes:
        question: The question.
        claim: The claim.
        new: Whether the claim was recorded just now.
        onto: The question's own slug, where the caller put it onto the claim; else empty.
        chain: All claims that superseded one another, it being one of them.
        deadline: That of the question, where it is not the claim's.
        otherwise: Whether it is of another type or unit than the claim, so that no forecast is of both.
    """

    question: Question
    claim: Claim
    new: bool
    onto: str = ""
    chain: Sequence[Claim] = ()
    deadline: date | None = None
    otherwise: bool = False


class Placing:
    """Puts the questions of files onto claims.

    Attributes:
        put_on: Questions, as a caller may name them, that are put onto claims on file just now, with these.
        kept_apart: Claims of questions that are put onto others now, and keep what was said of them.
        left_out: Questions whose key is on file as another question's.
        sources: The sources of what was said.
    """

    def __init__(self, desk: Desk, platform: Platform, options: Options) -> None:
        self._desk, self._platform, self._options = desk, platform, options
        self._any = bool(desk.store.slugs(Claim))
        self._chains = Chains(desk.store)
        self._onto_slugs: dict[str, str] = {}  # the claims that the caller names
        self._is_platform = platform.kind is SourceKind.PLATFORM
        self._asked_as = desk.store.owners(Claim, "asked_as") if self._is_platform else {}  # those of earlier runs
        self._claims: dict[str, Claim] = {}  # of a platform's questions, as far as they are on file
        self._statements: dict[str, Statement] = {}
        self._put_on_others: list[Change] = []
        self._compared: list[tuple[Question, Claim, Statement, Mapping[str, object]]] = []
        self.kept_apart: list[str] = []
        self.put_on: list[tuple[str, str]] = []
        self.left_out: list[LeftOut] = []
        self.sources = Sources(desk, platform, options)
        self._new_claims = NewClaims(desk, platform, options, self.sources)
        self._changed_claims = ChangedClaims(desk, self.sources, self._new_claims, is_platform=self._is_platform)

    def place(self, file: FileRead) -> list[PlacedQuestion]:
        """Find or record the claim of every question; rows whose claim there is not are refused."""
        self._check_onto(file.questions)
        placed: list[PlacedQuestion] = []
        records: list[Statement | Claim] = []
        slugs = dict[str, int]()
        if self._is_platform and self._any:
            store = self._desk.store
            self._claims = store.last_revisions(Claim, map(self._new_claims.slug, file.questions))
            self._statements = store.last_revisions(Statement, {claim.statement for claim in self._claims.values()})
        for question in self._of_their_keys(file.questions):
            try:
                if (known := self._known(question)) is not None:
                    placed.append(known)
                    continue
                statement, claim = self._new_claims.statement_and_claim(question)
                if (other := slugs.setdefault(claim.slug, question.row)) != question.row:
                    raise InvalidValue(f"row {other} has the same key")
                records += (statement, claim)
                placed.append(self._as_told_last(PlacedQuestion(question, claim, new=True), statement))
            except RowFault as fault:
                file.refuse(question.row, fault)
            except NotFound as error:
                for row in sorted({question.row, *(said.row for said in question.said)}):
                    file.refuse(row, RowFault("claim", str(error)))
            except InvalidValue as error:
                file.refuse(question.row, RowFault("claim" if question.claim else "deadline", str(error)))
        self.sources.enter()
        self._enter(records)
        self._new_claims.statement_slugs.update(record.slug for record in records if isinstance(record, Statement))
        self._any = True  # of a further file
        return placed

    def _as_told_last(self, placed: PlacedQuestion, statement: Statement) -> PlacedQuestion:
        """Note what a later file of the run says otherwise of a new claim, which is of the first."""
        last = placed.question.told_last
        if last is None:
            return placed
        changed = self._changed_claims.fields(last, placed.claim)
        self._compared.append((last, placed.claim, statement, changed))
        deadline = changed.get("deadline")
        return placed._replace(deadline=deadline if isinstance(deadline, date) else None)

    def _enter(self, records: Sequence[Statement | Claim]) -> None:
        """Record statements and claims; nothing on file has their keys, unless two of them have one."""
        if len({(record.noun, record.slug) for record in records}) < len(records):
            enter_all(self._desk, records)  # which says what the two are
        else:
            put_new(self._desk, records)

    def _check_onto(self, questions: Sequence[Question]) -> None:
        """Find the claims that the caller names in ``onto``; refuse one that an earlier run put elsewhere."""
        by_key = {name: question for question in questions for name in question.names()}
        for key, claim in self._options.onto.items():
            asked = by_key.get(unbroken(key))
            if asked is None:
                raise InvalidValue(f"onto: no question of the file is {short_repr(key)}; say its id, or its text")
            try:
                slug = self._onto_slugs[unbroken(key)] = the_slug(self._desk.store, Claim, claim)
            except NotFound as error:
                raise NotFound(f"onto: {error}") from None
            self._check_asks_alike(asked, slug)
            before = self._asked_as.get(self._new_claims.slug(asked), slug) if self._asked_as else slug
            if before != slug:
                raise InvalidValue(
                    f"onto: {short_repr(key)} is {before} since an earlier run, not {slug}; "
                    f"if that was wrong, correct asked_as of {before} first"
                )

    def _check_asks_alike(self, question: Question, slug: str) -> None:
        """Refuse to put a question onto a claim of another type, on which nothing that was said of it has a place."""
        claim = self._desk.store.revisions(Claim, slug=slug)[-1]
        kind = ClaimType(str(question.fields.get("type", ClaimType.YES_NO)))
        told, asked = (NOUNS.get(one, "yes or no") for one in (kind, claim.type))
        if told != asked and question.text is not None:
            named = short_repr(question.names()[0])
            raise InvalidValue(f"onto: {named} asks for {told}, and {slug} for {asked}; it needs a claim of its own")

    def _of_their_keys(self, questions: Sequence[Question]) -> Iterator[Question]:
        """Yield the questions, without those whose keys are on file as other questions': these are left out."""
        for question in questions:
            if self._is_another(question):
                self.left_out.append(LeftOut("question", question.id or "", "asked-anew", question.row))
            else:
                yield question

    def _is_another(self, question: Question) -> bool:
        """Tell whether its key is on file as that of a question of another first day, in other words."""
        if not question.of_its_first_day or self._onto(question) is not None:
            return False
        claim = self._on_file(question)
        chain = self._chains.of(claim) if claim else []
        return bool(chain) and not any(
            chained.opens_on == question.opens_on or chained.wording == question.text for chained in chain
        )

    def _known(self, question: Question) -> PlacedQuestion | None:
        """Return the claim on file that a question is; what the file says otherwise of it is noted."""
        claim = self._on_file(question)
        if claim is None:
            return None
        onto = self._new_claims.slug(question) if self._onto(question) is not None else ""
        if onto:
            claim = self._remembered(question, claim)
        named = bool(onto or question.claim)
        chain = [claim] if question.claim and question.deadline is None else self._chains.of(claim)
        asked = question.told_last or question
        found, changed = self._belonging(asked, chain, claim.slug if named else None)
        deadline = changed.get("deadline")
        placed = PlacedQuestion(
            question, found, False, onto, chain, deadline if isinstance(deadline, date) else None,
            not {"type", "unit"}.isdisjoint(changed),
        )  # fmt: skip
        if onto:
            self._put_on_others += self._put_elsewhere(placed)
        else:
            self._compared.append((asked, found, self._statement_of(found), changed))
        return placed

    def _belonging(
        self, question: Question, chain: Sequence[Claim], put_on: str | None
    ) -> tuple[Claim, Mapping[str, object]]:  # fmt: skip
        """Find the claim of a chain whose deadline is the question's, and what the file says otherwise of it.

        Of several it is the one that it was *put_on*; of its own the one that fits best. Where there is none it is the
        one that it was put on, and of its own the last.
        """
        asked = [(claim, self._changed_claims.fields(question, claim)) for claim in chain]
        of_its_end = [one for one in asked if "deadline" not in one[1]]
        put = [one for one in asked if one[0].slug == put_on]
        if put:
            return put[0] if put[0] in of_its_end or not of_its_end else of_its_end[-1]
        if len(of_its_end) > 1:
            of_its_end.reverse()  # of those that fit alike it is the last
            return max(of_its_end, key=lambda one: self._changed_claims.fit(question, *one))
        return (of_its_end or asked)[-1]

    def _put_elsewhere(self, placed: PlacedQuestion) -> Iterator[Change]:
        """Yield that a question that is put onto a claim has another deadline."""
        key = placed.question.id or placed.question.text
        if placed.deadline is not None:
            change = other_deadline(placed.claim, f"question {short_repr(key)}", placed.deadline, "")
            yield from told_once(self._desk, placed.onto, "deadline", change, placed.claim)

    def _remembered(self, question: Question, claim: Claim) -> Claim:
        """Return the claim that a question was put onto; of a platform's that is recorded for later runs."""
        slug = self._new_claims.slug(question)
        if slug in {claim.slug, *claim.asked_as}:
            return claim
        self.put_on.append((question.names()[0], claim.slug))
        if self._desk.store.find(Claim.noun, slug) is not None:
            self.kept_apart.append(slug)
        if not self._is_platform:
            return claim
        reason = f"{self._platform.title} asks the same"
        return correct(self._desk, claim, {"asked_as": (*claim.asked_as, slug)}, reason=reason)

    def _on_file(self, question: Question) -> Claim | None:
        """Find the claim on file that a question is: as the caller says, by its slug, or by its words."""
        store = self._desk.store
        if (onto := self._onto(question)) is not None:
            return store.revisions(Claim, slug=onto)[-1]
        if question.claim is not None:
            if store.find(Claim.noun, question.claim) is not None:
                return store.revisions(Claim, slug=question.claim)[-1]
            if question.text is None or question.deadline is None:
                raise NotFound(no_claim(question.claim, store.slugs(Claim)))
            return None
        if not self._any:
            return None
        slug = self._new_claims.slug(question)
        if self._is_platform:
            return self._claims.get(slug)
        if store.find(Claim.noun, slug) is not None:
            return store.revisions(Claim, slug=slug)[-1]
        return None if question.id is not None else self._of_these_words(question)

    def _onto(self, question: Question) -> str | None:
        """Return the claim that the caller puts a question onto, or did in an earlier run."""
        if not (self._onto_slugs or self._asked_as):
            return None
        told = next((self._onto_slugs[name] for name in question.names() if name in self._onto_slugs), None)
        return told or (self._asked_as.get(self._new_claims.slug(question)) if self._asked_as else None)

    def _of_these_words(self, question: Question) -> Claim | None:
        """Find the claim of these words and this deadline recorded by hand; a platform's is another question.

        Of several it is one whose statement has the very letters, rather now than before it was corrected.
        """
        last, text = self._new_claims.deadline(question), question.text or ""
        store = self._desk.store
        alike: list[tuple[int, Claim]] = []
        for claim in filter(lambda claim: claim.scored, claims_said(store, text)):
            said = store.revisions(Statement, slug=claim.statement)
            source = store.revisions(Source, slug=said[-1].source)[-1]
            terms = store.revisions(Claim, slug=claim.slug)  # what was corrected since is the same claim
            if source.kind is not SourceKind.PLATFORM and any(revision.deadline == last for revision in terms):
                texts = [revision.text for revision in said]
                alike.append((2 * (text not in texts) + (not same_words(texts[-1], text)), claim))
        return min(alike, key=lambda one: one[0])[1] if alike else None

    def _statement_of(self, claim: Claim) -> Statement:
        known = self._statements.get(claim.statement)
        return known or self._desk.store.revisions(Statement, slug=claim.statement)[-1]

    def changes(self) -> list[Change]:
        """Return what files say otherwise than the ledger; once all is recorded, which may end a draft.

        Nothing is told that a later claim in place of the one that a row names has taken over.
        """
        found = self._put_on_others
        for question, claim, statement, changed in self._compared:
            changes = list(self._changed_claims.of(question, claim, statement, changed))
            if changes and not (question.claim and self._is_taken_over(question, claim)):
                found += changes
        self.sources.enter()
        return found

    def _is_taken_over(self, question: Question, claim: Claim) -> bool:
        """Tell whether a later claim of the chain asks what the file says of this one."""
        later = (one for one in self._chains.of(claim) if one.slug != claim.slug)
        return any(
            question.text in {None, one.wording} and not self._changed_claims.fields(question, one) for one in later
        )
