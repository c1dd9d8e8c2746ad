"""Check what the reader of a platform yields against the rules that are the same for all platforms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.export_row import EARLIEST
from predictions.exchange.questions import (
    Account,
    FileRead,
    LeftOut,
    Platform,
    Question,
    SaidForecast,
    Verdict,
    slug_of_key,
)  # fmt: skip
from predictions.fits import UNDECIDED
from predictions.importing.refusals import ROW
from predictions.recording.days_ahead import AHEAD
from predictions.slugs import slug_from
from predictions.timestamps import MICROSECOND, spoken_moment, utc_day

SETTLE_DAYS = 30
Found = Question | Account | LeftOut


def gather(dump: Dump, platform: Platform, found: Iterable[Found], now: datetime) -> FileRead:
    """Gather what a reader yields into what the taker records.

    Questions and forecasts that have no place are left out and counted; RowsRefused for what cannot be read.
    """
    gathering = _Gathering(dump, platform, now)
    for one in found:
        gathering.take(one)
    dump.refuse()
    return gathering.finished()


def last_day(closes_at: datetime) -> date:
    """Return the day of a moment's last instant: a deadline at midnight ends the day before.

    >>> last_day(datetime(2027, 1, 1))
    datetime.date(2026, 12, 31)
    """
    return (closes_at - MICROSECOND).date()


def settle_days(closes_at: datetime, resolves_at: datetime | None) -> int:
    """Return how many days after its last day a question settles: when the platform means to resolve it, or thirty."""
    days = (resolves_at.date() - last_day(closes_at)).days if resolves_at else 0
    return max(days, SETTLE_DAYS)


class _Gathering:
    """Takes what a reader yields, one after the other."""

    def __init__(self, dump: Dump, platform: Platform, now: datetime) -> None:
        self._dump, self._platform, self._now = dump, platform, now
        self._accounts: dict[str, Account] = {}
        self._users: defaultdict[str, set[str | None]] = defaultdict(set)  # by their names
        self._left_out: list[LeftOut] = []
        self._gone: set[tuple[str, str]] = set()  # questions that were left out, and why
        self._questions: dict[str, Question] = {}
        self._repeated = 0
        self._untimely_rows: set[int] = set()

    def take(self, found: Found) -> None:
        """Take a question, an account, or what was left out."""
        if isinstance(found, Account):
            before = self._accounts.get(found.name, found)
            self._accounts[found.name] = found._replace(size=max(before.size or 0, found.size or 0) or None)
        elif isinstance(found, LeftOut):
            self._leave_out(found)
        else:
            self._question(found)

    def _leave_out(self, found: LeftOut) -> None:
        """Count what has no place: a question once, though several files have it."""
        if found.unit != "question" or (found.key, found.why) not in self._gone:
            self._left_out.append(found)
        if found.unit == "question":
            self._gone.add((found.key, found.why))

    def finished(self) -> FileRead:
        """Return all that was taken, forecasts by time; what is said of a question left out is not counted."""
        gone = {one.key for one in self._left_out if one.unit == "question"} - self._questions.keys()
        left_out = [one for one in self._left_out if one.unit == "question" or one.key not in gone]
        questions = list(self._questions.values())
        for question in questions:
            question.said = [self._told_apart(said) for said in question.said]
        if len(self._dump.files) > 1:  # whose rows have the same numbers
            questions = [_numbered(question, number) for number, question in enumerate(questions, 1)]
        return FileRead(
            self._dump.name, self._dump.sha256, self._dump.refusals, self._dump.rows,
            questions=questions, cells={question.row: _shown(question) for question in questions},
            repeated=self._repeated, accounts=self._accounts, left_out=left_out,
            names=[name for name, users in self._users.items() if len(users) == 1],
        )  # fmt: skip

    def _told_apart(self, said: SaidForecast) -> SaidForecast:
        """Return what was said under the user's id, where several users have one name."""
        if said.by is None or said.user is None or len(self._users[said.by]) == 1:
            return said
        self._accounts[said.user] = Account(said.user, title=said.by)
        self._users[said.user].add(said.user)
        return said._replace(by=said.user)

    # -- questions ---------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> None:
        """Check a question against the rules, and join it with what another file says of it."""
        key = question.id or question.text or ""
        question.id = key
        question.fields = self._fields(question)
        closes_at = question.fields.get("closes_at")
        if question.deadline is None and isinstance(closes_at, datetime):
            question.deadline = last_day(closes_at)
        if not question.text or not question.text.strip():
            self._dump.refusals.add(question.row, "text", question.text, "what is asked? say it", [question.id])
            return
        if why := _no_place(question, self._now.date()):
            self._leave_out(LeftOut("question", key, why, question.row))
            return
        known = self._questions.get(key)
        if known is not None:
            if not _agree(known, question):
                self._dump.refusals.add(question.row, ROW, None, self._of_two_minds(known), [question.text])
                return
            verdict, fields = _later(known.verdict, question.verdict), question.fields | known.fields
            question = replace(known, said=[*known.said, *question.said], verdict=verdict, fields=fields)
        question.said = list(self._forecasts(key, question.said))
        self._questions[key] = question

    def _of_two_minds(self, known: Question) -> str:
        """Say what would be right where two say of one question what cannot both be kept."""
        if len(self._dump.files) == 1:
            return f"row {known.row} says something else of the same question"
        return f"{known.id} is there twice and says two things; give one file a run, the older first"

    def _fields(self, question: Question) -> dict[str, object]:
        """Return the fields of a question's claim, with its tags and cluster as slugs."""
        fields = {name: value for name, value in question.fields.items() if value is not None}
        tags = fields.get("tags")
        if isinstance(tags, (list, tuple)):
            fields["tags"] = tuple(sorted({slug_from(str(tag), (), otherwise="tag") for tag in tags if tag}))
        if cluster := fields.get("cluster"):
            fields["cluster"] = slug_of_key(self._platform.slug, str(cluster))
        return fields

    # -- forecasts ---------------------------------------------------------------------------------------------

    def _forecasts(self, key: str, said: Iterable[SaidForecast]) -> Iterator[SaidForecast]:
        """Yield the forecasts on one question by time; of two at one moment the later in the file.

        A withdrawal in the future is left out uncounted: on some platforms a forecast expires at a time that is set.
        """
        fix: str | None = None
        standing: dict[tuple[str, str | None, datetime], SaidForecast] = {}
        for one in said:
            if one.by is not None:
                self._users[one.by].add(one.user)
            if "withdrawn" in one.fields and one.made_at is not None and one.made_at > self._now:
                continue
            if one.by is None:
                self._left_out.append(LeftOut("forecast", key, "no-forecaster", one.row))
            elif one.made_at is None or (fix := self._untimely(one.made_at)):
                if one.row not in self._untimely_rows:
                    self._dump.refusals.add(one.row, "made_at", one.made_at, fix or "when was it made?", [key])
                self._untimely_rows.add(one.row)
            else:
                whose_and_when = one.by, one.user, one.made_at
                before = standing.get(whose_and_when, one)
                if before is not one and before.fields == one.fields:
                    self._repeated += 1
                    continue
                if before is not one:
                    self._left_out.append(LeftOut("forecast", key, "same-moment", before.row))
                standing[whose_and_when] = one
        yield from sorted(standing.values(), key=lambda one: one.made_at or self._now)

    def _untimely(self, made_at: datetime) -> str | None:
        """Say why a moment cannot be when a forecast was made; None where it can."""
        if made_at > self._now + AHEAD:
            return f"lies in the future: in UTC it is {spoken_moment(self._now)}"
        return "lies before any platform began; was it an empty cell?" if made_at < EARLIEST else None


