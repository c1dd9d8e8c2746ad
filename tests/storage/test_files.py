"""Every file that the library writes: whole or absent, as private as its ledger, through no link, without litter."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from predictions import InvalidValue, Ledger, StorageError
from predictions.storage import files
from predictions.storage.files import new_database, new_file, new_folder

Writer = Callable[[Ledger, Path], object]
WRITERS: dict[str, Writer] = {
    "backup": lambda ledger, path: ledger.backup(path),
    "redact": lambda ledger, path: ledger.redact("rain ana", to=path),
    "report": lambda ledger, path: ledger.report(path),
    "export_ics": lambda ledger, path: ledger.export("calendar", path),
    "export_sqlite": lambda ledger, path: ledger.export("sqlite", path),
    "export_parquet": lambda ledger, path: ledger.export("parquet", path),
    "export_csv": lambda ledger, path: ledger.export("csv", path),
    "export_fatebook": lambda ledger, path: ledger.export("fatebook", path),
    "prove": lambda ledger, path: ledger.prove("claim rain", file=path),
    "compare": lambda ledger, path: ledger.verify(head=ledger._journal.head(2), proof=path),
    "keygen": lambda ledger, path: ledger.keygen(path),
    "skip_bad": lambda ledger, path: ledger.import_forecasts([("rain", "ben", "2026-01-02", -1)], skip_bad=path),
    "datasette_metadata": lambda ledger, path: ledger.export("datasette", path),
}
TYPED = {
    "backup": ["backup"], "redact": ["redact", "rain ana", "--to"], "report": ["report"],
    "export_ics": ["export", "calendar"], "export_sqlite": ["export", "sqlite"],
    "export_parquet": ["export", "parquet"], "export_csv": ["export", "csv"],
    "prove": ["prove", "claim rain"], "keygen": ["keygen"],
    "compare": ["verify", "--head", "kept", "--proof"],
}  # fmt: skip
FOLDERS = {"export_parquet", "datasette_metadata"}


def make_rain(folder: Path) -> Ledger:
    ledger = Ledger(folder / "ledger.db", me="ana")
    ledger.add("It rains", deadline="2099-12-31", slug="rain", p=0.3)
    ledger.add("It snows", deadline="2099-12-31", slug="snow", p=0.3)
    return ledger


@pytest.fixture
def rain(tmp_path: Path) -> Iterator[Ledger]:
    with make_rain(tmp_path) as ledger:
        yield ledger


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def tree(folder: Path) -> dict[str, bytes | str]:
    """Everything under a folder, hidden files and where links lead, too."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o644])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_is_as_private_as_its_ledger(writer: str, permissions: int, rain: Ledger, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").chmod(permissions)

    WRITERS[writer](rain, tmp_path / "new")

    new = [tmp_path / "new"] if writer not in FOLDERS else list((tmp_path / "new").rglob("*.*"))
    assert {mode(path) for path in new} == {0o600 if writer == "keygen" else permissions}
    if writer == "export_parquet":
        assert mode(tmp_path / "new") == {0o600: 0o700, 0o640: 0o750, 0o644: 0o755}[permissions]


@pytest.mark.parametrize(
    "writer", ["backup", "redact", "report", "export_ics", "export_csv", "export_fatebook", "datasette_metadata"]
)
def test_what_is_replaced_keeps_its_own_permissions(writer: str, rain: Ledger, tmp_path: Path) -> None:
    forced = {"backup": rain.backup, "redact": lambda path, force: rain.redact("rain ana", to=path, force=force)}
    again = (lambda path: forced[writer](path, force=True)) if writer in forced else lambda p: WRITERS[writer](rain, p)
    WRITERS[writer](rain, tmp_path / "new")
    files = [tmp_path / "new"] if writer not in FOLDERS else list((tmp_path / "new").iterdir())
    for path in files:
        path.chmod(0o604)

    again(tmp_path / "new")

    assert {mode(path) for path in files} == {0o604}


