"""Long tables of more rows than stay records: two options, a month, options named in any script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Clock

from predictions import Ledger
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.records import Claim

CLAIMS, PEOPLE, MOMENTS = 12, 10, 90
DEADLINE = "2026-06-30"
EXACT = 1e-12
ANY_SCRIPT = ["Ёлка и Ко", "東京 (都)", "حزب العدل", "Łódź"]
NAMES = ["ёлка-и-ко", "東京-都", "حزب-العدل", "łódź"]


def said() -> list[tuple[int, str, datetime, float]]:
    """More forecasts than one import keeps as records: of claim, person, moment and chance."""
    luck = np.random.default_rng(5)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        (claim, f"who-{person}", start + timedelta(hours=25 * moment + person), round(float(luck.random()), 3))
        for claim in range(CLAIMS) for person in range(PEOPLE) for moment in range(MOMENTS)
    ]  # fmt: skip


def long_table(prefix: str, forecasts: list[tuple[int, str, datetime, float]]) -> dict[str, list[Any]]:
    """Two rows a forecast, one for each option."""
    rows = [
        (f"{prefix}-{claim}", who, made_at, option, chance if option == "yes" else round(1 - chance, 3))
        for claim, who, made_at, chance in forecasts for option in ("yes", "no")
    ]  # fmt: skip
    return dict(
        zip(
            ("claim", "forecaster", "made_at", "option", "probability"), map(list, zip(*rows, strict=True)), strict=True
        )
    )


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same as claims of yes or no, as choices of two and as two ordered options; some have no verdict yet."""
    from predictions.testing import clock_at

    path, forecasts = tmp_path_factory.mktemp("twins") / "ledger.db", said()
    assert len(forecasts) > RECORDS_AT_MOST
    with clock_at("2026-01-02T09:00:00Z") as clock, Ledger(path, create=True, me="ana") as ledger:
        site = path.with_name("site.toml")
        site.write_text('format = 1\n[[source]]\nslug = "site"\ntitle = "Site"\nkind = "platform"\n', "utf-8")
        ledger.import_from("catalog", site)
        for number in range(CLAIMS):
            for prefix, terms in (
                ("one", {}),
                ("two", {"options": ["no", "yes"]}),
                ("rank", {"options": ["no", "yes"], "ordered": True}),
            ):
                ledger.add(f"{prefix} {number}", deadline=DEADLINE, slug=f"{prefix}-{number}", **terms)
        clock.set("2026-04-20")
        claims, people, moments, chances = map(list, zip(*forecasts, strict=True))
        done = ledger.import_forecasts({
            "claim": [f"one-{claim}" for claim in claims], "forecaster": people, "made_at": moments,
            "probability": chances,
        }, published_in="site")  # fmt: skip
        for prefix in ("two", "rank"):
            ledger.import_forecasts(long_table(prefix, forecasts), published_in="site")
        clock.set("2026-08-15")
        for number in range(CLAIMS - 1):
            for prefix in ("one", "two", "rank"):
                ledger.resolve(
                    f"{prefix}-{number}", "yes" if number % 3 else "no", known_on="2026-07-02", reason="seen"
                )
        assert done.forecasts == len(forecasts)
        yield ledger


@pytest.mark.parametrize("kind", ["choice", "ordered"])
def test_two_options_in_blocks_have_the_scores_of_yes_and_no(twins: Ledger, kind: str) -> None:
    prefix = {"choice": "two", "ordered": "rank"}[kind]
    rows = {(row["claim"], row["forecaster"]): row for row in twins.scorecard().rows()}

    assert len(rows) == 3 * CLAIMS * PEOPLE
    assert sum(row["place"] == "scored" for row in rows.values()) == 3 * (CLAIMS - 1) * PEOPLE
    for (claim, who), row in rows.items():
        if claim.startswith("one-"):
            twin = rows[claim.replace("one", prefix), who]
            for name in ("brier", "log_score", "time_skill", "coverage", "entered", "place"):
                assert twin[name] == (
                    pytest.approx(row[name], abs=EXACT) if isinstance(row[name], float) else row[name]
                )


def test_two_options_in_blocks_stand_on_the_leaderboard_as_yes_and_no(twins: Ledger) -> None:
    plain, *others = (twins.leaderboard(type=type_).to_dict()["rows"] for type_ in ("yes-no", "choice", "ordered"))

    assert len(plain) == PEOPLE
    for rows in others:
        for row, twin in zip(plain, rows, strict=True):
            for name, value in row.items():
                assert twin[name] == (pytest.approx(value, abs=1e-9) if isinstance(value, float | list) else value), (
                    name
                )