def _numbered(question: Question, number: int) -> Question:
    """Return a question under another row number, by which messages find what it says."""
    return replace(question, row=number, verdict=question.verdict and question.verdict._replace(row=number))


def _no_place(question: Question, today: date) -> str | None:
    """Say why a question has no place in a ledger; None where it has one."""
    opens_on, deadline, verdict = question.opens_on, question.deadline, question.verdict
    if deadline is None:
        return "no-deadline"
    closes_at = question.fields.get("closes_at")
    ends_on = last_day(closes_at) if isinstance(closes_at, datetime) else deadline
    if opens_on and any(isinstance(day, date) and day < opens_on for day in (deadline, ends_on)):
        return "due-before-made"
    if opens_on and opens_on > today:
        return "not-open-yet"
    known_on = verdict.known_on if verdict and verdict.outcome not in UNDECIDED else None
    if opens_on and known_on and utc_day(known_on) < opens_on:
        return "answer-before-opening"
    return None


def _later(one: Verdict | None, other: Verdict | None) -> Verdict | None:
    """Return the verdict that was known last, in whatever order the files come."""
    if one is None or other is None:
        return other or one
    days = [str(verdict.known_on or "") for verdict in (one, other)]
    return one if days[0] > days[1] else other


def _agree(one: Question, other: Question) -> bool:
    """Tell whether two files say the same of a question, as far as both say it."""
    both = one.fields.keys() & other.fields.keys()
    return _terms(one) == _terms(other) and all(one.fields[name] == other.fields[name] for name in both)


def _terms(question: Question) -> tuple[object, ...]:
    return question.text, question.deadline, question.opens_on, question.fields.get("type")


def _shown(question: Question) -> dict[str, object]:
    """Return what a message shows of a question that cannot be recorded."""
    verdict = question.verdict
    return {
        "key": question.id, "text": question.text, "opens_on": question.opens_on, "deadline": question.deadline,
        **({"outcome": str(verdict.outcome), "known_on": verdict.known_on} if verdict else {}),
    }  # fmt: skip
