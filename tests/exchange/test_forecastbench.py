"""ForecastBench's sets: every trap of the format, and files that are spoilt."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import InvalidValue, Ledger
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Forecast, Resolution, Statement

SAMPLE = Path(__file__).parent.parent / "data" / "platforms" / "forecastbench"
FILES = sorted(SAMPLE.glob("2026*.json"))
TODAY = "2026-11-29"
Json = dict[str, Any]


def market(**fields: object) -> Json:
    return {
        "id": "M1", "source": "manifold", "question": "Will the pier reopen?", "resolution_criteria": "As there.",
        "market_info_open_datetime": "2026-03-01T10:00:00+00:00", "url": "https://example.org/m1",
        "market_info_close_datetime": "2026-12-31T23:59:00+00:00", "market_info_resolution_criteria": "N/A",
        "resolution_dates": "N/A", **fields,
    }  # fmt: skip


def of_data(**fields: object) -> Json:
    return market(**{
        "id": "D1", "source": "fred", "question": "Is it higher on {resolution_date} than on {forecast_due_date}?",
        "market_info_open_datetime": "N/A", "market_info_close_datetime": "N/A",
        "resolution_dates": ["2026-04-19", "2026-05-12"], **fields,
    })  # fmt: skip


def row(question: Json, value: object, day: str | None = None, **fields: object) -> Json:
    return {"id": question["id"], "source": question["source"], "forecast": value, "resolution_date": day,
            "reasoning": "", "direction": None, **fields}  # fmt: skip


def resolved(question: Json, value: object, day: str, resolved: object = True) -> Json:
    return {"id": question["id"], "source": question["source"], "direction": None, "resolution_date": day,
            "resolved_to": value, "resolved": resolved}  # fmt: skip


class Bench:
    """A folder of sets, and the ledger that they are read into."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self.ledger, self.folder, self.files = ledger, folder, list[Path]()

    def file(self, name: str, holds: str, rows: list[Json], due: str = "2026-04-12", **top: object) -> Bench:
        self.files.append(self.folder / name)
        content = {"forecast_due_date": due, "question_set": f"{due}-llm.json", holds: rows, **top}
        self.files[-1].write_text(json.dumps(content), "utf-8")
        return self

    def take(self) -> Taken:
        return self.ledger.import_from("forecastbench", *self.files)

    def forecasts(self) -> list[tuple[str, str, float | None, str | None]]:
        said = self.ledger._store.standing(Forecast)
        return sorted((one.claim, one.forecaster, one.probability, one.note) for one in said)

    def verdicts(self) -> list[tuple[str, object, str]]:
        found = self.ledger._store.standing(Resolution)
        return [(one.claim, one.fraction if one.fraction is not None else str(one.outcome), str(one.known_on))
                for one in found]  # fmt: skip


@pytest.fixture
def bench(ledger: Ledger, clock: Clock, tmp_path: Path) -> Bench:
    clock.set(TODAY)
    return Bench(ledger, tmp_path)


TEAM = {"organization": "My team", "model": "model-x"}


def test_the_order_of_the_files_makes_no_difference(clock: Clock, tmp_path: Path) -> None:
    clock.set(TODAY)
    found = set()
    for number, files in enumerate(permutations(FILES)):
        with Ledger(tmp_path / f"{number}.db", me="ana") as ledger:
            taken = ledger.import_from("forecastbench", *files)
            records = [
                str(one.model_dump(exclude={"reason"}))  # which names the files
                for cls in (Claim, Forecast, Resolution)
                for one in ledger._store.standing(cls)
            ]
            found.add((str(sorted(records)), str(taken.left_out)))
    assert len(found) == 1


