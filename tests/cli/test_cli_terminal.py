"""The command as a process of its own: pipes that break, terminals of every kind, Ctrl-C, and a light start."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from command_line import in_one_line
from tampering import tamper

from predictions import Ledger
from predictions.cli import main
from predictions.cli.messages import as_typed
from predictions.slugs import NEXT
from predictions.testing import clock_at

COMMAND = [sys.executable, "-m", "predictions"]
STOPPED = "error: stopped; what was recorded before stays recorded"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with two claims that ana forecast in 2020, and one that was due then; the clock is right again."""
    with clock_at("2020-01-01"), Ledger(tmp_path / "typed.db", me="ana") as ledger:
        ledger.add("It rains in Málaga, „often“ 🌵", deadline="2999-12-31", p=0.72, slug="rain")
        ledger.add("It snows in Málaga", deadline="2999-12-31", p=0.25, slug="snow")
        ledger.add("It was over long ago", deadline="2020-02-01", slug="over")
    return tmp_path / "typed.db"


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREDICTIONS", "PYTHON", "LC_"))}
    return {**kept, "PYTHONUTF8": "1", "PREDICTIONS_ME": "ana", **more}


def typed(path: Path, *verb: str) -> list[str]:
    return [*COMMAND, "--ledger", str(path), *verb]


def in_shell(path: Path, redirection: str, *verb: str) -> subprocess.CompletedProcess[str]:
    """Run the verb as a shell does, with its output redirected."""
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh"]
    return subprocess.run(
        [*shell, *typed(path, *verb)], capture_output=True, text=True, env=environment(), check=False, timeout=60
    )


def forecasts(path: Path) -> list[float | None]:
    with Ledger(path, create=False) as ledger:
        return [forecast.probability for forecast, _ in ledger.claim("rain").forecasts]


