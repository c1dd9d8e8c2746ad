"""Which platform a file is of, as far as words tell it that only one of them writes."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.errors import InvalidValue
from predictions.exchange.platforms.dump import DumpFile

BEGINNING = 20_000  # bytes of a file that are looked at
SIGNS = {  # of each platform: words that stand near the beginning of all its files, and in no other's
    "fatebook": (b"Forecast (scale = 0-1)", b'"resolveBy"'),
    "forecastbench": (b'"forecast_due_date"',),
    "kalshi": (b'"event_ticker"', b'"candlesticks"'),
    "manifold": (b'"outcomeType"', b'"probAfter"'),
    "metaculus": (b"question_data.csv", b'"scheduled_close_time"'),
    "polymarket": (b'"conditionId"', b'"clobTokenIds"'),
    "predictionbook": (b'"description_with_group"', b",description_with_group,"),
}


def check_platform(files: Sequence[DumpFile], platform: str) -> None:
    """Refuse a file that looks like another platform's, in which a reader might find nothing of its own."""
    for file in files:
        beginning = file.content[:BEGINNING]
        looks = [name for name, signs in SIGNS.items() if any(sign in beginning for sign in signs)]
        if looks and platform not in looks:
            raise InvalidValue(f"{file.name} looks like an export of {looks[0]}, not of {platform}; say {looks[0]}")
