"""Writing files other than the ledger itself: each is put in its place whole, or not at all."""

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
    """Return the path that was given; InvalidValue for a value that cannot be the name of a file.

    >>> path_of("ledger.db").name
    'ledger.db'
    """
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise InvalidValue(f"{short_repr(value)} is no path; say the name of a file")
    try:
        path = Path(value)
        # Only to let the system check the name: a NUL or half a character fails here, and not in the middle of writing.
        path.lstat()
    except (TypeError, ValueError) as error:  # a path in bytes; a NUL, or half a character
        raise InvalidValue(f"{short_repr(value)} is no path: {str(error).partition(':')[0]}") from None
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise InvalidValue(f"{short_repr(os.fspath(value))} is no path: it is too long") from None
    return path


def free_place(target: str | os.PathLike[str], *, force: bool | None = None) -> Path:
    """Return the path for a new file, if one can be put there.

    Args:
        target: The path.
        force: Whether a file with that name may be replaced. None means no, and that the message does not offer it.

    Raises:
        InvalidValue: The name is taken, or cannot be that of a file; or beside it lies a file that SQLite left of an
            older ledger with that name, and would mix into the new one.
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
    # SQLite would play back a journal that an older file with this name left, and so mix it into the new one.
    for beside in beside_of(path):
        if os.path.lexists(beside):
            raise InvalidValue(f"{beside.name!r} lies there, of another file of that name; remove it first")
    return path


def write_text(target: str | os.PathLike[str], text: str, *, like: Path) -> None:
    """Write a text to a new file with the permissions of *like*; raises as :func:`free_place` and :func:`new_file`."""
    put_bytes(target, text.encode(), like=like)


def put_bytes(target: str | os.PathLike[str], content: bytes, *, like: Path) -> Path:
    """Write bytes to a new file with the permissions of *like*, and return its path."""
    path = free_place(target)
    with new_file(path, like=like) as unnamed:
        unnamed.write_bytes(content)
    return path


def redraw(
    target: str | os.PathLike[str], text: str | Iterable[str], *, like: Path, known_by: str
) -> Path:  # fmt: skip
    """Write a text to a new file, or replace a file that an earlier call wrote, and return its path.

    Such a file is recognized by how it begins. Any other file with that name, above all a ledger, is refused with
    InvalidValue.

    Args:
        target: The path.
        text: The text, or its pieces, which are never held all at once; the first of them contains *known_by*.
        like: A file whose permissions a new file gets.
        known_by: The text that ends the beginning which only files of this kind have.
    """
    path = free_place(target, force=True)
    pieces = iter([text] if isinstance(text, str) else text)
    first = next(pieces)
    if path.exists():
        # Only the beginning is compared: last month's page differs below its header, and may be replaced.
        beginning = first[: first.index(known_by) + len(known_by)].encode()
        with path.open("rb") as file:
            if file.read(len(beginning)) != beginning:
                raise InvalidValue(f"{str(path)!r} is there already, and is something else; say another name")
    with new_file(path, like=like, force=True) as unnamed, unnamed.open("w", encoding="utf-8", newline="") as file_text:
        file_text.write(first)
        file_text.writelines(pieces)
    return path


@contextmanager
def new_file(path: Path, *, like: Path | None = None, force: bool = False) -> Iterator[Path]:
    """Yield the path of an empty file without a name, which gets the name *path* when the block ends without an error.

    It is on disk by then. If the block or the process ends in another way, no file is left behind, provided that the
    system has files without a name.

    Args:
        path: The name that it will get.
        like: A file whose permissions it gets, unless it replaces one; without either only its owner may read it.
        force: Whether to replace a file with that name.

    Raises:
        StorageError: No file can be made in the folder.
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
    """Yield a connection to an empty SQLite file, which becomes the file *path* in the way of :func:`new_file`.

    SQLite needs a name to open a file. This one loses it at once, and its bytes are copied when the block ends without
    an error.
    """
    with new_file(path, like=like, force=force) as unnamed, _refusing(path):
        scratch = Path(mkdtemp(prefix=".", suffix=".partial", dir=path.absolute().parent))
        try:
            with closing(sqlite3.connect(scratch / "copy")) as connection, open(scratch / "copy", "rb") as content:
                rmtree(scratch, ignore_errors=True)
                connection.execute("pragma journal_mode = off")  # after a failure the whole file is thrown away
                for setting in ("synchronous = off", "trusted_schema = 0", "cell_size_check = 1"):
                    connection.execute(f"pragma {setting}")
                yield connection
                connection.commit()
                with unnamed.open("wb") as file:
                    copyfileobj(content, file, 2**20)
        finally:
            rmtree(scratch, ignore_errors=True)  # again, for systems on which an open file keeps its name


