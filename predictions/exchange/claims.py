"""Questions of a file put onto claims: those on file, left as they are; or new ones, with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from predictions.dates import Window
from predictions.enums import ClaimType, SourceKind
from predictions.errors import InvalidValue, NotFound
from predictions.exchange.changes import Change, changed_field, reworded
from predictions.exchange.options import Options
from predictions.exchange.people import ME
from predictions.exchange.questions import (
    FileRead,
    Platform,
    Publication,
    Question,
    RowFault,
    SaidForecast,
    slug_of_key,
)  # fmt: skip
from predictions.importing.names import no_claim
from predictions.recording.claims import free_slug, made_of, window_until
from predictions.recording.enter import Desk, Slugs, build, enter_all, the_slug
from predictions.recording.quotes import FIRST_READING
from predictions.records import Claim, Record, Source, Statement
from predictions.slugs import Titles, slug_from, slug_of_name


class PlacedQuestion(NamedTuple):
    """A question with the claim it is on: a new one, or one on file."""

    question: Question
    claim: Claim
    new: bool


class Placing:
    """Puts the questions of files onto claims.

    Attributes:
        changes: What files say otherwise than the ledger.
        sources: How many sources are new.
    """

    def __init__(self, desk: Desk, platform: Platform, options: Options) -> None:
        self._desk, self._platform, self._options = desk, platform, options
        self._any = bool(desk.store.slugs(Claim))
        self._published: dict[tuple[str, Publication], Source] = {}
        self._titles = Titles(desk.store.titles(Source))
        self._taken = Slugs(desk.store, Source)
        self._source: Source | None = None
        self._windows: dict[tuple[date | str, date | None, date], Window] = {}
        self._new: dict[str, Source] = {}
        self._entered = 0  # how many of them are recorded
        self._on_file_slugs = Slugs(desk.store, Claim, Statement)
        self._quoted: set[str] = set()  # the slugs of quotes that are new
        self.changes: list[Change] = []

    @property
    def sources(self) -> int:
        """How many sources are new."""
        return len(self._new)

    def place(self, file: FileRead) -> list[PlacedQuestion]:
        """Find or record the claim of every question; RowsRefused for rows whose claim there is not."""
        self._check_onto(file.questions)
        placed: list[PlacedQuestion] = []
        records: list[Record] = []
        slugs = dict[str, int]()
        for question in file.questions:
            try:
                on_file = self._on_file(question)
                if on_file is not None:
                    if self._onto(question) is None:
                        self.changes += self._changes(question, on_file)
                    placed.append(PlacedQuestion(question, on_file, new=False))
                    continue
                statement, claim = self._made(question)
                if (other := slugs.setdefault(claim.slug, question.row)) != question.row:
                    raise InvalidValue(f"row {other} has the same key")
                records += (statement, claim)
                placed.append(PlacedQuestion(question, claim, new=True))
            except RowFault as fault:
                file.refuse(question.row, fault)
            except (InvalidValue, NotFound) as error:
                file.refuse(question.row, RowFault("claim" if question.claim else "deadline", str(error)))
        file.refusals.refuse()
        self.enter_sources()
        enter_all(self._desk, records)
        self._any = True  # of a further file
        return placed

    def enter_sources(self) -> None:
        """Record the sources that were found to be new since."""
        enter_all(self._desk, list(self._new.values())[self._entered :])
        self._entered = len(self._new)

    def published_in(self, said: SaidForecast, who: str) -> Source | None:
        """The source that carries a forecast; None where nothing does."""
        return None if said.published is None else self._publication(said.published, who)

    @property
    def dated_by(self) -> str | None:
        """The source that dates every forecast and verdict: a platform does, a table does not."""
        return self._own_source().slug if self._platform.kind is SourceKind.PLATFORM else None

    # -- the claim on file -------------------------------------------------------------------------------------

    def _check_onto(self, questions: Sequence[Question]) -> None:
        keys = {key for question in questions for key in (question.id, question.text, question.claim)}
        for key in self._options.onto:
            if key not in keys:
                raise InvalidValue(f"onto: no question of the file is {key!r}; say its id, or its text")

    def _on_file(self, question: Question) -> Claim | None:
        store = self._desk.store
        if (onto := self._onto(question)) is not None:
            return store.revisions(Claim, slug=the_slug(store, Claim, onto))[-1]
        if question.claim is not None:
            if store.find(Claim.noun, question.claim) is not None:
                return store.revisions(Claim, slug=question.claim)[-1]
            if question.text is None or question.deadline is None:
                raise NotFound(no_claim(question.claim, store.slugs(Claim)))
            return None
        if not self._any:
            return None
        slug = self._slug(question)
        if store.find(Claim.noun, slug) is not None:
            return store.revisions(Claim, slug=slug)[-1]
        return None if question.id is not None else self._of_these_words(question)

    def _onto(self, question: Question) -> str | None:
        """The claim that the caller puts a question onto."""
        onto = self._options.onto
        return next((onto[key] for key in (question.id, question.text, question.claim) if key and key in onto), None)

    def _of_these_words(self, question: Question) -> Claim | None:
        """The claim of the very words and deadline that was recorded by hand; a platform's own is another question."""
        last = self._window(question).deadline
        for claim in self._desk.store.claims_worded(question.text or ""):
            said = self._desk.store.revisions(Statement, slug=claim.statement)
            source = self._desk.store.revisions(Source, slug=said[-1].source)[-1]
            terms = self._desk.store.revisions(Claim, slug=claim.slug)  # what was corrected since is the same claim
            ours = any(one.text == question.text for one in said) and any(one.deadline == last for one in terms)
            same = ours and claim.scored
            if same and source.kind is not SourceKind.PLATFORM:
                return claim
        return None

    def _changes(self, question: Question, claim: Claim) -> Iterator[Change]:
        """What the file says otherwise of a claim on file."""
        slug = claim.slug
        statement = self._desk.store.revisions(Statement, slug=claim.statement)[-1]
        if question.text is not None and question.text not in {statement.text, claim.wording}:
            yield reworded(slug, statement.text, question.text)
        told: dict[str, object] = dict(question.fields)
        if question.deadline is not None:
            told["deadline"] = self._window(question, claim.opens_on).deadline
        if question.opens_on is not None:
            told["opens_on"] = question.opens_on
        for name, value in told.items():
            if (before := getattr(claim, name)) != value:
                yield changed_field(slug, name, before, value)

    # -- a new claim -------------------------------------------------------------------------------------------

    def _slug(self, question: Question) -> str:
        key = question.id or f"{question.text}\n{self._window(question).deadline}"
        return question.claim or slug_of_key(self._platform.slug, key)

    def _said_on(self, question: Question) -> date:
        published = question.published.day if question.published else None
        return published or min(question.days(), default=self._desk.today)

    def _window(self, question: Question, opens_on: date | None = None) -> Window:
        opens = question.opens_on or opens_on
        earliest = min(question.days(), default=self._desk.today)
        if opens is None and earliest < self._said_on(question):
            opens = earliest
        told = question.deadline or "", opens, opens or self._said_on(question)
        if told not in self._windows:
            self._windows[told] = window_until(*told, field="deadline")
        return self._windows[told]

    def _made(self, question: Question) -> tuple[Statement, Claim]:
        """The statement and the claim of a question."""
        slug, text = self._slug_of_quote(question) or self._slug(question), question.text or ""
        source = self._source_of(question)
        taken = self._desk.store.find(Statement.noun, slug) is not None
        name = free_slug(self._desk, None, slug) if taken else slug
        speaker = self._speaker(question)
        said = build(Statement, {"slug": name, "source": source.slug, "text": text, "speaker": speaker})
        window, fields = self._window(question), question.fields
        wording = str(fields.get("wording") or text)
        notes = "\n".join(filter(None, (question.link, question.note))) or None
        settings: dict[str, object] = {
            "slug": slug, "statement": name, "reading": FIRST_READING, "wording": wording, "scored": True,
            **made_of(wording), "opens_on": window.opens_on, "deadline": window.deadline, "horizon": window.horizon,
            "horizon_read": window.reading, "edtf": window.edtf, "notes": notes,
            "type": ClaimType.EVENTS if "at_least" in fields else ClaimType.YES_NO,
        }  # fmt: skip
        return said, build(Claim, {**settings, **fields})

    def _slug_of_quote(self, question: Question) -> str | None:
        """The slug that `quote` would give to what was said, where that is free; it is found again by its words."""
        if question.published is None or question.claim is not None or question.id is not None:
            return None
        slug = slug_from(question.text or "", ())
        if slug in self._quoted or slug in self._on_file_slugs:
            return None
        self._quoted.add(slug)
        return slug

    def _speaker(self, question: Question) -> str | None:
        if question.published is None:
            return question.speaker
        name = question.speaker
        name = self._options.people.get(name or "", name) or self._options.by
        return self._desk.me if name is None or name.casefold() == ME else name

    # -- sources -----------------------------------------------------------------------------------------------

    def _source_of(self, question: Question) -> Source:
        if question.published is not None:
            return self._publication(question.published, self._speaker(question) or "")
        return self._own_source()

    def _own_source(self) -> Source:
        """The source of what says nowhere else that it was published."""
        if self._source is None:
            self._source = self._platform_source()
        return self._source

    def _platform_source(self) -> Source:
        """The source of statements that do not say where they were made: as on file, whatever it is called there."""
        title = self._options.source
        slug = slug_of_name(title, self._titles) if title else self._platform.slug
        if slug and (known := self._desk.store.revisions(Source, slug=slug)):
            return known[-1]
        slug = slug_from(title, self._taken, otherwise="source") if title else self._platform.slug
        fields = {
            "slug": slug, "title": title or self._platform.title, "kind": self._platform.kind,
            "link": self._platform.link,
        }  # fmt: skip
        return self._new.setdefault(slug, build(Source, fields))

    def _publication(self, published: Publication, who: str) -> Source:
        key = (who if published.title is None else "", published)
        if key not in self._published:
            self._published[key] = self._find_publication(published, who)
        return self._published[key]

    def _find_publication(self, published: Publication, who: str) -> Source:
        """A publication as `quote` names it: by its title, or by who and when."""
        day = published.day
        known = slug_of_name(published.title, self._titles) if published.title else None
        if known is not None and day is None:
            source = self._desk.store.revisions(Source, slug=known)[-1]
            if source.published and len(source.published) == len("2026-01-01"):
                return source
        if day is None:
            raise RowFault("said_on", "when was it said? say the day on which it was published")
        if known is not None and (source := self._desk.store.revisions(Source, slug=known)[-1]).published == str(day):
            return source
        title = published.title or f"{who}, {day}"
        return self._source_under(f"{published.title or who} {day}", title, published.link, day)

    def _source_under(self, name: str, title: str, link: str | None, day: date) -> Source:
        number, base = 1, slug_from(name, (), otherwise="source")
        slug = base
        while True:
            kept = self._desk.store.revisions(Source, slug=slug)
            known = kept[-1] if kept else self._new.get(slug)
            if known is None:
                break
            if (known.title, known.link) == (title, link):
                return known
            number += 1
            slug = f"{base}-{number}"
        fields: Mapping[str, object] = {
            "slug": slug, "title": title, "link": link, "published": str(day) if link else None,
            "kind": SourceKind.OTHER,
        }  # fmt: skip
        return self._new.setdefault(slug, build(Source, fields))
