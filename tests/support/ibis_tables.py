"""Invented forecasts as tables of an engine, and what the kernel makes of the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow
from pyarrow import parquet

from forecasts.bins import bin_index, display_bins
from forecasts.ibis_table import BINS
from forecasts.kernel import Claims, Rows, batches
from forecasts.murphy import murphy_decomposition
from forecasts.questions import YES_NO

DAY = 86_400_000_000
FORECASTERS = 40
TAGS = 5


def invented(size: int, seed: int, certain: bool = False) -> tuple[Rows, Claims]:
    """Sorted forecasts with ties, withdrawals, early and late ones; claims annulled, closed early, resolved partly."""
    random = np.random.default_rng(seed)
    count = max(size // 50, 3)
    opens = 18_000 * DAY + random.integers(0, 1000, count) * DAY
    closes = opens + random.integers(20, 700, count) * DAY
    early = random.random(count) < 0.4
    limit = np.where(early, opens + ((closes - opens) * random.random(count)).astype(np.int64), closes)
    limit[: count // 10] = opens[: count // 10] - random.integers(0, 2, count // 10) * DAY  # public by the opening
    outcome = random.choice([0.0, 1.0, 1.0, 0.0, 0.3, np.nan], count)
    claim, forecaster = random.integers(0, count, size), random.integers(0, FORECASTERS, size)
    spread = random.random(size) * 1.2 - 0.1
    made_at = (opens[claim] + spread * (closes - opens)[claim]).astype(np.int64) // (DAY // 4) * (DAY // 4)
    chance = np.round(random.random(size), 2)
    if not certain:
        chance = np.clip(chance, 0.01, 0.99)
    chance[random.random(size) < 0.1] = np.nan
    order = np.lexsort((made_at, forecaster, claim))
    none = np.zeros(size, "u1")
    rows = Rows(claim[order].astype("i4"), forecaster[order].astype("i4"), made_at[order], chance[order], none)
    grain = random.choice([0.0, DAY], count)
    return rows, Claims(opens.astype(float), closes.astype(float), limit.astype(float), outcome, grain)


def tables(rows: Rows, claims: Claims) -> dict[str, pyarrow.Table]:
    """The same as a store of columns has it, the forecasts in another order."""
    shuffled = np.random.default_rng(9).permutation(rows.claim.size)
    outcome = pyarrow.array(claims.outcome, from_pandas=True)
    number = np.arange(claims.opens.size)
    return {
        "forecasts": pyarrow.table(
            {
                "claim": rows.claim[shuffled], "forecaster": rows.forecaster[shuffled],
                "made_at": rows.time[shuffled], "place": shuffled,
                "probability": pyarrow.array(rows.probability[shuffled], from_pandas=True),
            }
        ),
        "claims": pyarrow.table(
            {
                "claim": number.astype("i4"), "opens": claims.opens.astype("i8"), "closes": claims.closes.astype("i8"),
                "limit": claims.limit.astype("i8"), "grain": claims.grain.astype("i8"), "outcome": outcome,
            }
        ),
        "tags": pyarrow.table({"claim": number.astype("i4"), "tag": [f"tag-{one % TAGS}" for one in number]}),
    }  # fmt: skip


def by_kernel(rows: Rows, claims: Claims, only: np.ndarray | None = None) -> dict[int, dict[str, float]]:
    """What the kernel and the library's own scores make of it, for each forecaster."""
    scored = ~np.isnan(claims.outcome) if only is None else ~np.isnan(claims.outcome) & only
    rows = rows.part(scored[rows.claim])
    series = [part.part(~np.isnan(part.probability)) for part in batches(rows, claims, block=1 << 12)]
    claim, whose, _, _, said, share, saved, _ = (np.concatenate(column) for column in zip(*series, strict=True))
    came = claims.outcome[claim]
    loss, surprise = YES_NO.losses(said, came), YES_NO.log_losses(said, came)
    lost = share * (0.5 - came) ** 2 - saved
    found = {}
    for forecaster in np.unique(whose).tolist():
        mine = whose == forecaster
        n = mine.sum()
        parts = murphy_decomposition(said[mine], came[mine], groups=bin_index(said[mine]))
        bins = display_bins(said[mine], came[mine])
        figures = {
            "n": n,
            "brier": loss[mine].sum() / n,
            "log_score": surprise[mine].sum() / n,
            "coverage": share[mine].sum() / n,
            "time_brier": lost[mine].sum() / n,
            "time_skill": saved[mine].sum() / n,
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "uncertainty": parts.uncertainty,
            "within_variance": parts.within_variance,
            "within_covariance": parts.within_covariance,
        }
        for number in range(BINS):
            figures[f"bin_{number}_count"] = bins.count[number]
            figures[f"bin_{number}_probability"] = bins.mean_probability[number]
            figures[f"bin_{number}_frequency"] = bins.frequency[number]
        found[forecaster] = figures
    return found


def as_floats(result: pyarrow.Table) -> list[dict[str, Any]]:
    return [
        {name: float("nan") if value is None else value for name, value in row.items()} for row in result.to_pylist()
    ]


def duckdb_over_parquet(folder: Path, made: dict[str, pyarrow.Table]) -> dict[str, Any]:
    connection = ibis.duckdb.connect()
    for name, table in made.items():
        parquet.write_table(table, folder / f"{name}.parquet")
    return {name: connection.read_parquet(folder / f"{name}.parquet") for name in made}
