"""Checks the proof of an imported forecast without prediction-ledger: from format.md, with verify_proof.py beside it.

python verify_block.py PROOF [HEAD]: as verify_proof.py, for the format prediction-ledger-block-proof/1.
"""

import json
import sys
from base64 import b64decode, b64encode
from datetime import date
from hashlib import sha256
from itertools import accumulate, pairwise
from math import isnan
from pathlib import Path
from struct import calcsize, error, unpack

sys.path.insert(0, str(Path(__file__).parent))
from verify_proof import CHECKS, check_inclusion, main, need, root_above

LINES = {1: "", 2: "d", 3: "dd", 4: "id"}  # what the lines of a distribution hold, by the kind of the block
PARTS = {"format", "import", "block", "content", "path", "claims", "forecasters", "claim", "forecaster"}


def read_block(content):
    """The rows of a block: rank of the claim, rank of the forecaster, microseconds, and what is said."""
    kind, size = unpack("<2I", content[:8])
    need(kind in LINES, f"the block's kind is {kind}")
    fields = f"<{2 * size}I{size}q{size}{'d' if kind == 1 else 'I'}"
    need(0 < size <= 4096 and len(content) >= 8 + calcsize(fields), "the block's length is not that of its rows")
    cells, rest = unpack(fields, content[8 : 8 + calcsize(fields)]), content[8 + calcsize(fields) :]
    *keys, told = (cells[at : at + size] for at in range(0, 4 * size, size))
    count = 0 if kind == 1 else sum(told)
    wanted = sum(calcsize(f"<{count}{letter}") for letter in LINES[kind])
    need(len(rest) == wanted, "the block's length is not that of its rows")
    columns, at = [], 0
    for letter in LINES[kind]:
        end = at + calcsize(f"<{count}{letter}")
        columns.append(unpack(f"<{count}{letter}", rest[at:end]))
        at = end
    lines = list(zip(*columns, strict=True))
    if kind > 1:
        told = [lines[end - size : end] for end, size in zip(accumulate(told), told, strict=True)]
    return list(zip(*keys, told, strict=True))


def check_list(noun, slugs, made):
    """That a list is the one whose digest is in the import's record: slugs in order, each of them there once."""
    need(all(one < other for one, other in pairwise(slugs)), f"the list of {noun} is not in order")
    digest = sha256("".join(f"{slug}\n" for slug in slugs).encode()).hexdigest()
    need((len(slugs), digest) == (made[noun], made[f"{noun}_sha256"]), f"the list of {noun} is not the import's")


def said(told):
    """What one row says, in words: a chance, shares in the order of the options, or values and days with chances."""
    if isinstance(told, float):
        return "withdrawn" if isnan(told) else f"{told}"
    days = [[date.fromordinal(719_163 + part) if type(part) is int else part for part in line] for line in told]
    return ", ".join("=".join(map(str, line)) for line in days) or "withdrawn"


def check_block(proof):
    """The head of the ledger in which the import stands, and what the forecaster said of the claim."""
    need(proof.keys() == PARTS and CHECKS[proof["import"]["format"]] is check_inclusion, "a proof has other parts")
    head, told = check_inclusion(proof["import"])
    made = json.loads(proof["import"]["record"]["content"])
    need(made["record"] == "import", "what is given as the import is none")
    for noun in ("claims", "forecasters"):
        check_list(noun, proof[noun], made)
    content = b64decode(proof["content"], validate=True)
    need(b64encode(content).decode() == proof["content"], "the block is not in plain base64")
    root = root_above(content, proof["block"], made["blocks"], proof["path"])
    need(root.hex() == made["blocks_root"], "the block does not stand in the import")
    mine = (proof["claims"].index(proof["claim"]), proof["forecasters"].index(proof["forecaster"]))
    found = [f"{said(chance)} at {moment}" for *whose, moment, chance in read_block(content) if tuple(whose) == mine]
    need(found, "the block holds no such forecast")
    return head, f"{proof['forecaster']} on {proof['claim']}: {', '.join(found)} (microseconds since 1970); {told}"


if __name__ == "__main__":
    try:
        main({"prediction-ledger-block-proof/1": check_block}, *sys.argv[1:3] or sys.exit(__doc__))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, error) as amiss:
        sys.exit(f"not ok: {amiss}")
