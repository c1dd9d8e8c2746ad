"""Read Fatebook's exports: its CSV, with one row a forecast and no ids, and the JSON of its getQuestions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from predictions.enums import Outcome, SourceKind
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump, DumpFile
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.fatebook_choices import Answer, OnAnswer, choice_of, each_answer
from predictions.exchange.questions import LeftOut, Platform, Question, Verdict
from predictions.exchange.said import SaidForecast

PLATFORM = Platform("fatebook", "Fatebook", SourceKind.PLATFORM, "https://fatebook.io", zoned=True)
YES_NO, MULTIPLE_CHOICE, NUMERIC = "yes-no", "multiple-choice", "numeric"  # questions of the last type are left out
TYPES_ASKED = {"BINARY": YES_NO, "MULTIPLE_CHOICE": MULTIPLE_CHOICE, "QUANTITY": NUMERIC}
OUTCOME_OF_RESOLUTION = {"YES": Outcome.YES, "NO": Outcome.NO, "AMBIGUOUS": Outcome.AMBIGUOUS}
TITLE, OPTION, BY, FORECAST_CHANCE, FORECAST_AT, ASKED_BY, ASKED_AT, RESOLVE_BY, RESOLUTION, RESOLVED_AT = (
    "Question title", "Multiple choice option", "Forecast created by", "Forecast (scale = 0-1)", "Forecast created at",
    "Question created by", "Question created at", "Question resolve by", "Resolution", "Resolved at",
)  # fmt: skip
QUESTION_NOTES, QUESTION_TAGS, QUESTION_COMMENTS = "Question notes", "Question tags", "Question comments"
OF_THE_QUESTION = (TITLE, OPTION, ASKED_BY, ASKED_AT, RESOLVE_BY, RESOLUTION, RESOLVED_AT)
IN_CSV = {"text": TITLE, "made_at": FORECAST_AT, "deadline": RESOLVE_BY, "outcome": RESOLUTION, "known_on": RESOLVED_AT}
IN_JSON = {
    "text": "title", "made_at": "createdAt", "deadline": "resolveBy", "outcome": "resolution", "known_on": "resolvedAt",
}  # fmt: skip
_COMMENT = re.compile("(?:^|; )[^;:]+: ")  # the name before each of the comments in one cell
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}):([0-9]{1,2})")  # seconds below ten have one digit


def read_fatebook(dump: Dump, options: Options) -> Iterator[Question | LeftOut]:
    """Read Fatebook's exports; a day to resolve by was picked in the zone of *options*."""
    zone = ZoneInfo(options.zone_name)
    for file in dump.files:
        yield from _of_json(file, zone, dump) if file.is_json else _of_csv(file, zone, dump)


def _of_csv(file: DumpFile, zone: ZoneInfo, dump: Dump) -> Iterator[Question | LeftOut]:
    """Yield the questions of a CSV; rows with one title, time and author are one question, since there are no ids."""
    questions: dict[str, Question] = {}
    cells_of: dict[str, tuple[object, ...]] = {}
    choices: dict[str, _MultipleChoice] = {}
    for row in file.rows(BY, FORECAST_CHANCE, FORECAST_AT, *OF_THE_QUESTION):
        with row:
            cells = tuple(row.fields[column] for column in OF_THE_QUESTION)
            key = "\n".join(map(str, (row.fields[TITLE], row.fields[ASKED_AT], row.fields[ASKED_BY])))
            if key not in questions and key not in choices and (comments := row.words(QUESTION_COMMENTS)):
                yield LeftOut("comment", key, "no-place", row.row, len(_COMMENT.findall(comments)) or 1)
            if row.has(OPTION):  # a row on one of several answers
                yield from _take_answer(row, choices.setdefault(key, _MultipleChoice(_question(row, key, zone))))
                continue
            if key not in questions:
                questions[key], cells_of[key] = _question(row, key, zone), cells
            elif cells_of[key] != cells:
                raise row.fault(TITLE, f"row {questions[key].row} says something else of the same question")
            if (chance := row.chance(FORECAST_CHANCE)) is None:
                yield LeftOut("forecast", key, "hidden", row.row)
                continue
            made_at = row.needed(FORECAST_AT, row.past(FORECAST_AT, _time(row, FORECAST_AT)))
            questions[key].said.append(SaidForecast(row.row, row.line(BY), made_at, {"probability": chance}))
    dump.spell(IN_CSV)
    yield from questions.values()
    for choice in choices.values():
        yield from choice_of(choice.question, list(choice.answers.values()), choice.said)


@dataclass
class _MultipleChoice:
    """A question with several answers, collected from the rows of all of them."""

    question: Question
    answers: dict[str, Answer] = field(default_factory=dict)
    said: list[OnAnswer] = field(default_factory=list)


def _take_answer(row: ExportRow, choice: _MultipleChoice) -> Iterator[LeftOut]:
    """Take a row on one answer; yield its forecast as left out if the chance is hidden."""
    name = row.needed(OPTION, row.line(OPTION))
    answer = Answer(name, row.word(RESOLUTION, OUTCOME_OF_RESOLUTION), _time(row, RESOLVED_AT))
    if choice.answers.setdefault(name, answer) != answer:
        raise row.fault(RESOLUTION, "an earlier row says something else of the same answer")
    if (chance := row.chance(FORECAST_CHANCE)) is None:
        yield LeftOut("forecast", choice.question.id or "", "hidden", row.row)
        return
    made_at = row.needed(FORECAST_AT, row.past(FORECAST_AT, _time(row, FORECAST_AT)))
    choice.said.append(OnAnswer(row.row, row.line(BY), made_at, name, chance))


