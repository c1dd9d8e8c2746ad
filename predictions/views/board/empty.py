"""What an empty ledger shows: how to begin, as lines to copy."""

from __future__ import annotations

from predictions.render.blocks import Block, Hint, Paragraph

BEGINNINGS = (
    ("your own prediction", 'predictions add "..." --deadline DAY -p 70%', 'ledger.add("...", deadline="2027", p=.7)'),
    (
        "somebody else's",
        'predictions quote WHO "..." --deadline D --said-on D',
        'ledger.quote("WHO", "...", words="will", deadline="2027", said_on="2026-01-05")',
    ),
    (
        "a file you have",
        "predictions import-from table FILE   (or fatebook, ...)",
        'ledger.import_from("table", "predictions.csv")',
    ),
    ("an example to look at", "predictions --ledger ainews.db init ainews", 'ledger.import_from("ainews")'),
)


def empty_blocks(ledger: str) -> list[Block]:
    """Return that the ledger is empty, and the commands to begin with."""
    blocks: list[Block] = [Paragraph(f"{ledger} is empty.")]
    for label, typed, python in BEGINNINGS:
        blocks.append(Hint(f"{label:<23}{typed}", python, 2, is_code=True))
    return blocks
