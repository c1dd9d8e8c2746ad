"""Find the claim that each question of a file asks: one on file, which is left as it is, or a new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
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
    """A question of a file with the claim that it asks.

    Attributes:
        question: The question.
        claim: The claim, new or on file.
        new: Whether the claim was recorded just now.
        onto: The question's own slug if the caller put it onto the claim; else empty.
        chain: The claim and all others that superseded one another with it; empty for a new claim.
        deadline: The question's deadline if it differs from the claim's; else None.
        otherwise: Whether it has another type or unit than the claim, so that no forecast fits both.
    """

    question: Question
    claim: Claim
    new: bool
    onto: str = ""
    chain: Sequence[Claim] = ()
    deadline: date | None = None
    otherwise: bool = False


class Placing:
    """Finds or records the claims of questions, and notes what the files say otherwise than the ledger.

    Attributes:
        put_on: The questions that this run put onto claims on file, as a caller may name them, each with its claim.
        kept_apart: Claims on file whose questions the caller puts onto other claims now, each with that one; they stay
            as they are, so that the forecasts are on both.
        left_out: Questions whose key belongs to another question on file.
        sources: The sources of the statements.
    """

    def __init__(self, desk: Desk, platform: Platform, options: Options) -> None:
        self._desk, self._platform, self._options = desk, platform, options
        self._any = bool(desk.store.slugs(Claim))
        self._chains = Chains(desk.store)  # claims that superseded one another
        self._onto_slugs: dict[str, str] = {}  # by a question's name, the claim onto which the caller puts it
        self._is_platform = platform.kind is SourceKind.PLATFORM
        self._asked_as = desk.store.owners(Claim, "asked_as") if self._is_platform else {}  # put onto by earlier runs
        self._claims: dict[str, Claim] = {}  # on file, by the slugs of a platform's questions: read all at once
        self._statements: dict[str, Statement] = {}
        self._put_on_others: list[Change] = []
        self._compared: list[tuple[Question, Claim, Statement, Mapping[str, object]]] = []
        self.kept_apart: list[tuple[str, Claim]] = []
        self.put_on: list[tuple[str, str]] = []
        self.left_out: list[LeftOut] = []
        self.sources = Sources(desk, platform, options)
        self._new_claims = NewClaims(desk, platform, options, self.sources)
        self._changed_claims = ChangedClaims(desk, self.sources, self._new_claims, is_platform=self._is_platform)

    def place(self, file: FileRead) -> list[PlacedQuestion]:
        """Return each question with its claim, on file or new; rows of questions that have none are refused."""
        self._check_onto(file.questions)
        self.sources.read_from(file.file)
        placed, new_records = list[PlacedQuestion](), list[Statement | Claim]()
        row_of_slug = dict[str, int]()
        if self._is_platform and self._any:
            self._claims = self._desk.store.last_revisions(Claim, map(self._new_claims.slug, file.questions))
            statements = {claim.statement for claim in self._claims.values()}
            self._statements = self._desk.store.last_revisions(Statement, statements)
        for question in self._of_their_keys(file.questions):
            try:
                if (on_file := self._known(question)) is not None:
                    placed.append(on_file)
                    continue
                statement, claim = self._new_claims.statement_and_claim(question)
                if (earlier_row := row_of_slug.setdefault(claim.slug, question.row)) != question.row:
                    raise InvalidValue(f"row {earlier_row} has the same key")
                new_records += (statement, claim)
                placed.append(self._as_described_later(PlacedQuestion(question, claim, new=True), statement))
            except RowFault as fault:
                file.refuse(fault.row or question.row, fault)
            except NotFound as error:
                for row in sorted({question.row, *(said.row for said in question.said)}):
                    file.refuse(row, RowFault("claim", str(error)))
            except InvalidValue as error:
                file.refuse(question.row, RowFault("claim" if question.claim else "deadline", str(error)))
        self.sources.enter()
        self._enter(new_records)
        self._new_claims.statement_slugs.update(record.slug for record in new_records[::2])  # each before its claim
        self._any = True  # for the next file, this one's claims are on file
        return placed

    def _as_described_later(self, placed: PlacedQuestion, statement: Statement) -> PlacedQuestion:
        """Note how a later file of this run describes a new claim differently; the first file is the one recorded."""
        later_question = placed.question.later_version
        if later_question is None:
            return placed
        changed = self._changed_claims.fields(later_question, placed.claim)
        self._compared.append((later_question, placed.claim, statement, changed))
        deadline = changed.get("deadline")
        return placed._replace(deadline=deadline if isinstance(deadline, date) else None)

    def _enter(self, records: Sequence[Statement | Claim]) -> None:
        """Record new statements and claims; two of them with one key are refused."""
        if len(set(map(attrgetter("noun", "slug"), records))) < len(records):
            enter_all(self._desk, records)  # which says what the two are
        else:
            put_new(self._desk, records)

    def _check_onto(self, questions: Sequence[Question]) -> None:
        """Check and keep what ``onto`` says; refuse a question that an earlier run put onto another claim."""
        named = questions if self._options.onto else ()
        by_key = {name: question for question in named for name in question.names()}
        for name, claim in self._options.onto.items():
            question = by_key.get(unbroken(name))
            if question is None:
                raise InvalidValue(f"onto: no question of the file is {short_repr(name)}; say its id, or its text")
            try:
                slug = self._onto_slugs[unbroken(name)] = the_slug(self._desk.store, Claim, claim)
            except NotFound as error:
                raise NotFound(f"onto: {error}") from None
            self._check_asks_alike(question, slug)
            earlier_slug = self._asked_as.get(self._new_claims.slug(question), slug) if self._asked_as else slug
            if earlier_slug != slug:
                raise InvalidValue(
                    f"onto: {short_repr(name)} is {earlier_slug} since an earlier run, not {slug}; "
                    f"if that was wrong, correct asked_as of {earlier_slug} first"
                )

    def _check_asks_alike(self, question: Question, slug: str) -> None:
        """Refuse to put a question onto a claim of another type, which could not take its forecasts or verdict."""
        claim = self._desk.store.revisions(Claim, slug=slug)[-1]
        asked = ClaimType(str(question.fields.get("type", ClaimType.YES_NO)))
        asks, takes = (NOUNS.get(claim_type, "yes or no") for claim_type in (asked, claim.type))
        if asks != takes and question.text is not None:
            name = short_repr(question.names()[0])
            raise InvalidValue(f"onto: {name} asks for {asks}, and {slug} for {takes}; it needs a claim of its own")

    def _of_their_keys(self, questions: Sequence[Question]) -> Iterator[Question]:
        """Yield the questions, and leave out those whose key belongs to another question on file."""
        for question in questions:
            if self._is_another(question):
                self.left_out.append(LeftOut("question", question.id or "", "asked-anew", question.row))
            else:
                yield question

    def _is_another(self, question: Question) -> bool:
        """Tell whether its key is on file for another question: no claim there has its first day or its words."""
        if not question.of_its_first_day or self._onto(question) is not None:
            return False
        claim = self._on_file(question)
        chain = self._chains.of(claim) if claim else []
        return bool(chain) and not any(
            chained.opens_on == question.opens_on or chained.wording == question.text for chained in chain
        )

    def _known(self, question: Question) -> PlacedQuestion | None:
        """Return the question with its claim on file, or None if it is new; note what the file says otherwise."""
        claim = self._on_file(question)
        if claim is None:
            return None
        self.sources.check(question.published, self._new_claims.speaker(question) or "")
        onto = self._new_claims.slug(question) if self._onto(question) is not None else ""
        if onto:
            claim = self._remembered(question, claim)
        is_named = bool(onto or question.claim)  # the caller or the file says which claim it is
        chain = [claim] if question.claim and question.deadline is None else self._chains.of(claim)
        latest = question.later_version or question
        claim_asked, changed = self._belonging(latest, chain, claim.slug if is_named else None)
        deadline = changed.get("deadline")
        last_day = deadline if isinstance(deadline, date) else None
        is_other = not {"type", "unit"}.isdisjoint(changed)
        placed = PlacedQuestion(question, claim_asked, False, onto, chain, last_day, is_other)
        if onto:
            self._put_on_others += self._put_elsewhere(placed)
        else:
            self._compared.append((latest, claim_asked, self._statement_of(claim_asked), changed))
        return placed

    def _belonging(
        self, question: Question, chain: Sequence[Claim], put_on: str | None
    ) -> tuple[Claim, Mapping[str, object]]:  # fmt: skip
        """Return the claim of a chain that a question asks, and the fields that the file says otherwise of it.

        The deadline decides. If several claims have the question's deadline, *put_on*, the slug that the caller named,
        goes first; without one, the best fit does. If none has, it is the claim that was named, else the last one.
        """
        candidates = [(claim, self._changed_claims.fields(question, claim)) for claim in chain]
        of_its_deadline = [candidate for candidate in candidates if "deadline" not in candidate[1]]
        named = [candidate for candidate in candidates if candidate[0].slug == put_on]
        if named:
            return named[0] if named[0] in of_its_deadline or not of_its_deadline else of_its_deadline[-1]
        if len(of_its_deadline) > 1:
            of_its_deadline.reverse()  # of those that fit alike it is the last
            return max(of_its_deadline, key=lambda candidate: self._changed_claims.fit(question, *candidate))
        return (of_its_deadline or candidates)[-1]

    def _put_elsewhere(self, placed: PlacedQuestion) -> Iterator[Change]:
        """Yield a change if the question was put onto a claim with another deadline."""
        key = placed.question.id or placed.question.text
        if placed.deadline is not None:
            change = other_deadline(placed.claim, f"question {short_repr(key)}", placed.deadline, "")
            yield from told_once(self._desk, placed.onto, "deadline", change, placed.claim)

    def _remembered(self, question: Question, claim: Claim) -> Claim:
        """Return the claim that a question was put onto; for a platform, record that on the claim for later runs."""
        slug = self._new_claims.slug(question)
        if slug in {claim.slug, *claim.asked_as}:
            return claim
        self.put_on.append((question.names()[0], claim.slug))
        if self._desk.store.find(Claim.noun, slug) is not None:
            self.kept_apart.append((slug, claim))
        if not self._is_platform:
            return claim
        reason = f"{self._platform.title} asks the same"
        return correct(self._desk, claim, {"asked_as": (*claim.asked_as, slug)}, reason=reason)

    def _on_file(self, question: Question) -> Claim | None:
        """Return the claim on file that a question asks, or None: as the caller says, by its slug, or by its words."""
        store = self._desk.store
        if (onto_slug := self._onto(question)) is not None:
            return store.revisions(Claim, slug=onto_slug)[-1]
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
        """Return the slug of the claim onto which the caller, or one of an earlier run, puts a question; else None."""
        if not (self._onto_slugs or self._asked_as):
            return None
        slug = next((self._onto_slugs[name] for name in question.names() if name in self._onto_slugs), None)
        return slug or (self._asked_as.get(self._new_claims.slug(question)) if self._asked_as else None)

    def _of_these_words(self, question: Question) -> Claim | None:
        """Return the claim that was recorded by hand with these words and this deadline; None if there is none.

        A platform's claims are other questions. Of several, the one whose statement is nearest to the text is taken.
        """
        deadline, text = self._new_claims.deadline(question), question.text or ""
        store = self._desk.store
        ranked: list[tuple[int, Claim]] = []
        for claim in filter(lambda claim: claim.scored, claims_said(store, text)):
            statements = store.revisions(Statement, slug=claim.statement)
            source = store.revisions(Source, slug=statements[-1].source)[-1]
            revisions = store.revisions(Claim, slug=claim.slug)  # what was corrected since is the same claim
            if source.kind is not SourceKind.PLATFORM and any(revision.deadline == deadline for revision in revisions):
                texts = [revision.text for revision in statements]
                ranked.append((2 * (text not in texts) + (not same_words(texts[-1], text)), claim))
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _statement_of(self, claim: Claim) -> Statement:
        known = self._statements.get(claim.statement)
        return known or self._desk.store.revisions(Statement, slug=claim.statement)[-1]

    def changes(self) -> list[Change]:
        """Return what the files say otherwise than the ledger; call it last, since what is recorded may end a draft.

        A change that a later claim of the chain has taken over already is not reported again.
        """
        all_changes = self._put_on_others
        for question, claim, statement, changed in self._compared:
            if not (question.claim and self._is_taken_over(question, claim)):
                all_changes += self._changed_claims.of(question, claim, statement, changed)
        self.sources.enter()
        return all_changes

    def _is_taken_over(self, question: Question, claim: Claim) -> bool:
        """Tell whether a later claim of the chain asks what the file says of this one."""
        others = (other for other in self._chains.of(claim) if other.slug != claim.slug)
        return any(
            question.text in {None, other.wording} and not self._changed_claims.fields(question, other)
            for other in others
        )
