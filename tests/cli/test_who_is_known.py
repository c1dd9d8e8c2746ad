"""Who has said nothing yet is known all the same, an unknown name is led on, and a ledger that is not there begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger, NotFound
from predictions.cli import cli
from predictions.errors import LedgerWarning


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger in which somebody gave no number, and the reader nothing at all."""
    made = Ledger(tmp_path / "typed.db", me="ana")
    made.quote("Mute Weekly", "It snows", deadline="2099", said_on="2026-01-05", link="https://m.example/1")
    return made


@pytest.mark.parametrize("name", ["Mute Weekly", "mute weekly", "mute-weekly", "ana", "Ana"])
def test_who_gave_no_number_has_an_empty_screen(ledger: Ledger, name: str) -> None:
    assert str(ledger.due(by=name)) == "nothing waits for a verdict"
    assert ledger.due(by=name, stale=True).items == ()
    assert [record.n for record in ledger.scorecard(by=name).records] == [0] * (name.lower() != "ana")
    assert list(ledger.leaderboard(by=name).rows()) == []
    assert ledger.leaderboard(by=name, group=name).none
    ledger.board(by=name)


@pytest.mark.parametrize(("name", "near"), [("Mute Weakly", "Mute Weekly"), ("anna", "ana"), ("nobody at all", ""),
                                            ("an", "ana"), ("an-", ""),
                                            ("mute", "Mute Weekly"), ("b", "bob"), ("", ""), (3, "")])  # fmt: skip
def test_an_unknown_name_is_an_error_with_the_near_one_by_every_filter(
    ledger: Ledger, tmp_path: Path, name: str, near: str
) -> None:
    ledger.forecast("it-snows", 0.4, by="bob", kind="person")
    filters = (
        ledger.due, ledger.board, ledger.scorecard, ledger.leaderboard,
        lambda by: ledger.leaderboard(group=by),
        lambda by: ledger.export("fatebook", tmp_path / "theirs.csv", by=by),
        lambda by: ledger.export("forecastbench", tmp_path / "theirs", by=by),
    )  # fmt: skip
    for screen in filters:
        with pytest.raises(
            (NotFound, InvalidValue), match=r"no forecaster|neither a slug|is not text|is empty text"
        ) as refused:
            screen(by=name)

        assert near in str(refused.value)
    assert not list(tmp_path.glob("theirs*"))


@pytest.mark.parametrize("name", ["an", "bo", "ana"])
def test_a_figure_is_of_whom_the_card_has_by_the_whole_name(ledger: Ledger, name: str) -> None:
    ledger.forecast("it-snows", 0.4, by="bob", kind="person")
    for asked in (lambda: ledger.compare(name, "half"), lambda: ledger.explain("brier", name)):
        with pytest.raises(InvalidValue, match=f"no forecaster '{name}' on this card"):
            asked()


@pytest.mark.parametrize("name", ["Mute Weekly", "mute-weekly", "MUTE WEEKLY"])
def test_of_whom_no_number_is_on_file_it_is_said_and_where_their_words_are(ledger: Ledger, name: str) -> None:
    ledger.forecast("it-snows", 0.4, by="bob", kind="person")
    told = 'Mute Weekly gave no number, so there is nothing to score; what they said: ledger.board(by="Mute Weekly")'
    asked: tuple[Callable[[], object], ...] = (
        lambda: ledger.compare(name), lambda: ledger.compare("bob", name), lambda: ledger.explain("brier", name),
        lambda: ledger.scorecard().record(name), lambda: ledger.scorecard().plot_reliability(name),
    )  # fmt: skip
    for ask in asked:
        with pytest.raises(InvalidValue) as refused:
            ask()
        assert str(refused.value) == told
    assert "It snows" in str(ledger.board(by="Mute Weekly"))


@pytest.mark.parametrize("settled", [True, False])
def test_of_whom_only_words_are_on_file_it_is_said_and_where_these_are_scored(
    clock: Clock, tmp_path: Path, settled: bool
) -> None:
    clock.set("2026-01-06")
    ledger = Ledger(tmp_path / "words.db", me="ana")
    ledger.quote(
        "Prof Pundit", "It hails", words="will", deadline="2026-12-31", said_on="2026-01-05", link="https://p.example/1"
    )
    ledger.forecast("it-hails", 0.4, by="bob", kind="person")
    clock.set("2027-02-01")
    if settled:
        ledger.resolve("it-hails", "no")

    assert "Prof Pundit gave no number, only words" in " ".join(str(ledger.compare("bob", "Prof Pundit")).split())
    for figure in ("brier", "time_skill", "miscalibration"):
        with pytest.raises(InvalidValue, match=r"gave no number, only words; .*: ledger.scorecard\(full=True\)"):
            ledger.explain(figure, "Prof Pundit")
    assert "prof-pundit" in ledger.scorecard(full=True).screen()


