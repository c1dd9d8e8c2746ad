"""Whatever a parser is given, only our own errors come out of it: one sentence, never a traceback.

Every parser there is stands in :data:`FORMATS`, with good inputs to spoil, under what it reads. The full form, behind
the marker ``campaign``, gives each format PREDICTIONS_FUZZ_MINUTES, ten unless that is set, in equal parts to its
parsers. A case that fails is named by its parser, seed and number, and comes again with :func:`case`.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import shutil
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stdout
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import click
import pyarrow
import pytest
from click.testing import CliRunner
from horizon_words import READ
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import EVERYTHING, write
from mutating import mutated
from prefixes import prefix_proof
from pyarrow import parquet
from signed_notes import KEY, NOTE, SAMPLE, SAMPLE_PRIVATE, SAMPLE_PUBLIC

from forecasts.verbal import impute
from predictions import Ledger, LedgerError, LedgerWarning, dates, timestamps, windows
from predictions import fields as field_checks
from predictions.catalog import read_catalog
from predictions.chances import read_chance
from predictions.cli import cli, params
from predictions.importing.refusals import RowsRefused
from predictions.invisible import oddities
from predictions.recording.claim_types import conditions_from
from predictions.recording.outcomes import read_outcome
from predictions.scoring.columns.filters import Filter
from predictions.storage import checkpoints as checkpoint_texts
from predictions.storage.merkle import Frontier
from predictions.trust import signatures

DOCS = Path(__file__).parents[2] / "docs"
MINUTES = float(os.environ.get("PREDICTIONS_FUZZ_MINUTES", "10"))
SLOWEST = 20  # seconds that one input may take on a busy machine
CSV = (
    "claim,forecaster,made_at,probability,withdrawn,note\n"
    'rain,ben,2026-05-01T09:30:00Z,0.25,,"a, b"\n'
    "rain,cy,2026-05-02T11:30:00.000001+02:00,1,false,\n"
    'snow,"ben",2026-05-01,,true,"he said ""no"""\n'
)
VERDICTS_CSV = (
    "claim,outcome,known_on,happened_on,reason,decided_by,impossible\n"
    'rain,yes,{today},,"it rained, and ""hard""",ben,\n'
    "snow,no,{today},,none will fall,,true\n"
    "snow,0.25,{today},,some did,,false\n"
    "rain,annulled,{today},,the gauge was moved,,\n"
)
VERDICT_ROWS = [
    {"claim": "rain", "outcome": "yes", "known_on": "{today}", "reason": "it rained"},
    {"claim": "snow", "outcome": 0.25, "known_on": "{today}", "reason": "some did", "impossible": False},
]
ROWS = [
    {"claim": "rain", "forecaster": "ben", "made_at": "2026-05-01T09:30:00Z", "probability": 0.25},
    {"claim": "snow", "forecaster": "cy", "made_at": 1_777_627_800_000_000, "probability": 0.5, "withdrawn": False},
    {"claim": "snow", "forecaster": "ben", "made_at": "2026-05-01", "probability": None, "withdrawn": True},
]
TYPED = (
    "board --full --as-of 2026-05-01 --today 2026-06-01", "claim rain --json", "claim snow", "due --by ana --stale",
    "history rain", "scales house",
    "scorecard --by ana,ben --window 2026/2027 --horizon 30..365 --kind event --rule last --crowds",
    "compare ana half", "explain brier --by ana", "diff 2026-05-01 2026-06-01", "verify --head 9:abcdefabcdef --deep",
    "head --json", "head --sign key", "verify --head head.txt --key key", "prove claim rain",
    "prove 3 --head 9:abcdefabcdef", "verify --head 9:abcdefabcdef --proof p.json",
    "add It-rains --deadline Q3-2027 -p 72% --at-least 2",
    "log-evidence rain https://e.org/a?b=1 Title --on 2026-06 --counts dry --likelihood-ratio 2.5 --grade primary",
    "log-evidence snow e-org --bears opposes --why none", "retract e-org --reason draft",
    "forecast rain 0.72 --made-at 2026-05-01 --low 0.6 --high .8", "forecast rain --words likely --scale icd-203",
    "withdraw rain", "resolve rain no --known-on 2026-07-01 --reason over --impossible",
    "resolve rain annulled --known-on 2026-07-01 --reason none",
    "correct claim rain --set title=Rain --set tags=a,b --reason typo",
)  # fmt: skip
Spoilt = Any  # text or bytes


