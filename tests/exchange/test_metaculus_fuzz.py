"""Whatever an export of Metaculus or PredictionBook holds is taken whole or refused in plain words."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from conftest import Clock
from metaculus_zips import A_FORECAST, A_QUESTION, FORECAST, QUESTION, RESOLVED, zip_of
from mutating import mutated
from odd_fields import VALUES, fields_of, replaced

from predictions import Ledger, LedgerError, LedgerWarning
from predictions.exchange.platforms import dump

SPOILT = 8  # variants of each kind of file; of a campaign the second
MANY_SPOILT = 300
SAMPLES = Path(__file__).parent.parent / "data" / "platforms"
QUESTIONS: list[dict[str, Any]] = [
    RESOLVED, {"Question ID": 70002, "Label": "Aville", "Post ID": 81002},
    RESOLVED
    | {"Question ID": 3, "Question Type": "multiple_choice", "MC Options (All)": ["A", "B"], "Resolution": "A"},
    RESOLVED
    | {"Question ID": 4, "Question Type": "numeric", "Continuous Range": [1.0, 10.0, 100.0], "Resolution": "7"},
    RESOLVED
    | {"Question ID": 5, "Question Type": "date", "Continuous Range": ["2025-12-31", "2026-05-01", "2030-01-01"],
       "Resolution": "2026-06-02 00:00:00+00:00"},
]  # fmt: skip
FORECASTS: list[dict[str, Any]] = [
    {"End Time": "2026-03-01 00:00:00+00:00"}, {"Question ID": 70002, "Start Time": "2026-02-01 10:00:00.5+00:00"},
    {"Forecaster ID": "", "Forecaster Username": "unweighted", "Forecaster Count": 2, "Is Bot": "",
     "Probability Yes": "", "Probability Yes Per Category": "[0.6, 0.4]"},
    {"Question ID": 3, "Probability Yes": "", "Probability Yes Per Category": "[0.6, 0.4]"},
    {"Question ID": 4, "Probability Yes": "", "Continuous CDF": "[0.1, 0.4, 1.0]"},
    {"Question ID": 5, "Probability Yes": "", "Continuous CDF": "[0.1, 0.4, 0.9]"},
]  # fmt: skip
DATED = {
    "id": 9, "question": {
        "id": 9, "title": "When?", "type": "date", "open_time": "2026-01-01T00:00:00Z", "resolution": "2026-03-02",
        "scheduled_close_time": "2026-09-01T00:00:00Z", "scheduled_resolve_time": "2030-03-02T00:00:00Z",
        "actual_resolve_time": "2026-03-05T00:00:00Z",
        "scaling": {"range_min": 1767225600.0, "range_max": 1.9e9, "zero_point": None, "inbound_outcome_count": 2},
        "my_forecasts": {"history": [
            {"author_id": 4242, "start_time": 1768000000.0, "end_time": None, "forecast_values": [0.1, 0.4, 0.9]}]},
    },
}  # fmt: skip
GOOD: dict[str, tuple[str, str, bytes]] = {
    "zip": ("metaculus", "user_data.zip", zip_of(QUESTIONS, FORECASTS)),
    "posts": ("metaculus", "posts.json", (SAMPLES / "metaculus-json" / "posts.json").read_bytes()),
    "dates": ("metaculus", "posts.json", json.dumps(DATED).encode()),
    "JSON": ("predictionbook", "my.json", (SAMPLES / "predictionbook-json" / "predictions.json").read_bytes()),
    "CSV": ("predictionbook", "my.csv", (SAMPLES / "predictionbook-csv" / "my_predictions.csv").read_bytes()),
}


@pytest.fixture(autouse=True)
def _on_a_later_day_without_warnings(clock: Clock) -> Iterator[None]:
    clock.set("2026-11-29")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)
        yield


def check_whole_or_plain(folder: Path, kind: str, content: bytes) -> bool:
    """Import a file; where it is refused, in plain words and with nothing written, the answer is False."""
    platform, name, _ = GOOD[kind]
    file, path = folder / name, folder / "fuzz.db"
    file.write_bytes(content)
    path.unlink(missing_ok=True)
    with Ledger(path, me="ed") as ledger:
        before = ledger.head()
        try:
            taken = ledger.import_from(platform, file)
        except LedgerError as refused:
            words = str(refused)
            assert "not happen" not in words
            assert len(words) < 4_000
            assert name in words or "_data.csv" in words
            assert ledger.head() == before
            return False
        assert str(taken)
        assert dict(ledger.import_from(platform, file).new) == {}
        assert ledger.verify().ok
        return True


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_files_are_taken(kind: str, tmp_path: Path) -> None:
    assert check_whole_or_plain(tmp_path, kind, GOOD[kind][2])


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", GOOD)
def test_a_spoilt_file_is_taken_whole_or_refused(kind: str, variants: int, tmp_path: Path) -> None:
    random, content = Random(kind), GOOD[kind][2]

    for _ in range(variants):
        check_whole_or_plain(tmp_path, kind, mutated(content, [content], random))


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("member", ["question_data.csv", "forecast_data.csv"])
def test_a_spoilt_member_of_a_zip_is_taken_whole_or_refused(member: str, variants: int, tmp_path: Path) -> None:
    random, members = Random(member), unzipped(GOOD["zip"][2])

    for _ in range(variants):
        spoilt = mutated(members[member], list(members.values()), random)
        check_whole_or_plain(tmp_path, "zip", zipped({**members, member: spoilt}))


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", ["posts", "dates", "JSON"])
def test_a_value_of_any_kind_in_any_field_is_taken_or_refused(kind: str, step: int, tmp_path: Path) -> None:
    good, at = json.loads(GOOD[kind][2]), 0

    for way in list(fields_of(good))[::step]:
        at = (at + 7) % len(VALUES)  # the next field takes another value
        check_whole_or_plain(tmp_path, kind, json.dumps(replaced(good, way, VALUES[at])).encode())


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize(
    "column", sorted({*A_QUESTION, *RESOLVED, *A_FORECAST, "End Time", "Label", "Forecaster Count"})
)
def test_a_value_of_any_kind_in_any_cell_is_taken_or_refused(column: str, step: int, tmp_path: Path) -> None:
    for value in VALUES[len(column) % step :: step]:
        cell = {column: str(value).encode("utf-8", "replace").decode()}
        questions = [RESOLVED | cell, *QUESTIONS[1:]] if column in QUESTION else QUESTIONS
        forecasts = [FORECASTS[0] | cell, *FORECASTS[1:]] if column in FORECAST else FORECASTS

        check_whole_or_plain(tmp_path, "zip", zip_of(questions, forecasts))


# -- zips --------------------------------------------------------------------------------------------------------


def unzipped(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "odd", ["../../etc/passwd", "/absolute.csv", "C:\\x.csv", "comment_data.csv", "a" * 5_000, "\u202efdp.csv", "x/"]
)
def test_odd_members_are_passed_over(odd: str, tmp_path: Path) -> None:
    assert check_whole_or_plain(tmp_path, "zip", zipped({odd: b"\xff\x00", **unzipped(GOOD["zip"][2])}))
    assert {path.name for path in tmp_path.iterdir()} == {"user_data.zip", "fuzz.db"}


def test_another_way_to_pack_is_read(tmp_path: Path) -> None:
    assert check_whole_or_plain(tmp_path, "zip", zipped(unzipped(GOOD["zip"][2]), ZIP_BZIP2))


@pytest.mark.parametrize("cut", [4, 30, 200, -1, -22, -60])
def test_a_truncated_zip_is_refused(cut: int, tmp_path: Path) -> None:
    assert not check_whole_or_plain(tmp_path, "zip", GOOD["zip"][2][:cut])


@pytest.mark.parametrize("flag", [0x1, 0x41])
def test_a_locked_zip_is_refused(flag: int, tmp_path: Path) -> None:
    content = bytearray(GOOD["zip"][2])
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= flag
            at = content.find(mark, at + 1)

    assert not check_whole_or_plain(tmp_path, "zip", bytes(content))


def test_a_zip_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "LARGEST", 1_000_000)

    bomb = zipped({**unzipped(GOOD["zip"][2]), "comment_data.csv": b"0" * 2_000_000})

    assert len(bomb) < 10_000
    assert not check_whole_or_plain(tmp_path, "zip", bomb)


def test_a_member_that_says_it_is_smaller_than_it_is_is_refused(tmp_path: Path) -> None:
    good = unzipped(GOOD["zip"][2])
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in good.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
        told = archive.getinfo("forecast_data.csv")
        told.file_size -= 20

    assert not check_whole_or_plain(tmp_path, "zip", packed.getvalue())


def test_a_zip_that_holds_a_name_twice_is_refused(tmp_path: Path) -> None:
    packed = BytesIO()
    with warnings.catch_warnings(), ZipFile(packed, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in [*unzipped(GOOD["zip"][2]).items()] * 2:
            archive.writestr(name, content)

    assert not check_whole_or_plain(tmp_path, "zip", packed.getvalue())
