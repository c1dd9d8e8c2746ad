"""Read Metaculus: the columns of its zip, with your own data or that of a question, and the JSON of its API."""

from __future__ import annotations

import re
from collections.abc import Iterator

from predictions.enums import SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump, DumpFile
from predictions.exchange.platforms.export_row import ExportRow, Meanings
from predictions.exchange.platforms.metaculus_forecasts import ForecastReading, read_list
from predictions.exchange.platforms.metaculus_posts import read_posts
from predictions.exchange.platforms.metaculus_questions import (
    SITE,
    AnyShape,
    FieldNames,
    kind_of,
    read_question,
    shape_of_date,
)
from predictions.exchange.platforms.metaculus_shapes import choice_shape, number_shape
from predictions.exchange.platforms.metaculus_spans import give_said
from predictions.exchange.questions import Account, LeftOut, Platform, Question

DATES = (
    "chances by the end of the days at which Metaculus says them; before a question opened is its first day, after its "
    "range is not at all"
)
PLATFORM = Platform("metaculus", "Metaculus", SourceKind.PLATFORM, "https://www.metaculus.com", dates=DATES)
QUESTION_FILE, FORECAST_FILE = "question_data.csv", "forecast_data.csv"
IN_ZIP = FieldNames(
    "Question ID", "Question Title", "Label", "Question Type", "Open Time", "Scheduled Close Time", "Resolution",
    "Resolution Known Time",
)  # fmt: skip
SPELLED = {
    "text": IN_ZIP.title, "made_at": "Start Time", "deadline": IN_ZIP.closes_at, "outcome": IN_ZIP.outcome,
    "known_on": IN_ZIP.known_at,
}  # fmt: skip
POST, LINK, CATEGORIES = "Post ID", "Question URL", "Categories"
ALL_OPTIONS, CURRENT_OPTIONS, CONTINUOUS_RANGE = "MC Options (All)", "MC Options (Current)", "Continuous Range"
OPTIONS_ONCE = "MC Options"  # in zips before 2026, which have only one list
_LINK = re.compile(rf"{re.escape(SITE)}/[!#-&(-;=?-\[\]_a-z~]+")  # with characters that a link may have


def read_metaculus(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read zips and JSON, in any order; InvalidValue for other files."""
    usernames: dict[str, str] = {}  # by number: a post gives only the number of the user who asked for it
    for file in sorted(dump.files, key=lambda file: not file.is_archive):
        if not (file.is_archive or file.is_json):
            raise InvalidValue(f"{file.name} is neither a zip nor JSON; give user_data.zip as Metaculus sent it")
        yield from read_zip(dump, file, usernames) if file.is_archive else read_posts(file, usernames)


def read_zip(dump: Dump, file: DumpFile, usernames: dict[str, str]) -> Iterator[Question | Account | LeftOut]:
    """Read a zip, perhaps one that was packed again, and keep usernames by number.

    Raises InvalidValue if it lacks one of the two files.
    """
    members = [_member(file, name) for name in (QUESTION_FILE, FORECAST_FILE)]
    questions: dict[str, Question | LeftOut] = {}
    shapes: dict[str, AnyShape | None] = {}
    tag_lists = Meanings(read_list, CATEGORIES)
    for row in members[0].rows(*IN_ZIP, POST, LINK):
        with row:
            key, shape = row.key(IN_ZIP.key), _shape(row)
            question = _question(row, tag_lists, shape)
            if key in questions:
                raise row.fault(IN_ZIP.key, "stands in another row too")
            questions[key], shapes[key] = question, shape
    wanted = {key: question for key, question in questions.items() if isinstance(question, Question)}
    reading = ForecastReading({key: shapes[key] for key in wanted}, questions.keys())
    yield from reading.read(members[1])
    usernames |= reading.people.usernames
    dump.spell(SPELLED)  # after the rows are read, so that their own faults name the file's columns
    yield from give_said(list(wanted.values()), reading.spans, members[1])
    yield from questions.values()
    yield from reading.people.accounts.values()


def _member(file: DumpFile, name: str) -> DumpFile:
    """Return a file of the zip, in whichever folder."""
    members = [member for path, member in file.members().items() if path.rpartition("/")[2] == name]
    if len(members) != 1:
        number = "two of" if members else "no"
        raise InvalidValue(f"{file.name} holds {number} {name}; give the zip that Metaculus sent")
    return members[0]


def _shape(row: ExportRow) -> AnyShape | None:
    """Return the shape of a question that is not about yes or no; None for any other."""
    kind = kind_of(row, IN_ZIP.kind)
    if kind == "multiple-choice":
        current = read_list(row, CURRENT_OPTIONS) or read_list(row, OPTIONS_ONCE)
        return choice_shape(read_list(row, ALL_OPTIONS), current)
    if kind == "date":
        return shape_of_date(row, CONTINUOUS_RANGE, read_list(row, CONTINUOUS_RANGE), row, IN_ZIP)
    return number_shape(row, CONTINUOUS_RANGE, read_list(row, CONTINUOUS_RANGE)) if kind == "numeric" else None


def _question(row: ExportRow, tags: Meanings[list[object]], shape: AnyShape | None) -> Question | LeftOut:
    """Return the question of a row, with its tags and its link."""
    post = row.key(POST)
    question = read_question(row, IN_ZIP, post, shape)
    if isinstance(question, Question):
        question.fields["tags"] = tags[row.text(CATEGORIES) or ""] if CATEGORIES in row.fields else None
        link = row.text(LINK) or ""  # the title is a part of it as it is, whatever its signs
        question.link = link if _LINK.fullmatch(link) else f"{SITE}/{post}/"
    return question