@contextmanager
def new_folder(target: str | os.PathLike[str], *, like: Path) -> Iterator[Callable[[str], Path]]:
    """Yield a function that makes a file for a name in a new folder.

    When the block ends without an error all files are there, otherwise none is. Raises InvalidValue if anything but an
    empty folder has that name already.
    """
    path = path_of(target)
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise InvalidValue(f"{str(path)!r} is there and not an empty folder; name a new one")
    with _refusing(path), ExitStack() as cleanup:
        # Made before any file: each is opened without a name beside the new folder, so the folder above must exist.
        path.parent.mkdir(parents=True, exist_ok=True)
        files: dict[str, _New] = {}

        def new(name: str) -> Path:
            files[name] = _New(path)
            cleanup.callback(files[name].close)
            return files[name].path

        yield new
        partial = Path(mkdtemp(prefix=".", suffix=".partial", dir=path.absolute().parent))
        cleanup.callback(rmtree, partial, ignore_errors=True)
        readable = _mode(like) & 0o444
        for name, file in files.items():
            (partial / name).parent.mkdir(exist_ok=True)
            file.finish(_mode(like))
            file.put(partial / name, force=False)
        # The names in a folder are on disk only after the folder itself was synced.
        for folder in {*((partial / name).parent for name in files), partial}:
            folder.chmod(0o700 | readable | readable >> 2)  # whoever may read its files may also enter it
            _sync(folder)
        partial.replace(path)
        _sync(path.absolute().parent)


class _New:
    """An empty file without a name, which only its owner may read.

    On a system that has no such files it has a temporary name.
    """

    def __init__(self, beside: Path) -> None:
        self._temporary: Path | None = None  # its temporary name, if it has one
        try:
            self._descriptor = os.open(beside.absolute().parent, os.O_TMPFILE | os.O_RDWR, 0o600)
            self.path = Path(f"/proc/self/fd/{self._descriptor}")
            return
        except (AttributeError, OSError):
            self.path = self._temporary = beside.with_name(f".{os.urandom(8).hex()}.partial")
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise StorageError(f"cannot write beside {str(beside)!r}: {error.strerror}; nothing was written") from None

    def finish(self, mode: int) -> None:
        """Give the file its permissions, and sync it to the disk."""
        if hasattr(os, "fchmod"):
            os.fchmod(self._descriptor, mode)
        os.fsync(self._descriptor)

    def put(self, path: Path, *, force: bool) -> None:
        """Give the file its name; with *force* also one that another file has, which it replaces."""
        if force:
            self._named(path).replace(path)
            return
        try:
            self._link(path)  # unlike a rename, this never replaces a file that was made in between
        except FileExistsError:
            raise InvalidValue(f"{str(path)!r} is there already; nothing was written") from None
        except OSError:  # a file system without links
            free_place(path)
            self._named(path).rename(path)

    def close(self) -> None:
        """Close the file, and remove its temporary name."""
        os.close(self._descriptor)
        if self._temporary:
            self._temporary.unlink(missing_ok=True)

    def _link(self, path: Path) -> None:
        # Given src_dir_fd, Python calls linkat, which follows the link in /proc to the file itself.
        os.link(self.path, path, src_dir_fd=self._descriptor)

    def _named(self, path: Path) -> Path:
        """Give the file a temporary name beside *path*, if it has none, and return it: only a named file is renamed."""
        if self._temporary is None:
            self._temporary = path.with_name(f".{os.urandom(8).hex()}.partial")
            try:
                self._link(self._temporary)
            except OSError:
                copyfile(self.path, self._temporary)
                self._temporary.chmod(stat.S_IMODE(self.path.stat().st_mode))
                _sync(self._temporary)
        return self._temporary


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Replace an OSError inside the block by a StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write {str(path)!r}: {error.strerror or error}; nothing was written") from error


def _mode(path: Path | None) -> int:
    """Return the permissions of a file, without that to execute it; for its owner alone if there is no such file."""
    return stat.S_IMODE(path.stat().st_mode) & 0o666 if path and path.exists() else 0o600


def _sync(path: Path) -> None:
    """Wait until a file is on the disk; a folder too, if the system can open one."""
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