class World:
    """What the parsers that need a file get: a folder, a ledger with imports, its bytes, its proofs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "ledger.db"
        with Ledger(self.path, me="ana") as ledger:
            for slug in ("rain", "snow"):
                ledger.add(f"A day of {slug}", deadline="2099-12-31", slug=slug, p=0.3)
            start = datetime.now(UTC) - timedelta(days=1)
            ledger.import_forecasts(
                {
                    "claim": ["rain", "snow"] * 60,
                    "forecaster": [f"model-{n % 7}" for n in range(120)],
                    "made_at": [start + timedelta(seconds=n) for n in range(120)],
                    "probability": [n / 120 for n in range(120)],
                }
            )
            self.proof, self.block_proof = ledger.prove("claim rain").text, ledger.prove("snow model-2").text
            self.comparison = prefix_proof(ledger, ledger._journal.head(2)).text
            self.head = ledger.head()
            self.snapshot = ledger.snapshot()
        self.again().close()
        write(folder / "everything.db", EVERYTHING)
        self.good = (folder / "everything.db").read_bytes()

    def again(self) -> Ledger:
        """The ledger as it was at first."""
        self.copy = Path(shutil.copy(self.path, self.folder / "typed.db"))
        return Ledger(self.copy, me="ana")

    def file(self, name: str, content: str | bytes) -> Path:
        """A file with that in it, and nothing of an earlier one beside it."""
        for old in self.folder.glob(f"{name}*"):
            old.unlink()
        path = self.folder / name
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        return path


class Parser(NamedTuple):
    """How a parser is called, and what good inputs for it look like."""

    read: Callable[[World, Spoilt], object]
    seeds: Callable[[World], Sequence[Spoilt]]


def plain(read: Callable[[Spoilt], object], *seeds: Spoilt) -> Parser:
    return Parser(lambda _, text: read(text), lambda _: seeds)


def as_values(read: Callable[[object], object]) -> Callable[[str], None]:
    """Reads the text, and what it says as JSON."""

    def both(text: str) -> None:
        for value in (text, loaded(text)):
            takes(lambda value=value: strict(read, value))

    return both


def strict(read: Callable[[object], object], value: object) -> None:
    """A field's own check may raise a plain ValueError: the record's class makes a sentence of it."""
    try:
        read(value)
    except ValueError as error:
        if type(error) is not ValueError:
            raise


def loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def reads_rows(world: World, text: str) -> None:
    rows = loaded(text)
    if isinstance(rows, (list, dict)):
        imports(world, rows)


def imports(world: World, source: object) -> None:
    """At first as it is; where that is refused again, with the bad rows put aside."""
    with world.again() as ledger:
        try:
            with whole_or_not_at_all(ledger, world.copy):
                ledger.import_forecasts(source)
        except LedgerError:
            with whole_or_not_at_all(ledger, world.copy):
                ledger.import_forecasts(source, skip_bad=world.folder / f"bad-{time.time_ns()}.csv")
            raise


def decides(world: World, source: object) -> None:
    """Verdicts, which may be imported again where they were taken in."""
    with world.again() as ledger, warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)
        with whole_or_not_at_all(ledger, world.copy):
            ledger.import_resolutions(source)
        assert ledger.import_resolutions(source).verdicts == 0


def decides_rows(world: World, text: str) -> None:
    rows = loaded(text)
    if isinstance(rows, (list, dict)):
        decides(world, rows)


def verdicts_of_today(_: World) -> list[str]:
    columns = {name: [row.get(name) for row in VERDICT_ROWS] for name in VERDICT_ROWS[1]}
    today = datetime.now(UTC).date().isoformat()
    return [json.dumps(one).replace("{today}", today) for one in (VERDICT_ROWS, columns)]


@contextmanager
def whole_or_not_at_all(ledger: Ledger, path: Path) -> Iterator[None]:
    """What was taken in verifies; what was refused changed no byte."""
    before = path.read_bytes()
    try:
        yield
    except LedgerError:
        assert path.read_bytes() == before
        raise
    assert ledger.verify().ok


def opens(world: World, raw: bytes) -> None:
    """A damaged file through the ledger: opened, verified, read."""
    with Ledger(world.file("spoilt.db", raw), create=False) as ledger:
        for act in (
            lambda: str(ledger.verify(deep=True)), lambda: str(ledger.board(full=True)),
            lambda: str(ledger.scorecard()),
            lambda: str(ledger.history()), lambda: ledger.head().checkpoint(), lambda: ledger.prove(3),
            lambda: ledger.add("It snows in Faro", deadline="2099-12-31", p=0.5),
        ):  # fmt: skip
            takes(act)


def merges(world: World, raw: bytes) -> None:
    """A damaged copy merged into a good ledger, which stays good."""
    mine = world.file("mine.db", world.good)
    with Ledger(mine, me="ana") as ledger, whole_or_not_at_all(ledger, mine):
        ledger.merge(world.file("spoilt.db", raw))


def types_verb(world: World, line: str) -> None:
    """A line at the command line: an exit of 0, 1 or 2, and never 'this should not happen'."""
    if world.copy.stat().st_size > 2_000_000:
        world.again().close()
    with chdir(world.folder):
        said = CliRunner().invoke(cli, ["--ledger", str(world.copy), "--me", "ana", *line.split(" ")])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    assert said.exit_code in {0, 1, 2}
    assert "this should not happen" not in said.stderr, said.stderr
    assert "\x1b" not in said.output


def runs_script(name: str) -> Callable[[World, Spoilt], None]:
    """A script of docs/ as a stranger runs it: it ends well, or with 'not ok: ' and why."""

    def run(world: World, content: Spoilt) -> None:
        kept = sys.argv, sys.path[:]
        sys.argv = [name, str(world.file("given", content))]
        try:
            with redirect_stdout(io.StringIO()):
                runpy.run_path(str(DOCS / name), run_name="__main__")
        except SystemExit as ended:
            if not str(ended.code).startswith("not ok: "):
                raise
        finally:
            sys.argv, sys.path[:] = kept

    return run


def parquet_files(world: World) -> list[bytes]:
    table = pyarrow.table({name: [row.get(name) for row in ROWS[::2]] for name in (*ROWS[0], "withdrawn")})
    found = []
    for compression in ("none", "snappy"):
        parquet.write_table(table, world.folder / "seed.parquet", compression=compression)
        found.append((world.folder / "seed.parquet").read_bytes())
    return found


def catalogues(_: World) -> list[bytes]:
    example = (DOCS / "catalog.md").read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    packaged = (DOCS.parent / "predictions" / "ainews.toml").read_bytes()
    tables = packaged.split(b"\n[[")
    return [example.encode(), b"\n[[".join(tables[:8]), b"format = 1\n[[" + b"\n[[".join(tables[-8:])]


def checkpoints(world: World) -> list[str]:
    head = world.head
    return [head.checkpoint(), f"# kept\n{head}\n9:{'ab' * 32}\n{head.checkpoint()}{NOTE}", NOTE, head.short, str(head)]


def filters(world: World, text: str) -> None:
    for part in fields(Filter):
        takes(lambda part=part: Filter(**{part.name: text}).claims(world.snapshot))


def by_name(world: World, text: str) -> None:
    with Ledger(world.path, me="ana") as ledger:
        for read in (
            ledger.claim,
            ledger.history,
            ledger.prove,
            ledger.__getitem__,
            lambda head: ledger.verify(head=head),
        ):
            takes(lambda read=read: read(text))
        takes(lambda: ledger.board(as_of=text))


def impute_on(text: str) -> None:
    words, _, scale = text.partition("|")
    strict(lambda value: impute(value, scale=scale), words)


VALUES = (
    '"2026-05-01"', "0.72", "-0.0", "1e-3", "17", "[1, 2]", '{"a": 1}', "null", "true", "a-slug-2",
    "A line, “quoted”.", "2026-05", "two\nlines", "https://example.org/a?b=%20c#d", "https://münchen.example/",
    "0123456789abcdef" * 4, "0123456789abcdef" * 2,
)  # fmt: skip
CHECKS = [
    getattr(field_checks, name)
    for name in dir(field_checks)
    if name.startswith("check_") and name not in {"check_flags", "check_field"}
]
FORMATS = {
    "dates and times": {
        "words of a window": plain(
            lambda text: windows.read_window(text, made_on=date(2026, 4, 13)), *(row[0] for row in READ)
        ),
        "days": plain(dates.read_day, "2026-04-13", "2028-02-29"),
        "periods": plain(dates.read_period, "2026-04-13", "2026-04", "2026"),
        "moments": plain(timestamps.read_moment, "2026-05-01T09:30Z", "2026-05-01T11:30:00.123456+02:00"),
        "times of forecasts": plain(timestamps.read_made_at, "2026-05-01", "2026-05-01T11:30:00.1-02:30"),
        "times in the file": plain(as_values(timestamps.parse_moment_text), "2026-05-01T09:30:00.000000Z"),
    },
    "catalogues and fields": {
        "catalogues": Parser(lambda world, raw: read_catalog(world.file("spoilt.toml", raw)), catalogues),
        "fields": plain(lambda text: [as_values(check)(text) for check in CHECKS], *VALUES),
        "oddities": plain(oddities, *VALUES),
        "conditions": plain(
            lambda text: conditions_from(loaded(text)),
            '{"line": "It runs.", "battery": "No engine."}',
            '["line: It runs."]',
            "[[1]]",
        ),
        "words of a probability": plain(
            impute_on, "likely|icd-203", "Almost  certain|icd-203", "will|house", "unlikely|ipcc"
        ),
    },
    "the command line": {
        "command line": Parser(types_verb, lambda _: TYPED),
        "typed probabilities": plain(read_chance, "0.72", "72%", "1", ".5", "100%"),
        "typed numbers": plain(params.read_number, "2.5", "0", "1000000", ".25"),
        "typed counts": plain(params.read_count, "30", "999999"),
        "typed verdicts": plain(read_outcome, "yes", "no", "0.4", "40%", "ambiguous"),
        "typed lists": plain(lambda text: params.read_list((text, text)), "a,b, c", ",,"),
        "typed heads": plain(params.read_when, "2026-05-01", "9:" + "ab" * 32, "head.txt"),
        "filters": Parser(
            filters, lambda world: ["2026", "2026/2027", "365", "30..365", "event", "self", "rain", *checkpoints(world)]
        ),
        "names of records": Parser(
            by_name, lambda world: ["rain", "claim rain", "rain ana", "entry 3", "7", *checkpoints(world)]
        ),
    },
    "imports": {
        "CSV": Parser(
            lambda world, raw: imports(world, world.file("spoilt.csv", raw)),
            lambda _: [CSV.encode(), ("\ufeff" + CSV).encode()],
        ),
        "CSV of verdicts": Parser(
            lambda world, raw: decides(world, world.file("spoilt.csv", raw)),
            lambda _: [VERDICTS_CSV.replace("{today}", datetime.now(UTC).date().isoformat()).encode()],
        ),
        "rows of verdicts": Parser(decides_rows, verdicts_of_today),
        "Parquet": Parser(lambda world, raw: imports(world, world.file("spoilt.parquet", raw)), parquet_files),
        "rows": Parser(
            reads_rows,
            lambda _: [json.dumps(ROWS), json.dumps({name: [row.get(name) for row in ROWS] for name in ROWS[1]})],
        ),
    },
    "heads and checkpoints": {
        "heads": Parser(lambda _, text: checkpoint_texts.read_head(text), checkpoints),
        "heads kept together": Parser(lambda _, text: checkpoint_texts.read_heads(text), checkpoints),
        "checkpoints": Parser(lambda _, text: checkpoint_texts.read_checkpoint(text), checkpoints),
        "frontiers": plain(
            lambda raw: strict(lambda one: Frontier.from_bytes(len(one) // 32, one), raw), b"ab" * 32, b"", b"x" * 32
        ),
    },
    "proofs": {
        "the script for proofs": Parser(runs_script("verify_proof.py"), lambda world: [world.proof, world.comparison]),
        "the script for blocks": Parser(runs_script("verify_block.py"), lambda world: [world.block_proof]),
    },
    "signatures and keys": {
        "signed notes": plain(lambda text: signatures.open_note(text, KEY.public), NOTE, SAMPLE),
        "signed heads": Parser(
            lambda _, text: signatures.signed_heads(text, str(KEY.public)),
            lambda world: [NOTE, NOTE * 3, *checkpoints(world)],
        ),
        "public keys": plain(signatures.read_public_key, SAMPLE_PUBLIC, str(KEY.public)),
        "private keys": plain(signatures.read_private_key, SAMPLE_PRIVATE, KEY.text),
        "files of keys": Parser(
            lambda world, raw: signatures.key_in(world.file("key", raw)), lambda _: [KEY.text.encode()]
        ),
    },
    "ledgers": {
        "ledger files": Parser(opens, lambda world: [world.good, world.path.read_bytes()]),
        "ledger files merged": Parser(merges, lambda world: [world.good]),
        "the script for ledgers": Parser(
            runs_script("verify_ledger.py"), lambda world: [world.good, world.path.read_bytes()]
        ),
    },
}
PARSERS = {name: parser for parsers in FORMATS.values() for name, parser in parsers.items()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)
        yield World(tmp_path_factory.mktemp("fuzzing"))


def case(parser: Parser, world: World, seed: int, number: int) -> Spoilt:
    """The input of that number: the same for the same seed."""
    random, seeds = Random(f"{seed} {number}"), parser.seeds(world)
    return mutated(random.choice(seeds), seeds, random)


def check(parser: Parser, world: World, spoilt: Spoilt, which: str) -> bool:
    """Whether the parser takes the input; it must not take long, and fail as :func:`takes` allows."""
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LedgerWarning)
            taken = takes(lambda: parser.read(world, spoilt))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a panic of a library written in Rust is no Exception
        told = "".join(traceback.format_exception(error)[-12:]).encode("ascii", "backslashreplace").decode()
        raise AssertionError(f"{which}: {type(error).__name__}, for {spoilt[:500]!a}\n{told}") from None
    assert time.perf_counter() - started < SLOWEST, f"{which}: too slow, for {spoilt[:500]!r}"
    return taken


def takes(act: Callable[[], object]) -> bool:
    """Whether it goes well; else it must end with an error of ours, in one sentence that can be printed."""
    try:
        act()
    except (LedgerError, click.ClickException) as refused:
        sentence = str(refused)
        assert sentence.encode()
        told = isinstance(refused, RowsRefused) or getattr(refused, "laid_out", False)
        assert ("\n" in sentence) <= (told and laid_out(sentence))
        return False
    return True


def laid_out(sentence: str) -> bool:
    """Whether several lines are those of bad rows: a head, the causes, the first row, the columns that are nobody's.

    Where only a column is misspelt, its sentence stands in place of the first three.
    """
    rows, _, not_read = sentence.partition("\nnot read: ")
    if not all(line.startswith("  ") for line in not_read.split("\n")[1:]):
        return False
    if "\n" not in rows:
        return bool(not_read)
    head, *causes, first = rows.split("\n")
    begins = "cannot be read, so nothing is recorded: " in head and first.startswith("row ")
    return begins and len(causes) <= 40 and all(cause.startswith("  ") for cause in causes)


def any_text(name: str, parser: Parser, world: World, examples: int) -> None:
    """Whatever Hypothesis thinks of, of text and of the seeds' own characters; bytes where the parser takes those."""
    seeds = parser.seeds(world)
    if isinstance(seeds[0], str):
        strategy = st.text() | st.text(st.sampled_from(sorted(set("".join(seeds)))))
    else:
        strategy = st.binary()

    @settings(max_examples=examples, database=None)
    @given(strategy)
    def run(spoilt: Spoilt) -> None:
        check(parser, world, spoilt, f"{name}, Hypothesis")

    run()


