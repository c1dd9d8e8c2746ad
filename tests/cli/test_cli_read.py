"""The reading verbs: what Python shows, as text or as JSON on stdout; and what verify's exit says."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import CliRunner
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger
from predictions.cli import cli
from predictions.storage.checkpoints import read_head


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    """The command line, on a ledger with a claim forecast and resolved, seen on 2026-08-03."""
    run = CommandLine(tmp_path)
    assert run("init").exit_code == 0
    run.says("add", "It rains in Lisbon", "--deadline", "2026-06-30", "--slug", "rain", "-p", "100%")
    run.says("add", "It snows in Lisbon", "--deadline", "2026-12-31", "--slug", "snow", "-p", "0.02")
    clock.set("2026-02-01")
    run.says("forecast", "rain", "0.9")
    clock.set("2026-08-01")
    run.says("log-evidence", "rain", "https://e.org/rain?a=1&by=2", "„Dry“ 🌵", "--on", "2026-07", "--bears", "opposes")
    clock.set("2026-08-02")
    run.says("resolve", "rain", "no")
    clock.set("2026-08-03")
    return run


READING = {
    "board": ["--full"], "claim": ["rain"], "due": [], "scales": ["house"],
    "history": ["rain"], "scorecard": [], "verify": [],
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_a_reading_verb_prints_what_python_shows(run: CommandLine, name: str) -> None:
    keywords = {"board": {"full": True}}

    said, data = run.says(name, *READING[name]), run.json(name, *READING[name])

    with Ledger(run.path, me="ana", create=False) as ledger:
        arguments = [] if name == "board" else READING[name]
        result = getattr(ledger, name)(*arguments, **keywords.get(name, {}))
    assert said == f"{result.screen(typed=True)}\n"
    assert data.keys() == result.to_dict().keys()


@pytest.mark.parametrize("name", ["board", "claim", "due", "scorecard"])
def test_a_reading_verb_prints_how_it_was(run: CommandLine, name: str) -> None:
    arguments = [] if name == "board" else READING[name]

    then = run.says(name, *arguments, "--as-of", "2026-01-15")

    with Ledger(run.path, me="ana", create=False) as ledger:
        result = getattr(ledger, name)(*arguments, as_of="2026-01-15")
    assert then == f"{result.screen(typed=True)}\n"
    assert then != run.says(name, *arguments)


def test_today_moves_the_world_and_not_the_ledger(run: CommandLine) -> None:
    assert run.json("board", "--as-of", "2026-07-01")["statements"][0]["claims"][0]["status"] == "due"
    assert run.json("board", "--as-of", "2026-07-01", "--today", "2026-05-01")["today"] == "2026-05-01"


def test_an_infinity_is_a_word_in_json_and_text_stays_text(run: CommandLine) -> None:
    text = run.says("scorecard", "--by", "ana", "--json")
    card = run.json("claim", "rain")

    row = run.json("scorecard", "--by", "ana")["rows"][0]
    assert (row["claim"], row["log_score"]) == ("rain", "Infinity")
    assert "NaN" not in text
    assert ": Infinity" not in text
    assert "🌵" in run.says("claim", "rain", "--json")
    assert card["evidence"][0]["link"] == "https://e.org/rain?a=1&by=2"


def test_scorecard_takes_forecasters_cohort_and_rule(run: CommandLine) -> None:
    run.says("forecast", "snow", "0.5", "--by", "ben")
    run.says("forecast", "snow", "0.5", "--by", "cleo")

    data = run.json("scorecard", "--by", "ana,ben", "--by", "cleo", "--cohort", "resolved", "--rule", "last")

    assert [one["forecaster"] for one in data["forecasters"]] == ["ana", "ben", "cleo"]
    assert (data["cohort"], data["rule"]) == ("resolved", "last")
    assert run.json("scorecard")["cohort"] == "settled"
    assert run.refuses("scorecard", "--by", "benn") == "no forecaster 'benn' in this ledger; did you mean 'ben'?"


def test_history_is_of_everything_or_of_one_slug(run: CommandLine) -> None:
    everything, one = run.json("history")["rows"], run.json("history", "snow")["rows"]

    assert {row["key"] for row in one} < {row["key"] for row in everything}
    assert [row["kind"] for row in one] == ["statement", "claim", "forecast"]


def test_head_is_a_checkpoint_that_whatever_takes_a_head_takes_as_text_and_as_file(
    run: CommandLine, clock: Clock, tmp_path: Path
) -> None:
    said, data = run.says("head"), run.json("head")
    (tmp_path / "head.txt").write_text(said)
    clock.set("2026-08-04")
    run.says("forecast", "snow", "0.3")

    origin, size, root = said.splitlines()
    assert said == data["checkpoint"]
    assert origin == f"predictions.invalid/{data['ledger_id']}"
    assert (size, b64decode(root).hex()) == (str(data["size"]), data["root"])
    for kept in (said, str(tmp_path / "head.txt"), f"{data['size']}:{data['root']}"):
        verified = run.json("verify", "--head", kept, "--deep")
        assert (verified["ok"], verified["head_compared"]) == (True, True)
        assert "0.3" not in run.says("claim", "snow", "--as-of", kept)
        proof = tmp_path / f"{len(kept)}.json"
        run.says("verify", "--head", kept, "--proof", str(proof))
        assert json.loads(proof.read_text("utf-8"))["old"] == said
        assert run.json("prove", "claim rain", "--head", kept)["checkpoint"] == said
        assert run.says("diff", kept) == run.says("diff", said)
    assert "no head from outside was compared" in run.says("verify")


def test_heads_are_collected_in_one_file(run: CommandLine, tmp_path: Path) -> None:
    data, book = run.json("head"), tmp_path / "heads.txt"
    book.write_text(f"# kept on paper\n{data['size']}:{data['root']}\n{run.says('head')}")
    run.says("forecast", "snow", "0.3")
    with book.open("a") as file:
        file.write(run.says("head"))

    assert run.json("verify", "--head", str(book))["ok"]
    with book.open("a") as file:
        file.write(f"\n{read_head(run.says('head'))._replace(root=bytes(32)).checkpoint()}")
    assert "kept elsewhere is none of this ledger" in run("verify", "--head", str(book)).stdout


def test_a_day_is_a_day_also_beside_a_file_of_its_name(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2026-01-15").write_text(run.says("head"))

    assert run.json("board", "--as-of", "2026-01-15")["head"] != run.json("board", "--as-of", "./2026-01-15")["head"]


def test_a_head_that_is_none_is_refused(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "long.txt").write_text("#" * 100_001)

    said = run.refuses("verify", "--head", "nowhere.txt")

    assert (
        said
        == "'nowhere.txt' is no head, and no file that holds one; say a checkpoint, as `head` prints it, or size:root"
    )
    assert "'' is no head" in run.refuses("verify", "--head", str(tmp_path / "empty.txt"))
    assert "more than 100,000 bytes" in run.refuses("verify", "--head", str(tmp_path / "long.txt"))


def test_a_signed_head_is_verified_with_its_public_key_and_with_no_other(run: CommandLine, tmp_path: Path) -> None:
    public = run.says("keygen", str(tmp_path / "key"))
    other = run.says("keygen", str(tmp_path / "other"))
    (tmp_path / "public.txt").write_text(public)
    note = run.says("head", "--sign", str(tmp_path / "key"))
    (tmp_path / "head.txt").write_text(note, encoding="utf-8")
    run.says("forecast", "snow", "0.3")

    for head in (note, str(tmp_path / "head.txt")):
        for key in (public.strip(), str(tmp_path / "public.txt")):
            said = run.says("verify", "--head", head, "--key", key)
            assert f"the signature under the head is good, by the key {public.split('+')[1]}" in said
        assert "is not signed by" in run.refuses("verify", "--head", head, "--key", other.strip())
        assert "the signature under the head was not checked" in run.says("verify", "--head", head)
        assert "signature" not in run.says("claim", "rain", "--as-of", head)
    for unsigned in (note.partition("\n\n")[0] + "\n", run.json("head")["checkpoint"]):
        assert "no signed note" in run.refuses("verify", "--head", unsigned, "--key", public.strip())
        assert "not checked" not in run.says("verify", "--head", unsigned)


def test_a_checkpoint_with_a_bogus_signature_is_refused_once_the_key_is_given(run: CommandLine, tmp_path: Path) -> None:
    public = run.says("keygen", str(tmp_path / "key")).strip()
    note = run.says("head", "--sign", str(tmp_path / "key"))
    run.says("forecast", "snow", "0.3")
    forged = run.says("head") + "\n" + note.partition("\n\n")[2]

    assert "the signature under the head was not checked" in run.says("verify", "--head", forged)
    assert "is not good" in run.refuses("verify", "--head", forged, "--key", public)
    assert "is not good" in run.refuses("verify", "--head", note, "--head", forged, "--key", public)


def test_keys_that_are_none_are_refused_without_showing_a_private_one(run: CommandLine, tmp_path: Path) -> None:
    public = run.says("keygen", str(tmp_path / "key")).strip()
    secret = (tmp_path / "key").read_text()
    note = run.says("head", "--sign", str(tmp_path / "key"))

    said = run.refuses("verify", "--head", note, "--key", str(tmp_path / "key"))
    assert said == "this is no public key; it reads name+id+base64, as `keygen` prints it"
    assert "--key checks the signature under a head" in run.refuses("verify", "--key", public)
    (tmp_path / "public").write_text(public)
    assert "this is no private key" in run.refuses("head", "--sign", str(tmp_path / "public"))
    assert "cannot read the key" in run.refuses("head", "--sign", str(tmp_path / "nowhere"))
    (tmp_path / "key").write_text(secret[:-10])
    assert secret[-30:-12] not in run.refuses("head", "--sign", str(tmp_path / "key"))


def test_verify_exits_1_with_its_report_once_something_was_changed(run: CommandLine) -> None:
    connection = sqlite3.connect(run.path)
    connection.execute("drop trigger forecast_no_update")
    connection.execute("update forecast set probability = 0.1 where probability = 0.9")
    connection.commit()
    connection.close()

    result, data = run("verify"), run("verify", "--json")

    assert (result.exit_code, result.stderr) == (1, "")
    assert "forecast rain ana 2026-02-01" in result.stdout
    assert (data.exit_code, '"ok": false' in data.stdout) == (1, True)


def test_verify_exits_1_for_a_head_of_another_ledger(run: CommandLine) -> None:
    result = run("verify", "--head", "3:" + "ab" * 32)

    assert result.exit_code == 1
    assert result.stdout.startswith("not ok: ")


def test_a_walk_without_a_terminal_is_refused_and_asks_nothing(run: CommandLine, clock: Clock) -> None:
    clock.set("2026-10-01")
    before = run.digest()

    listed = run("due", "--stale", stdin="0.5\ny\n")
    walked = run("due", "--walk", stdin="0.5\ny\n")

    assert (listed.exit_code, walked.exit_code) == (0, 1)
    assert "0.02 stands since 2026-01-01" in listed.stdout
    assert walked.stderr == "error: --walk asks on a terminal, as of now; leave it out to have the list\n"
    assert run.digest() == before


def test_what_a_terminal_would_obey_is_shown(run: CommandLine) -> None:
    added = run("add", "It \u202edliah\u202c in Lisbon", "--deadline", "2026-12-31", "--slug", "hail")

    assert added.exit_code == 0
    assert "note: the text of statement hail has hidden direction marks\n" in added.stderr
    assert "⟦U+202E⟧" in run("claim", "hail").stdout
    escaped = CliRunner().invoke(cli, ["board\x1b[31m"])
    assert "\x1b" not in escaped.stderr
    assert "⟦U+001B⟧" in CliRunner().invoke(cli, ["board", "extra\x1b[31m"]).stderr
