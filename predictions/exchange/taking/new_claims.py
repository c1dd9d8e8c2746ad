"""New claims for questions of a file: their slugs and windows, and the statement and claim of each question."""

from __future__ import annotations

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

UNIT = "units"  # where no file says what a number counts


class NewClaims:
    """Builds the statements and claims of questions.

    Attributes:
        statement_slugs: The slugs of statements on file, which a new one cannot have.
    """

    def __init__(self, desk: Desk, platform: Platform, options: Options, sources: Sources) -> None:
        self._desk, self._platform, self._options, self._sources = desk, platform, options, sources
        self._windows: dict[tuple[date | str, date | None, date], Window] = {}
        self.statement_slugs = set(desk.store.slugs(Statement))
        self._on_file_slugs = Slugs(desk.store, Claim, Statement)
        self._quoted: set[str] = set()  # the slugs of quotes that are new

    def slug(self, question: Question) -> str:
        """Return the slug of a question's claim, the same in every run: its own, or one made of its key."""
        key = question.id or f"{question.text}\n{self.deadline(question)}"
        return question.claim or slug_of_key(self._platform.slug, key)

    def _said_on(self, question: Question) -> date:
        published = question.published.day if question.published else None
        return published or min(question.days(), default=self._desk.today)

    def deadline(self, question: Question) -> date:
        """Return the last day of the window, be it over before anybody dated the question, which may be on file."""
        with suppress(InvalidValue):
            return self.window(question).deadline
        return window_until(question.deadline or "", NOT_GIVEN, NOT_GIVEN, field="deadline").deadline

    def window(self, question: Question, opens_on: date | None = None) -> Window:
        """Read the window of a question that opens on *opens_on*, else on the first day of what the file says of it."""
        opens = question.opens_on or opens_on
        said_on = opens or self._said_on(question)
        if opens is None and (earliest := min(question.days(), default=said_on)) < said_on:
            opens = said_on = earliest
        told = question.deadline or "", opens, said_on
        if told not in self._windows:
            self._windows[told] = self._read_window(question, *told)
        return self._windows[told]

    def _read_window(self, question: Question, deadline: date | str, opens_on: date | None, said_on: date) -> Window:
        """Read a window; what nobody dates counts from today, and may have been over by then."""
        try:
            return window_until(deadline, opens_on, said_on, field="deadline")
        except InvalidValue:
            if opens_on is not None or question.days() or self._platform.kind is SourceKind.PLATFORM:
                raise
            last = window_until(deadline, NOT_GIVEN, NOT_GIVEN, field="deadline").deadline  # else it is no day at all
            raise InvalidValue(
                f"was over on {last}, and nothing says since when it counts; say opens_on, the first day that counts, "
                "or said_on or made_at"
            ) from None

    def statement_and_claim(self, question: Question) -> tuple[Statement, Claim]:
        """Build the statement and the claim of a question, which nothing has recorded yet."""
        slug, text = self._slug_of_quote(question) or self.slug(question), question.text or ""
        source = (
            self._sources.publication(question.published, self.speaker(question) or "")
            if question.published is not None
            else self._sources.own()
        )
        name = free_slug(self._desk, None, slug) if slug in self.statement_slugs else slug
        speaker = self.speaker(question)
        said = build(
            Statement,
            {
                "slug": name, "source": source.slug, "text": text, "speaker": speaker, "notes": question.origin,
                "recorded_by": self._desk.me,
            },
        )  # fmt: skip
        window, fields = self.window(question), question.fields
        wording = str(fields.get("wording") or text)
        notes = "\n".join(filter(None, (question.link, question.note))) or None
        settings: dict[str, object] = {
            "slug": slug, "statement": name, "reading": FIRST_READING, "scored": True, **read_from(wording, window),
            "notes": notes, "recorded_by": self._desk.me,
        }  # fmt: skip
        if "at_least" in fields:
            settings["type"] = ClaimType.EVENTS
        return said, build(Claim, {**settings, **self.usual(question), **fields})

    def usual(self, question: Question) -> dict[str, object]:
        """Return what the claim of a platform's question needs, where no file says it."""
        is_platform = self._platform.kind is SourceKind.PLATFORM
        unit = {"unit": UNIT} if question.fields.get("type") is ClaimType.NUMBER else {}
        return {"criteria": f"As resolved on {self._platform.title}.", **unit} if is_platform else {}

    def _slug_of_quote(self, question: Question) -> str | None:
        """Return the slug that `quote` would give to a statement, if free; a later run finds the claim by its words."""
        if question.published is None or question.claim is not None or question.id is not None:
            return None
        slug = slug_from(question.text or "", ())
        if slug in self._quoted or slug in self._on_file_slugs:
            return None
        self._quoted.add(slug)
        return slug

    def speaker(self, question: Question) -> str | None:
        """Return who said what a question asks, as the caller names them; the owner of the ledger where nobody does."""
        name = question.speaker
        if question.published is None and (name is None or self._platform.kind is SourceKind.PLATFORM):
            return name
        name = self._options.people.get(name or "", name) or self._options.by
        return self._desk.me if name is None or name.casefold() == ME else name
