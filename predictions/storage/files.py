"""New files, put in their places whole or not at all; whatever the library writes beside a ledger is written here."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from errno import ENAMETOOLONG
from pathlib import Path
from shutil import copyfile, copyfileobj, rmtree
from tempfile import mkdtemp

from predictions.errors import InvalidValue, StorageError, short_repr
from predictions.storage.connection import beside_of


def path_of(value: object) -> Path:
    """Return the path that was given; InvalidValue for what can name no file.

    >>> path_of("ledger.db").name
    'ledger.db'
    """
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise InvalidValue(f"{short_repr(value)} is no path; say the name of a file")
    try:
        path = Path(value)
        # Asked only so that the system judges the name: a NUL or half a character shows here, not in the middle of
        # writing.
        path.lstat()
    except (TypeError, ValueError) as error:  # a path in bytes; a NUL, or half a character
        raise InvalidValue(f"{short_repr(value)} is no path: {str(error).partition(':')[0]}") from None
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise InvalidValue(f"{short_repr(os.fspath(value))} is no path: it is too long") from None
    return path


def free_place(target: str | os.PathLike[str], *, force: bool | None = None) -> Path:
    """Return the path where a new file may go.

    Args:
        target: The path.
        force: Whether a file of that name may be replaced. With None nothing may be, and the sentence does not offer
            it.

    Raises:
        InvalidValue: For a name that is taken, or is no file's; and for one beside which SQLite left a file of an older
            ledger of that name, which would be mixed into the new one.
    """
    path = path_of(target)
    if str(path) == "-":
        raise InvalidValue("'-' is no name of a file; say one, or ./- if it is to be called so")
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = 0
    except OSError as error:
        raise InvalidValue(f"cannot write to {str(path)!r}: {error.strerror or error}") from None
    if stat.S_ISLNK(mode):
        raise InvalidValue(f"{str(path)!r} is a link; say the file's own name")
    if mode and not stat.S_ISREG(mode):
        raise InvalidValue(f"{str(path)!r} is not a regular file; say the name of a file")
    if mode and not force:
        way_out = "" if force is None else ", or force=True to replace it"
        raise InvalidValue(f"{str(path)!r} is there already; say another name{way_out}")
    if not path.absolute().parent.is_dir():
        raise InvalidValue(f"no folder {str(path.parent)!r} to put {path.name!r} in")
    # SQLite would play back a journal that an older file of this name left, and so mix it into the new one.
    for beside in beside_of(path):
        if os.path.lexists(beside):
            raise InvalidValue(f"{beside.name!r} lies there, of another file of that name; remove it first")
    return path


def write_text(target: str | os.PathLike[str], text: str, *, like: Path) -> None:
    """Write a new file; raises what :func:`free_place` and :func:`new_file` raise."""
    put_bytes(target, text.encode(), like=like)


def put_bytes(target: str | os.PathLike[str], content: bytes, *, like: Path) -> Path:
    """Write a new file of bytes; return its path."""
    path = free_place(target)
    with new_file(path, like=like) as passing:
        passing.write_bytes(content)
    return path


def redraw(
    target: str | os.PathLike[str], text: str | Iterable[str], *, like: Path, known_by: str
) -> Path:  # fmt: skip
    """Write a text that may be drawn again, over nothing or over a file that begins as this one does; return its path.

    Anything else of that name, a ledger above all, is refused with InvalidValue.

    Args:
        target: Where it goes.
        text: The text; a long one in pieces, which are not held together, the first of which holds its beginning.
        like: A file whose permissions it gets, where it is new.
        known_by: What ends the beginning that only files of this kind have: a whole header, the name of what made it.
    """
    path = free_place(target, force=True)
    pieces = iter([text] if isinstance(text, str) else text)
    first = next(pieces)
    if path.exists():
        begins = first[: first.index(known_by) + len(known_by)].encode()
        # Only the beginning is compared: a page of last month differs below its header, and may be replaced all the
        # same.
        with path.open("rb") as file:
            if file.read(len(begins)) != begins:
                raise InvalidValue(f"{str(path)!r} is there already, and is something else; say another name")
    with new_file(path, like=like, force=True) as passing, passing.open("w", encoding="utf-8", newline="") as written:
        written.write(first)
        written.writelines(pieces)
    return path


@contextmanager
def new_file(path: Path, *, like: Path | None = None, force: bool = False) -> Iterator[Path]:
    """Give the path of an empty file without a name, which is on disk and called *path* when the block ends well.

    Whatever ends the block or the process before leaves nothing behind, where the system has files without names.

    Args:
        path: The name it will get.
        like: A file whose permissions it gets, unless it replaces one; without either only its owner may read it.
        force: Whether a file of that name is replaced.

    Raises:
        StorageError: The folder takes no file.
        InvalidValue: Somebody else took the name meanwhile.
    """
    file = _New(path)
    with _refusing(path):
        try:
            yield file.path
            file.finish(_mode(path if path.exists() else like))
            file.put(path, force=force)
            _sync(path.absolute().parent)
        finally:
            file.close()


@contextmanager
def new_database(path: Path, *, like: Path, force: bool = False) -> Iterator[sqlite3.Connection]:
    """Give a connection to an empty SQLite file, which becomes the file *path* as :func:`new_file` says.

    SQLite needs a name to open a file: this one loses it at once, and its bytes are copied when the block ends well.
    """
    with new_file(path, like=like, force=force) as passing, _refusing(path):
        scratch = Path(mkdtemp(prefix=".", suffix=".partial", dir=path.absolute().parent))
        try:
            with closing(sqlite3.connect(scratch / "copy")) as connection, open(scratch / "copy", "rb") as written:
                rmtree(scratch, ignore_errors=True)
                connection.execute("pragma journal_mode = off")  # what fails is thrown away
                for setting in ("synchronous = off", "trusted_schema = 0", "cell_size_check = 1"):
                    connection.execute(f"pragma {setting}")
                yield connection
                connection.commit()
                with passing.open("wb") as file:
                    copyfileobj(written, file, 2**20)
        finally:
            rmtree(scratch, ignore_errors=True)  # where an open file cannot lose its name


@contextmanager
def new_folder(target: str | os.PathLike[str], *, like: Path) -> Iterator[Callable[[str], Path]]:
    """Give a function that makes files, by name, in a new folder; when the block ends well all are there, else none.

    Raises InvalidValue where something stands there already but an empty folder.
    """
    path = path_of(target)
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise InvalidValue(f"{str(path)!r} is there and not an empty folder; name a new one")
    with _refusing(path), ExitStack() as closed:
        # Made before any file: each is opened without a name beside the new folder, so the one above it must exist.
        path.parent.mkdir(parents=True, exist_ok=True)
        files: dict[str, _New] = {}

        def new(name: str) -> Path:
            files[name] = _New(path)
            closed.callback(files[name].close)
            return files[name].path

        yield new
        passing = Path(mkdtemp(prefix=".", suffix=".partial", dir=path.absolute().parent))
        closed.callback(rmtree, passing, ignore_errors=True)
        readable = _mode(like) & 0o444
        for name, file in files.items():
            (passing / name).parent.mkdir(exist_ok=True)
            file.finish(_mode(like))
            file.put(passing / name, force=False)
        # The names in a folder are on disk only when the folder itself was synced.
        for folder in {*((passing / name).parent for name in files), passing}:
            folder.chmod(0o700 | readable | readable >> 2)
            _sync(folder)
        passing.replace(path)
        _sync(path.absolute().parent)


class _New:
    """An empty file without a name, which only its owner may read.

    It has a temporary name where the system has no files without one.
    """

    def __init__(self, beside: Path) -> None:
        self._passing: Path | None = None
        try:
            self._descriptor = os.open(beside.absolute().parent, os.O_TMPFILE | os.O_RDWR, 0o600)
            self.path = Path(f"/proc/self/fd/{self._descriptor}")
            return
        except (AttributeError, OSError):
            self.path = self._passing = beside.with_name(f".{os.urandom(8).hex()}.partial")
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StorageError(f"cannot write beside {str(beside)!r}: {error.strerror}; nothing was written") from None

    def finish(self, mode: int) -> None:
        """Give the file its permissions, and bring it to the disk."""
        if hasattr(os, "fchmod"):
            os.fchmod(self._descriptor, mode)
        os.fsync(self._descriptor)

    def put(self, path: Path, *, force: bool) -> None:
        """Give the file its name; that of another only with *force*."""
        if force:
            self._named(path).replace(path)
            return
        try:
            self._link(path)  # unlike a rename, this never replaces what came in between
        except FileExistsError:
            raise InvalidValue(f"{str(path)!r} is there already; nothing was written") from None
        except OSError:  # a file system without links
            free_place(path)
            self._named(path).rename(path)

    def close(self) -> None:
        """Close the file, and remove its temporary name."""
        os.close(self._descriptor)
        if self._passing:
            self._passing.unlink(missing_ok=True)

    def _link(self, path: Path) -> None:
        os.link(self.path, path, src_dir_fd=self._descriptor)  # so that the system follows the way to the file

    def _named(self, path: Path) -> Path:
        """Give the file a temporary name, for as long as it takes to rename it, and return it."""
        if self._passing is None:
            self._passing = path.with_name(f".{os.urandom(8).hex()}.partial")
            try:
                self._link(self._passing)
            except OSError:
                copyfile(self.path, self._passing)
                self._passing.chmod(stat.S_IMODE(self.path.stat().st_mode))
                _sync(self._passing)
        return self._passing


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write {str(path)!r}: {error.strerror or error}; nothing was written") from error


def _mode(path: Path | None) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o666 if path and path.exists() else 0o600


def _sync(path: Path) -> None:
    """Bring a file to the disk before we go on; a folder too, where the system can."""
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
