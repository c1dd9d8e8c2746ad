"""What is bounded: a merge of copies that went apart beside a fast-forward, and a catalogue's cost for each byte.

Run: python -m tests.benchmarks.bench_bounds [--records 100000] [--since 1000] [--bytes 4000000] [--folder FOLDER]

The copies part at so many records; the one then has so many more, the other the same and one of its own. Both ways
are timed in seconds of this process's own time; the aim is three times a fast-forward at most. Of a catalogue of
records the time is printed for two sizes, and the most memory at once for each of its bytes; the aim is below 50.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import tracemalloc
from contextlib import closing
from pathlib import Path

from predictions import Ledger, read_catalog
from predictions.storage.journal import Journal
from tests.benchmarks.bench_trust import append, build, forecast, timed

RATIO_AIM, BYTES_AIM = 3, 50
ENTRY = '[[source]]\nslug = "source-{0}"\ntitle = "Source {0}"\nkind = "article"\n'


def merges(folder: Path, records: int, since: int) -> tuple[float, float]:
    """Seconds of a fast-forward, and of a merge of copies that went apart."""
    build(folder / "base.db", records, 100)
    for name, numbers in (("there", range(records, records + since)), ("apart", range(10**7, 10**7 + 1))):
        shutil.copy(folder / "base.db", folder / f"{name}.db")
        with closing(Journal(folder / f"{name}.db")) as journal:
            for number in numbers:
                append(journal, forecast(number))
    found = []
    for name, way in (("base", "fast-forward"), ("apart", "merge")):
        with Ledger(folder / f"{name}.db", me="ana") as ledger:
            started = time.process_time()
            assert ledger.merge(folder / "there.db").way == way
            found.append(time.process_time() - started)
    return found[0], found[1]


def catalogue(folder: Path, size: int) -> tuple[float, float]:
    """Seconds that a catalogue of so many bytes takes, and bytes of memory for each of them."""
    path = folder / "catalogue.toml"
    path.write_text(
        "format = 1\n" + "".join(ENTRY.format(number) for number in range(size // len(ENTRY.format(10**4))))
    )
    seconds = timed(lambda: read_catalog(path), time.process_time)
    tracemalloc.start()
    read_catalog(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return seconds, peak / path.stat().st_size


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--since", type=int, default=1_000)
    parser.add_argument("--bytes", type=int, default=4_000_000)
    parser.add_argument("--folder", type=Path)
    said = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=said.folder) as name:
        forward, apart = merges(Path(name), said.records, said.since)
        print(f"parted at {said.records:,} records, {said.since:,} since: {forward:.2f} s forward, {apart:.2f} s apart")
        print(f"ratio {apart / forward:.2f}, aim at most {RATIO_AIM}")
        for size in (said.bytes // 4, said.bytes):
            seconds, memory = catalogue(Path(name), size)
            print(f"catalogue of {size:,} bytes: {seconds:.2f} s, {memory:.1f} bytes for each, aim below {BYTES_AIM}")


if __name__ == "__main__":
    main(sys.argv[1:])
