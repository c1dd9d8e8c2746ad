"""Texts as Windows writes them, wherever a text file is read: marks, UTF-16, other ends of lines."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine
from prefixes import prefix_proof

from predictions import InvalidValue, Ledger, read_catalog
from predictions.records import Source
from predictions.storage.checkpoints import read_heads
from predictions.storage.merkle import EMPTY_ROOT
from predictions.text_files import decoded

DOCS = Path(__file__).parents[2] / "docs"
WRITTEN = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "UTF-8, CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "PowerShell": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    "UTF-16, big-endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
}
NOTHING = f"0:{EMPTY_ROOT.hex()}"
Write = Callable[[str], bytes]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    with Ledger(tmp_path / "typed.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain", p=0.3)
        (tmp_path / "public").write_text(ledger.keygen("key"))
    return CommandLine(tmp_path)


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_every_text_file_is_read_as_windows_writes_it(typed: CommandLine, write: Write) -> None:
    def kept(name: str, text: str) -> str:
        Path(name).write_bytes(write(text))
        return name

    head = typed.says("head")
    signed = typed.says("head", "--sign", kept("private", Path("key").read_text()))
    size_and_root = f"# kept\n{typed.json('head')['size']}:{typed.json('head')['root']}\n"
    csv = "claim;by;made_at;p\nrain;zoë;2026-01-02T12:00:00Z;0,4\n"
    catalog = 'format = 1\n[[source]]\nslug = "essay"\ntitle = "Ein Übel"\nkind = "article"\n'

    for text in (head, size_and_root, signed):
        assert typed.says("verify", "--head", kept("head", text)).startswith("ok:")
    assert "is good" in typed.says("verify", "--head", kept("head", signed), "--key", kept("k", typed_key()))
    assert typed.says("board", "--as-of", kept("head", head))
    assert typed.says("prove", "claim rain", "--head", kept("head", head))
    assert "1 forecast" in typed.says("import-from", "table", kept("f.csv", csv))
    assert "recorded" in typed.says("import-from", "catalog", kept("c.toml", catalog))
    with Ledger(typed.path) as ledger:
        assert [source.title for source in ledger.snapshot().all(Source)][-1] == "Ein Übel"


def typed_key() -> str:
    return Path("public").read_text()


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_the_scripts_for_strangers_read_them_too(typed: CommandLine, write: Write) -> None:
    head = typed.says("head")
    Path("head").write_bytes(write(head))
    Path("proof").write_bytes(write(typed.says("prove", "claim rain")))

    for script, *files in (("verify_proof.py", "proof", "head"), ("verify_ledger.py", str(typed.path), "head")):
        said = subprocess.run([sys.executable, str(DOCS / script), *files], capture_output=True, text=True, check=False)
        assert (said.returncode, said.stderr) == (0, ""), script


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("9:ab".encode("utf-16-le"), "looks like UTF-16 without its mark; save it as UTF-8"),
        (b"\xff\xfea", "line 1: this is not UTF-16 text; save it as UTF-8"),
        (b"one\ntwo \xe9\n", "line 2: this is not UTF-8 text; save it as UTF-8"),
        (b"\xff\xfe\x00\x00\xff\xff\xff\xff", "this is not UTF-32 text"),
    ],
)
def test_what_is_no_text_is_told_in_one_sentence(typed: CommandLine, content: bytes, words: str) -> None:
    Path("spoilt.toml").write_bytes(content)

    for verb in (
        ["verify", "--head"],
        ["import-from", "catalog"],
        ["head", "--sign"],
        ["verify", "--head", str(1), "--key"],
    ):
        assert words in typed.refuses(*verb, "spoilt.toml"), verb
    with pytest.raises(InvalidValue, match=words):
        decoded(content, "spoilt.toml")


def test_what_is_no_regular_file_is_not_waited_for(typed: CommandLine) -> None:
    os.mkfifo("pipe.toml")

    assert "is not a regular file" in typed.refuses("import-from", "catalog", "pipe.toml")
    assert "is not a regular file" in typed.refuses("head", "--sign", "pipe.toml")
    with pytest.raises(InvalidValue, match="is not a regular file"):
        read_catalog("/dev/zero")


@pytest.mark.parametrize("head", [NOTHING, "", "# nothing\n", f"\ufeff{NOTHING}\r\n", []])
def test_a_head_that_proves_nothing_is_not_ok(typed: CommandLine, head: str) -> None:
    with Ledger(typed.path) as ledger:
        assert ledger.verify(head=ledger.head()).ok, "the control"
        for check in (lambda: ledger.verify(head=head), lambda: ledger.verify(head=[ledger.head(), head] * bool(head))):
            with pytest.raises(InvalidValue, match=r"proves nothing|no head"):
                check()
        with pytest.raises(InvalidValue, match=r"proves nothing|no head|no checkpoint"):
            prefix_proof(ledger, head)
    if isinstance(head, str):
        Path("kept").write_text(head)
        for given in (head, "kept"):
            assert typed("verify", "--head", given).exit_code == 1
    with pytest.raises(InvalidValue):
        read_heads(head)


def test_the_scripts_find_that_it_proves_nothing_either(typed: CommandLine) -> None:
    find = runpy.run_path(str(DOCS / "verify_ledger.py"))["read_head"]
    check = runpy.run_path(str(DOCS / "verify_proof.py"))["check_consistency"]
    origin = typed.says("head").splitlines()[0]
    old = f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    with pytest.raises(ValueError, match="no plain number above 0"):
        find(NOTHING, origin)
    with pytest.raises(ValueError, match="of nothing"):
        check({"format": "prediction-ledger-consistency/1", "old": old, "new": typed.says("head"), "path": []})
