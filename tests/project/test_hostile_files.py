"""Every kind of hostile file, given to every verb that takes one: one of our errors, one sentence, nothing changed."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pyarrow
import pytest
from command_line import CommandLine
from pyarrow import parquet
from refusing import check, check_sentence, patience

from predictions import Ledger, read_catalog

HEADER = "claim,forecaster,made_at,probability\n"


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content.encode(encoding))


def raw(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as stranger:
        stranger.execute("create table claim (slug, title)")
        stranger.commit()


def cut_ledger(path: Path) -> None:
    path.write_bytes(Path("good.db").read_bytes()[:9000])


def scrambled_ledger(path: Path) -> None:
    content = bytearray(Path("good.db").read_bytes())
    content[5000:] = Random(1).randbytes(len(content) - 5000)
    path.write_bytes(content)


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("f.csv", "x" * 1_000_000)


def table(**columns: object) -> Callable[[Path], object]:
    return lambda path: parquet.write_table(pyarrow.table(columns), path)


def long_name(path: Path) -> None:
    """A small file whose one long name stands in every row: a gigabyte of them."""
    names = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 5_000), ["x" * 200_000])
    times, chances = [1_767_571_200_000_000] * 5_000, [0.5] * 5_000
    table(claim=names, forecaster=["ben"] * 5_000, made_at=times, probability=chances)(path)


HOSTILE: dict[str, Callable[[Path], object]] = {
    "empty": Path.touch,
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "text": text("Dear Sir,\nplease find enclosed nothing.\n"),
    "Latin-1": text("claim;Übel\nrain;é\n", "latin-1"),
    "UTF-16": text("Dear Sir,\r\n", "utf-16"),
    "UTF-16 without its mark": text("claim,forecaster\r\n", "utf-16-le"),
    "UTF-16 that ends within a letter": raw(b"\xff\xfea\0b"),
    "UTF-7": text("Übel, größer\n", "utf-7"),
    "EBCDIC": text(HEADER, "cp500"),
    "half a character": raw("é".encode()[:1] * 9),
    "NULs": raw(bytes(5_000)),
    "a NUL within": raw(HEADER.encode() + b"rain,b\0b,2026-01-01,0.5\n"),
    "noise": raw(Random(2).randbytes(5_000)),
    "huge numbers": text(f"{HEADER}rain,ben,{'9' * 5_000},{'9' * 5_000}\nrain,ben,2026-01-01,1e99999\n"),
    "a huge number in TOML": text(f"format = {'9' * 5_000}\n"),
    "a huge size of a head": text(f"{'9' * 5_000}:{'a' * 64}\n"),
    "deep JSON": text("[" * 100_000),
    "deep TOML": text(f"format = 1\nx = {'[' * 5_000}{']' * 5_000}\n"),
    "dotted TOML": text(f"format = 1\n{'.'.join('a' * 30_000)} = 1\n"),
    "tables in tables": text("format = 1\n" + "".join(f"[x{n}{'.a' * 99}]\n" for n in range(2_000))),
    "an open quote": text(HEADER + '"rain,ben\n' * 5_000),
    "many columns": text(",".join(["x"] * 2_000) + "\n"),
    "a million columns": text(",".join(["x"] * 1_000_000) + "\n"),
    "one long line": text("x" * 500_000),
    "only line ends": text("\n\r\n\r" * 5_000),
    "a table": text(HEADER + "rain,ben\n,,,,,\nrain,ben,never,2\n"),
    "half a ledger": cut_ledger,
    "a scrambled ledger": scrambled_ledger,
    "another program's database": foreign,
    "the header of a database": raw(b"SQLite format 3\0" + bytes(84)),
    "an archive": archive,
    "compressed": lambda path: path.write_bytes(gzip.compress(HEADER.encode())),
    "a header of Parquet": raw(b"PAR1" + Random(3).randbytes(90) + b"\xff\xff\xff\x7fPAR1"),
    "a short Parquet": raw(b"PAR1PAR1"),
    "Parquet of structs": table(
        claim=[{"a": 1}], forecaster=[[1]], made_at=[1_767_571_200_000_000], probability=[{"b": 0.5}]
    ),
    "Parquet of other types": table(
        claim=[b"\xff"], forecaster=[None], made_at=pyarrow.array([2**62], pyarrow.timestamp("us")), probability=["x"]
    ),
    "Parquet of a long name": long_name,
    "Parquet without rows": table(claim=pyarrow.array([], pyarrow.string())),
    "a note": text("predictions.invalid/" + "0" * 32 + "\n1\nAAAA\n\n— x AAAA\n"),
    "a broken key": text("PRIVATE+KEY+predictions.invalid/x+00000000+AQ==\n"),
}  # fmt: skip
TYPED = (
    "--ledger {} board", "--ledger {} verify --deep", "--ledger {} scorecard", "--ledger {} head",
    "--ledger {} report new", "--ledger {} backup new", "--ledger {} export sqlite new", "--ledger {} prove 1",
    "--ledger {} forecast rain 0.5", "--ledger {} add Snow --deadline 2099", "--ledger {} merge good.db",
    "--ledger {} redact rain --to new", "--ledger {} export parquet new", "--ledger {} keygen new",
    "--ledger {} export csv new", "--ledger {} export fatebook new --by ana",
    "init {}", "import-from catalog {}", "import-from table {}", "merge {}",
    "verify --head {}", "verify --head kept --key {}", "head --sign {}", "prove 1 --head {}",
    "board --as-of {}", "scorecard --as-of {}", "diff {}",
    "report {}", "export calendar {}", "export sqlite {}", "export parquet {}", "backup {}", "backup {} --force",
    "redact rain ana --to {} --force", "keygen {}", "prove 1 {}",
    "verify --head kept --proof {}", "export datasette {}", "export csv {}", "export fatebook {} --by ana",
    "export forecastbench {}",
)  # fmt: skip
IN_PYTHON: dict[str, Callable[[Ledger, Path], object]] = {
    "Ledger": lambda _, path: Ledger(path, create=False).close(),
    "Ledger, read only": lambda _, path: Ledger(path, read_only=True).close(),
    "read_catalog": lambda ledger, path: ledger.register(read_catalog(path)),
    "import_forecasts": lambda ledger, path: ledger.import_forecasts(path),
    "import_resolutions": lambda ledger, path: ledger.import_resolutions(path),
    "import_from": lambda ledger, path: ledger.import_from("table", path),
    "skip_bad": lambda ledger, path: ledger.import_forecasts([("x", "y", "2026-01-01", 2)], skip_bad=path),
    "merge": lambda ledger, path: ledger.merge(path),
    "sign_head": lambda ledger, path: ledger.head(sign=path),
    "keygen": lambda ledger, path: ledger.keygen(path),
    "prove": lambda ledger, path: ledger.prove("claim rain", file=path),
    "report": lambda ledger, path: ledger.report(path),
    "export_ics": lambda ledger, path: ledger.export("calendar", path),
    "export_sqlite": lambda ledger, path: ledger.export("sqlite", path),
    "export_parquet": lambda ledger, path: ledger.export("parquet", path),
    "export_csv": lambda ledger, path: ledger.export("csv", path),
    "export_fatebook": lambda ledger, path: ledger.export("fatebook", path),
    "backup": lambda ledger, path: ledger.backup(path),
    "redact": lambda ledger, path: ledger.redact("rain ana", to=path),
    "datasette_metadata": lambda ledger, path: ledger.export("datasette", path),
}
LARGE = ("a million columns",)  # they take seconds
KINDS = [pytest.param(kind, marks=pytest.mark.campaign) if kind in LARGE else kind for kind in HOSTILE]
TAKEN = {  # an empty folder is filled, an empty file made a ledger
    "empty": {"--ledger {} add Snow --deadline 2099"},
    "a folder": {"export datasette {}", "export parquet {}", "datasette_metadata", "export_parquet"},
    "Parquet without rows": {"import-from table {}", "import_from"},  # there is nothing to record
}
REPLACED = {"backup {} --force", "redact rain ana --to {} --force"}


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed")
    with Ledger(folder / "good.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain", p=0.3)
        (folder / "kept").write_text(ledger.head().checkpoint())
    (folder / "good.csv").write_text(f"{HEADER}rain,ben,2026-01-02,2\n")
    return folder


class Work:
    """A working folder with our ledger and a hostile file in it, made again once something has changed there."""

    def __init__(self, seed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        self._seed, self._folder, self._make = seed, folder, HOSTILE[kind]
        shutil.copytree(seed, folder)
        monkeypatch.chdir(folder)

    def file(self, verb: str, names: tuple[str, ...] = ("thing.csv", "thing.parquet", "thing")) -> Iterator[str]:
        """The hostile file, under each name that may make a difference to the verb."""
        for name in names if "import" in verb else ("thing.toml",):
            self._make(Path(name))
            before = self._state()
            yield name
            if self._state() != before:
                for path in self._folder.iterdir():
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
                shutil.copytree(self._seed, self._folder, dirs_exist_ok=True)
            else:
                shutil.rmtree(name) if Path(name).is_dir() and not Path(name).is_symlink() else Path(name).unlink()

    def unchanged(self) -> Callable[[], bool]:
        """Tells later whether all is as it is now."""
        before = self._state()
        return lambda: self._state() == before

    def _state(self) -> dict[str, object]:
        kept = {path.name: path.lstat().st_mtime_ns for path in self._folder.iterdir()}
        return kept | {"good.db": (self._folder / "good.db").read_bytes()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_verb_refuses_it_in_one_sentence(
    kind: str, seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(seed, tmp_path / "work", monkeypatch, kind)
    typed = CommandLine(tmp_path / "work")
    typed.path = Path("good.db")
    for verb in TYPED:
        for name in work.file(verb):
            unchanged = work.unchanged()

            with patience():
                result = typed(*verb.format(name).split())

            where = f"{verb.format(name)}: {result.output[:500]}"
            if result.exit_code == 0:
                assert verb in {*TAKEN.get(kind, ()), *REPLACED}, where
                continue
            laid_out = "so nothing is recorded" in result.stderr
            assert (result.exit_code, result.stderr[:7]) == (1, "error: "), where
            check_sentence(result.stderr[7:-1], where, laid_out=laid_out)
            assert unchanged(), where


@pytest.mark.parametrize("kind", KINDS)
def test_every_verb_of_a_ledger_refuses_it_with_an_error_of_ours(
    kind: str, seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(seed, tmp_path / "work", monkeypatch, kind)
    for verb, act in IN_PYTHON.items():
        for name in work.file(verb):
            unchanged = work.unchanged()
            with Ledger("good.db", me="ana") as ledger:
                taken = check(lambda act=act, name=name, ledger=ledger: act(ledger, Path(name)), f"{verb} {name}")
            assert taken == (verb in TAKEN.get(kind, ())), (verb, name)
            assert taken or unchanged(), (verb, name)


@pytest.mark.parametrize(
    "careless", [lambda: int("x"), lambda: pyarrow.array([1]).cast("date32"), lambda: Path("/none").stat()]
)
def test_control_any_other_error_is_found(careless: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="careless: "):
        check(careless, "careless")
