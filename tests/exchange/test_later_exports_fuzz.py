"""Whatever a later export says otherwise is listed, each line takes over what it says, and then nothing is left."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from conftest import Clock
from later_exports import later
from market_exports import TODAY
from test_any_value_fuzz import samples_of

from predictions import Ledger, LedgerError
from predictions.enums import PLATFORMS
from predictions.exchange.taking.card import Taken

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
LATER, MANY_LATER = 8, 900  # exports of each platform; of a campaign the second
ROUNDS = 3  # what a line takes over may say otherwise than the file in a further field


def taken(ledger: Ledger, folder: Path, platform: str, files: list[bytes]) -> Taken | None:
    """Import files; None where they are refused, with nothing written."""
    before, paths = ledger.head(), [folder / f"given-{number}" for number in range(len(files))]
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
    try:
        return ledger.import_from(platform, *paths)
    except LedgerError:
        assert ledger.head() == before
        return None


def check_taken_over(ledger: Ledger, folder: Path, platform: str, files: list[bytes]) -> None:
    """Import a later export: again it tells nothing more, and once each line was run nothing that has one."""
    first, again = taken(ledger, folder, platform, files), taken(ledger, folder, platform, files)
    if first is None:
        return
    assert again is not None
    assert dict(again.new) == {}
    assert {change.what for change in again.changes} <= {change.what for change in first.changes}
    rounds = 0
    while lines := [change.python for change in again.changes if change.python]:
        for line in lines:
            exec(line.replace("WHY", "as the platform says"), {"ledger": ledger})
        again, rounds = taken(ledger, folder, platform, files), rounds + 1
        assert again is not None
        assert rounds <= ROUNDS, lines
    assert ledger.verify().ok


@pytest.mark.parametrize("exports", [LATER, pytest.param(MANY_LATER, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_later_export_says_otherwise_can_be_taken_over(
    platform: str, exports: int, tmp_path: Path, clock: Clock
) -> None:
    clock.set(TODAY)
    random, samples = Random(f"{platform}, later"), samples_of(platform)

    for number in range(exports):
        path, good = tmp_path / f"{number}.db", samples[number % len(samples)]
        with Ledger(path, me="ed") as ledger:
            taken(ledger, tmp_path, platform, good)  # of which some are samples of what is refused
            check_taken_over(ledger, tmp_path, platform, later(good, random))
        path.unlink()