def _question(row: ExportRow, key: str, zone: ZoneInfo) -> Question:
    """Return the question of a row; all its rows have the same cells."""
    asked_at = _time(row, ASKED_AT)
    return Question(
        row.row, id=key, text=row.needed(TITLE, row.words(TITLE)), opens_on=asked_at and asked_at.date(),
        deadline=_last_day_picked(_time(row, RESOLVE_BY), zone), speaker=row.line(ASKED_BY),
        verdict=_how_resolved(row, RESOLUTION, RESOLVED_AT, _time(row, RESOLVED_AT)),
        fields={"criteria": row.words(QUESTION_NOTES), "tags": row.if_told(QUESTION_TAGS, _tags)},
    )  # fmt: skip


def _tags(row: ExportRow, column: str) -> list[str]:
    return (row.text(column) or "").split("; ")


def _how_resolved(row: ExportRow, resolution: str, resolved: str, known_on: datetime | None) -> Verdict | None:
    """Return the verdict on a question; None if it is not resolved."""
    outcome = row.word(resolution, OUTCOME_OF_RESOLUTION)
    if outcome is not None and known_on is None:
        raise row.fault(resolved, "when was it resolved?")
    return Verdict(row.row, outcome, row.past(resolved, known_on)) if outcome else None


def _time(row: ExportRow, column: str) -> datetime | None:
    """Return a time in Fatebook's CSV as UTC, which the server's clock shows; None if it is empty."""
    text = row.text(column)
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    try:
        if match:
            return datetime.fromisoformat(f"{match[1]}:{match[2]:0>2}").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise row.fault(column, "say a time as Fatebook does: 2026-04-14 09:07:4")


def _last_day_picked(midnight: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the day that was picked as the last one; Fatebook keeps it as midnight in the zone of the picker."""
    return midnight and midnight.astimezone(zone).date()


def _of_json(file: DumpFile, zone: ZoneInfo, dump: Dump) -> Iterator[Question | LeftOut]:
    """Yield the questions of getQuestions, one object each with all its forecasts."""
    items = file.objects("items")
    dump.spell(IN_JSON)
    for item in items:
        with item:
            if not item.has("id"):
                raise item.fault("id", "the answer of getQuestion has none; ask getQuestions")
            key, made_at = item.key("id"), item.moment("createdAt")
            if (kind := item.word("type", TYPES_ASKED) or YES_NO) not in {YES_NO, MULTIPLE_CHOICE}:
                yield LeftOut("question", key, kind, item.row)
                continue
            if comments := len(item.objects("comments")):
                yield LeftOut("comment", key, "no-place", item.row, comments)
            asker = item.object("user")
            question = Question(
                item.row, id=key, text=item.needed("title", item.words("title")), opens_on=made_at and made_at.date(),
                deadline=_last_day_picked(item.moment("resolveBy"), zone), speaker=asker and asker.line("name"),
                link=f"{PLATFORM.link}/q/{key}",
                fields={"criteria": item.words("notes"), "tags": item.if_told("tags", _names)},
                verdict=_how_resolved(item, "resolution", "resolvedAt", item.moment("resolvedAt")),
            )  # fmt: skip
            if kind == MULTIPLE_CHOICE:
                yield from _answered(item, question)
                continue
            for forecast in item.objects("forecasts"):
                chance, person = forecast.chance("forecast"), forecast.object("user")
                if chance is None:
                    yield LeftOut("forecast", key, "hidden", item.row)
                    continue
                made_at = forecast.needed("createdAt", forecast.past("createdAt", forecast.moment("createdAt")))
                note = forecast.words("comment")
                fields = {"probability": chance, **({"note": note} if note else {})}
                by = person and person.line("name")
                user = person and person.optional_key("id")
                question.said.append(SaidForecast(item.row, by, made_at, fields, user=user))
            yield question


def _names(item: ExportRow, key: str) -> list[str]:
    return [tag.key("name") for tag in item.objects(key)]


def _answered(item: ExportRow, question: Question) -> Iterator[Question | LeftOut]:
    """Yield a question with several answers: a choice if they exclude one another, else one question for each."""
    answers: dict[str, Answer] = {}
    said: list[OnAnswer] = []
    for option in item.objects("options"):
        name = option.needed("text", option.line("text"))
        verdict = option.word("resolution", OUTCOME_OF_RESOLUTION), option.moment("resolvedAt")
        answers[option.key("id")] = Answer(name, *verdict, id=option.key("id"))
    for forecast in item.objects("forecasts"):
        chance, person = forecast.chance("forecast"), forecast.object("user")
        answer = answers.get(forecast.key("optionId"))
        if chance is None or answer is None:
            yield LeftOut("forecast", question.id or "", "hidden" if answer else "unknown-question", item.row)
            continue
        if forecast.words("comment"):
            yield LeftOut("comment", question.id or "", "no-place", item.row)
        made_at = forecast.needed("createdAt", forecast.past("createdAt", forecast.moment("createdAt")))
        by, user = person and person.line("name"), person and person.optional_key("id")
        said.append(OnAnswer(item.row, by, made_at, answer.name, chance, user))
    exclusive = not item.has("exclusiveAnswers") or item.flag("exclusiveAnswers")
    yield from (choice_of if exclusive else each_answer)(question, list(answers.values()), said)
