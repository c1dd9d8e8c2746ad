"""The reader of Metaculus: the zip of your own data or of a question, and what its API answers about posts."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.enums import SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.metaculus_posts import read_posts
from predictions.exchange.platforms.metaculus_zip import read_zip
from predictions.exchange.questions import Account, LeftOut, Platform, Question

DATES = (
    "chances by the end of the days at which Metaculus says them; before a question opened is its first day, after its "
    "range is not at all"
)
PLATFORM = Platform("metaculus", "Metaculus", SourceKind.PLATFORM, "https://www.metaculus.com", dates=DATES)


def read_metaculus(dump: Dump, options: Options) -> Iterator[Question | Account | LeftOut]:
    """Read zips and JSON, in any order; InvalidValue for what is neither."""
    usernames: dict[str, str] = {}  # by their numbers; posts name the user who asked for them by number
    for file in sorted(dump.files, key=lambda file: not file.is_archive):
        if not (file.is_archive or file.is_json):
            raise InvalidValue(f"{file.name} is neither a zip nor JSON; give user_data.zip as Metaculus sent it")
        yield from read_zip(file, usernames) if file.is_archive else read_posts(file, usernames)
