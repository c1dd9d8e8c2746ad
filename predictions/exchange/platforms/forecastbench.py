"""Read ForecastBench's question sets, forecast sets and resolution sets, in any order.

An id is unique only within its source. A question about data is a claim for each resolution date, a question about a
market is one claim. Its set and key are kept as a note, so that a forecast set can be written again.
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
    """One file: what it holds, when its forecasts were due, its own names, and its rows."""

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
        of_sets: By due date and key; None for a question that is left out.
        first: By key, in the words of the earliest set.
    """

    of_sets: dict[tuple[date, str], Question | None]
    first: dict[str, Question]


def read_forecastbench(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read sets; forecasts and resolutions find their questions by due date, source, id and resolution date."""
    sets = sorted((_set_of(file) for file in dump.files), key=lambda bench_set: (bench_set.due_on, bench_set.name))
    questions = BenchQuestions({}, {})
    for bench_set in sets:
        if bench_set.holds == QUESTIONS:
            yield from _read_questions(bench_set, questions)
    for bench_set in sets:
        if bench_set.holds == FORECASTS:
            yield from _read_forecasts(bench_set, questions)
        elif bench_set.holds == RESOLUTIONS:
            yield from _read_verdicts(bench_set, questions)
    resolved = {bench_set.due_on for bench_set in sets if bench_set.holds == RESOLUTIONS}
    for question in questions.first.values():
        question.verdict_told = any((due_on, question.id) in questions.of_sets for due_on in resolved)
        yield question


def _set_of(file: DumpFile) -> BenchSet:
    """Return a file as a set; InvalidValue if it is not one."""
    top = file.json()
    holds = next((key for key in (QUESTIONS, FORECASTS, RESOLUTIONS) if isinstance(top, dict) and key in top), None)
    if holds is None:
        raise InvalidValue(f"{file.name} holds neither questions, forecasts nor resolutions of ForecastBench")
    try:
        due_on = read_day(top.get("forecast_due_date"))
    except ValueError:
        value = short_repr(top.get("forecast_due_date"))
        raise InvalidValue(f"{file.name}, forecast_due_date: {value} is no day; is it the set as it came?") from None
    question_set, organization, model = (_own_name(file, top, key) for key in ("question_set", "organization", "model"))
    if not question_set.startswith(str(due_on)):
        question_set = f"{due_on}-llm.json"
    return BenchSet(holds, due_on, file.name, question_set, organization, model, file.objects(holds))


def _own_name(file: DumpFile, top: Mapping[str, object], key: str) -> str:
    """Return a name that a file gives itself; empty if it gives none."""
    value = top.get(key) or ""
    with suppress(ValueError):
        return check_line(value).strip() if value else ""
    raise InvalidValue(f"{file.name}, {key}: {short_repr(value)} is no line of text; is it the set as it came?")


# -- questions -------------------------------------------------------------------------------------------------------


def _read_questions(bench_set: BenchSet, questions: BenchQuestions) -> Iterator[LeftOut]:
    """Add the questions of a set; yield those that are left out."""
    first_here = dict[str, Question]()
    for row in bench_set.rows:
        with row:
            key = _key(row)
            if isinstance(row.fields.get("id"), list):
                yield LeftOut("question", key, "combination", row.row)
                continue
            for question in _claims_of(bench_set, row, key):
                earlier = first_here.setdefault(str(question.id), question)
                if earlier.text != question.text:
                    fix = f"row {earlier.row} asks {question.id} in other words; keep one of them"
                    raise row.fault("question", fix)
                yield from _add(bench_set.due_on, question, questions)


def _add(due_on: date, question: Question, questions: BenchQuestions) -> Iterator[LeftOut]:
    """Add a question of one set. A market that is known stays one question, whatever its words.

    A question on data is known by its words: the same key with others means another comparison, and is left out.
    """
    key = str(question.id)
    first = questions.first.setdefault(key, question)
    is_same = first.text == question.text or not _is_data(question)
    if first.opens_unsaid and not question.opens_unsaid:
        first.opens_on, first.opens_unsaid = question.opens_on, False
    if first is not question and not _is_data(question) and len(question.text or "") <= TEXT_LIMIT:
        ends = {"closes_at": question.fields["closes_at"]}  # a later set may have other words, or another end
        first.later_version = replace(first, text=question.text, deadline=question.deadline, fields=first.fields | ends)
    questions.of_sets[due_on, key] = first if is_same else None
    if not is_same:
        yield LeftOut("question", key, "asked-anew", question.row)


def _claims_of(bench_set: BenchSet, row: ExportRow, key: str) -> Iterator[Question]:
    """Yield the questions of a row: one for a market, one for each resolution date of data."""
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
    """Return the question of a row on one date, with dates filled into its text."""

    def filled(name: str) -> str | None:
        """Return a text of the row with the dates in place of their names; None if it is empty."""
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
    """Add the forecasts of one set, all by one model; yield those left out, such as numbers that were filled in."""
    organization, model = bench_set.organization or PLATFORM.title, bench_set.model or bench_set.name
    account = Account(f"{organization} {model}", ForecasterKind.MODEL, f"{organization}: {model}")
    yield account
    made_at = read_made_at(bench_set.due_on)  # the end of the day
    if any(made_at > row.latest for row in bench_set.rows):
        raise InvalidValue(
            f"{bench_set.name}, forecast_due_date: {bench_set.due_on} is not over; its forecasts are of that day's end"
        )
    for row in bench_set.rows:
        with row:
            question, key = _found(bench_set, row, questions)
            chance, reasoning = row.chance("forecast"), row.words("reasoning")
            if question is None:
                if key:
                    yield LeftOut("forecast", key, "unknown-question", row.row)
            elif chance is None or row.fields.get("imputed") is True:
                yield LeftOut("forecast", key, "filled-in" if chance is not None else "no-number", row.row)
            else:
                fields = {"probability": chance, **({"note": reasoning} if reasoning else {})}
                question.said.append(SaidForecast(row.row, account.name, made_at, fields))


def _read_verdicts(bench_set: BenchSet, questions: BenchQuestions) -> Iterator[LeftOut]:
    """Add the verdicts of one set; the value of a market that is still open is not a verdict."""
    first_here = dict[str, Verdict]()
    for row in bench_set.rows:
        with row:
            question, key = _found(bench_set, row, questions)
            if question is None:
                if key:
                    yield LeftOut("verdict", key, "unknown-question", row.row)
                continue
            value, resolved = row.chance("resolved_to"), row.fields.get("resolved")
            day = _row_day(row, "resolution_date", row.fields.get("resolution_date"))
            if not isinstance(resolved, bool):
                raise row.fault("resolved", "say true or false")
            if not resolved:
                yield LeftOut("verdict", key, "not-final" if _is_data(question) else "market-value", row.row)
                continue
            known_on = end_of(day).date() if _is_data(question) else day  # the value of a day is known the day after
            if known_on > row.latest.date():
                raise row.fault("resolution_date", "lies in the future")
            verdict = Verdict(row.row, _outcome(value), known_on)
            earlier = first_here.setdefault(str(question.id), verdict)
            if earlier[1:] != verdict[1:]:
                raise row.fault("resolved_to", f"row {earlier.row} resolves {key} otherwise; keep one of them")
            if question.verdict and question.verdict[1:] != verdict[1:]:
                yield LeftOut("verdict", key, "resolved-anew", question.verdict.row)
            question.verdict = verdict


def _found(bench_set: BenchSet, row: ExportRow, questions: BenchQuestions) -> tuple[Question | None, str]:
    """Return the question of a row and its key: (None, "") if the question was left out, (None, key) if unknown.

    A row on a combination of questions has a list of ids. Such questions are left out under the same key, so that
    what is said of them is not counted again.
    """
    key, day = _key(row), row.fields.get("resolution_date")
    if isinstance(row.fields.get("id"), list):
        return None, key
    keys = [f"{key}/{day}", key] if day else [key]  # of data, of a market
    for candidate in keys:
        if (bench_set.due_on, candidate) in questions.of_sets:
            question = questions.of_sets[bench_set.due_on, candidate]
            return (None, "") if question is None else (question, candidate)
    return None, keys[0]


def _is_data(question: Question) -> bool:
    """Tell whether a question is about data, not about a market."""
    return "cluster" in question.fields


def _outcome(value: float | None) -> Outcome | float:
    """Return an outcome; a question without a value was nullified."""
    if value is None:
        return Outcome.ANNULLED
    return {0.0: Outcome.NO, 1.0: Outcome.YES}.get(value, value)


# -- cells -----------------------------------------------------------------------------------------------------------


def _key(row: ExportRow) -> str:
    """Return source and id; for a combination, all its ids."""
    ids = row.fields.get("id")
    return f"{row.key('source')}/{'+'.join(map(str, ids)) if isinstance(ids, list) else row.key('id')}"


def _text_said(row: ExportRow, name: str) -> str | None:
    text = row.words(name)
    return None if text == NOT_SAID else text


def _moment_said(row: ExportRow, name: str) -> date | datetime | None:
    """Return a moment, or a day without a time; None for N/A."""
    text = _text_said(row, name)
    if text is None:
        return None
    with suppress(ValueError):
        return read_day(text)
    return row.moment(name)


def _row_day(row: ExportRow, name: str, value: Any) -> date:  # whatever JSON holds
    """Return a day; RowFault if it is not one."""
    try:
        return read_day(value)
    except ValueError:
        raise row.fault(name, "say a day such as 2026-04-19") from None
