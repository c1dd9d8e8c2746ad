"""The usual verdicts of an import, many at once: on yes-or-no claims that have no verdict and no evidence yet.

They are checked by the rules of :mod:`predictions.recording.verdict_checks`, but without building a record or reading
the ledger for each of them. A verdict that does not pass is left to `resolve`, which says what is wrong with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from typing import NamedTuple

from predictions.enums import Outcome
from predictions.errors import InvalidValue, LedgerError
from predictions.fields import check_line, check_text
from predictions.invisible import oddities
from predictions.recording.enter import Desk
from predictions.recording.forecasts import not_later
from predictions.recording.outcomes import OUTCOME_OF_WORD
from predictions.recording.resolutions import Said, source_named
from predictions.recording.verdict_checks import is_in_window, is_known_after, is_own_question
from predictions.records import Claim, Resolution
from predictions.status import settle_day
from predictions.storage.batch import Batch
from predictions.storage.claim_queries import sources_of
from predictions.storage.deciding import ClaimWindow, untouched
from predictions.timestamps import moment_text


class _Verdict(NamedTuple):
    """The first verdict on a claim: the fields that a usual one can have, as they are stored."""

    claim: str
    outcome: str
    happened_on: str | None
    known_on: str
    known_at: str | None
    published_in: str | None
    reason: str | None
    decided_by: str | None
    recorded_by: str | None


class UsualVerdicts:
    """Reads the usual verdicts of an import, some at a time; days and sources that recur are read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._today = desk, str(desk.today)
        self._day = cache(partial(not_later, desk))
        self._source = cache(partial(source_named, desk))

    def read(
        self, claims: Sequence[str], outcomes: Sequence[object], said: Sequence[Said]
    ) -> tuple[Sequence[int], Batch]:  # fmt: skip
        """Return which verdicts are usual, by their places, and a batch of these.

        The three arguments are columns of the same length. A claim that occurs twice has no usual verdict.

        Args:
            claims: The claims.
            outcomes: How they came out, as read for a yes-or-no claim.
            said: The other arguments of each verdict.
        """
        windows = untouched(self._desk.store, (claim for claim, times in Counter(claims).items() if times == 1))
        entries = ((claim, window.entry) for claim, window in windows.items())
        self._desk.writing.beginnings[Claim.noun].update(entries)  # so that they need not be looked up again
        rows = [row for row in zip(range(len(claims)), claims, outcomes, said, strict=True) if row[1] in windows]
        published_no = [
            claim
            for _, claim, outcome, arguments in rows
            if outcome == Outcome.NO and arguments.published_in is not None
        ]
        asking_sources = sources_of(self._desk.store, published_no)
        usual: dict[int, _Verdict] = {}
        for number, claim, outcome, arguments in rows:
            word = OUTCOME_OF_WORD.get(outcome) if isinstance(outcome, str) else None
            if word is None:
                continue
            verdict = self._usual(claim, windows[claim], word, arguments, asking_sources.get(claim))
            if verdict is not None:
                usual[number] = verdict
        # Not strict: with no usual verdict there is no column at all.
        columns = dict(zip(_Verdict._fields, zip(*usual.values(), strict=True), strict=False))
        ones = [1] * len(usual)
        return list(usual), Batch(Resolution, {**columns, "number": ones, "revision": ones}, len(usual))

    def _usual(
        self, claim: str, window: ClaimWindow, outcome: Outcome, said: Said, asked: tuple[str, str] | None
    ) -> _Verdict | None:
        """Return a verdict if it passes all rules, and None otherwise.

        *asked* is the slug and the kind of the source that asked the question; None if no rule needs it.
        """
        # Each of these needs the rest of the ledger: evidence, trees, or earlier verdicts.
        if said.because or said.impossible or said.dissent or said.known_at is not None:
            return None
        try:
            verdict = self._worded(claim, outcome, window, said)
        except (LedgerError, ValueError):
            return None
        happened_on, known_on = verdict.happened_on, verdict.known_on
        if outcome is Outcome.YES:
            day = happened_on or window.opens_on
            passes = (
                (happened_on is not None or verdict.reason is not None)
                and is_in_window(day, day, window.opens_on, window.deadline)
                and (happened_on or "") <= known_on
            )
        else:
            is_own = asked is not None and is_own_question(asked, verdict.published_in)
            is_settled = self._today >= _settles(window.deadline, window.settle_days)
            is_over = is_settled and is_known_after(known_on, window.deadline)
            may_come = outcome is not Outcome.NO or is_own or is_over
            passes = happened_on is None and verdict.reason is not None and may_come
        return verdict if passes and known_on >= window.opens_on else None

    def _worded(self, claim: str, outcome: Outcome, window: ClaimWindow, said: Said) -> _Verdict:
        """Fill in the fields as `resolve` does; LedgerError or ValueError for a value that no resolution can have."""
        known_at = None
        happened_on = None if said.happened_on is None else self._day(said.happened_on, "happened_on")[0].isoformat()
        if said.known_on is not None:
            day, moment = self._day(said.known_on, "known_on")
            known_on, known_at = day.isoformat(), None if moment is None else moment_text(moment)
        elif outcome is Outcome.NO and self._today >= (settles := _settles(window.deadline, window.settle_days)):
            known_on = settles
        else:
            known_on = happened_on or ""  # sorts before any window, so that the verdict does not pass
        me = self._desk.me
        return _Verdict(
            claim, str(outcome), happened_on, known_on, known_at,
            None if said.published_in is None else self._source(said.published_in), _kept(check_text, said.reason),
            _kept(check_line, me if said.decided_by is None else said.decided_by), _kept(check_line, me),
        )  # fmt: skip


@lru_cache(8192)
def _settles(deadline: str, settle_days: int) -> str:
    """Return the settle day as text."""
    return settle_day(date.fromisoformat(deadline), settle_days).isoformat()


@lru_cache(1024)
def _kept(check: Callable[[object], str], text: str | None) -> str | None:
    """Check a text as its field does and return it; InvalidValue also for odd letters, which need a warning."""
    if text is not None and oddities(check(text)):
        raise InvalidValue("not what it seems")
    return text
