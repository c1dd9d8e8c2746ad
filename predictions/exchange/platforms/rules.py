"""Check what a platform's reader yields by the rules that hold for all platforms, and collect it."""

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
from predictions.exchange.platforms.message_cells import CellsInMessages
from predictions.exchange.platforms.same_question import differing, said_in_order
from predictions.exchange.questions import Account, FileRead, LeftOut, Platform, Question, Verdict, slug_of_key
from predictions.exchange.said import SaidForecast
from predictions.exchange.said_columns import NOT_SAID, Said, SaidColumns, Who, said_of
from predictions.fields import TEXT_LIMIT
from predictions.importing.refusals import WHOLE_ROW
from predictions.slugs import slug_from
from predictions.timestamps import MICROSECOND, in_microseconds, moment_at, spoken_moment, utc_day

SETTLE_DAYS = 30
Found = Question | Account | LeftOut


def gather(dump: Dump, platform: Platform, records: Iterable[Found], now: datetime) -> FileRead:
    """Return what a reader yields as a file to be recorded.

    Questions and forecasts without a place are left out and counted. Raises RowsRefused if something cannot be read.
    """
    gathering = _Gathering(dump, platform, now)
    for record in records:
        gathering.take(record)
    file = gathering.finished()
    dump.refuse()
    return file


def last_day(closes_at: datetime) -> date:
    """Return the last day before a moment: a deadline at midnight ends the day before.

    >>> last_day(datetime(2027, 1, 1))
    datetime.date(2026, 12, 31)
    """
    return (closes_at - MICROSECOND).date()


def settle_days(closes_at: datetime, resolves_at: datetime | None) -> int | None:
    """Return the days from a question's last day to its settle day, thirty or more; None without *resolves_at*.

    *resolves_at* is when the platform means to resolve it. None leaves the claim with its usual thirty days.
    """
    return None if resolves_at is None else max((resolves_at.date() - last_day(closes_at)).days, SETTLE_DAYS)


