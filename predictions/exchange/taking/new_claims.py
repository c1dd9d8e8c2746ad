"""Build new claims for the questions of a file: their slugs and windows, their statements and the claims."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from predictions.enums import ClaimType, SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.questions import Platform, Question, slug_of_key
from predictions.exchange.taking.sources import Sources
from predictions.own_name import ME
from predictions.recording.claims import free_slug, read_from, window_until
from predictions.recording.enter import Desk, Slugs, build
from predictions.recording.quotes import FIRST_READING
from predictions.records import Claim, Statement
from predictions.slugs import slug_from
from predictions.windows import NOT_GIVEN, Window

UNIT = "units"  # if no file says what a number counts


class NewClaims:
    """Builds the statements and claims of questions.

    Attributes:
        statement_slugs: The slugs of statements on file or new, which no further statement can have.
    """

    def __init__(self, desk: Desk, platform: Platform, options: Options, sources: Sources) -> None:
        self._desk, self._platform, self._options, self._sources = desk, platform, options, sources
        self._windows: dict[tuple[date | str, date | None, date], Window] = {}
        self.statement_slugs = set(desk.store.slugs(Statement))
        self._on_file_slugs = Slugs(desk.store, Claim, Statement)
        self._quoted: set[str] = set()  # slugs given to quotes in this run
        is_platform = platform.kind is SourceKind.PLATFORM
        self._usual = {"criteria": f"As resolved on {platform.title}."} if is_platform else {}

    def slug(self, question: Question) -> str:
        """Return the slug of a question's claim, the same in every run: its own, or made of its id, or of its text."""
        key = question.id or f"{question.text}\n{self.deadline(question)}"
        return question.claim or slug_of_key(self._platform.slug, key)

    def _said_on(self, question: Question) -> date:
        """Return the day on which a question was asked: of its publication, else its first day, else today."""
        published = question.published.day if question.published else None
        return published or min(question.days(), default=self._desk.today)

    def deadline(self, question: Question) -> date:
        """Return the last day of the window, even if it lies before the first day that the file has."""
        with suppress(InvalidValue):
            return self.window(question).deadline
        return window_until(question.deadline or "", NOT_GIVEN, NOT_GIVEN, field="deadline").deadline

    def window(self, question: Question, opens_on: date | None = None) -> Window:
        """Return a question's window from *opens_on*, else from the first day that the file has for the question."""
        first_day = question.opens_on or opens_on
        said_on = first_day or self._said_on(question)
        if first_day is None and (earliest := min(question.days(), default=said_on)) < said_on:
            first_day = said_on = earliest
        key = question.deadline or "", first_day, said_on
        if key not in self._windows:
            self._windows[key] = self._read_window(question, *key)
        return self._windows[key]

    def _read_window(self, question: Question, deadline: date | str, opens_on: date | None, said_on: date) -> Window:
        """Return a window; InvalidValue, with a hint, if it has no first day and its last day is over."""
        try:
            return window_until(deadline, opens_on, said_on, field="deadline")
        except InvalidValue:
            if opens_on is not None or question.days() or self._platform.kind is SourceKind.PLATFORM:
                raise
            last = window_until(deadline, NOT_GIVEN, NOT_GIVEN, field="deadline").deadline  # raises if it is no day
            raise InvalidValue(
                f"was over on {last}, and nothing says since when it counts; say opens_on, the first day that counts, "
                "or said_on or made_at"
            ) from None

    def statement_and_claim(self, question: Question) -> tuple[Statement, Claim]:
        """Build the statement and the claim of a new question; nothing is recorded yet."""
        if question.unfinished:
            raise question.unfinished
        slug, text = self._slug_of_quote(question) or self.slug(question), question.text or ""
        speaker = self.speaker(question)
        source = (
            self._sources.publication(question.published, speaker or "")
            if question.published is not None
            else self._sources.own()
        )
        statement_slug = free_slug(self._desk, None, slug) if slug in self.statement_slugs else slug
        statement = build(
            Statement,
            {
                "slug": statement_slug, "source": source.slug, "text": text, "speaker": speaker,
                "notes": question.origin, "recorded_by": self._desk.me,
            },
        )  # fmt: skip
        window, fields = self.window(question), question.fields
        wording = str(fields.get("wording") or text)
        notes = "\n".join(filter(None, (question.link, question.note))) or None
        claim_fields: dict[str, object] = {
            **read_from(wording, window), "slug": slug, "statement": statement_slug, "reading": FIRST_READING,
            "scored": True, "notes": notes, "recorded_by": self._desk.me,
            **({"type": ClaimType.EVENTS} if "at_least" in fields else {}), **self.usual(question), **fields,
        }  # fmt: skip
        return statement, build(Claim, claim_fields)

    def usual(self, question: Question) -> Mapping[str, object]:
        """Return the fields that a platform's claim needs and its files may leave out; none for a table."""
        if self._platform.kind is SourceKind.PLATFORM and question.fields.get("type") is ClaimType.NUMBER:
            return {**self._usual, "unit": UNIT}
        return self._usual

    def _slug_of_quote(self, question: Question) -> str | None:
        """Return the slug that `quote` would give a statement, if free; later runs find the claim by its words."""
        if question.published is None or question.claim is not None or question.id is not None:
            return None
        slug = slug_from(question.text or "", ())
        if slug in self._quoted or slug in self._on_file_slugs:
            return None
        self._quoted.add(slug)
        return slug

    def speaker(self, question: Question) -> str | None:
        """Return a question's speaker as the caller names them, else the owner.

        None if a platform's question names nobody, or if the owner is needed and the ledger does not know who that is.
        """
        name = question.speaker
        if question.published is None and (name is None or self._platform.kind is SourceKind.PLATFORM):
            return name
        name = self._options.people.get(name or "", name) or self._options.by
        return self._desk.me if name is None or name.casefold() == ME else name
