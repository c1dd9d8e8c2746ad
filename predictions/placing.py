"""A new file, put in its place whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ENAMETOOLONG
from pathlib import Path

from predictions.errors import InvalidValue, StorageError, shown

BEGINNING = 9  # characters by which a file of the same kind is known: "<!doctype", "BEGIN:VCA"
BESIDE = ("-journal", "-wal", "-shm")


def path_of(value: object) -> Path:
    """The path that was given; InvalidValue for what can name no file.

    >>> path_of("ledger.db").name
    'ledger.db'
    """
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise InvalidValue(f"{shown(value)} is no path; say the name of a file")
    try:
        path = Path(value)
        path.lstat()
    except (TypeError, ValueError) as error:  # a path in bytes; a NUL, or half a character
        raise InvalidValue(f"{shown(value)} is no path: {str(error).partition(':')[0]}") from None
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise InvalidValue(f"{shown(os.fspath(value))} is no path: it is too long") from None
    return path


def free_place(target: str | os.PathLike[str], *, force: bool | None = None) -> Path:
    """The path where a new file may go; InvalidValue for one that is taken, unless *force*, or is no file's.

    With None for *force* nothing may be replaced, and the sentence does not speak of it.

    A file that SQLite left beside an older one of that name would be mixed into the new one: refused as well.
    """
    path = path_of(target)
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = 0
    except OSError as error:
        raise InvalidValue(f"cannot write to {str(path)!r}: {error}") from None
    if stat.S_ISLNK(mode):
        raise InvalidValue(f"{str(path)!r} is a link; say the file's own name")
    if mode and not stat.S_ISREG(mode):
        raise InvalidValue(f"{str(path)!r} is not a regular file; say the name of a file")
    if mode and not force:
        way_out = "" if force is None else ", or force=True to replace it"
        raise InvalidValue(f"{str(path)!r} is there already; say another name{way_out}")
    if not path.absolute().parent.is_dir():
        raise InvalidValue(f"no folder {str(path.absolute().parent)!r} to put {path.name!r} in")
    for ending in BESIDE:
        if path.with_name(path.name + ending).exists():
            raise InvalidValue(f"{path.name + ending!r} lies there, of another file of that name; remove it first")
    return path


def write_text(target: str | os.PathLike[str], text: str) -> None:
    """Write a new file; raises what :func:`free_place` and :func:`new_file` raise."""
    with new_file(free_place(target)) as passing:
        passing.write_text(text, encoding="utf-8")


def redraw(target: str | os.PathLike[str], text: str) -> Path:
    """Write a text that may be drawn again: over nothing, or over a file that begins as this one does; its path.

    Anything else of that name, a ledger above all, is refused with InvalidValue.
    """
    path = free_place(target, force=True)
    if path.exists():
        begins = text[:BEGINNING].encode()
        with path.open("rb") as file:
            if file.read(len(begins)) != begins:
                raise InvalidValue(f"{str(path)!r} is there already, and is something else; say another name")
    with new_file(path, force=True) as passing:
        passing.write_text(text, encoding="utf-8", newline="")
    return path


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """An empty file under a passing name beside *path*; when the block ends well it is on disk, and has that name.

    Where the block fails, or removed it, nothing is left behind. Raises StorageError where the folder takes no file,
    InvalidValue where somebody else took the name meanwhile.
    """
    passing = path.with_name(f".{os.urandom(8).hex()}.partial")
    try:
        os.close(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except OSError as error:
        raise StorageError(f"cannot write beside {str(path)!r}: {error.strerror}; nothing was written") from None
    try:
        yield passing
        if passing.exists():
            _put(passing, path, force=force)
    except OSError as error:
        raise StorageError(f"cannot write {str(path)!r}: {error.strerror}; nothing was written") from error
    finally:
        for ending in ("", *BESIDE):
            with suppress(FileNotFoundError):
                passing.with_name(passing.name + ending).unlink()


def _put(passing: Path, path: Path, *, force: bool) -> None:
    _sync(passing)
    if force:
        passing.replace(path)
    else:
        try:
            os.link(passing, path)  # unlike a rename, this never replaces what came in between
        except FileExistsError:
            raise InvalidValue(f"{str(path)!r} is there already; nothing was written") from None
        except OSError:  # a file system without links
            free_place(path)
            passing.rename(path)
    _sync(path.absolute().parent)


def _sync(path: Path) -> None:
    """On disk before we go on; a folder too, where the system can."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    try:
        descriptor = os.open(path, flags)
    except PermissionError:  # Windows opens no folder
        if not path.is_dir():
            raise
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
