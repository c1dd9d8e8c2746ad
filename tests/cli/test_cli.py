"""The command line as a whole: its verbs are the ledger's, its exits 0, 1 and 2, and only four verbs create a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from command_line import CommandLine, unbroken
from conftest import Clock

from predictions import Ledger, ainews
from predictions.cli import MORE, SECTIONS, VERBS, cli

CREATE = {"init", "add", "quote", "import-from"}


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on an empty ledger, on 2026-01-01."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    return run


def verb(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def needed(command: click.Command) -> list[str]:
    """Something for each argument and option that a verb cannot do without."""
    typed = []
    for parameter in command.params:
        if parameter.required:
            word = parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "a=1"
            typed += [word] if isinstance(parameter, click.Argument) else [parameter.opts[-1], word]
    return typed


def keywords(method: Callable[..., object]) -> set[str]:
    return set(inspect.signature(method).parameters) - {"self"}


@pytest.mark.parametrize("name", [name for name in VERBS if name != "init"])
def test_a_verb_takes_the_keywords_of_the_ledgers_method(name: str) -> None:
    typed = {parameter.name for parameter in verb(name).params} - {"as_json", "walk"}

    method = getattr(Ledger, name.replace("-", "_"))
    said = {"changes" if name == "fields" else name for name in keywords(method)} - {"progress"}
    assert typed == said


@pytest.mark.parametrize("name", VERBS)
def test_an_option_is_spelled_as_its_keyword_is_and_says_what_it_is_for(name: str) -> None:
    options = [option for option in verb(name).params if isinstance(option, click.Option)]

    spelled = {option.name: option.opts[-1] for option in options if option.name not in {"as_json", "changes"}}

    assert spelled == {name: f"--{str(name).replace('_', '-')}" for name in spelled}
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_prints_json_and_explains_itself_in_80_columns(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert "--json" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_help_lists_every_verb_with_a_whole_sentence() -> None:
    result = CliRunner().invoke(cli, ["--help"])

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert {line.split()[0] for line in lines if line.startswith("  ")} >= set(VERBS) - set(MORE)
    assert set(MORE) <= set(result.stdout.partition("More:")[2].split())
    assert [line[:-1] for line in lines if line[:-1] in SECTIONS] == ["Record", "Decide", "Look", "Share", "Trust"]
    assert max(map(len, lines)) <= 80


def test_the_version_is_the_distributions() -> None:
    from importlib.metadata import version

    result = CliRunner().invoke(cli, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"prediction-ledger {version('prediction-ledger')}\n")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (["bord"], "no verb 'bord'; did you mean 'board'?"),
        (["frobnicate"], "no verb 'frobnicate'"),
        (["board", "--foo"], "no option '--foo'"),
        (["board", "--ful"], "no option '--ful'; did you mean '--full'?"),
        (["board", "extra"], "'extra' has no place here; did you mean --search extra?"),
        (["board", "--ledger", "x.db"], "--ledger goes before the verb"),
        (["board", "--me", "ana"], "--me goes before the verb"),
        (["board", "--" + "x" * 300], f"no option '--{'x' * 74}..."),
        (["x" * 300], f"no verb '{'x' * 76}..."),
        (["claim"], "CLAIM is missing; say: predictions claim CLAIM\n"),
        (["redact", "rain"], "--to FILE is missing; say: predictions redact WHAT --to FILE\n"),
    ],
)
def test_wrong_usage_is_exit_2_and_shows_the_right_one(run: CommandLine, typed: list[str], error: str) -> None:
    before = run.digest()

    result = run(*typed)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {error}")
    assert run.digest() == before


@pytest.mark.parametrize("name", [name for name in VERBS if name not in CREATE])
def test_only_four_verbs_create_a_file(name: str, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    said = run.refuses(name, *needed(verb(name)))

    assert said == f"no ledger at {str(run.path)!r}; init, add, quote and import-from create one"
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_with_nearly_that_name_is_pointed_out(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    (tmp_path / "type.db").write_bytes(b"")

    assert "; 'type.db' is here. init, add," in run.refuses("board")


def test_a_verb_that_creates_a_file_says_so(clock: Clock, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    first = run("add", "It rains", "--deadline", "2026-06-30")

    assert (first.exit_code, first.stderr) == (0, "note: typed.db is new\n")
    assert run.says("add", "It snows", "--deadline", "2026-06-30")


def test_init_of_an_empty_ledger_shows_how_to_begin_and_no_empty_card(clock: Clock, tmp_path: Path) -> None:
    said = CommandLine(tmp_path).says("init")

    assert said.startswith("typed.db is empty.\n  your own prediction    predictions add")
    assert "Scorecard" not in said


def test_init_begins_a_ledger_and_ends_with_board_and_scorecard(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    run = CommandLine(tmp_path)

    result = run("init", "ainews")

    assert result.exit_code == 0
    assert result.stderr == f"note: ainews: {len(ainews().records)} records entered\n"
    with Ledger(run.path, create=False) as ledger:
        assert result.stdout == f"{ledger.board().screen(typed=True)}\n\n{ledger.scorecard().screen(typed=True)}\n"
    for slug in ("exec-defections", "institute-2026", "mission-pay-2027", "backlash-2028"):
        assert slug in result.stdout
    assert max(map(len, str(result.stdout.partition("Scorecard")[0]).splitlines())) <= 80


def test_init_again_adds_nothing_and_says_so(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    run = CommandLine(tmp_path)
    run("init", "ainews")
    before = run.digest()

    result = run("init", "ainews")

    assert result.stderr == "note: all of ainews stood already; nothing was added\n"
    assert run.digest() == before


def test_init_tells_json_what_it_entered(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    run = CommandLine(tmp_path)

    begun = run.json("init")

    run("init", "ainews")
    assert begun["wrote"] == 0
    begun = run.json("init")
    assert len(begun["board"]["statements"]) >= 4
    assert begun["scorecard"]["cohort"] == "settled"


def test_a_catalogue_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("format = 1\n[[claim]]\nslug = 'X'\n")
    run = CommandLine(tmp_path)

    near, missing = run.refuses("init", "ainew"), run.refuses("init", "my.toml")
    bad = run.refuses("init", str(tmp_path / "bad.toml"))

    assert near == "no file 'ainew'; did you mean the catalogue that comes along, 'ainews'?"
    assert missing == "'my.toml' is no catalogue that can be read: No such file or directory"
    assert bad.startswith("bad.toml, claim 'X': ")
    assert not run.path.exists()


def test_the_environment_names_ledger_and_hand(clock: Clock, tmp_path: Path) -> None:
    environment = {"PREDICTIONS_LEDGER": str(tmp_path / "env.db"), "PREDICTIONS_ME": "ben"}
    runner = CliRunner(env=environment)
    runner.invoke(cli, ["init"])

    result = runner.invoke(cli, ["add", "It rains in Lisbon", "--deadline", "2026-06-30", "-p", "30%"])
    option = runner.invoke(cli, ["--me", "cleo", "forecast", "it-rains-in-lisbon", "0.4"])

    assert result.exit_code == option.exit_code == 0
    with Ledger(tmp_path / "env.db", create=False) as ledger:
        assert [forecast.forecaster for forecast, _ in ledger.claim("it-rains-in-lisbon").forecasts] == ["ben", "cleo"]


def test_the_ledger_is_predictions_db_unless_another_is_named(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREDICTIONS_LEDGER", raising=False)

    CliRunner().invoke(cli, ["init"])

    assert [path.name for path in tmp_path.iterdir()] == ["predictions.db"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.db", b"", "is not a ledger: it is empty"),
        ("picture.db", b"\x89PNG\r\n\x1a\n" * 100, "is not a ledger: it is not an SQLite file"),
    ],
)
def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    run = CommandLine(tmp_path)
    run.path = tmp_path / name
    run.path.write_bytes(content)

    assert run.refuses("board") == f"{str(run.path)!r} {said}"


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    result = unbroken(CliRunner().invoke(cli, ["--ledger", str(tmp_path), "init"]))

    assert result.exit_code == 1
    assert result.stderr == f"error: {str(tmp_path)!r} is not a ledger: it is not a regular file\n"


def test_a_fault_of_ours_is_one_sentence_too(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Ledger, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(Ledger, "board", broken)

    said = run.refuses("board")

    assert said.startswith("this should not happen (KeyError at test_cli.py, line ")
    assert said.endswith(": 'lost'); please report it")
