"""Zips as Metaculus makes them, of any rows: Python's own lists, 18 cells under 19 names where nothing is resolved."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

Rows = Iterable[Mapping[str, object]]
QUESTION = (
    "Question ID", "Question URL", "Question Title", "Post ID", "Post Curation Status", "Post Published Time",
    "Default Project", "Default Project ID", "Categories", "Leaderboard Tags", "Label", "Question Type",
    "MC Options (Current)", "MC Options (All)", "MC Options History", "Lower Bound", "Open Lower Bound", "Upper Bound",
    "Open Upper Bound", "Continuous Range", "Open Time", "CP Reveal Time", "Scheduled Close Time", "Actual Close Time",
    "Resolution", "Resolution Known Time", "Include Bots in Aggregates", "Question Weight",
)  # fmt: skip
FORECAST = (
    "Question ID", "Forecaster ID", "Forecaster Username", "Is Bot", "Start Time", "End Time", "Forecaster Count",
    "Probability Yes", "Probability Yes Per Category", "Continuous CDF", "Probability Below Lower Bound",
    "Probability Above Upper Bound", "5th Percentile", "25th Percentile", "Median", "75th Percentile",
    "95th Percentile", "Probability of Resolution", "PDF at Resolution",
)  # fmt: skip
A_QUESTION: dict[str, object] = {
    "Question ID": 70001, "Question URL": "https://www.metaculus.com/questions/81001/will-it-rain?/",
    "Question Title": "Will it rain?", "Post ID": 81001, "Categories": ["Weather & Climate"], "Leaderboard Tags": [],
    "Question Type": "binary", "Open Time": "2026-01-01 00:00:00+00:00",
    "Scheduled Close Time": "2026-07-01 00:00:00+00:00",
}  # fmt: skip
A_FORECAST: dict[str, object] = {
    "Question ID": 70001, "Forecaster ID": 4242, "Forecaster Username": "ann", "Is Bot": False,
    "Start Time": "2026-01-01 00:00:00+00:00", "Probability Yes": 0.67,
}  # fmt: skip
RESOLVED = {"Resolution": "yes", "Resolution Known Time": "2026-07-01 00:00:00+00:00"}


def zip_of(
    questions: Rows, forecasts: Rows, *, lacking: Iterable[str] = (), more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A zip of these rows, without some columns, and with *more* members by their names."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.md", "This README file describes how to interpret the data in this zip file.\n")
        archive.writestr("question_data.csv", table(QUESTION, A_QUESTION, questions, lacking))
        archive.writestr("forecast_data.csv", table(FORECAST, A_FORECAST, forecasts, lacking, cut=True))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return packed.getvalue()


def table(
    columns: Iterable[str], usual: Mapping[str, object], rows: Rows, lacking: Iterable[str] = (), *, cut: bool = False
) -> str:
    """A CSV file of rows that say what is unusual in them; with *cut*, the last of two empty cells is not written."""
    names = [name for name in columns if name not in set(lacking)]
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        cells = [{**usual, **row}.get(name) for name in names]
        writer.writerow(cells[:-1] if cut and cells[-2:] == [None, None] else cells)
    return text.getvalue()


def zip_file(folder: Path, questions: Rows, forecasts: Rows, **others: object) -> Path:
    """The same as a file."""
    path = folder / "user_data.zip"
    path.write_bytes(zip_of(questions, forecasts, **others))  # type: ignore[arg-type]  # as there
    return path
