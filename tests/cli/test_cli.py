"""The command line as a whole: its verbs are the ledger's, its exits 0, 1 and 2, and only two verbs create a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger, ainews
from predictions.cli import HOME, cli

SESSIONS = {"init", "keygen"}  # verbs of the command line alone
CARDS = {"versus", "explain", "diff", "export"}  # of the scorecard: compare, explain, diff; and export_ics
LEDGERS = HOME.keys() - SESSIONS - CARDS


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


@pytest.mark.parametrize("name", sorted(LEDGERS))
def test_a_verb_takes_the_keywords_of_the_ledgers_method(name: str) -> None:
    typed = {parameter.name for parameter in verb(name).params} - {"as_json"}

    beside = {
        "to",
        "progress",
        "sign",
        "walk",
    }  # a file, a line on a terminal, a key, asking
    assert typed - beside == keywords(getattr(Ledger, name.replace("-", "_"))) - beside


@pytest.mark.parametrize("name", HOME)
def test_an_option_is_spelled_as_its_keyword_is(name: str) -> None:
    options = [option for option in verb(name).params if isinstance(option, click.Option)]

    spelled = {option.name: option.opts[-1] for option in options if option.name not in {"as_json", "changes"}}

    assert spelled == {name: f"--{str(name).replace('_', '-')}" for name in spelled}


@pytest.mark.parametrize("name", HOME)
def test_every_verb_prints_json_and_explains_itself_in_80_columns(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert "--json" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_help_lists_every_verb_with_a_whole_sentence() -> None:
    result = CliRunner().invoke(cli, ["--help"])

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert {line.split()[0] for line in lines if line.startswith("  ")} >= set(HOME)
    assert not any(line.endswith("...") for line in lines[1:])
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
        (["board", "--foo"], "no such option '--foo'"),
        (["board", "--ful"], "no such option '--ful'; did you mean '--full'?"),
        (["board", "extra"], "got unexpected extra argument (extra)"),
        (["board", "--ledger", "x.db"], "--ledger goes before the verb"),
        (["board", "--me", "ana"], "--me goes before the verb"),
        (["board", "--" + "x" * 300], f"no such option '--{'x' * 74}..."),
        (["x" * 300], f"no verb '{'x' * 76}..."),
        (
            ["scorecard", "--rule", "x" * 300],
            f"invalid value for '--rule': '{'x' * 77}...' is not one of 'first', 'last'",
        ),
        (["claim"], "missing argument 'CLAIM'"),
        (["add", "Words"], "missing option '--deadline'"),
        (["retract", "it"], "missing option '--reason'"),
        (["scorecard", "--cohort", "all"], "invalid value for '--cohort': 'all' is not one of 'settled', 'resolved'"),
    ],
)
def test_wrong_usage_is_exit_2_and_shows_the_right_one(run: CommandLine, typed: list[str], error: str) -> None:
    before = run.digest()

    result = run(*typed)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {error}\nusage: ")
    assert run.digest() == before


@pytest.mark.parametrize("name", [name for name in HOME if name not in {"init", "register", "import-from"}])
def test_only_init_register_and_import_from_create_a_file(name: str, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)

    said = run.refuses(name, *needed(verb(name)))

    assert said == f"no ledger at {str(run.path)!r}; `init` or `register` creates one"
    assert list(tmp_path.iterdir()) == []


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
    assert run.says("register", "ainews") == f"stood already: all {len(ainews().records)} records of ainews\n"


def test_init_and_register_tell_json_what_they_entered(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    run = CommandLine(tmp_path)
    size = len(ainews().records)

    first, again = run.json("register", "ainews"), run.json("register", "ainews")
    begun = CommandLine(tmp_path).json("init")

    assert first == {"catalog": "ainews", "wrote": size, "records": size}
    assert again == {"catalog": "ainews", "wrote": 0, "records": size}
    assert begun["wrote"] == 0
    assert len(begun["board"]["statements"]) >= 4
    assert begun["scorecard"]["cohort"] == "settled"


def test_a_catalogue_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("format = 1\n[[claim]]\nslug = 'X'\n")
    run = CommandLine(tmp_path)

    near, missing = run.refuses("init", "ainew"), run.refuses("register", "my.toml")
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
    result = CliRunner().invoke(cli, ["--ledger", str(tmp_path), "init"])

    assert result.exit_code == 1
    assert result.stderr == f"error: {str(tmp_path)!r} is not a ledger: it is not a regular file\n"


def test_a_fault_of_ours_is_one_sentence_too(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Ledger, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(Ledger, "board", broken)

    said = run.refuses("board")

    assert said.startswith("this should not happen (KeyError at test_cli.py, line ")
    assert said.endswith(": 'lost'); please report it")