def at_terminal(command: Sequence[str], answers: Sequence[bytes], columns: int = 80) -> tuple[int, str]:
    """Run the command on a terminal and answer its prompts one after the other; its exit code and the screen."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], list(command), environment(COLUMNS=str(columns)))
    waiting, screen, silent = list(answers), b"", 0
    while True:
        if not select.select([terminal], [], [], 2)[0]:  # a Ctrl-C between prompt and reading is seen at the next one
            silent += 1
            os.kill(child, signal.SIGKILL if silent > 15 else signal.SIGINT if answers[-1:] == [b"\x03"] else 0)
            continue
        try:
            found = os.read(terminal, 4096)
        except OSError:  # how Linux tells that the other side has closed
            break
        if not found:
            break
        screen += found
        if screen.endswith((b"quits: ", b"n: ")) and waiting:
            os.write(terminal, waiting.pop(0))
    _, status = os.waitpid(child, 0)
    assert waiting == []
    return os.waitstatus_to_exitcode(status), screen.decode().replace("\r\n", "\n")


def test_the_console_command_is_this_one() -> None:
    (command,) = entry_points(group="console_scripts", name="predictions")

    assert command.load() is main


def test_python_m_predictions_is_the_command_too(path: Path) -> None:
    result = in_shell(path, "", "board")

    assert (result.returncode, result.stderr) == (0, "")
    assert "It rains in Málaga, „often“ 🌵" in result.stdout


@pytest.mark.parametrize("verb", [["board"], ["history", "--json"], ["-h"], ["forecast", "rain", "0.5"]])
def test_a_broken_pipe_is_no_error(path: Path, verb: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    result = subprocess.run(
        typed(path, *verb), stdout=writing, stderr=subprocess.PIPE, text=True, env=environment(), check=False
    )

    os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")
    assert (forecasts(path)[-1] == 0.5) == (verb[0] == "forecast")


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-"])
def test_a_closed_output_is_no_error(path: Path, redirection: str) -> None:
    result = in_shell(path, redirection, "forecast", "rain", "0.5")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert forecasts(path) == [0.72, 0.5]


def test_an_error_with_nowhere_to_say_it_is_still_exit_1(path: Path) -> None:
    assert in_shell(path, "2>&-", "forecast", "rain", "72").returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_takes_nothing_is_one_sentence(path: Path) -> None:
    result = in_shell(path, ">/dev/full", "forecast", "rain", "0.5")

    assert result.returncode == 1
    assert result.stderr == (
        "error: the system refused: No space left on device; what was recorded stays\n       recorded\n"
    )
    assert forecasts(path) == [0.72, 0.5]


def test_a_terminal_without_the_characters_gets_question_marks(path: Path) -> None:
    board = subprocess.run(
        typed(path, "board"), capture_output=True, encoding="latin-1", check=False,
        env=environment(PYTHONUTF8="0", PYTHONIOENCODING="latin-1"),
    )  # fmt: skip
    error = subprocess.run(
        typed(path, "claim", "„often“ 🌵"), capture_output=True, encoding="latin-1", check=False,
        env=environment(PYTHONUTF8="0", PYTHONIOENCODING="latin-1"),
    )  # fmt: skip

    assert (board.returncode, board.stderr) == (0, "")
    assert "It rains in Málaga, ?often? ?" in board.stdout
    assert error.returncode == 1
    assert in_one_line(error.stderr) == f"error: no claim '?often? ?' in this ledger; {as_typed(NEXT)}\n"


def test_an_argument_that_is_no_utf_8_is_refused(path: Path) -> None:
    result = subprocess.run(
        [os.fsencode(one) for one in typed(path, "forecast", "rain", "0.5", "--note")] + [b"caf\xe9"],
        capture_output=True, check=False, env=environment(),
    )  # fmt: skip

    assert result.returncode == 1
    assert result.stderr == b"error: --note: half a character (U+DCE9) at position 3; mend the text\n"


def test_a_walk_shows_what_it_writes_and_writes_what_was_confirmed(path: Path) -> None:
    answers = [b"72\n", b"30%\n", b"n\n", b"30%\n", b"y\n", b"q\n"]

    code, screen = at_terminal(typed(path, "due", "--stale", "--walk"), answers)

    assert code == 0
    assert screen.count("to be written: forecast on rain by ana: 0.3, made now\n") == 2
    for shown in (
        "1 of 2\nrain  ",
        "0.72 stands since 2020-01-01\n",
        "    predictions forecast rain P\n",
        "error: 72 is not a probability; say 0.72 or 72%\n",
        "not written\n",
        "rain: ana 0.30, now",
        "2 of 2\nsnow  ",
        "stopped at 2 of 2; 1 forecast written\n",
    ):
        assert shown in screen
    assert forecasts(path) == [0.72, 0.3]
    assert max(map(len, screen.splitlines())) <= 80


def test_a_walk_takes_the_same_number_as_said_anew(path: Path) -> None:
    code, screen = at_terminal(typed(path, "due", "--stale", "--walk"), [b"0.72\n", b"y\n", b"\n"])

    assert code == 0
    assert "that was all; 1 forecast written\n" in screen
    assert forecasts(path) == [0.72, 0.72]


def test_a_walk_takes_verdicts_as_they_are_typed_and_writes_what_was_confirmed(path: Path) -> None:
    answers = [b"yes\n", b"maybe\n", b"yes --happened 2020\n", b"yes 'it\n"]
    answers += [b"yes --happened-on 2020-01-20 --reason seen\n", b"y\n"]

    code, screen = at_terminal(typed(path, "due", "--walk"), answers)

    assert code == 0
    for shown in (
        "1 of 1\nover  ",
        "over since 2020-02-01, verdict due 2020-03-02\n",
        "    predictions resolve over no\n",
        "error: when? say --happened-on DAY, or --known-on DAY if only that is known\n",
        "error: no option '--happened'; did you mean '--happened-on'?\n",
        "opens a quote and does not close it\n",
        "to be written: predictions resolve over yes --happened-on 2020-01-20 --reason seen\n",
        "over: yes, on 2020-01-20",
        "that was all; 1 verdict written\n",
    ):
        assert shown in screen
    assert screen.count("write it? y or n:") == 1  # what is refused is refused before that
    assert "0.3 or 30% forecasts" not in screen  # not for what is over
    with Ledger(path, create=False) as ledger:
        verdict = ledger.claim("over").verdict
    assert verdict
    assert (verdict.outcome, str(verdict.happened_on)) == ("yes", "2020-01-20")


def test_a_walk_takes_a_verdict_on_an_open_claim_and_a_number_as_the_verdict_of_one_that_is_over(path: Path) -> None:
    stale = [b"yes --happened-on 2020-01-20 --reason seen\n", b"y\n", b"0.4\n", b"y\n"]
    _, early = at_terminal(typed(path, "due", "--stale", "--walk"), stale)

    _, late = at_terminal(typed(path, "due", "--walk"), [b"0.4 --known-on 2020-02-01 --reason half\n", b"y\n"])

    assert "that was all; 1 forecast, 1 verdict written\n" in early
    assert "to be written: predictions resolve over 0.4 --known-on 2020-02-01 --reason half\n" in late


def test_a_walk_needs_to_know_who_forecasts(path: Path) -> None:
    with Ledger(path, me="ana") as ledger:  # what is open and waits, the evidence meeting it
        ledger.add("The sun shines", deadline="2999-12-31", at_least=1, slug="sun", opens_on="2020-01-01")
        ledger.log_evidence("sun", "https://weather.example/sun", "The sun", on="2020-01-02", counts="noon")
    command = ["env", "-u", "PREDICTIONS_ME", *typed(path, "due", "--walk")]

    code, screen = at_terminal(command, [b"\n", b"0.1\n", b"q\n"])

    assert code == 0
    assert "error: say who forecasts: --by, or --me, or PREDICTIONS_ME\n" in screen


def test_the_end_of_input_ends_a_walk(path: Path) -> None:
    code, screen = at_terminal(typed(path, "due", "--walk"), [b"\x04"])

    assert code == 0
    assert screen.endswith("stopped at 1 of 1; nothing written\n")


@pytest.mark.parametrize("answers", [[b"\x03"], [b"0.3\n", b"\x03"]])
def test_ctrl_c_stops_with_a_sentence_and_writes_nothing(path: Path, answers: list[bytes]) -> None:
    code, screen = at_terminal(typed(path, "due", "--stale", "--walk"), answers)

    assert code == 1
    assert screen.endswith(f"\n{STOPPED}\n")
    assert "Traceback" not in screen
    assert forecasts(path) == [0.72]


def test_where_nothing_waits_nothing_is_asked(path: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "empty.db"):
        pass

    code, screen = at_terminal(typed(tmp_path / "empty.db", "due", "--walk"), [])

    assert code == 0
    assert screen == "nothing waits for a verdict\n"


def test_errors_are_wrapped_on_and_off_a_terminal_and_fit_a_narrow_one(path: Path) -> None:
    verb = ["forecast", "rain", "0.5", "--made-at", "soon"]

    wide = at_terminal(typed(path, *verb), [])[1]
    narrow = at_terminal(typed(path, *verb), [], columns=30)[1]
    piped = in_shell(path, "2>&1", *verb).stdout

    assert piped == wide

    assert max(map(len, wide.splitlines())) <= 80
    assert max(map(len, narrow.splitlines())) <= 30
    assert " ".join(wide.split()) == " ".join(narrow.split())
    assert all(line.startswith("       ") for line in wide.splitlines()[1:])


HEAVY = {"sqlite_utils", "pandas", "dateutil", "pyarrow", "duckdb"}
OTHERS = {f"predictions.{name}" for name in ("scorecard", "report", "catalog", "card", "backup", "merging", "verify")}


@pytest.mark.parametrize(
    ("verb", "unwanted"),
    [
        (["board"], HEAVY | OTHERS | {"numpy", "tomllib", "forecasts", "predictions.cli.record"}),
        (["forecast", "rain", "0.5"], HEAVY | OTHERS | {"numpy", "tomllib", "forecasts", "predictions.cli.read"}),
        (["verify"], HEAVY | OTHERS - {"predictions.trust.verify"} | {"numpy", "tomllib", "forecasts"}),
        (["scorecard"], HEAVY | {"predictions.views.report.report", "predictions.catalog", "tomllib"}),
        (["-h"], HEAVY | {"numpy", "tomllib", "forecasts", "pydantic", "sqlite3", "predictions.ledger"}),
    ],
)
def test_a_verb_loads_only_what_it_needs(path: Path, verb: list[str], unwanted: set[str]) -> None:
    script = (
        "import sys\nfrom predictions.cli import cli\n"
        "try:\n    cli(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )

    result = subprocess.run(
        [sys.executable, "-c", script, "--ledger", str(path), *verb],
        capture_output=True, text=True, env=environment(), check=True,
    )  # fmt: skip

    loaded = set(result.stderr.split())
    assert {"click", "predictions.cli"} <= loaded
    assert loaded & unwanted == set()


OUTPUTS = ["| true", "| head -c 1", ">&-", ">/dev/full", ">/dev/full 2>/dev/full", "2>&- >&-"]


@pytest.mark.parametrize(
    ("output", "options"),
    [*((output, []) for output in OUTPUTS), ("| true", ["--json"]), (">/dev/full", ["--json"]), (">&-", ["--deep"])],
)
def test_the_exit_of_verify_is_its_verdict_whatever_becomes_of_its_output(
    path: Path, output: str, options: list[str]
) -> None:
    codes = []
    for title in ("It rains in Málaga, „often“ 🌵", "It never rains"):
        tamper(path, f"update claim set title = '{title}' where slug = 'rain'")
        shell = ["bash", "-c", f'set -o pipefail; "$@" {output}', "bash", *typed(path, "verify", *options)]
        codes.append(subprocess.run(shell, capture_output=True, env=environment(), check=False, timeout=60).returncode)

    assert codes == [0, 1]