def fuzz(name: str, parser: Parser, world: World, *, seconds: float, most: int, seed: int) -> dict[str, int]:
    """Give a parser spoilt inputs for so long, or so many; how many it took, and refused."""
    counts = {"taken": 0, "refused": 0}
    end, number = time.perf_counter() + seconds, 0
    for number in range(most):
        taken = check(parser, world, case(parser, world, seed, number), f"{name}, seed {seed}, case {number}")
        counts["taken" if taken else "refused"] += 1
        if time.perf_counter() > end:
            break
    return counts


@pytest.mark.parametrize("name", PARSERS)
def test_every_seed_is_taken(name: str, world: World) -> None:
    parser = PARSERS[name]

    assert any(check(parser, world, seed, "seed") for seed in parser.seeds(world))


@pytest.mark.parametrize("name", PARSERS)
def test_only_errors_of_ours_come_out_of(name: str, world: World) -> None:
    any_text(name, PARSERS[name], world, 8)

    counts = fuzz(name, PARSERS[name], world, seconds=0.3, most=300, seed=1)

    assert sum(counts.values()) >= 3, counts


@pytest.mark.campaign(minutes=MINUTES)
@pytest.mark.parametrize("minutes", [MINUTES])
@pytest.mark.parametrize("kind", FORMATS)
def test_only_errors_of_ours_come_out_for_minutes_of(kind: str, minutes: float, world: World) -> None:
    seed, part = time.time_ns(), minutes / len(FORMATS[kind])
    told = {}
    for name, parser in FORMATS[kind].items():
        end = time.perf_counter() + 60 * part
        any_text(name, parser, world, int(200 * part) + 1)
        told[name] = fuzz(name, parser, world, seconds=end - time.perf_counter(), most=10**9, seed=seed)
        print(f"{name}: seed {seed}, {told[name]}")

    assert all(sum(counts.values()) > 20 for counts in told.values()), told


def test_control_a_parser_that_lets_any_other_error_out_is_caught(world: World) -> None:
    careless = plain(int, "17", "-3")

    with pytest.raises(
        AssertionError, match=r"(?s)careless, seed 1, case \d+: ValueError, for .*invalid literal for int"
    ):
        fuzz("careless", careless, world, seconds=10, most=300, seed=1)
