"""Recognise a platform's export that was given to another reader, and name the command that reads it."""

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

SIGNS = {  # bytes that, without white space, are near the beginning of each file of a platform and in no other's
    "fatebook": (b"Forecast(scale=0-1)", b'"resolveBy"'),
    "forecastbench": (b'"forecast_due_date"',),
    "kalshi": (b'"event_ticker"', b'"candlesticks"'),
    "manifold": (b'"outcomeType"', b'"probAfter"'),
    "metaculus": (b"question_data.csv", b'"scheduled_close_time"'),
    "polymarket": (b'"conditionId"', b'"clobTokenIds"', b'{"history":{'),
    "predictionbook": (b'"description_with_group"', b",description_with_group,"),
}
LOOKS = "looks like"
OWN_NAMES = (b'"text"', b'"resolveBy"')  # columns that somebody's own table in JSON may have


def check_platform(files: Sequence[DumpFile], platform: str) -> None:
    """Refuse a file that looks like another platform's, since the reader might find nothing in it and say so."""
    for file in files:
        platforms = _whose(file)
        if platforms and platform not in platforms:
            raise InvalidValue(_lead(platforms[0], file.name, file.name))


@contextmanager
def lead_from_table(sources: Sequence[object]) -> Iterator[None]:
    """If files cannot be read as tables, and one is a platform's export, name its reader instead; InvalidValue."""
    try:
        yield
    except InvalidValue as error:
        for source in () if LOOKS in str(error) else sources:
            if isinstance(source, (str, PathLike)) and (platforms := _whose_file(Path(source), error)):
                raise InvalidValue(_lead(platforms[0], "this", str(source))) from None
        raise


def _whose_file(path: Path, error: InvalidValue) -> list[str]:
    """List the platforms whose export a file may be; none if only its rows are refused and it may be a table."""
    try:
        if not path.is_file():  # reading a pipe could wait for ever
            return []
        with path.open("rb") as opened:
            file = DumpFile(path.name, opened.read(BEGINNING))
    except (OSError, ValueError):
        return []
    header_is_good = isinstance(error, RowsRefused) and not error.of_header
    is_own_table = header_is_good and any(name in file.beginning for name in OWN_NAMES)
    return [] if is_own_table else _whose(file)


def _whose(file: DumpFile) -> list[str]:
    """List the platforms whose signs are at the beginning of a file."""
    beginning = file.beginning.translate(None, whitespace.encode())
    return [name for name, signs in SIGNS.items() if any(sign in beginning for sign in signs)]


def _lead(platform: str, what: str, path: str) -> str:
    """Return the message that names the right command."""
    title = import_module(f"predictions.exchange.platforms.{platform}").PLATFORM.title
    return f"{what} {LOOKS} {title}'s export; say: predictions import-from {platform} {path}"
