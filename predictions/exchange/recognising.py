"""Recognise whose export a file is that was given to another reader, and name the line that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from os import PathLike
from pathlib import Path
from string import whitespace

from predictions.errors import InvalidValue
from predictions.exchange.platforms.dump import BEGINNING, DumpFile
from predictions.importing.refusals import RowsRefused

SIGNS = {  # of each platform: what stands, but for blanks, near the beginning of all its files, and in no other's
    "fatebook": (b"Forecast(scale=0-1)", b'"resolveBy"'),
    "forecastbench": (b'"forecast_due_date"',),
    "kalshi": (b'"event_ticker"', b'"candlesticks"'),
    "manifold": (b'"outcomeType"', b'"probAfter"'),
    "metaculus": (b"question_data.csv", b'"scheduled_close_time"'),
    "polymarket": (b'"conditionId"', b'"clobTokenIds"', b'{"history":{'),
    "predictionbook": (b'"description_with_group"', b",description_with_group,"),
}
LOOKS = "looks like"
OWN_NAMES = (b'"text"', b'"resolveBy"')  # of columns that a table in JSON may have


def check_platform(files: Sequence[DumpFile], platform: str) -> None:
    """Refuse a file that looks like another platform's, in which a reader might find nothing of its own."""
    for file in files:
        looks = _whose(file)
        if looks and platform not in looks:
            raise InvalidValue(_lead(looks[0], file.name, file.name))


@contextmanager
def lead_from_table(sources: Sequence[object]) -> Iterator[None]:
    """Where files cannot be read as tables, say of one that is a platform's export whose it is; InvalidValue."""
    try:
        yield
    except InvalidValue as error:
        for source in () if LOOKS in str(error) else sources:
            if isinstance(source, (str, PathLike)) and (looks := _whose_file(Path(source), error)):
                raise InvalidValue(_lead(looks[0], "this", str(source))) from None
        raise


def _whose_file(path: Path, error: InvalidValue) -> list[str]:
    """Return whose export a file may be; where its rows alone are refused, its columns may be somebody's own."""
    try:
        if not path.is_file():  # but a pipe, say, on which one would wait for ever
            return []
        with path.open("rb") as opened:
            file = DumpFile(path.name, opened.read(BEGINNING))
    except (OSError, ValueError):
        return []
    rows_alone = isinstance(error, RowsRefused) and not error.of_header
    is_own = rows_alone and any(name in file.beginning for name in OWN_NAMES)
    return [] if is_own else _whose(file)


def _whose(file: DumpFile) -> list[str]:
    beginning = file.beginning.translate(None, whitespace.encode())
    return [name for name, signs in SIGNS.items() if any(sign in beginning for sign in signs)]


def _lead(platform: str, what: str, path: str) -> str:
    title = import_module(f"predictions.exchange.platforms.{platform}").PLATFORM.title
    return f"{what} {LOOKS} {title}'s export; say: predictions import-from {platform} {path}"
