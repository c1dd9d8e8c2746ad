"""Whatever stands wherever in the files of a platform, they are taken whole, with counts that add up, or refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from conftest import Clock
from export_mutations import spoilt
from market_exports import TODAY

from predictions import Ledger, LedgerError
from predictions.enums import PLATFORMS
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Forecast, Resolution

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
SPOILT, MANY_SPOILT = 6, 3_000  # of each platform; of a campaign the second
SAMPLES = Path(__file__).parent.parent / "data" / "platforms"


def samples_of(platform: str) -> list[list[bytes]]:
    """The files of each sample of a platform."""
    found = []
    for path in sorted(SAMPLES.glob(f"{platform}*/expected.json")):
        names = json.loads(path.read_text("utf-8"))["files"]
        found.append([content for name in names if (content := (path.parent / name).read_bytes())])
    return [files for files in found if files]


def check_adds_up(folder: Path, platform: str, files: Sequence[bytes]) -> bool:
    """Import files; where they are refused, in plain words and with nothing written, the answer is False."""
    path, paths = folder / "any.db", []
    path.unlink(missing_ok=True)
    for number, content in enumerate(files):
        paths.append(folder / f"given-{number}")
        paths[-1].write_bytes(content)
    with Ledger(path, me="ed") as ledger:
        before = ledger.head()
        try:
            would = ledger.import_from(platform, *paths, dry_run=True)
        except LedgerError as refused:
            words = str(refused)
            with pytest.raises(type(refused)) as again:
                ledger.import_from(platform, *paths)
            assert str(again.value) == words
            assert "not happen" not in words
            assert len(words) < 4_000
            assert "given-" in words or "_data.csv" in words
            assert ledger.head() == before
            return False
        assert ledger.head() == before
        did = ledger.import_from(platform, *paths)
        again_counted = ledger.import_from(platform, *paths)

        assert (would.new, would.left_out, would.repeated) == (did.new, did.left_out, did.repeated)
        assert str(did)
        _check_counts(ledger, did)
        assert (dict(again_counted.new), again_counted.changes, again_counted.stand) == ({}, (), _standing(did))
        assert ledger.verify().ok
        return True


def _check_counts(ledger: Ledger, did: Taken) -> None:
    snapshot = ledger.snapshot()
    claims = snapshot.all(Claim)
    forecasts: list[Forecast] = [item.record for claim in claims for item in snapshot.forecasts_on(claim)]
    verdicts: list[Resolution] = [item.record for claim in claims for item in snapshot.resolutions_of(claim)]
    assert len(claims) == did.new["claim"]
    withdrawn = sum(bool(one.withdrawn) for one in forecasts)
    assert (len(forecasts) - withdrawn, withdrawn) == (did.new["forecast"], did.new["withdrawal"])
    assert len(forecasts) == sum(did.by.values())
    assert len(verdicts) == did.new["verdict"]


def _standing(did: Taken) -> dict[str, int]:
    nouns = ("claim", "forecast", "withdrawal", "verdict")
    return {noun: did.new[noun] for noun in nouns if did.new[noun]}


@pytest.mark.parametrize("variants", [SPOILT, pytest.param(MANY_SPOILT, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_any_value_anywhere_is_taken_whole_or_refused(
    platform: str, variants: int, tmp_path: Path, clock: Clock
) -> None:
    clock.set(TODAY)
    random, samples = Random(f"{platform}, any value"), samples_of(platform)

    for number in range(variants):
        check_adds_up(tmp_path, platform, spoilt(samples[number % len(samples)], random))