def test_the_dates_of_one_question_share_a_cluster_and_markets_close(bench: Bench) -> None:
    bench.file("q.json", "questions", [of_data(), of_data(source="dbnomics"), market()]).take()

    claims = {claim.slug.rsplit("-", 1)[0]: claim for claim in bench.ledger._store.standing(Claim)}
    assert claims["forecastbench-fred-d1-2026-04-19"].wording == "Is it higher on 2026-04-19 than on 2026-04-12?"
    clusters = [claim.cluster for claim in claims.values()]
    assert clusters[0] == clusters[1] != clusters[2] == clusters[3] is not None
    last = claims["forecastbench-manifold-m1"]
    assert (last.cluster, str(last.closes_at)) == (None, "2026-12-31 23:59:00+00:00")


def test_where_a_claim_comes_from_is_noted_in_full(bench: Bench) -> None:
    bench.file("q.json", "questions", [market(id="AbC"), market(id="aBc"), of_data(resolution_dates=["2026-04-19"])])
    bench.take()

    assert [said.notes for said in bench.ledger._store.standing(Statement)] == [
        f"{key} in 2026-04-12-llm.json" for key in ("manifold/AbC", "manifold/aBc", "fred/D1/2026-04-19")
    ]


def test_nothing_said_is_written_n_a(bench: Bench) -> None:
    odd = market(market_info_open_datetime="N/A", url="N/A", resolution_criteria="N/A")
    own = market(id="M2", market_info_resolution_criteria="The city says so.")
    bench.file("q.json", "questions", [odd, own]).take()

    first, second = bench.ledger._store.standing(Claim)
    assert (str(first.opens_on), first.notes, first.criteria) == ("2026-04-12", None, "As resolved on ForecastBench.")
    assert second.criteria == "As there.\nThe city says so."


def test_a_day_without_a_time_opens_and_closes_too(bench: Bench) -> None:
    bench.file("q.json", "questions", [
        market(market_info_open_datetime="2026-03-01", market_info_close_datetime="2026-08-31"),
    ]).take()  # fmt: skip

    (claim,) = bench.ledger._store.standing(Claim)
    assert (str(claim.opens_on), str(claim.deadline), claim.closes_at) == ("2026-03-01", "2026-08-31", None)


def test_a_market_asked_again_by_a_later_set_is_one_question(bench: Bench) -> None:
    later = {"due": "2026-04-26"}
    bench.file("b.json", "questions", [
        market(market_info_close_datetime="2027-02-01T00:00:00+00:00", question="Will the old pier reopen?")
    ], **later)  # fmt: skip
    bench.file("a.json", "questions", [market()])
    bench.file("c.json", "forecasts", [row(market(), 0.2)], **TEAM)
    bench.file("d.json", "forecasts", [row(market(), 0.3)], **later, **TEAM)

    taken = bench.take()

    assert (taken.new["claim"], taken.new["forecast"], taken.left_out) == (1, 2, {})
    assert str(bench.ledger._store.standing(Claim)[0].deadline) == "2026-12-31"


@pytest.mark.parametrize("words", ["Will the pier reopen?", "Will the old pier reopen?"])
@pytest.mark.parametrize("opens", ["2026-03-01T10:00:00+00:00", "N/A"])
def test_what_a_later_set_says_otherwise_of_a_market_is_listed_in_one_run_as_in_two(
    words: str, opens: str, bench: Bench, tmp_path: Path
) -> None:
    moved = market(
        market_info_close_datetime="2027-02-01T00:00:00+00:00", question=words, market_info_open_datetime=opens
    )
    bench.file("a.json", "questions", [market()]).file("c.json", "forecasts", [row(market(), 0.2)], **TEAM)
    bench.file("b.json", "questions", [moved], due="2026-04-26")
    bench.file("d.json", "forecasts", [row(moved, 0.3)], due="2026-04-26", **TEAM)
    with Ledger(tmp_path / "two-runs.db", me="ana") as other:
        other.import_from("forecastbench", *bench.files[:2])
        apart = other.import_from("forecastbench", *bench.files[2:])

    first, again = bench.take(), bench.take()

    assert (first.changes, again.changes, dict(again.new)) == (apart.changes, apart.changes, {})
    assert "deadline 2026-12-31 -> 2027-01-31" in " ".join(change.what for change in first.changes)
    for line in [change.python for change in first.changes if change.python]:
        exec(line.replace("WHY", "as the set says"), {"ledger": bench.ledger})
    assert (bench.take().changes, dict(bench.take().new)) == ((), {})


