"""Files that are read in one run say what they say one by one, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.enums import PLATFORMS
from predictions.records import Claim

SAMPLES = Path(__file__).parent.parent / "data" / "platforms"


OF_ONE_NAME = {"metaculus-4242": "metaculus-ann", "fatebook-u-": "fatebook-"}  # an id that a file beside it names


def samples_of_one_day(platform: str) -> list[list[Path]]:
    """The files of each sample of a platform that is recorded; a later file goes into a run of its own."""
    samples = []
    for path in sorted(SAMPLES.glob(f"{platform}*/expected.json")):
        expected = json.loads(path.read_text("utf-8"))
        if expected.get("claims") and "after" not in expected:
            samples.append([path.parent / name for name in expected["files"]])
    return samples


def recorded(path: Path, platform: str, *runs: Sequence[Path]) -> list[str]:
    """What is said of each claim after some runs."""
    said = []
    with Ledger(path, me="ed") as ledger:
        for files in runs:
            ledger.import_from(platform, *files)
        snapshot = ledger.snapshot()
    for claim in snapshot.all(Claim):
        said.append(f"{claim.slug} {claim.deadline} {claim.options} {claim.low} {claim.high}")
        for made in (item.record for item in snapshot.forecasts_on(claim)):
            what = f"{made.probability} {made.withdrawn} {made.shares} {made.points} {made.days} {made.note}"
            said.append(f"{claim.slug} {named(made.forecaster)} {made.made_at} {what}")
        said += [f"{claim.slug} {item.record.said} {item.record.known}" for item in snapshot.resolutions_of(claim)]
    return sorted(said)


def named(forecaster: str) -> str:
    for known_by, name in OF_ONE_NAME.items():
        forecaster = forecaster.replace(known_by, name)
    return forecaster


PAIRS = [
    (platform, [*first, *second])
    for platform in PLATFORMS
    for first, second in permutations(samples_of_one_day(platform), 2)
]


def apart(platform: str, files: Sequence[Path]) -> list[list[Path]]:
    """The same files, those of each sample in a run of their own."""
    return [
        [path for path in files if path.parent == folder] for folder in dict.fromkeys(path.parent for path in files)
    ]


@pytest.mark.parametrize(
    ("platform", "files"), PAIRS,
    ids=["-then-".join(dict.fromkeys(path.parent.name for path in files)) for _, files in PAIRS],
)  # fmt: skip
def test_two_samples_say_in_one_run_what_they_say_one_by_one(
    platform: str, files: list[Path], tmp_path: Path, clock: Clock
) -> None:
    clock.set("2026-11-29")

    joint = recorded(tmp_path / "joint.db", platform, files)

    assert joint == recorded(tmp_path / "apart.db", platform, *apart(platform, files))
