"""Verifies a whole ledger file without prediction-ledger: written from format.md, with the standard library only.

python verify_ledger.py LEDGER [HEAD]: a head is size:root, or a file with that or with a checkpoint in it.
"""

import json
import sqlite3
import sys
from base64 import b64decode
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from struct import error, pack

SCHEMA = "266523e45c1ad4cf6d1444b9d4725cdee0924e6d65398e689398a4f535bfe3d9"
EMPTY = sha256().digest()
SLUGS = ("source", "statement", "claim", "event", "evidence", "forecaster")
KINDS = (*SLUGS, "bearing", "forecast", "resolution", "import", "merge", "genesis")
NAMES = {name: name for name in SLUGS} | {"given": "claim", "supersedes": "claim", "part": "claim"}
NAMES |= {"published_in": "source", "published_in_evidence": "evidence"}
FLAGS = {"paraphrased", "scored", "retracted", "withdrawn", "impossible", "dissent"}
ASIDE = {("table", name, name) for name in ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4")}
ASIDE |= {("index", "idx__sqlite_migrations_migration_set_name", "_sqlite_migrations")}
LISTS = {"claim": ("conditions", "parts", "tags"), "bearing": ("meets",)}
LISTS |= {"forecast": ("because",), "resolution": ("because",)}


def need(true, what):
    if not true:
        raise ValueError(what)


def text(value):
    """Canonical JSON: sorted keys, no white space, plain decimals."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{text(value[key])}' for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    if isinstance(value, float):
        return format(Decimal(repr(value + 0.0)), "f").removesuffix(".0")
    return json.dumps(value, ensure_ascii=False)


def append(tree, node):
    """Add a leaf to a tree, a list of its perfect subtrees, the largest first, with their heights; the root."""
    height = 0
    while tree and tree[-1][0] == height:
        node, height = sha256(b"\1" + tree.pop()[1] + node).digest(), height + 1
    tree.append((height, node))
    for _, left in reversed(tree[:-1]):
        node = sha256(b"\1" + left + node).digest()
    return node


def said(columns, row, slugs):
    """A row as it is hashed: what is there, by name, with slugs for entries, and true or false for 1 or 0."""
    found = {name: value for (name, *_), value in zip(columns, row, strict=True) if value is not None}
    found |= {name: slugs[NAMES[name]].get(found[name]) for name in found.keys() & NAMES}
    return found | {name: {0: False, 1: True}.get(found[name]) for name in found.keys() & FLAGS}


def records(db, kind, slugs):
    """Every record of a kind, by its entry."""
    cursor = db.execute(f"select * from {kind}")
    found = {row[0]: said(cursor.description[1:], row[1:], slugs) for row in cursor.fetchall()}
    for name in LISTS.get(kind, ()):
        cursor = db.execute(f"select * from {kind}_{name} order by 1, 2")
        for owner, place, *values in cursor.fetchall():
            items, item = found[owner].setdefault(name, []), said(cursor.description[2:], values, slugs)
            need(place == len(items), f"entry {owner}: its {name} leave a place out")
            items.append(item if len(item) > 1 else item.popitem()[1])
    return found


def check_import(db, n, record, slugs, at):
    """Hash the blocks of an import from its rows, the first of which has the number *at*; the number after them."""
    ranks, tree, root = [], [], EMPTY
    for noun in ("claim", "forecaster"):
        listed = db.execute(f"select {noun}, position from import_{noun} where import = ? order by 2", (n,)).fetchall()
        names = sha256("".join(f"{slugs[noun].get(one)}\n" for one, _ in listed).encode()).hexdigest()
        ranks.append(dict(listed))
        right = (record[f"{noun}s"], record[f"{noun}s_sha256"], list(range(len(listed))))
        need((len(listed), names, [place for _, place in listed]) == right, f"entry {n}: its {noun}s")
    blocks = db.execute("select * from block where import = ? order by position", (n,)).fetchall()
    for place, (first, _, position, size, digest) in enumerate(blocks):
        right = (at, place, min(4096, record["forecasts"] - 4096 * place))
        need((first, position, size) == right and size > 0, f"entry {n}: block {place}")
        query = "select * from imported_forecast where n >= ? and n < ? order by n"
        numbers, claims, whom, times, chances = zip(*db.execute(query, (at, at + size)).fetchall(), strict=True)
        need(numbers == tuple(range(at, at + size)), f"entry {n}: the rows of block {place}")
        block = pack(f"<{size}I", *map(ranks[0].get, claims)) + pack(f"<{size}I", *map(ranks[1].get, whom))
        block += pack(f"<{size}q", *times)
        block += b"".join(b"\0\0\0\0\0\0\xf8\x7f" if chance is None else pack("<d", chance) for chance in chances)
        need(sha256(b"\0" + block).digest() == digest, f"entry {n}: block {place}, from row {at}")
        root = append(tree, digest)
        at += size
    need((len(blocks), root.hex()) == (record["blocks"], record["blocks_root"]), f"entry {n}: its blocks")
    return at


def schema_digest(db):
    rows = db.execute("select type, name, tbl_name, sql from sqlite_schema").fetchall()
    parts = sorted(f"{row[0]} {row[1]} {row[3]}" for row in rows if row[3] is not None and row[:3] not in ASIDE)
    for table in [part.split()[1] for part in parts if " (word text primary key)" in part]:
        parts += [f"{table} {word}" for (word,) in db.execute(f"select word from {table} order by word")]
    return sha256("\n".join(parts).encode()).hexdigest()


def verify(db, head=None):
    """The head of a good ledger, and how many of its bodies were redacted; ValueError says what is amiss."""
    marks = [db.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")]
    need(marks == [0x50724C67, 1], "it is no ledger of format 1")
    need(schema_digest(db) == SCHEMA, "its tables are not those of format 1")
    for (table,) in db.execute(
        "select name from sqlite_schema where type = 'table' and sql like '%) strict%'"
    ).fetchall():
        need(db.execute(f"pragma integrity_check({table})").fetchall() == [("ok",)], f"{table} is out of order")
    slugs = {kind: dict(db.execute(f"select entry, slug from {kind} where revision = 1").fetchall()) for kind in SLUGS}
    waiting, row = {kind: records(db, kind, slugs) for kind in KINDS}, 1
    origin = f"predictions.invalid/{waiting['genesis'].get(0, {}).get('ledger_id')}"
    for n, record in sorted(waiting["import"].items()):
        row = check_import(db, n, record, slugs, row)
    for table in ("imported_forecast", "import_claim", "import_forecaster", "block"):
        column = table.removeprefix("import_").removeprefix("imported_") + "s"
        found = db.execute(f"select (select count(*) from {table}), (select total({column}) from import)").fetchone()
        need(found[0] == found[1], f"{table} has rows that belong to no import")
    kept = dict(db.execute("select entry, salt from kept_salt"))
    redacted = {n for (n,) in db.execute("select entry from redacted")}
    entries = db.execute("select n, kind, leaf from entry order by n").fetchall()
    need(entries and [n for n, _, _ in entries] == list(range(len(entries))), "an entry is missing")
    tree, roots, at, last = [], [EMPTY], 0, 0
    seals = db.execute("select * from seal order by entry")
    for entry, number, recorded_at, *before, salt, size, top, frontier in seals:
        record = dict(zip(("first", "size_before", "root_before"), before, strict=True))
        need((number, *before) == (last + 1, at, at, roots[-1]), f"seal {number} does not continue the one before")
        record |= {"index": entry, "number": number, "recorded_at": recorded_at, "root_before": roots[-1].hex()}
        for n, kind, leaf in entries[at : entry + 1]:
            need((kind == "genesis", kind == "seal") == (n == 0, n == entry), f"entry {n}, a {kind}, is out of place")
            own = sha256(b"\2" + salt + n.to_bytes(8, "big")).digest()[:16] if salt else kept.pop(n, None)
            content = record if kind == "seal" else waiting[kind].pop(n, None)
            if n in redacted and kind not in ("genesis", "seal"):
                need(own is content is None, f"entry {n} is marked as redacted, and its row or salt is here")
            else:
                need(own and content, f"entry {n}, a {kind}, has no row or no salt")
                hashed = sha256(b"\0" + own + text(content | {"record": kind}).encode()).digest()
                need(n not in redacted and hashed == leaf, f"entry {n}, a {kind}, is not what was sealed")
            roots.append(append(tree, leaf))
        at, last = entry + 1, number
        right = (len(roots) - 1, roots[-1], b"".join(node for _, node in tree))
        need((size, top, frontier) == right, f"seal {number}: its size, root or frontier")
    need(at == len(entries), "entries stand under no seal")
    need(not kept and redacted <= set(range(at)) and not any(waiting.values()), "rows stand under no entry")
    if head is not None:
        lines = (Path(head).read_text("utf-8") if Path(head).is_file() else head).split("\n")
        size, _, digits = lines[0].partition(":")
        need(digits or len(lines) > 2, f"{head} is no file, and no head")
        size, wanted = (size, bytes.fromhex(digits)) if digits else (lines[1], b64decode(lines[2], validate=True))
        need(digits or lines[0] == origin, "the head given is of another ledger")
        need(roots[int(size) : int(size) + 1] == [wanted], "the head given is none of this ledger's")
    return f"{at}:{roots[-1].hex()}", len(redacted)


if __name__ == "__main__":
    try:
        sys.argv[1:] or sys.exit(__doc__)
        file = sqlite3.connect(f"{Path(sys.argv[1]).absolute().as_uri()}?mode=ro", uri=True)
        found, missing = verify(file, *sys.argv[2:3])
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError, error, sqlite3.Error) as amiss:
        sys.exit(f"not ok: {amiss}")
    print(f"ok: head {found}, bodies redacted: {missing}, {'head compared' if sys.argv[2:] else 'no head compared'}")