UNDATED, DATED = market(market_info_open_datetime="N/A"), market()


@pytest.mark.parametrize(
    ("first", "second", "changed"),
    [
        (UNDATED, UNDATED, []), (DATED, UNDATED, []), (DATED, DATED, []),
        (UNDATED, DATED, ["opens_on 2026-04-12 -> 2026-03-01"]),
    ],
)  # fmt: skip
def test_a_market_whose_opening_a_later_set_does_not_tell_stands_as_it_is(
    bench: Bench, first: Json, second: Json, changed: list[str]
) -> None:
    bench.file("a.json", "questions", [first]).take()
    bench.files = []
    bench.file("b.json", "questions", [second], due="2026-04-26")

    assert [one.what for one in bench.take().changes] == changed


@pytest.mark.parametrize("sets", [(UNDATED, DATED), (DATED, UNDATED)])
def test_a_market_opens_when_any_set_of_a_run_tells(bench: Bench, sets: tuple[Json, Json]) -> None:
    for due, asked in zip(("2026-04-12", "2026-04-26"), sets, strict=True):
        bench.file(f"{due}.json", "questions", [asked], due=due)
    bench.take()

    assert [str(claim.opens_on) for claim in bench.ledger._store.standing(Claim)] == ["2026-03-01"]
    assert bench.take().changes == ()


def test_data_compared_with_another_day_is_another_question(bench: Bench) -> None:
    later = {"due": "2026-04-26"}
    bench.file("a.json", "questions", [of_data(resolution_dates=["2026-05-12"])])
    bench.file("b.json", "questions", [of_data(resolution_dates=["2026-05-12"])], **later)
    bench.file("d.json", "forecasts", [row(of_data(), 0.3, "2026-05-12")], **later, **TEAM)

    taken = bench.take()

    assert taken.left_out == {"question": {"asked-anew": 1}}
    assert bench.forecasts() == []


def test_data_compared_with_another_day_is_another_question_in_a_run_of_its_own_too(bench: Bench) -> None:
    asked = of_data(resolution_dates=["2026-05-12", "2026-06-30"])
    bench.file("a.json", "questions", [of_data(resolution_dates=["2026-05-12"])]).take()
    later, bench.files = {"due": "2026-04-26"}, []
    bench.file("b.json", "questions", [asked], **later)
    bench.file("d.json", "forecasts", [row(asked, 0.3, day) for day in asked["resolution_dates"]], **later, **TEAM)
    bench.file("r.json", "resolutions", [resolved(asked, 1.0, day) for day in asked["resolution_dates"]], **later)

    taken, again = bench.take(), bench.take()

    assert (taken.left_out, taken.changes) == ({"question": {"asked-anew": 1}}, ())
    assert [said[0] for said in bench.forecasts()] == [claim for claim, *_ in bench.verdicts()]
    assert (taken.new["claim"], len(bench.forecasts()), dict(again.new)) == (1, 1, {})
    assert "1 question: 1 is asked in other words by another set" in str(again)


def test_what_was_filled_in_or_left_open_is_no_forecast(bench: Bench) -> None:
    rows = [
        row(market(), 0.5, imputed=True), row(market(id="M2"), None),
        row(market(id="M3"), 0.6000000000000001, imputed=False),
        row(market(id="M4"), 1.0000000000000002, reasoning=" Sure. "), row(market(id="M5"), -1e-17),
        row(of_data(), 0.5, "2026-06-30"), row(of_data(), 0.5),
    ]  # fmt: skip
    questions = [market(), *(market(id=f"M{n}") for n in (2, 3, 4, 5)), of_data()]
    bench.file("q.json", "questions", questions).file("f.json", "forecasts", rows, **TEAM)

    taken = bench.take()

    assert taken.left_out == {"forecast": {"filled-in": 1, "no-number": 1, "unknown-question": 2}}
    assert [said[2:] for said in bench.forecasts()] == [(0.6, None), (1.0, "Sure."), (0.0, None)]


