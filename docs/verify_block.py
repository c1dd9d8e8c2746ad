"""Checks the proof of an imported forecast without prediction-ledger: from format.md, with verify_proof.py beside it.

python verify_block.py PROOF [HEAD]: as verify_proof.py, for the format prediction-ledger-block-proof/1.
"""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from struct import error, unpack

sys.path.insert(0, str(Path(__file__).parent))
from verify_proof import CHECKS, check_inclusion, main, need, root_above

PARTS = {"format", "import", "block", "columns", "path", "claims", "forecasters", "claim", "forecaster"}


def check_block(proof):
    """The head of the ledger in which the import stands, and what the forecaster said of the claim."""
    need(proof.keys() == PARTS and CHECKS[proof["import"]["format"]] is check_inclusion, "a proof has other parts")
    head, told = check_inclusion(proof["import"])
    made = json.loads(proof["import"]["record"]["content"])
    need(made["record"] == "import", "what is given as the import is none")
    for noun in ("claims", "forecasters"):
        digest = sha256("".join(f"{slug}\n" for slug in proof[noun]).encode()).hexdigest()
        need(digest == made[f"{noun}_sha256"], f"the list of {noun} is not the import's")
    columns = b64decode(proof["columns"], validate=True)
    root = root_above(columns, proof["block"], made["blocks"], proof["path"])
    need(root.hex() == made["blocks_root"], "the block does not stand in the import")
    size = len(columns) // 24
    cells = unpack(f"<{2 * size}I{size}q{size}d", columns)
    rows = zip(cells[:size], cells[size : 2 * size], cells[2 * size : 3 * size], cells[3 * size :], strict=True)
    mine = (proof["claims"].index(proof["claim"]), proof["forecasters"].index(proof["forecaster"]))
    found = [f"{chance} at {moment}" for claim, who, moment, chance in rows if (claim, who) == mine]
    need(found, "the block holds no such forecast")
    return head, f"{proof['forecaster']} on {proof['claim']}: {', '.join(found)} (microseconds since 1970); {told}"


if __name__ == "__main__":
    try:
        main({"prediction-ledger-block-proof/1": check_block}, *sys.argv[1:3] or sys.exit(__doc__))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, error) as amiss:
        sys.exit(f"not ok: {amiss}")
