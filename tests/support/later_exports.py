"""Exports as a platform might write them later: days that moved, other words, other numbers, what stands elsewhere."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO, StringIO
from random import Random
from typing import Any
from zipfile import ZipFile

from odd_fields import fields_of

DAY = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)", re.DOTALL)
MOVES = (-200, -30, -1, 1, 2, 30, 90, 200)  # days
MILLISECONDS, SECONDS = range(10**12, 10**14), range(10**9, 10**11)  # since 1970


def later(files: Sequence[bytes], random: Random) -> list[bytes]:
    """The files of one run after up to three changes to one of them; some say less, too."""
    changed = list(files)
    at = random.randrange(len(changed))
    changed[at] = _later_file(changed[at], random)
    return changed


def _later_file(content: bytes, random: Random) -> bytes:
    if content.startswith(b"PK"):
        return _later_zip(content, random)
    if content.lstrip()[:1] in {b"{", b"["}:
        return _later_json(json.loads(content), random)
    try:
        return _later_table(content.decode(), random).encode()
    except UnicodeDecodeError:  # one of the samples is UTF-16
        return content


def _later_json(found: Any, random: Random) -> bytes:
    ways = list(fields_of(found))
    leaves = [(way, value) for way in ways if not isinstance(value := _at(found, way), (dict, list))]
    for way, value in random.sample(leaves, min(len(leaves), random.choice((1, 1, 2, 3)))):
        _at(found, way[:-1])[way[-1]] = _other(value, [one for path, one in leaves if path[-1] == way[-1]], random)
    lists = [listed for way in ways if isinstance(listed := _at(found, way), list) and listed]
    if lists and not random.randrange(4):
        listed = random.choice(lists)
        del listed[random.randrange(len(listed))]
    return json.dumps(found).encode()


def _at(found: Any, way: Sequence[Any]) -> Any:
    for key in way:
        found = found[key]
    return found


def _later_table(text: str, random: Random) -> str:
    header, *rows = csv.reader(StringIO(text, newline="")) if text else [[]]
    for _ in range(random.choice((1, 1, 2, 3)) if rows else 0):
        row, column = random.choice(rows), random.randrange(len(header) - 1)  # the last one may be cut off
        told, other = row[column], _other(row[column], [cells[column] for cells in rows], random)
        for cells in rows if random.randrange(4) else ():  # of one question all rows say the same
            if (cells[0], cells[column]) == (row[0], told):
                cells[column] = other
        row[column] = other
    table = StringIO(newline="")
    csv.writer(table).writerows([header, *rows])
    return table.getvalue()


def _later_zip(content: bytes, random: Random) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice([name for name in members if name.endswith("_data.csv")])
    members[name] = _later_table(members[name].decode(), random).encode()
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, member in members.items():
            archive.writestr(path, member)
    return packed.getvalue()


def _other(value: Any, elsewhere: Sequence[Any], random: Random) -> Any:
    """Another value of the same sort; *elsewhere* are the values of other records."""
    if isinstance(value, str) and (match := DAY.fullmatch(value)):
        return f"{date.fromisoformat(match[1]) + timedelta(days=random.choice(MOVES))}{match[2]}"
    if isinstance(value, str) and len(value) > 12 and random.random() < 0.5:
        return f"{value} indeed"
    if isinstance(value, float) and 0 <= value <= 1:
        return round(random.random(), 2)
    for unit, span in ((86_400_000, MILLISECONDS), (86_400, SECONDS)):
        if isinstance(value, int) and value in span:
            return value + random.choice(MOVES) * unit
    return (not value) if isinstance(value, bool) else random.choice(elsewhere)