@pytest.mark.parametrize(("value", "outcome"), [(1.0, "yes"), (0, "no"), (0.4, 0.4), (None, "annulled")])
def test_a_verdict_counts_from_when_its_value_was_known(value: object, outcome: object, bench: Bench) -> None:
    bench.file("q.json", "questions", [market(), of_data()])
    bench.file(
        "r.json", "resolutions", [resolved(market(), value, "2026-08-18"), resolved(of_data(), value, "2026-05-12")]
    )

    bench.take()

    assert [found[1:] for found in bench.verdicts()] == [(outcome, "2026-08-18"), (outcome, "2026-05-13")]


def test_what_is_not_resolved_is_the_value_of_a_day(bench: Bench) -> None:
    bench.file("q.json", "questions", [market(), of_data()])
    bench.file("r.json", "resolutions", [
        resolved(market(), 0.785, "2026-08-18", False), resolved(of_data(), None, "2026-05-12", False),
        resolved(market(id="gone"), 1, "2026-08-18"),
    ])  # fmt: skip

    taken = bench.take()

    assert taken.left_out == {"verdict": {"market-value": 1, "not-final": 1, "unknown-question": 1}}
    assert bench.verdicts() == []


def test_of_two_nights_the_later_file_stands_and_a_later_run_adds_to_the_history(bench: Bench) -> None:
    bench.file("q.json", "questions", [market()])
    bench.file("r1.json", "resolutions", [resolved(market(), 0.7, "2026-08-17", False)])
    bench.file("r2.json", "resolutions", [resolved(market(), 1, "2026-08-18")])
    bench.file("r3.json", "resolutions", [resolved(market(), 0, "2026-08-18")])

    assert bench.take().left_out == {"verdict": {"market-value": 1, "resolved-anew": 1}}
    assert bench.verdicts() == [("forecastbench-manifold-m1-84437389", "no", "2026-08-18")]
    bench.file("r3.json", "resolutions", [resolved(market(), 1, "2026-08-19")])
    bench.files = [bench.folder / "q.json", bench.folder / "r3.json"]
    assert bench.take().new == {"verdict": 1}
    assert [found[1:] for found in bench.verdicts()] == [("no", "2026-08-18"), ("yes", "2026-08-19")]


def test_combinations_go_with_what_was_said_of_them(bench: Bench) -> None:
    both = market(id=["A", "B"])
    bench.file("q.json", "questions", [both]).file("f.json", "forecasts", [row(both, 0.1, direction=[1, -1])], **TEAM)
    bench.file("r.json", "resolutions", [resolved(both, 1, "2026-08-18")])

    assert bench.take().left_out == {"question": {"combination": 1}}


def test_what_is_said_of_combinations_that_no_set_asks_is_counted(bench: Bench) -> None:
    both = market(id=["A", "B"])
    bench.file("f.json", "forecasts", [row(both, 0.1, direction=[1, -1]), row(market(), 0.1)], **TEAM)
    bench.file("r.json", "resolutions", [resolved(both, 1, "2026-08-18")])

    assert bench.take().left_out == {"forecast": {"unknown-question": 2}, "verdict": {"unknown-question": 1}}


def test_people_says_whose_a_set_is(bench: Bench) -> None:
    bench.file("q.json", "questions", [market()]).file("f.json", "forecasts", [row(market(), 0.1)], **TEAM)

    bench.ledger.import_from("forecastbench", *bench.files, people={"My team model-x": "ana"})

    assert [said[1] for said in bench.forecasts()] == ["ana"]