@pytest.mark.parametrize("leads_to", ["thesis.txt", "nowhere", "folder"])
@pytest.mark.parametrize("writer", WRITERS)
def test_no_writer_follows_a_link(writer: str, leads_to: str, rain: Ledger, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("four years of work")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(leads_to)
    before = tree(tmp_path)

    with pytest.raises(InvalidValue, match=r"is a link|is there and not an empty folder"):
        WRITERS[writer](rain, tmp_path / "link")

    assert tree(tmp_path) == before


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each writer says where every file ends after ten bytes, and the names of what it leaves."""
    folder = tmp_path_factory.mktemp("full")
    script = f"""
import json, resource, signal, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from predictions import Ledger, StorageError
from test_files import WRITERS, make_rain, tree
import pyarrow.parquet, jinja2, icalendar, sqlite_utils
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
said = {{}}
for writer in WRITERS:
    folder = Path({str(folder)!r}, writer)
    folder.mkdir()
    with make_rain(folder) as ledger:
        ledger.forecast("rain", 0.5)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
        try:
            WRITERS[writer](ledger, folder / "new")
        except StorageError as error:
            said[writer] = [str(error)]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said[writer] += sorted(tree(folder))
print(json.dumps(said))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_that_is_full_leaves_nothing_and_is_told_in_a_sentence(
    writer: str, full_disk: dict[str, list[str]]
) -> None:
    sentence, *left = full_disk[writer]

    assert sentence
    assert "\n" not in sentence
    assert set(left) - {"new/metadata.json"} == {"ledger.db"}


def grown(folder: Path) -> Path:
    """A ledger that is large enough to be caught at work."""
    path = folder / "ledger.db"
    with Ledger(path, me="ana") as ledger:
        for number in range(20):
            ledger.add(f"It rains {number}", deadline="2099-12-31", slug=f"rain-{number}" if number else "rain", p=0.3)
        start = 1_767_200_000_000_000
        ledger.import_forecasts([("rain", f"m-{n % 9}", start + n * 10**6, n % 100 / 100) for n in range(9_000)])
    rows = "".join(f"rain,m,2026-01-02T00:00:{n % 60:02}Z,-{n + 1}\n" for n in range(20_000))
    (folder / "bad.csv").write_text(f"claim,forecaster,made_at,probability\n{rows}")
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown(tmp_path_factory.mktemp("large"))


KILL_EARLY, KILL_LATE = (signal.SIGKILL, 0.7), (signal.SIGKILL, 0.9)  # after which share of the time it takes
END_EARLY, END_LATE = (signal.SIGTERM, 0.7), (signal.SIGTERM, 0.9)


@pytest.mark.parametrize(
    "signals",
    [[KILL_EARLY, END_LATE], pytest.param([END_EARLY, KILL_LATE], marks=pytest.mark.campaign)],
    ids=["killed early", "killed late"],
)
@pytest.mark.parametrize("writer", ["backup", "redact", "export_sqlite", "export_parquet", "export_csv"])
def test_whatever_ends_a_verb_leaves_the_file_whole_or_absent_and_no_litter(
    writer: str, signals: list[tuple[signal.Signals, float]], large: Path, tmp_path: Path
) -> None:
    for source in (large, large.with_name("bad.csv")):
        shutil.copy(source, tmp_path)
    before = set(tree(tmp_path))
    command = [sys.executable, "-m", "predictions", "--ledger", "ledger.db", "--me", "ana", *TYPED[writer], "new"]

    took = None
    for number, share in [(None, 1.0), *signals]:
        started = time.perf_counter()
        verb = subprocess.Popen(command, cwd=tmp_path, stdout=-3, stderr=-3)
        if took is not None:
            time.sleep(share * took)
            verb.send_signal(number)
        verb.wait(60)
        took = took or time.perf_counter() - started

        left = set(tree(tmp_path)) - before
        new = {name for name in left if name.split("/")[0] == "new"}
        assert {name for name in left - new if name != "ledger.db-journal"} == set(), share
        assert not new or writer != "export_parquet" or len(new) == 6, share
        shutil.rmtree(tmp_path / "new") if (tmp_path / "new").is_dir() else (tmp_path / "new").unlink(missing_ok=True)
        with Ledger(tmp_path / "ledger.db") as ledger:
            assert ledger.verify().ok


def test_control_a_file_that_passes_under_a_name_is_left_behind_by_a_kill(tmp_path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from predictions.storage.files import new_file
if sys.argv[2] == "named":
    del os.O_TMPFILE
with new_file(Path(sys.argv[1])) as passing:
    passing.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    for way, left in (("nameless", 0), ("named", 1)):
        subprocess.run([sys.executable, "-c", script, str(tmp_path / "new"), way], check=False)
        assert len(list(tmp_path.iterdir())) == left


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("linking", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_files_are_placed_on_every_kind_of_system(
    nameless: bool, linking: bool, force: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE")
    if not linking:
        monkeypatch.setattr(os, "link", refuse)
    if force:
        (tmp_path / "new").write_text("old")
    (tmp_path / "like").touch(0o640)

    with new_file(tmp_path / "new", like=tmp_path / "like", force=force) as passing:
        passing.write_text("whole")
    with new_database(tmp_path / "db", like=tmp_path / "like") as connection:
        connection.execute("create table more (x)")
    with new_folder(tmp_path / "folder", like=tmp_path / "like") as new:
        new("part/one").write_text("1")
        new("two").write_text("2")

    found = tree(tmp_path)
    assert (found.pop("new"), found.pop("like")) == (b"whole", b"")
    assert found.pop("db").startswith(b"SQLite format 3")
    assert found == {"folder/part/one": b"1", "folder/two": b"2"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError])
def test_a_block_that_fails_leaves_nothing(error: type[BaseException], tmp_path: Path) -> None:
    (tmp_path / "like").touch()

    def fail(writer: Callable[..., Any]) -> None:
        with writer(tmp_path / "new", like=tmp_path / "like") as new:
            if writer is new_folder:
                new("one").write_text("1")
            raise error

    for writer in (new_file, new_database, new_folder):
        with pytest.raises((error, StorageError)):
            fail(writer)

    assert set(tree(tmp_path)) == {"like"}


def test_nothing_but_the_writer_writes_files() -> None:
    """Whoever opens a file for writing, makes a folder or renames, does so in files.py."""
    marks = (
        "os.open(",
        '"w"',
        '"wb"',
        '"w+"',
        "write_text(",
        "write_bytes(",
        ".mkdir(",
        ".rename(",
        ".replace(path",
        "O_CREAT",
    )
    folder = Path(files.__file__).parents[1]
    found = {
        (path.relative_to(folder).as_posix(), mark)
        for path in folder.rglob("*.py")
        for mark in marks
        if mark in path.read_text() and path.name != "files.py"
    }

    allowed = {
        ("text_files.py", "os.open("), ("cli/errors.py", "os.open("), ("export/datasette.py", ".mkdir("),
        ("ledger.py", "write_text("), ("trust/signatures.py", "write_text("), ("importing/refusals.py", '"w+"'),
        ("exchange/platforms/forecastbench_writer.py", "write_text("),  # into a folder that the writer has just made
    }  # fmt: skip
    assert found == allowed


def test_a_file_may_begin_as_a_uri_does(rain: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file:x").mkdir()

    rain.backup("file:x/y.db")
    rain.redact("rain ana", to="file:x/z.db")

    assert {path.name for path in Path("file:x").iterdir()} == {"y.db", "z.db"}
