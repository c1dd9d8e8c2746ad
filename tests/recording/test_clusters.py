"""Clusters: said when a claim is added, in a catalogue or later; never undone, and told where they come too late."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock, Refuses
from pyarrow import parquet

from predictions import InvalidValue, Ledger, LedgerWarning


@pytest.fixture
def rain(ledger: Ledger) -> str:
    return ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3, cluster="weather")


def test_a_cluster_is_said_when_a_claim_is_added(ledger: Ledger, rain: str) -> None:
    card = ledger.claim("rain", full=True)

    assert (card.claim.cluster, card.to_dict()["cluster"]) == ("weather", "weather")
    assert "cluster     weather" in str(card)
    assert [row["cluster"] for row in ledger.board().rows()] == ["weather"]
    again = ledger.add("It rains", deadline="2026-06-30", p=0.3, cluster="weather")
    assert (again, again.wrote) == ("rain", 0)


def test_it_is_a_slug(ledger: Ledger, refuses: Refuses) -> None:
    with refuses("cluster: 'The weather' is not a slug", error=InvalidValue):
        ledger.add("It rains", deadline="2026-06-30", cluster="The weather")


def test_typed_it_is_an_option(clock: Clock, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    run.says("init")
    run.says("add", "It rains", "--deadline", "2027-06-30", "--slug", "rain")
    run.says("add", "It hails", "--deadline", "2027-06-30", "--cluster", "weather", "--slug", "hail")
    run.says("correct", "claim", "rain", "--set", "cluster=weather", "--reason", "one fact")

    assert [run.json("claim", slug)["cluster"] for slug in ("rain", "hail")] == ["weather", "weather"]


@pytest.mark.parametrize(("p", "day"), [(0.3, "2026-01-10"), (None, "2026-03-01")])
def test_a_cluster_declared_while_nobody_knows_more_says_nothing(
    ledger: Ledger, clock: Clock, p: float | None, day: str
) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=p)
    clock.set(day)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ledger.correct("claim rain", reason="one fact", cluster="weather").record.revision == 2


@pytest.mark.parametrize("cluster", ["storms", None])
def test_splitting_is_recorded_and_never_counts(ledger: Ledger, rain: str, cluster: str | None) -> None:
    also = ", too" if cluster else ""

    with pytest.warns(LedgerWarning, match=f"for scoring rain stays in cluster weather{also}: splitting never counts"):
        kept = ledger.correct("claim rain", reason="two facts", cluster=cluster)

    assert kept.record.model_dump()["cluster"] == cluster
    assert ledger.claim("rain").clusters == (("storms", "weather") if cluster else ("weather",))


@pytest.mark.parametrize("late", ["forecast", "verdict", "own"])
def test_a_cluster_that_comes_too_late_for_means_is_told(ledger: Ledger, clock: Clock, late: str) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3 if late == "own" else None)
    if late == "forecast":
        ledger.forecast("rain", 0.4, by="Bea", made_at="2025-12-31")
        why = "bea forecast on it on 2025-12-31"
    elif late == "own":
        clock.set("2026-03-01")
        why = "ana forecast on it on 2026-01-01"
    else:
        clock.set("2026-02-03")
        ledger.resolve("rain", "yes", happened_on="2026-02-01", known_on="2026-02-02", reason="seen")
        why = "how rain came out was public on 2026-02-02"

    with pytest.warns(LedgerWarning, match=f"cluster weather is declared too late for means \\({why}\\)"):
        ledger.correct("claim rain", reason="one fact", cluster="weather")

    assert ledger.claim("rain").claim.cluster == "weather"


def test_exports_carry_the_cluster_and_the_tags_that_stand(ledger: Ledger, rain: str, tmp_path: Path) -> None:
    ledger.correct("claim rain", reason="filed", tags=["wet"])
    ledger.correct("claim rain", reason="filed anew", tags=["cold"])
    with pytest.warns(LedgerWarning, match="splitting never counts"):
        ledger.correct("claim rain", reason="wider", cluster="storms", closes_at="2026-05-01T12:00Z")

    folder = ledger.export("parquet", tmp_path / "parquet").folder

    (claim,) = parquet.read_table(folder / "claims.parquet").to_pylist()
    assert (claim["declared_cluster"], claim["closes_at"]) == ("storms", "2026-05-01T12:00:00.000000Z")
    assert parquet.read_table(folder / "tags.parquet").column("tag").to_pylist() == ["cold"]