class _Gathering:
    """Collects what a reader yields."""

    def __init__(self, dump: Dump, platform: Platform, now: datetime) -> None:
        """Start with the files of a run; forecasts later than *now* are refused."""
        self._dump, self._platform, self._now = dump, platform, now
        self._accounts: dict[str, Account] = {}
        self._users: defaultdict[str, set[str | None]] = defaultdict(set)  # ids by name
        self._left_out: list[LeftOut] = []
        self._gone: set[tuple[str, str]] = set()  # questions that were left out, each with the reason
        self._of_question = dict[tuple[str, str, str], dict[int, list[LeftOut]]]()  # other things left out, by file
        self._questions: dict[str, Question] = {}
        self._keys: Sequence[str] = ()  # of all questions, once they are collected
        self._repeated = 0
        self._tag = cache(partial(slug_from, taken=(), otherwise="tag"))  # cached: many questions share a few tags

    def take(self, record: Found) -> None:
        """Take a question, an account, or something left out."""
        if isinstance(record, Account):
            earlier = self._accounts.get(record.name, record)
            size = max(earlier.size or 0, record.size or 0) or None
            self._accounts[record.name] = record._replace(size=size, user=earlier.user or record.user)
        elif isinstance(record, LeftOut):
            self._leave_out(record)
        else:
            self._question(record)

    def _leave_out(self, left_out: LeftOut) -> None:
        """Keep something left out: a question only once, its forecasts and comments by file."""
        if left_out.unit != "question":
            of_files = self._of_question.setdefault((left_out.unit, left_out.key, left_out.why), {})
            of_files.setdefault(len(self._dump.begun), []).append(left_out)
        elif (left_out.key, left_out.why) not in self._gone:
            self._left_out.append(left_out)
            self._gone.add((left_out.key, left_out.why))

    def finished(self) -> FileRead:
        """Return the file: forecasts by time, and nothing counted for questions that are left out themselves."""
        self._keys = list(self._questions)
        said = self._that_counts(said_of(self._questions.values()))
        self._note_users(said.people)
        for of_files in self._of_question.values():  # files may overlap: count the one that leaves out most
            self._left_out += max(of_files.values(), key=lambda left_out: sum(item.count for item in left_out))
        gone_keys = {item.key for item in self._left_out if item.unit == "question"} - self._questions.keys()
        left_out = [item for item in self._left_out if item.unit == "question" or item.key not in gone_keys]
        questions = list(self._questions.values())
        if len(self._dump.files) > 1:  # their rows have the same numbers
            questions = [_numbered(question, number) for number, question in enumerate(questions, 1)]
        return FileRead(
            self._dump.name, self._dump.sha256, self._dump.refusals, said, self._dump.rows,
            questions=questions, cells=CellsInMessages(questions),
            repeated=self._repeated, accounts=self._accounts, left_out=left_out,
            names=[name for name, users in self._users.items() if len(users) == 1],
        )  # fmt: skip

    # -- questions ---------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> None:
        """Take a question: check it by the rules, and join it with the same question of another file.

        A question without a text, or that contradicts the other file, is refused; one that a ledger cannot hold is left
        out.
        """
        key = question.id or question.text or ""
        question.id = key
        self._complete(question)
        self._leave_long_texts(question)
        self._leave_undated_verdict(question)
        if question.later_version is not None:
            self._complete(question.later_version)
        if not question.text or not question.text.strip():
            self._dump.refusals.add(question.row, "text", question.text, "what is asked? say it", [question.id])
            return
        if reason := _no_place(question, self._now.date()):
            self._leave_out(LeftOut("question", key, reason, question.row))
            return
        earlier = self._questions.get(key)
        if earlier is not None:
            if (field := differing(earlier, question)) is not None:
                self._dump.refusals.add(
                    question.row, WHOLE_ROW, None, self._of_two_minds(earlier, field), [question.text]
                )
                return
            # One list takes the place of both columns of forecasts.
            forecasts = [*earlier.all_said(), *said_in_order(question, earlier)]
            verdict, fields = _later(earlier.verdict, question.verdict), question.fields | earlier.fields
            question = replace(earlier, said=forecasts, series=None, verdict=verdict, fields=fields)
        self._questions[key] = question

    def _complete(self, question: Question) -> None:
        """Give a question the fields of its claim, and a deadline if only the moment of closing is given."""
        question.fields = self._fields(question)
        closes_at = question.fields.get("closes_at")
        if question.deadline is None and isinstance(closes_at, datetime):
            question.deadline = last_day(closes_at)

    def _leave_long_texts(self, question: Question) -> None:
        """Leave out criteria and notes that are too long for a record; the question and its forecasts are kept."""
        if "criteria" in question.fields:
            question.fields = self._without_long(question, "criteria", question.fields, question.row)
        if question.said:
            question.said = [
                said._replace(fields=self._without_long(question, "note", said.fields, said.row))
                if "note" in said.fields else said
                for said in question.said
            ]  # fmt: skip

    def _leave_undated_verdict(self, question: Question) -> None:
        """Leave out a verdict without the time at which it was known; the question stays open, as far as it is told."""
        if question.verdict is not None and question.verdict.known_on is None:
            self._leave_out(LeftOut("verdict", question.id or "", "undated", question.verdict.row))
            question.verdict, question.verdict_told = None, False

    def _without_long(self, question: Question, name: str, fields: Mapping[str, object], row: int) -> dict[str, object]:
        """Return fields without a text that is too long, which is then counted as left out."""
        if len(str(fields.get(name, ""))) <= TEXT_LIMIT:
            return dict(fields)
        self._leave_out(LeftOut("text", question.id or "", "too-long", row))
        return {other: value for other, value in fields.items() if other != name}

    def _of_two_minds(self, earlier: Question, field: str) -> str:
        """Return what would be right if two rows or files say different things of one question."""
        if len(self._dump.files) == 1:
            return f"row {earlier.row} says another {field} of the same question"
        return f"{earlier.id} is there twice, each with its own {field}; give one file a run, the older first"

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
        """Return the forecasts that count, by question and time; of two at one moment, the later one in the file.

        A withdrawal in the future is dropped uncounted: on some platforms a forecast expires at a time set before.
        """
        for name, user in said.people:
            if name is not None:
                self._users[name].add(user)
        columns, now = said.columns, in_microseconds(self._now)
        columns = columns.chosen(~(columns.withdrawn() & (columns.forecasts.made_at > now)))
        columns = self._timely(self._by_somebody(columns, said.people))
        duplicates = columns.later_ones(len(said.people))
        self._repeated += duplicates.repeated
        self._leave_out_rows(columns.chosen(np.array(duplicates.replaced, np.intp)), "same-moment")
        columns = columns.chosen(duplicates.kept)
        columns = columns.chosen(np.lexsort((columns.forecasts.made_at, columns.forecasts.claim)))
        return Said(columns, list(map(self._told_apart, said.people)))

    def _by_somebody(self, columns: SaidColumns[SaidForecast], people: Sequence[Who]) -> SaidColumns[SaidForecast]:
        """Leave out forecasts by nobody."""
        is_by_nobody = np.array([name is None for name, _ in people], np.bool_)[columns.forecasts.forecaster]
        by_nobody = columns.chosen(is_by_nobody)
        if len(self._dump.files) > 1:  # files may overlap
            by_nobody = by_nobody.chosen(by_nobody.later_ones(len(people)).kept)
        self._leave_out_rows(by_nobody, "no-forecaster")
        return columns.chosen(~is_by_nobody)

    def _timely(self, columns: SaidColumns[SaidForecast]) -> SaidColumns[SaidForecast]:
        """Refuse forecasts without a time, or with one at which they cannot have been made."""
        earliest, latest = in_microseconds(EARLIEST), in_microseconds(self._now)
        is_untimely = (columns.forecasts.made_at > latest) | (columns.forecasts.made_at < earliest)
        refused = columns.chosen(is_untimely)
        _, first = np.unique(refused.row, return_index=True)
        for place in np.sort(first).tolist():
            microseconds = int(refused.forecasts.made_at[place])
            made_at = None if microseconds == NOT_SAID else moment_at(microseconds)
            key = self._key_of(int(refused.forecasts.claim[place]))
            self._dump.refusals.add(int(refused.row[place]), "made_at", made_at, self._untimely(made_at), [key])
        return columns.chosen(~is_untimely)

    def _untimely(self, made_at: datetime | None) -> str:
        """Return why a forecast cannot have been made at a moment."""
        if made_at is None:
            return "when was it made?"
        if made_at > self._now:
            return f"lies in the future: in UTC it is {spoken_moment(self._now)}"
        return "lies before any platform began; was it an empty cell?"

    def _leave_out_rows(self, columns: SaidColumns[SaidForecast], reason: str) -> None:
        """Count forecasts that are left out for a reason."""
        for question, row in zip(columns.forecasts.claim.tolist(), columns.row.tolist(), strict=True):
            self._left_out.append(LeftOut("forecast", self._key_of(question), reason, row))

    def _key_of(self, question: int) -> str:
        return self._keys[question]

    def _note_users(self, people: Iterable[Who]) -> None:
        """Note the platform's id of each name, if the files give it."""
        for name, user in people:
            if name is not None and user is not None:
                self._accounts[name] = self._accounts.get(name, Account(name))._replace(user=user)

    def _told_apart(self, person: Who) -> Who:
        """Return a forecaster; under the user's id if several users share the name."""
        name, user = person
        if name is None or user is None or len(self._users[name]) == 1:
            return person
        self._accounts[user] = Account(user, title=name)
        self._users[user].add(user)
        return user, user


