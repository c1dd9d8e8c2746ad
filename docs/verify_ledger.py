"""Verifies a whole ledger file without prediction-ledger: written from format.md, with the standard library only.

python verify_ledger.py LEDGER [HEAD]: a head is size:root, or a file with that or with a checkpoint in it.
"""

import json
import sqlite3
import sys
from base64 import b64decode, b64encode
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate, pairwise
from math import copysign, fsum
from pathlib import Path
from struct import calcsize, error, pack, unpack
from unicodedata import ucd_3_2_0 as letters

SCHEMA = "ec8f650ffe0c9749e0641afb13bf4e30c509d94f987a79e3977fcb9512a75b35"
EMPTY = sha256().digest()
SLUGS = ("source", "statement", "claim", "event", "evidence", "forecaster")
LINES = {1: "", 2: "Q", 3: "dQ", 4: "iQ"}  # what the lines of a block hold, by its kind; chances as their bits
WIDTH = {"Q": 8, "d": 8, "i": 4}
KINDS = (*SLUGS, "bearing", "forecast", "resolution", "import", "merge", "genesis")
NAMES = {name: name for name in SLUGS} | {"given": "claim", "supersedes": "claim", "part": "claim"}
NAMES |= {"published_in": "source", "published_in_evidence": "evidence"}
FLAGS = {"paraphrased", "scored", "retracted", "withdrawn", "shown", "impossible", "dissent"}
ASIDE = {("table", name, name) for name in ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4")}
ASIDE |= {("index", "idx__sqlite_migrations_migration_set_name", "_sqlite_migrations")}
LISTS = {
    "claim": ("options", "conditions", "parts", "tags", "asked_as"), "bearing": ("meets",), "forecaster": ("accounts",),
}  # fmt: skip
LISTS |= {"forecast": ("shares", "points", "days", "because"), "resolution": ("because",)}
FIRST, LAST = -62135596800000000, 253402300799999999  # microseconds: the years 0001 to 9999
ONE, WITHDRAWAL = 0x3FF0000000000000, 0x7FF8000000000000  # bits of a binary64; those from 0 to 1 rise as it does


def need(true, what):
    if not true:
        raise ValueError(what)


def number(value):
    """A binary64 as ECMAScript writes it: with an exponent only below 1e-6 and from 1e21 on."""
    digits, _, exponent = repr(value + 0.0).partition("e")
    if exponent and not 1e-6 <= abs(value) < 1e21:
        return f"{digits}e{int(exponent):+}"
    return format(Decimal(repr(value + 0.0)), "f").removesuffix(".0")


def text(value):
    """Canonical JSON, RFC 8785: sorted keys, no white space, numbers as ECMAScript writes them."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{text(value[key])}' for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def folded(words):
    """A text as it is looked up: however it is composed, cased and spaced, by the letters of Unicode 3.2."""
    composed = letters.normalize("NFC", words)
    lowered = "".join(one if letters.category(one) == "Cn" else one.casefold() for one in composed)
    return " ".join(letters.normalize("NFC", lowered).split())


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
    for n, record in found.items() if kind == "statement" else ():
        need(sha256(folded(record["text"]).encode()).digest() == record.pop("words"), f"entry {n}: its words")
    return found


def check_list(content, known, count, digest):
    """The entries of an import's list, whose slugs must be those that were sealed, in order and each there once."""
    entries = unpack(f"<{len(content) // 4}I", content)
    listed = [known[entry] for entry in entries]
    need(all(one < other for one, other in pairwise(listed)), "a list is not in order")
    sealed = sha256("".join(f"{slug}\n" for slug in listed).encode()).hexdigest()
    need((len(listed), sealed) == (count, digest), "a list is not what was sealed")
    return entries


def read_block(content):
    """The rows of a block: rank of the claim, rank of the forecaster, microseconds, and what is said; and its kind."""
    kind, size = unpack("<2I", content[:8])
    need(kind in LINES, f"its kind is {kind}")
    fields = f"<{2 * size}I{size}q{size}{'Q' if kind == 1 else 'I'}"
    end = 8 + calcsize(fields)
    need(0 < size <= 4096 and len(content) >= end, "its length is not that of its rows")
    cells = unpack(fields, content[8:end])
    *keys, told = (cells[at : at + size] for at in range(0, 4 * size, size))
    lines = read_lines(kind, () if kind == 1 else told, content[end:])
    return list(zip(*keys, told if kind == 1 else lines, strict=True)), kind


def read_lines(kind, sizes, content):
    """What each row of a distribution says: values or days with the bits of the chances; nothing is a withdrawal."""
    count, width = sum(sizes), sum(WIDTH[letter] for letter in LINES[kind])
    need(count <= 65536 and len(content) == count * width, "its length is not that of its rows")
    columns, at = [], 0
    for letter in LINES[kind]:
        columns.append(unpack(f"<{count}{letter}", content[at : at + WIDTH[letter] * count]))
        at += WIDTH[letter] * count
    lines, ends = list(zip(*columns, strict=True)), list(accumulate(sizes))
    return [lines[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def check_told(kind, told):
    """That what one row says can be: chances from 0 to 1, shares that sum to 1, values and days that rise."""
    if kind == 1:
        need(told <= ONE or told == WITHDRAWAL, "it has a value that is no probability")
        return
    need(all(line[-1] <= ONE for line in told), "it has a value that is no probability")
    chances = [unpack("<d", pack("<Q", line[-1]))[0] for line in told]
    if kind == 2:
        need(not told or abs(fsum(chances) - 1) <= 1e-8, "it has shares that do not sum to 1")
        return
    rising = all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(told))
    need(rising, "it has values or days that do not rise, or chances that fall")
    if kind == 3:
        need(all(abs(at) <= 1e15 and (at or copysign(1, at) > 0) for at, _ in told), "it has a value that is none")
    else:
        need(all(-719162 <= day <= 2932896 for day, _ in told), "it has a day outside the years 0001 to 9999")


def check_rows(block, claims, forecasters, beside, before):
    """That the rows of a block can be so, go on after the last row of the block before, and are as is said beside."""
    rows, kind = block
    need(max(row[0] for row in rows) < len(claims), "it has a rank beyond the list of claims")
    need(max(row[1] for row in rows) < len(forecasters), "it has a rank beyond the list of forecasters")
    keys = [*before, *(row[:3] for row in rows)]
    need(all(one < other for one, other in pairwise(keys)), "its rows are not in order")
    need(all(FIRST <= row[2] <= LAST for row in rows), "it has a time outside the years 0001 to 9999")
    for row in rows:
        check_told(kind, row[3])
    right = (len(rows), claims[rows[0][0]], claims[rows[-1][0]])
    need(beside == right, "its number of rows, or its first or last claim, is not what stands beside it")
    return [keys[-1]]


def check_import(db, n, record, slugs):
    """The lists and blocks of an import against the digests in its record."""
    lists = db.execute("select claims, forecasters from import_list where import = ?", (n,)).fetchone()
    blocks = db.execute("select * from block where import = ? order by position", (n,)).fetchall()
    if not (record["blocks"] or lists or blocks):
        return  # what was imported stands as records
    claims, forecasters = (
        check_list(content, slugs[noun], record[f"{noun}s"], record[f"{noun}s_sha256"])
        for noun, content in zip(("claim", "forecaster"), lists, strict=True)
    )
    tree, root, before = [], EMPTY, []
    for place, (_, position, *beside, digest, content) in enumerate(blocks):
        try:
            need(position == place, f"it stands where {place} should")
            need(sha256(b"\0" + content).digest() == digest, "it is not what was sealed")
            before = check_rows(read_block(content), claims, forecasters, tuple(beside), before)
        except (ValueError, error) as amiss:
            raise ValueError(f"entry {n}: block {position}: {amiss}") from None
        root = append(tree, digest)
    need((len(blocks), root.hex()) == (record["blocks"], record["blocks_root"]), f"entry {n}: its blocks")
    need(sum(block[2] for block in blocks) <= record["forecasts"], f"entry {n}: its blocks hold too many rows")


def schema_digest(db):
    rows = db.execute("select type, name, tbl_name, sql from sqlite_schema").fetchall()
    parts = sorted(f"{row[0]} {row[1]} {row[3]}" for row in rows if row[3] is not None and row[:3] not in ASIDE)
    for table in [part.split()[1] for part in parts if " (word text primary key)" in part]:
        parts += [f"{table} {word}" for (word,) in db.execute(f"select word from {table} order by word")]
    return sha256("\n".join(parts).encode()).hexdigest()


def check_file(db):
    """The marks of the file, its tables, and that SQLite finds them in order."""
    marks = [db.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version", "encoding")]
    need(marks == [0x50724C67, 1, "UTF-8"], "it is no ledger of format 1")
    need(schema_digest(db) == SCHEMA, "its tables are not those of format 1")
    query = "select name from sqlite_schema where type = 'table' and sql like '%) strict%'"
    for (table,) in db.execute(query).fetchall():
        need(db.execute(f"pragma integrity_check({table})").fetchall() == [("ok",)], f"{table} is out of order")


def read_head(given, origin):
    """Size and root of a head: size:root, or a checkpoint, which must be of the ledger of that origin."""
    if Path(given).is_file():
        given = (raw := Path(given).read_bytes()).decode(json.detect_encoding(raw))  # as Windows writes it, too
    lines = given.splitlines()
    size, _, digits = lines[0].partition(":")
    if digits:
        root = bytes.fromhex(digits)
        need(root.hex() == digits, "the root is not in lower-case hexadecimal")
    else:
        need(len(lines) > 2, f"{given} is no file, and no head")
        need(lines[0] == origin, "the head given is of another ledger")
        size, root = lines[1], b64decode(lines[2], validate=True)
        need(b64encode(root).decode() == lines[2], "the root is not in plain base64")
    need(size.isascii() and size.isdigit() and str(int(size)) == size > "0", "the size is no plain number above 0")
    return int(size), root


def verify(db, head=None):
    """The head of a good ledger, and how many of its bodies were redacted; ValueError says what is amiss."""
    check_file(db)
    slugs = {kind: dict(db.execute(f"select entry, slug from {kind} where revision = 1").fetchall()) for kind in SLUGS}
    waiting = {kind: records(db, kind, slugs) for kind in KINDS}
    origin = f"predictions.invalid/{waiting['genesis'].get(0, {}).get('ledger_id')}"
    for n, record in sorted(waiting["import"].items()):
        check_import(db, n, record, slugs)
    for table in ("import_list", "block"):
        query = f"select count(*) from {table} where import not in (select entry from import)"
        need(db.execute(query).fetchone() == (0,), f"{table} has rows that belong to no import")
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
        size, wanted = read_head(head, origin)
        need(roots[size : size + 1] == [wanted], "the head given is none of this ledger's")
    return f"{at}:{roots[-1].hex()}", len(redacted)


if __name__ == "__main__":
    try:
        sys.argv[1:] or sys.exit(__doc__)
        file = sqlite3.connect(f"{Path(sys.argv[1]).absolute().as_uri()}?mode=ro", uri=True)
        found, missing = verify(file, *sys.argv[2:3])
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError, error, sqlite3.Error) as amiss:
        sys.exit(f"not ok: {amiss}")
    print(f"ok: head {found}, bodies redacted: {missing}, {'head compared' if sys.argv[2:] else 'no head compared'}")