def test_many_sets_of_long_names_are_one_run(bench: Bench) -> None:
    bench.file("q.json", "questions", [market()])
    for number in range(40):
        name = f"2026-04-12.{'My_team_of_many_names_' * 9}.{number}.json"
        bench.file(name, "forecasts", [row(market(), number / 100)], organization="My team", model=f"model-{number}")

    taken = bench.take()

    assert taken.new["forecast"] == 40
    assert taken.files[0].endswith(" and 38 more")


@pytest.mark.parametrize(
    ("holds", "rows", "told"),
    [
        ("questions", [market(market_info_close_datetime="soon")], "market_info_close_datetime"),
        ("questions", [of_data(resolution_dates=["2026-02-30"])], "resolution_dates"),
        ("questions", [{"id": "x"}], "source"),
        ("forecasts", [row(market(), 1.2)], "forecast"),
        ("forecasts", [row(market(), "N/A")], "forecast"),
        ("resolutions", [resolved(market(), 2, "2026-08-18")], "resolved_to"),
        ("resolutions", [resolved(market(), 1, "N/A")], "resolution_date"),
        ("resolutions", [resolved(market(), 1, "2026-08-18", "yes")], "resolved"),
        ("resolutions", [resolved(market(), 1, "2098-08-18")], "resolution_date"),
        ("resolutions", [resolved(market(), 1, "2026-08-18"), resolved(market(), 0, "2026-08-18")], "row 1 resolves"),
        ("questions", [market(), market(question="Is it otherwise?")], "row 1 asks"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_row_and_column(
    holds: str, rows: list[Json], told: str, bench: Bench
) -> None:  # fmt: skip
    before = bench.ledger.head()
    bench.file("a.json", "questions", [market()]).file("odd.json", holds, rows, **TEAM)

    with pytest.raises(InvalidValue) as refused:
        bench.take()

    assert told in str(refused.value)
    assert "row 1" in str(refused.value)
    assert bench.ledger.head() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "neither questions, forecasts nor resolutions"), ("{}", "neither"), ("", "odd.json"), ("{", "odd.json"),
        ('{"questions": []}', "forecast_due_date: None is no day"),
        ('{"questions": {}, "forecast_due_date": "2026-04-12"}', "no list of objects"),
        ('{"questions": [1], "forecast_due_date": "2026-04-12"}', "no list of objects"),
    ],
)  # fmt: skip
def test_what_is_no_set_is_refused_in_a_sentence(text: str, told: str, bench: Bench) -> None:
    bench.files = [bench.folder / "odd.json"]
    bench.files[0].write_text(text, "utf-8")

    with pytest.raises(InvalidValue, match=told):
        bench.take()


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**20), st.floats(), st.text(max_size=5), st.just("N/A"), st.just([]),
    st.just({}), st.just(["A", 1]), st.sampled_from(["9999-12-31", "0001-01-01", "2026-04-12T00:00:00Z", "{"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_set_is_read_or_refused_whole(data: st.DataObject, bench: Bench) -> None:
    sets: list[Any] = [json.loads(file.read_text("utf-8")) for file in FILES]
    for _ in range(data.draw(st.integers(1, 3))):
        one = data.draw(st.sampled_from(sets))
        rows = next(one[holds] for holds in ("questions", "forecasts", "resolutions") if holds in one)
        target = data.draw(st.sampled_from([one, *rows]))
        key = data.draw(st.sampled_from(sorted(set(target) - {"questions", "forecasts", "resolutions"})))
        target[key] = data.draw(ODD)
    files = [bench.folder / f"{number}.json" for number in range(len(sets))]
    for path, content in zip(files, sets, strict=True):
        path.write_text(json.dumps(content), "utf-8")
    before = bench.ledger.head()

    with suppress(InvalidValue):
        bench.ledger.import_from("forecastbench", *files, dry_run=True)

    assert bench.ledger.head() == before