def _numbered(question: Question, number: int) -> Question:
    """Return a question with another row number, by which messages find it."""
    return replace(question, row=number, verdict=question.verdict and question.verdict._replace(row=number))


def _no_place(question: Question, today: date) -> str | None:
    """Return why a question has no place in a ledger; None if it has one."""
    opens_on, deadline, verdict = question.opens_on, question.deadline, question.verdict
    if len(question.text or "") > TEXT_LIMIT:
        return "too-long"
    if deadline is None:
        return "no-deadline"
    closes_at = question.fields.get("closes_at")
    ends_on = last_day(closes_at) if isinstance(closes_at, datetime) else deadline
    days = [day for day in (deadline, ends_on) if isinstance(day, date)]
    if opens_on and min(days, default=opens_on) < opens_on:
        return "due-before-made"
    if opens_on and opens_on > today:
        return "not-open-yet"
    known_on = verdict.known_on if verdict and verdict.outcome not in UNDECIDED else None
    if opens_on and known_on and utc_day(known_on) < opens_on:
        return "answer-before-opening"
    return None


def _later(first: Verdict | None, second: Verdict | None) -> Verdict | None:
    """Return the verdict that became known last, whatever the order of the files."""
    if first is None or second is None:
        return second or first
    days = [str(verdict.known_on or "") for verdict in (first, second)]
    return first if days[0] > days[1] else second