def test_a_card_of_who_said_nothing_leads_to_the_board(ledger: Ledger) -> None:
    card = ledger.scorecard(by="ana")

    assert " ".join(str(card).split()).endswith(
        'ana gave no number on a scored claim; what they said: ledger.board(by="ana")'
    )
    assert " ".join(card.screen(typed=True).split()).endswith("what they said: board --by ana")


def test_a_card_of_who_gave_no_number_counts_what_they_said(ledger: Ledger) -> None:
    told = " ".join(str(ledger.scorecard(by="Mute Weekly")).split())

    assert "Mute Weekly 1 0 0 0 0 0 1 no number said without a number, and so in no score: Mute Weekly 1" in told


def test_who_is_on_no_such_card_is_known_all_the_same(ledger: Ledger) -> None:
    ledger.add("Which?", deadline="2099", options=["a", "other"], p={"a": 0.4, "other": 0.6})
    ledger.forecast("it-snows", 0.4, by="bob", kind="person")

    with pytest.raises(InvalidValue, match=r"^ana has no forecast that this card scores so; it has bob$"):
        ledger.explain("log_score", "ana")


def test_who_gave_no_number_has_an_export_without_rows(ledger: Ledger, tmp_path: Path) -> None:
    wrote = ledger.export("fatebook", tmp_path / "theirs.csv", by="Mute Weekly")

    assert "0 forecasts" in str(wrote)


def test_a_statement_of_somebody_without_a_number_is_on_their_board(ledger: Ledger) -> None:
    assert "It snows" in str(ledger.board(by="Mute Weekly"))


def test_a_named_ledger_that_is_not_there_says_how_to_begin(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    shown = run.says()

    assert shown.startswith("typed.db is empty.\n  your own prediction    predictions add")
    assert not run.path.exists()


def test_a_misspelled_ledger_is_led_on(tmp_path: Path) -> None:
    Ledger(tmp_path / "typedd.db").close()

    assert "'typedd.db' is here" in CommandLine(tmp_path).refuses()


def test_no_ledger_and_no_name_is_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    done = CliRunner(env={"PREDICTIONS_LEDGER": ""}).invoke(cli, [])

    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "predictions.db is empty.")
    assert not list(tmp_path.iterdir())


def test_evidence_is_taken_back_with_a_reason_and_the_refusal_says_so(ledger: Ledger) -> None:
    ledger.log_evidence("it-snows", "https://e.example/1", "Snow", slug="snow")

    with pytest.raises(InvalidValue, match="to retract snow needs its reason: reason="):
        ledger.retract("snow", reason="")


@pytest.mark.parametrize(
    ("terms", "outcome"),
    [({}, "yes"), ({"options": ["a", "other"]}, "a"), ({"options": ["a", "b"], "ordered": True}, "b"),
     ({"unit": "t", "between": (0, 9)}, 3)],
)  # fmt: skip
def test_an_answer_from_before_the_window_is_refused_whatever_the_type(
    tmp_path: Path, terms: dict[str, object], outcome: object
) -> None:
    with Ledger(tmp_path / "l.db", me="ana") as ledger:
        ledger.add("Which?", deadline="2025-12-31", opens_on="2025-06-01", slug="which", **terms)  # type: ignore[arg-type]

        with pytest.raises(InvalidValue, match="known_on 2025-05-01 lies before the window of which"):
            ledger.resolve("which", outcome, known_on="2025-05-01", reason="seen")
        with pytest.warns(LedgerWarning, match="lies before the window"):
            ledger.resolve("which", "annulled", known_on="2025-05-01", reason="it was known")


def test_a_sum_beyond_one_is_said_before_the_share_that_is_missing(ledger: Ledger) -> None:
    said = "^a 0.60, b 0.60 sum to 1.20, not 1, and there is no share for 'other'$"

    with pytest.raises(InvalidValue, match=said):
        ledger.add("Which?", deadline="2099", options=["a", "b", "other"], p={"a": 0.6, "b": 0.6})


def test_a_forecast_without_a_number_asks_how_likely_in_the_words_of_its_door(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"^how likely\? say a chance such as 35%, or words=, or low= and high=$"):
        ledger.forecast("it-snows")

    assert "how likely? say a chance such as 35%, or --words, or --low and --high" in " ".join(
        CommandLine(tmp_path).refuses("forecast", "it-snows").split()
    )
