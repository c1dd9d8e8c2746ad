"""Check what the reader of a platform yields against the rules that are the same for all platforms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial

import numpy as np

from predictions.enums import UNDECIDED
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.export_row import EARLIEST
from predictions.exchange.platforms.same_question import differing, said_in_order
from predictions.exchange.questions import Account, FileRead, LeftOut, Platform, Question, Verdict, slug_of_key
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NOT_SAID, Said, SaidColumns, Who, said_of
from predictions.fields import TEXT_LIMIT
from predictions.importing.refusals import WHOLE_ROW
from predictions.recording.days_ahead import AHEAD
from predictions.slugs import slug_from
from predictions.timestamps import MICROSECOND, in_microseconds, moment_at, spoken_moment, utc_day

SETTLE_DAYS = 30
Found = Question | Account | LeftOut


def gather(dump: Dump, platform: Platform, found: Iterable[Found], now: datetime) -> FileRead:
    """Gather what a reader yields into what the taker records.

    Questions and forecasts that have no place are left out and counted; RowsRefused for what cannot be read.
    """
    gathering = _Gathering(dump, platform, now)
    for one in found:
        gathering.take(one)
    read = gathering.finished()
    dump.refuse()
    return read


def last_day(closes_at: datetime) -> date:
    """Return the day of a moment's last instant: a deadline at midnight ends the day before.

    >>> last_day(datetime(2027, 1, 1))
    datetime.date(2026, 12, 31)
    """
    return (closes_at - MICROSECOND).date()


def settle_days(closes_at: datetime, resolves_at: datetime | None) -> int | None:
    """Return how many days after its last day a question settles: when the platform means to resolve it, or thirty.

    None where the file does not tell when that is; a claim then has thirty, too.
    """
    return None if resolves_at is None else max((resolves_at.date() - last_day(closes_at)).days, SETTLE_DAYS)


class _Gathering:
    """Takes what a reader yields, one after the other."""

    def __init__(self, dump: Dump, platform: Platform, now: datetime) -> None:
        self._dump, self._platform, self._now = dump, platform, now
        self._accounts: dict[str, Account] = {}
        self._users: defaultdict[str, set[str | None]] = defaultdict(set)  # by their names
        self._left_out: list[LeftOut] = []
        self._gone: set[tuple[str, str]] = set()  # questions that were left out, and why
        self._of_question = dict[tuple[str, str, str], dict[int, list[LeftOut]]]()  # what was left out of it, by file
        self._questions: dict[str, Question] = {}
        self._keys: Sequence[str] = ()  # of all questions, once they are taken
        self._repeated = 0
        self._tag = cache(partial(slug_from, taken=(), otherwise="tag"))  # many questions have the same few

    def take(self, found: Found) -> None:
        """Take a question, an account, or what was left out."""
        if isinstance(found, Account):
            before = self._accounts.get(found.name, found)
            size = max(before.size or 0, found.size or 0) or None
            self._accounts[found.name] = found._replace(size=size, user=before.user or found.user)
        elif isinstance(found, LeftOut):
            self._leave_out(found)
        else:
            self._question(found)

    def _leave_out(self, found: LeftOut) -> None:
        """Count what has no place: a question once, though several files have it, and what is said of it by file."""
        if found.unit != "question":
            of_files = self._of_question.setdefault((found.unit, found.key, found.why), {})
            of_files.setdefault(len(self._dump.begun), []).append(found)
        elif (found.key, found.why) not in self._gone:
            self._left_out.append(found)
            self._gone.add((found.key, found.why))

    def finished(self) -> FileRead:
        """Return all that was taken, forecasts by time; what is said of a question left out is not counted."""
        self._keys = list(self._questions)
        said = self._that_counts(said_of(self._questions.values()))
        self._note_users(said.people)
        for of_files in self._of_question.values():  # which may overlap
            self._left_out += max(of_files.values(), key=lambda left_out: sum(one.count for one in left_out))
        gone = {one.key for one in self._left_out if one.unit == "question"} - self._questions.keys()
        left_out = [one for one in self._left_out if one.unit == "question" or one.key not in gone]
        questions = list(self._questions.values())
        if len(self._dump.files) > 1:  # whose rows have the same numbers
            questions = [_numbered(question, number) for number, question in enumerate(questions, 1)]
        return FileRead(
            self._dump.name, self._dump.sha256, self._dump.refusals, said, self._dump.rows,
            questions=questions, cells={question.row: _question_in_message(question) for question in questions},
            repeated=self._repeated, accounts=self._accounts, left_out=left_out,
            names=[name for name, users in self._users.items() if len(users) == 1],
        )  # fmt: skip

    # -- questions ---------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> None:
        """Check a question against the rules, and join it with what another file says of it."""
        key = question.id or question.text or ""
        question.id = key
        self._complete(question)
        self._leave_long_texts(question)
        if question.told_last is not None:
            self._complete(question.told_last)
        if not question.text or not question.text.strip():
            self._dump.refusals.add(question.row, "text", question.text, "what is asked? say it", [question.id])
            return
        if why := _no_place(question, self._now.date()):
            self._leave_out(LeftOut("question", key, why, question.row))
            return
        known = self._questions.get(key)
        if known is not None:
            if (name := differing(known, question)) is not None:
                self._dump.refusals.add(question.row, WHOLE_ROW, None, self._of_two_minds(known, name), [question.text])
                return
            said = [*known.all_said(), *said_in_order(question, known)]
            verdict, fields = _later(known.verdict, question.verdict), question.fields | known.fields
            question = replace(known, said=said, series=None, verdict=verdict, fields=fields)
        self._questions[key] = question

    def _complete(self, question: Question) -> None:
        """Give a question the fields of its claim, and its deadline where only the moment is told."""
        question.fields = self._fields(question)
        closes_at = question.fields.get("closes_at")
        if question.deadline is None and isinstance(closes_at, datetime):
            question.deadline = last_day(closes_at)

    def _leave_long_texts(self, question: Question) -> None:
        """Leave out criteria and notes for which a record has no room: the question and its forecasts stand without."""
        question.fields = self._without_long(question, "criteria", question.fields, question.row)
        question.said = [
            said._replace(fields=self._without_long(question, "note", said.fields, said.row))
            if "note" in said.fields else said
            for said in question.said
        ]  # fmt: skip

    def _without_long(self, question: Question, name: str, fields: Mapping[str, object], row: int) -> dict[str, object]:
        if len(str(fields.get(name, ""))) <= TEXT_LIMIT:
            return dict(fields)
        self._leave_out(LeftOut("text", question.id or "", "too-long", row))
        return {other: value for other, value in fields.items() if other != name}

    def _of_two_minds(self, known: Question, name: str) -> str:
        """Say what would be right where two say of one question what cannot both be kept, under some name."""
        if len(self._dump.files) == 1:
            return f"row {known.row} says another {name} of the same question"
        return f"{known.id} is there twice, each with its own {name}; give one file a run, the older first"

    def _fields(self, question: Question) -> dict[str, object]:
        """Return the fields of a question's claim, with its tags and cluster as slugs."""
        fields = {name: value for name, value in question.fields.items() if value is not None}
        tags = fields.get("tags")
        if isinstance(tags, (list, tuple)):
            fields["tags"] = tuple(sorted({self._tag(str(tag)) for tag in tags if tag}))
        if cluster := fields.get("cluster"):
            fields["cluster"] = slug_of_key(self._platform.slug, str(cluster))
        return fields

    # -- forecasts ---------------------------------------------------------------------------------------------

    def _that_counts(self, said: Said) -> Said:
        """Return what counts of what is said, by question and time; of two at one moment the later in the file.

        A withdrawal in the future is left out uncounted: on some platforms a forecast expires at a time that is set.
        """
        for name, user in said.people:
            if name is not None:
                self._users[name].add(user)
        columns, now = said.columns, in_microseconds(self._now)
        columns = columns.chosen(~(columns.withdrawn() & (columns.forecasts.made_at > now)))
        columns = self._timely(self._by_somebody(columns, said.people))
        later = columns.later_ones(len(said.people))
        self._repeated += later.repeated
        self._leave_out_rows(columns.chosen(np.array(later.replaced, np.intp)), "same-moment")
        columns = columns.chosen(later.kept)
        columns = columns.chosen(np.lexsort((columns.forecasts.made_at, columns.forecasts.claim)))
        return Said(columns, list(map(self._told_apart, said.people)))

    def _by_somebody(self, columns: SaidColumns[SaidForecast], people: Sequence[Who]) -> SaidColumns[SaidForecast]:
        """Leave out what nobody said."""
        nobody = np.array([name is None for name, _ in people], np.bool_)[columns.forecasts.forecaster]
        said = columns.chosen(nobody)
        if len(self._dump.files) > 1:  # which may overlap
            said = said.chosen(said.later_ones(len(people)).kept)
        self._leave_out_rows(said, "no-forecaster")
        return columns.chosen(~nobody)

    def _timely(self, columns: SaidColumns[SaidForecast]) -> SaidColumns[SaidForecast]:
        """Refuse what has no time, and what cannot have been made then."""
        earliest, latest = in_microseconds(EARLIEST), in_microseconds(self._now + AHEAD)
        untimely = (columns.forecasts.made_at > latest) | (columns.forecasts.made_at < earliest)
        refused = columns.chosen(untimely)
        _, first = np.unique(refused.row, return_index=True)
        for place in np.sort(first).tolist():
            at = int(refused.forecasts.made_at[place])
            made_at = None if at == NOT_SAID else moment_at(at)
            key = self._key_of(int(refused.forecasts.claim[place]))
            self._dump.refusals.add(int(refused.row[place]), "made_at", made_at, self._untimely(made_at), [key])
        return columns.chosen(~untimely)

    def _untimely(self, made_at: datetime | None) -> str:
        """Say why a moment cannot be when a forecast was made."""
        if made_at is None:
            return "when was it made?"
        if made_at > self._now:
            return f"lies in the future: in UTC it is {spoken_moment(self._now)}"
        return "lies before any platform began; was it an empty cell?"

    def _leave_out_rows(self, columns: SaidColumns[SaidForecast], why: str) -> None:
        for question, row in zip(columns.forecasts.claim.tolist(), columns.row.tolist(), strict=True):
            self._left_out.append(LeftOut("forecast", self._key_of(question), why, row))

    def _key_of(self, question: int) -> str:
        return self._keys[question]

    def _note_users(self, people: Iterable[Who]) -> None:
        """Note by which id the platform knows each name, where the files tell."""
        for name, user in people:
            if name is not None and user is not None:
                self._accounts[name] = self._accounts.get(name, Account(name))._replace(user=user)

    def _told_apart(self, who: Who) -> Who:
        """Return somebody under the user's id, where several users have one name."""
        name, user = who
        if name is None or user is None or len(self._users[name]) == 1:
            return who
        self._accounts[user] = Account(user, title=name)
        self._users[user].add(user)
        return user, user


def _numbered(question: Question, number: int) -> Question:
    """Return a question under another row number, by which messages find what it says."""
    return replace(question, row=number, verdict=question.verdict and question.verdict._replace(row=number))


def _no_place(question: Question, today: date) -> str | None:
    """Say why a question has no place in a ledger; None where it has one."""
    opens_on, deadline, verdict = question.opens_on, question.deadline, question.verdict
    if len(question.text or "") > TEXT_LIMIT:
        return "too-long"
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


def _question_in_message(question: Question) -> dict[str, object]:
    """Return what a message shows of a question that cannot be recorded."""
    verdict = question.verdict
    return {
        "key": question.id, "text": question.text, "opens_on": question.opens_on, "deadline": question.deadline,
        **({"outcome": str(verdict.outcome), "known_on": verdict.known_on} if verdict else {}),
    }  # fmt: skip
