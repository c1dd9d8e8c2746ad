"""Heads: the size and root of a ledger at a moment, as short text or as a C2SP tlog-checkpoint.

A head that is kept outside the file shows later whether the file was rewritten. A checkpoint is three lines: the
origin, which names the ledger, the size in decimal, and the root in base64; signature lines may follow it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import NamedTuple

from predictions.errors import InvalidValue, short_repr
from predictions.text_files import unmarked

ORIGIN = "predictions.invalid/"  # a name under .invalid is nobody's, for ever (RFC 6761)
TEXT_LIMIT = 100_000
SHORTEST_ROOT, WHOLE_ROOT = 6, 32  # bytes of a root: enough to tell heads apart, and enough to prove something

_NO_HEAD = "is no head, and no file that holds one; say a checkpoint, as `head` prints it, or size:root"
_HEAD = re.compile(r"[0-9]{1,15}:[0-9a-f]{12,64}")
_ORIGIN = re.compile(r"predictions\.invalid/([0-9a-f]{32})")
_REDACTED = re.compile(r"redacted [1-9][0-9]{0,14}")
_SIZE_TEXT = re.compile(r"0|[1-9][0-9]{0,14}")
_CHECKPOINT = re.compile(rf"^(?={re.escape(ORIGIN)})", re.MULTILINE)


class Head(NamedTuple):
    """Size and root of the ledger at a moment; written ``214:9f3c...``.

    Attributes:
        size: How many entries there were.
        root: The Merkle root over them.
        ledger_id: The ledger's id; empty if the head was read from ``size:root``, which does not name it.
    """

    size: int
    root: bytes
    ledger_id: str = ""

    def __str__(self) -> str:
        return f"{self.size}:{self.root.hex()}"

    def __repr__(self) -> str:
        return f"<Head {self}>"

    @property
    def short(self) -> str:
        """Return the head as a person compares it at a glance; this is not enough to prove anything."""
        return f"{self.size}:{self.root.hex()[:12]}"

    @property
    def origin(self) -> str:
        """Return the name under which checkpoints of this ledger are known."""
        return ORIGIN + self.ledger_id

    def checkpoint(self) -> str:
        """Return the head as the text of a C2SP tlog-checkpoint.

        Raises InvalidValue if its ledger or its whole root is not known.

        >>> Head(1, bytes(32), "0" * 32).checkpoint().splitlines()[1:]
        ['1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=']
        """
        if not self.ledger_id or len(self.root) != WHOLE_ROOT:
            raise InvalidValue(f"{self.short} names no ledger, or not its whole root; no checkpoint can be made of it")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class CopyHead(Head):
    """The head of a redacted copy: the one of the original, but its checkpoint says how many bodies are missing."""

    redacted = 0

    @classmethod
    def of(cls, head: Head, redacted: int) -> Head:
        """Return the head of a copy in which *redacted* bodies are missing; *head* itself if that is 0."""
        copy_head = cls(*head)
        copy_head.redacted = redacted
        return copy_head if redacted else head

    def checkpoint(self) -> str:
        """Return the checkpoint, and below it the line ``redacted 3``."""
        return f"{super().checkpoint()}redacted {self.redacted}\n"


def read_head(value: object) -> Head:
    """Read a head from ``size:root``, with at least twelve digits of the root, or from a checkpoint.

    The signatures under a checkpoint are not checked; :mod:`predictions.trust.signatures` does that. Raises
    InvalidValue for anything else.

    >>> read_head("2:" + "ab" * 32).size
    2
    """
    if isinstance(value, Head):
        return value
    if not isinstance(value, str):
        raise InvalidValue(f"{short_repr(value)} {_NO_HEAD}")
    value = value.removeprefix("\ufeff")
    text = value.strip(" \n")
    if "\n" in text:
        body, divider, signatures = value.partition("\n\n")
        # C2SP signed notes: signature lines begin with an em dash and a space; other text would be covered by none.
        if not all(line.startswith("— ") for line in signatures.splitlines()):
            raise InvalidValue("only signatures, '— name base64', may follow the empty line under a checkpoint")
        return read_checkpoint(body + "\n" if divider else body)
    size, _, root = text.partition(":")
    if not _HEAD.fullmatch(text) or len(root) % 2:
        raise InvalidValue(f"{short_repr(value)} {_NO_HEAD}")
    return Head(int(size), bytes.fromhex(root))


def read_checkpoint(text: str) -> Head:
    """Read the head from the three lines of a checkpoint without signatures; InvalidValue for any other text.

    The checkpoint of a redacted copy has a fourth line, such as ``redacted 3``.
    """
    lines = text.removesuffix("\n").split("\n")
    redacted = int(lines.pop().split()[1]) if len(lines) == 4 and _REDACTED.fullmatch(lines[3]) else 0
    if len(text) > TEXT_LIMIT or len(lines) != 3:
        raise InvalidValue("a checkpoint has three lines: the origin, the size and the root")
    origin, size, root = lines
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        raise InvalidValue(f"{short_repr(origin)} is no origin of a ledger; it reads {ORIGIN} and 32 digits")
    if not _SIZE_TEXT.fullmatch(size):
        raise InvalidValue(f"{short_repr(size)} is no size in a checkpoint; it is a whole number without leading zeros")
    try:
        raw = b64decode(root, validate=True)
    except ValueError:
        raw = b""  # refused below
    if len(raw) != WHOLE_ROOT or b64encode(raw).decode() != root:
        raise InvalidValue(f"{short_repr(root)} is no root in a checkpoint; it is the base64 of 32 bytes")
    return CopyHead.of(Head(int(size), raw, match[1]), redacted)


def read_heads(value: object) -> tuple[Head, ...]:
    """Read the heads to compare a ledger with, and return them in order of size.

    They may be given in all ways that :func:`split_heads` takes. Raises InvalidValue if there is none, and for a head
    that proves nothing because its root is shortened, or because it is the head of an empty ledger.
    """
    heads = tuple(sorted(read_head(head) for head in split_heads(value)))
    if not heads:
        raise InvalidValue("no head there to compare with; say a checkpoint, as `head` prints it, or size:root")
    for head in heads:
        check_proves(head)
    return heads


def check_proves(head: Head) -> Head:
    """Return the head if it can prove something; InvalidValue if it is shortened, or of a ledger without entries."""
    if len(head.root) != WHOLE_ROOT:
        raise InvalidValue(f"{head} is shortened, which proves nothing; give all 64 digits of its root")
    if not head.size:
        raise InvalidValue(f"{head.short} is the head of no entries, with which every ledger begins: it proves nothing")
    return head


def split_heads(value: object) -> list[object]:
    """Split a value into single heads, which are not read yet.

    It may be one head, several, or a text of lines with one ``size:root`` each, and then checkpoints. In such a text
    empty lines are skipped, and before the checkpoints also lines that begin with ``#``.
    """
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            raise InvalidValue(f"a text of {len(value):,} characters is no head; at most {TEXT_LIMIT:,} are read")
        above, *checkpoints = _CHECKPOINT.split(unmarked(value))
        lines = [line.strip() for line in above.splitlines()]
        short = [line for line in lines if line and not line.startswith("#")]
        return [*short, *(text.rstrip("\n") + "\n" for text in checkpoints)]
    if isinstance(value, Head) or not isinstance(value, Iterable):
        return [value]
    heads: list[object] = []
    try:
        for part in value:
            texts = split_heads(part) if isinstance(part, str) else []
            heads += texts or [part]  # a text without a head is kept, to be refused by name
    except TypeError:  # a numpy array without dimensions passes for an Iterable, and is none
        return [value]
    return heads


def looks_like_a_head(value: object) -> bool:
    """Return whether a value is a head, or text that can only be meant as one and not as a moment or a day."""
    return isinstance(value, Head) or (isinstance(value, str) and (bool(_HEAD.fullmatch(value)) or "\n" in value))


def same_ledger(head: Head, ledger_id: str) -> Head:
    """Return the head; InvalidValue if it names another ledger than this one."""
    if head.ledger_id and head.ledger_id != ledger_id:
        raise InvalidValue(f"{head.short} is a head of the ledger {head.ledger_id}; this one is {ledger_id}")
    return head
