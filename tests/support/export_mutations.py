"""Exports spoilt at random, the same way for the same seed: any value for any other, records doubled and shuffled."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO, StringIO
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from odd_fields import VALUES, fields_of

TEXTS = [value for value in VALUES if isinstance(value, str) and not set(value) & set(map(chr, range(0xD800, 0xE000)))]
ODD_MEMBERS = ("../x.csv", "__MACOSX/._question_data.csv", "sub/", "comment_data.csv", "a" * 300, "\u202efdp.csv", "")


def spoilt(files: Sequence[bytes], random: Random) -> list[bytes]:
    """The files of one run after one change to four, to any of them or to their order."""
    changed = list(files)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(changed))
        changed[at] = _spoilt_file(changed[at], random)
    match random.randrange(12):
        case 0:
            changed.append(random.choice(changed))
        case 1:
            random.shuffle(changed)
        case 2 if len(changed) > 1:
            del changed[random.randrange(len(changed))]
    return changed


def _spoilt_file(content: bytes, random: Random) -> bytes:
    if not random.randrange(20):
        return content[: random.randrange(len(content) + 1)]
    try:
        if content.startswith(b"PK"):
            return _spoilt_zip(content, random)
        return _spoilt_json(json.loads(content), random)
    except (ValueError, RecursionError, BadZipFile):  # it was cut, or is a table
        return _spoilt_table(content.decode("utf-8", "replace"), random).encode("utf-8", "replace")


def _spoilt_json(found: Any, random: Random) -> bytes:
    whole = [deepcopy(found)]
    ways = list(fields_of(whole))
    way = random.choice(ways)
    holder = whole
    for key in way[:-1]:
        holder = holder[key]
    key = way[-1]
    match random.randrange(9):
        case 0 | 1 | 2:
            holder[key] = deepcopy(random.choice(VALUES))
        case 3:
            holder[key] = deepcopy(_at(whole, random.choice(ways)))
        case 4:
            del holder[key]
        case 5 if isinstance(holder, list):
            holder.insert(random.randrange(len(holder) + 1), deepcopy(holder[key]))
        case 6 if isinstance(holder, list):
            random.shuffle(holder)
        case 7 if isinstance(holder, dict):
            items = list(holder.items())
            random.shuffle(items)
            holder.clear()
            holder.update(items)
        case 8 if isinstance(holder, dict):  # a key that stands twice, the second time with another value
            holder[f"{key}\0"] = deepcopy(random.choice(VALUES))
        case _:
            holder[key] = deepcopy(random.choice(VALUES))
    text = json.dumps(whole[0] if whole else None, ensure_ascii=random.random() < 0.5)
    return text.replace('\\u0000":', '":').encode("utf-8", "surrogatepass")


def _at(found: Any, way: Sequence[Any]) -> Any:
    for key in way:
        found = found[key]
    return found


def _spoilt_table(text: str, random: Random) -> str:
    rows = list(csv.reader(StringIO(text, newline="")))
    if not rows:
        return random.choice(TEXTS)
    at = random.randrange(len(rows))
    match random.randrange(8):
        case 0 | 1 | 2 if rows[at]:
            rows[at][random.randrange(len(rows[at]))] = random.choice(TEXTS)
        case 3 if rows[at]:
            other = random.choice(rows)
            rows[at][random.randrange(len(rows[at]))] = random.choice(other) if other else ""
        case 4:
            rows.insert(random.randrange(len(rows) + 1), list(rows[at]))
        case 5:
            rows[1:] = random.sample(rows[1:], len(rows) - 1)
        case 6:
            column = random.randrange(len(rows[0]) + 1)
            rows = [[*cells[:column], *cells[column + 1 :]] for cells in rows]
        case 7:
            order = random.sample(range(len(rows[0])), len(rows[0]))
            rows = [[cells[place] for place in order if place < len(cells)] for cells in rows]
        case _:
            del rows[at]
    table = StringIO(newline="")
    csv.writer(table).writerows(rows)
    return table.getvalue()


def _spoilt_zip(content: bytes, random: Random) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if not members:
        return content
    name = random.choice(list(members))
    match random.randrange(10):
        case 0:
            members[random.choice(ODD_MEMBERS) or "odd"] = random.randbytes(40)
        case 1:
            del members[name]
        case 2:
            members[f"folder/{name}"] = members.pop(name)
        case _:
            members[name] = _spoilt_file(members[name], random) if name.endswith(".csv") else b"x"
    packed = BytesIO()
    with ZipFile(packed, "w", random.choice((ZIP_DEFLATED, ZIP_STORED))) as archive:
        for path, member in random.sample(list(members.items()), len(members)):
            archive.writestr(path, member)
    return packed.getvalue()