@pytest.mark.parametrize("kind", ["choice", "ordered"])
@pytest.mark.parametrize("second", ["who-1", "half", "base rate", "the others"])
def test_two_options_in_blocks_are_compared_as_yes_and_no(twins: Ledger, kind: str, second: str) -> None:
    plain, two = (twins.compare("who-0", second, type=type_) for type_ in ("yes-no", kind))

    assert two.observations == CLAIMS - 1
    for name in ("difference", "anytime", "once", "said"):
        assert getattr(two, name) == pytest.approx(getattr(plain, name), abs=EXACT), name
    assert (two.missing, two.needed, two.observations) == (plain.missing, plain.needed, plain.observations)


@pytest.mark.parametrize("kind", ["choice", "ordered"])
@pytest.mark.parametrize("figure", ["brier", "log", "skill over time", "covered", "entered", "bounds_open", "n"])
def test_two_options_in_blocks_are_explained_to_the_figure_of_yes_and_no(twins: Ledger, kind: str, figure: str) -> None:
    plain, two = (twins.explain(figure, by="who-3", type=type_) for type_ in ("yes-no", kind))

    assert two.value == pytest.approx(plain.value, abs=EXACT)
    assert len(two.steps) == len(plain.steps)


def test_a_month_in_bulk_spreads_as_the_verb_has_it(ledger: Ledger, clock: Clock) -> None:
    for slug in ("typed", "table"):
        ledger.add(f"Passed, {slug}", deadline=DEADLINE, when=True, slug=slug)
    rows = [
        {"claim": slug, "forecaster": "ben", "made_at": "2026-01-02T08:00:00Z", "day": day, "probability": chance}
        for slug in ("typed", "table") for day, chance in (("2026-05-16", 0.3), (DEADLINE, 0.6))
    ]  # fmt: skip
    clock.set("2026-01-02T08:01:00Z")
    ledger.import_forecasts(rows)
    clock.set("2026-08-15")

    ledger.resolve("typed", "yes", happened_on="2026-05", known_on="2026-06-01", reason="seen")
    ledger.import_resolutions(
        [{"claim": "table", "outcome": "yes", "happened_on": "2026-05", "known_on": "2026-06-01", "reason": "seen"}]
    )

    one, other = ({row["claim"]: row for row in ledger.scorecard().rows()}[slug] for slug in ("typed", "table"))
    for name in ("outcome", "brier", "time_skill", "coverage", "entered"):
        assert one[name] == other[name], name
    assert one["outcome"] == "2026-05"


def asked(ledger: Ledger) -> None:
    ledger.add("Which?", deadline=DEADLINE, options=ANY_SCRIPT, slug="which")


def card_of(ledger: Ledger, clock: Clock) -> object:
    clock.set("2026-08-15")
    ledger.resolve("which", "東京 (都)", known_on="2026-07-02", reason="seen")
    [row] = ledger.scorecard(by="who-7").rows()
    return row["said"], row["outcome"], row["brier"]


@pytest.mark.parametrize("form", ["csv", "parquet", "table"])
@pytest.mark.parametrize("people", [8, RECORDS_AT_MOST + 1])
def test_options_of_any_script_go_out_and_come_back(
    ledger: Ledger, clock: Clock, tmp_path: Path, form: str, people: int
) -> None:
    if form == "table" and people > 8:
        pytest.skip("a table for people is no dump")
    asked(ledger)
    clock.set("2026-01-05")
    ledger.import_forecasts([
        {"claim": "which", "forecaster": f"who-{person}", "made_at": "2026-01-02T10:00:00Z", "option": option,
         "probability": share}
        for person in range(people) for option, share in zip(ANY_SCRIPT, (0.1, 0.2, 0.3, 0.4), strict=True)
    ])  # fmt: skip

    ledger.export(form, tmp_path / ("out" if form == "parquet" else "out.csv"))

    with Ledger(tmp_path / "again.db", create=True, me="ana") as again:
        if form == "table":
            again.import_from("table", tmp_path / "out.csv")
        else:
            asked(again)
            file = tmp_path / "out.csv" if form == "csv" else tmp_path / "out" / "forecasts" / "part-00000.parquet"
            again.import_forecasts(file)
        assert again.verify().ok
        assert again.snapshot().find(Claim, "which").options == tuple(NAMES)
        known = card_of(again, clock)
    assert known == card_of(ledger, clock)
    assert known[:2] == (
        ", ".join(f"{name} {share}" for name, share in zip(NAMES, (0.1, 0.2, 0.3, 0.4), strict=True)),
        NAMES[1],
    )
