"""ForecastBench: question sets, forecast sets and resolution sets, in any order.

An id is unique only with its source. A question about data has a claim for each resolution date, a question about a
market one claim. Which set and question a claim was is kept as a note, so that a forecast set can be written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.dates import read_day
from predictions.enums import ForecasterKind, Outcome, SourceKind
from predictions.errors import InvalidValue, short_repr
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump, DumpFile
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.questions import Account, LeftOut, Platform, Question, Verdict
from predictions.exchange.said import SaidForecast
from predictions.fields import TEXT_LIMIT, check_line
from predictions.timestamps import end_of, read_made_at, utc_day

PLATFORM = Platform("forecastbench", "ForecastBench", SourceKind.PLATFORM, "https://www.forecastbench.org")
QUESTIONS, FORECASTS, RESOLUTIONS = "questions", "forecasts", "resolutions"
NOT_SAID = "N/A"


class BenchSet(NamedTuple):
    """One file: what it holds, when its forecasts were due, what it says of itself, and its rows."""

    holds: str
    due_on: date
    name: str
    question_set: str
    organization: str
    model: str
    rows: Sequence[ExportRow]


class BenchQuestions(NamedTuple):
    """The questions of a run.

    Attributes:
        of_sets: By due date and key; None for one that is left out.
        first: By key, as the earliest set asks it.
    """

    of_sets: dict[tuple[date, str], Question | None]
    first: dict[str, Question]


def read_forecastbench(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read sets; forecasts and resolutions find their questions by the due date, source, id and resolution date."""
    sets = sorted((_set_of(file) for file in dump.files), key=lambda one: (one.due_on, one.name))
    questions = BenchQuestions({}, {})
    for one in sets:
        if one.holds == QUESTIONS:
            yield from _read_questions(one, questions)
    for one in sets:
        if one.holds == FORECASTS:
            yield from _read_forecasts(one, questions)
        elif one.holds == RESOLUTIONS:
            yield from _read_verdicts(one, questions)
    resolved = {bench_set.due_on for bench_set in sets if bench_set.holds == RESOLUTIONS}
    for question in questions.first.values():
        question.verdict_told = any((due_on, question.id) in questions.of_sets for due_on in resolved)
        yield question


def _set_of(file: DumpFile) -> BenchSet:
    top = file.json()
    holds = next((key for key in (QUESTIONS, FORECASTS, RESOLUTIONS) if isinstance(top, dict) and key in top), None)
    if holds is None:
        raise InvalidValue(f"{file.name} holds neither questions, forecasts nor resolutions of ForecastBench")
    try:
        due_on = read_day(top.get("forecast_due_date"))
    except ValueError:
        told = short_repr(top.get("forecast_due_date"))
        raise InvalidValue(f"{file.name}, forecast_due_date: {told} is no day; is it the set as it came?") from None
    question_set, organization, model = (_own_name(file, top, key) for key in ("question_set", "organization", "model"))
    if not question_set.startswith(str(due_on)):
        question_set = f"{due_on}-llm.json"
    return BenchSet(holds, due_on, file.name, question_set, organization, model, file.objects(holds))


def _own_name(file: DumpFile, top: Mapping[str, object], key: str) -> str:
    """Say what the whole file says of itself; nothing where it does not."""
    value = top.get(key) or ""
    with suppress(ValueError):
        return check_line(value).strip() if value else ""
    raise InvalidValue(f"{file.name}, {key}: {short_repr(value)} is no line of text; is it the set as it came?")


# -- questions -------------------------------------------------------------------------------------------------------


def _read_questions(bench_set: BenchSet, questions: BenchQuestions) -> Iterator[LeftOut]:
    here = dict[str, Question]()
    for row in bench_set.rows:
        with row:
            key = _key(row)
            if isinstance(row.fields.get("id"), list):
                yield LeftOut("question", key, "combination", row.row)
                continue
            for question in _claims_of(bench_set, row, key):
                before = here.setdefault(str(question.id), question)
                if before.text != question.text:
                    raise row.fault("question", f"row {before.row} asks {question.id} in other words; keep one of them")
                yield from _add(bench_set.due_on, question, questions)


def _add(due_on: date, question: Question, questions: BenchQuestions) -> Iterator[LeftOut]:
    """Note a question of one set: a market known already, whatever its words, or one on data, asked in the same words.

    Data that a later set compares with another day has the same key, and no place.
    """
    key = str(question.id)
    known = questions.first.setdefault(key, question)
    same = known.text == question.text or not _is_data(question)
    if known.opens_unsaid and not question.opens_unsaid:
        known.opens_on, known.opens_unsaid = question.opens_on, False
    if known is not question and not _is_data(question) and len(question.text or "") <= TEXT_LIMIT:
        ends = {"closes_at": question.fields["closes_at"]}
        known.told_last = replace(known, text=question.text, deadline=question.deadline, fields=known.fields | ends)
    questions.of_sets[due_on, key] = known if same else None
    if not same:
        yield LeftOut("question", key, "asked-anew", question.row)


def _claims_of(bench_set: BenchSet, row: ExportRow, key: str) -> Iterator[Question]:
    """Yield the questions of a row: one of a market, one for each date of data."""
    dates = row.fields.get("resolution_dates")
    if isinstance(dates, list) and dates:
        for day in dates:
            claim = _claim_of(bench_set, row, f"{key}/{day}", str(day))
            claim.opens_on, claim.deadline = bench_set.due_on, _row_day(row, "resolution_dates", day)
            claim.fields["cluster"], claim.of_its_first_day = key, True
            yield claim
        return
    claim = _claim_of(bench_set, row, key, NOT_SAID)
    opens, closes = (_moment_said(row, f"market_info_{name}_datetime") for name in ("open", "close"))
    claim.opens_on, claim.opens_unsaid = utc_day(opens or bench_set.due_on), opens is None
    claim.deadline = None if isinstance(closes, datetime) else closes
    claim.fields["closes_at"] = closes if isinstance(closes, datetime) else None
    yield claim


