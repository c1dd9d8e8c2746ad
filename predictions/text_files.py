"""Reading text files as people have them: in several encodings, with or without a byte-order mark, from Windows."""

from __future__ import annotations

import codecs
import os
import stat
from errno import EINVAL
from io import BufferedReader
from pathlib import Path

from predictions.errors import InvalidValue

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


IRREGULAR = "it is not a regular file"


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file; OSError for any other, such as a pipe, on which opening and reading could wait for ever."""
    if stat.S_ISREG(path.stat().st_mode):
        # Checked again after opening, and opened without waiting: a pipe may have been put there in between.
        non_blocking = getattr(os, "O_NONBLOCK", 0)
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | non_blocking))  # noqa: SIM115
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
    raise OSError(EINVAL, IRREGULAR)


def encoding_of(content: bytes, name: str) -> str:
    """Return the encoding that a file's first bytes show, UTF-8 without a mark; InvalidValue for unmarked UTF-16."""
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if marked is None and b"\0" in content[:2]:
        raise InvalidValue(f"{name} looks like UTF-16 without its mark; save it as UTF-8")
    return marked or "utf-8"


def unmarked(text: str) -> str:
    """Remove a byte-order mark, and replace the line ends of Windows by plain ones.

    >>> unmarked("\\ufeffa\\r\\nb")
    'a\\nb'
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def decoded(content: bytes, name: str) -> str:
    """Decode the text of a file; InvalidValue, with the line, for bytes that are not text in its encoding."""
    encoding = encoding_of(content, name)
    try:
        return unmarked(content.decode(encoding))
    except UnicodeDecodeError as odd:
        line = content.count(b"\n", 0, odd.start) + 1
        raise InvalidValue(f"{name}, line {line}: this is not {encoding[:6].upper()} text; save it as UTF-8") from None


def read_text(path: Path, limit: int, *, refused: str, too_long: str) -> str:
    """Read the text in a file of at most *limit* bytes.

    Raises InvalidValue with a message that begins with *refused* if the file cannot be read, or with the message
    *too_long* if it is longer.
    """
    try:
        with open_regular(path) as file:
            # One byte more than allowed shows that it is too long; never more than its size, for Python allocates it.
            content = file.read(min(limit, os.fstat(file.fileno()).st_size) + 1)
    except OSError as error:
        raise InvalidValue(f"{refused}: {error.strerror or error}") from None
    if len(content) > limit:
        raise InvalidValue(too_long)
    return decoded(content, path.name)
