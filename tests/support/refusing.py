"""What may come out of a verb that refuses: one sentence of ours, in time."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from predictions import LedgerError, LedgerWarning
from predictions.importing.refusals import RowsRefused

PATIENCE = 120  # seconds for one verb on a busy machine: nothing here is waited for


@contextmanager
def patience() -> Iterator[None]:
    """Fail what waits for somebody, or works on for ever."""

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it took more than {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_sentence(sentence: str, where: str, *, laid_out: bool = False) -> None:
    assert "should not happen" not in sentence, (where, sentence)
    assert sentence.isprintable() or laid_out, (where, sentence)
    assert 0 < len(sentence) < (2_000 if laid_out else 600), (where, sentence)


def check(act: Callable[[], object], where: str) -> bool:
    """Whether it goes well; AssertionError where it ends with any other error than one sentence of ours."""
    try:
        with patience(), warnings.catch_warnings():
            warnings.simplefilter("ignore", LedgerWarning)
            act()
    except LedgerError as refused:
        check_sentence(str(refused), where, laid_out=isinstance(refused, RowsRefused))
        return False
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
    return True