def _claim_of(bench_set: BenchSet, row: ExportRow, key: str, resolution_date: str) -> Question:
    def filled(name: str) -> str | None:
        text = _text_said(row, name)
        for place, value in (("resolution_date", resolution_date), ("forecast_due_date", str(bench_set.due_on))):
            text = text and text.replace(f"{{{place}}}", value)
        return text

    criteria = filter(None, (filled("resolution_criteria"), filled("market_info_resolution_criteria")))
    return Question(
        row.row, id=key, text=row.needed("question", filled("question")),
        link=row.text("url") and _text_said(row, "url"), origin=f"{key} in {bench_set.question_set}",
        fields={"criteria": "\n".join(criteria) or None, "tags": [row.key("source")]},
    )  # fmt: skip


# -- forecasts and verdicts ------------------------------------------------------------------------------------------


def _read_forecasts(bench_set: BenchSet, questions: BenchQuestions) -> Iterator[Account | LeftOut]:
    """Give the questions the forecasts of one set, all by one model; numbers that were filled in are left out."""
    organization, model = bench_set.organization or PLATFORM.title, bench_set.model or bench_set.name
    account = Account(f"{organization} {model}", ForecasterKind.MODEL, f"{organization}: {model}")
    yield account
    made_at = read_made_at(bench_set.due_on)
    if any(made_at > row.latest for row in bench_set.rows):
        raise InvalidValue(
            f"{bench_set.name}, forecast_due_date: {bench_set.due_on} is not over; its forecasts are of that day's end"
        )
    for row in bench_set.rows:
        with row:
            found, key = _found(bench_set, row, questions)
            chance, reasoning = row.chance("forecast"), row.words("reasoning")
            if found is None:
                if key:
                    yield LeftOut("forecast", key, "unknown-question", row.row)
            elif chance is None or row.fields.get("imputed") is True:
                yield LeftOut("forecast", key, "filled-in" if chance is not None else "no-number", row.row)
            else:
                said = {"probability": chance, **({"note": reasoning} if reasoning else {})}
                found.said.append(SaidForecast(row.row, account.name, made_at, said))


def _read_verdicts(bench_set: BenchSet, questions: BenchQuestions) -> Iterator[LeftOut]:
    """Give the questions their verdicts; the value of a market that still runs is none."""
    here = dict[str, Verdict]()
    for row in bench_set.rows:
        with row:
            found, key = _found(bench_set, row, questions)
            if found is None:
                if key:
                    yield LeftOut("verdict", key, "unknown-question", row.row)
                continue
            value, resolved = row.chance("resolved_to"), row.fields.get("resolved")
            day = _row_day(row, "resolution_date", row.fields.get("resolution_date"))
            if not isinstance(resolved, bool):
                raise row.fault("resolved", "say true or false")
            if not resolved:
                yield LeftOut("verdict", key, "not-final" if _is_data(found) else "market-value", row.row)
                continue
            known_on = end_of(day).date() if _is_data(found) else day  # the value of a day is known the day after
            if known_on > row.latest.date():
                raise row.fault("resolution_date", "lies in the future")
            verdict = Verdict(row.row, _outcome(value), known_on)
            before = here.setdefault(str(found.id), verdict)
            if before[1:] != verdict[1:]:
                raise row.fault("resolved_to", f"row {before.row} resolves {key} otherwise; keep one of them")
            if found.verdict and found.verdict[1:] != verdict[1:]:
                yield LeftOut("verdict", key, "resolved-anew", found.verdict.row)
            found.verdict = verdict


def _found(bench_set: BenchSet, row: ExportRow, questions: BenchQuestions) -> tuple[Question | None, str]:
    """Return the question of a row and its key; no key for what was left out with its question.

    A combination has the key under which a question set leaves it out; what is said of it is then not counted.
    """
    key = _key(row)
    if isinstance(row.fields.get("id"), list):
        return None, key
    day = row.fields.get("resolution_date")
    for tried in (f"{key}/{day}", key) if day else (key,):
        if (bench_set.due_on, tried) in questions.of_sets:
            found = questions.of_sets[bench_set.due_on, tried]
            return found, tried if found else ""
    return None, f"{key}/{day}" if day else key


def _is_data(question: Question) -> bool:
    return "cluster" in question.fields


def _outcome(value: float | None) -> Outcome | float:
    if value is None:
        return Outcome.ANNULLED  # a question that was nullified
    return {0.0: Outcome.NO, 1.0: Outcome.YES}.get(value, value)


# -- cells -----------------------------------------------------------------------------------------------------------


def _key(row: ExportRow) -> str:
    """Return source and id; of a combination all its ids."""
    ids = row.fields.get("id")
    return f"{row.key('source')}/{'+'.join(map(str, ids)) if isinstance(ids, list) else row.key('id')}"


def _text_said(row: ExportRow, name: str) -> str | None:
    text = row.words(name)
    return None if text == NOT_SAID else text


def _moment_said(row: ExportRow, name: str) -> date | datetime | None:
    """Return a moment, or a bare day; None for N/A."""
    text = _text_said(row, name)
    if text is None:
        return None
    with suppress(ValueError):
        return read_day(text)
    return row.moment(name)


def _row_day(row: ExportRow, name: str, value: Any) -> date:  # whatever JSON holds
    try:
        return read_day(value)
    except ValueError:
        raise row.fault(name, "say a day such as 2026-04-19") from None
