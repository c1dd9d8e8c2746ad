"""A ledger and a plain Python model of it go through the same random life, and never disagree.

Claims of every type, forecasts, withdrawals, evidence, corrections, verdicts, failures, kills, reopening, backups,
restores, redacted copies, merges of copies that went apart: after each step the ledger verifies, every head it ever
showed is still a prefix, and it says what the model says.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from acts_of_types import TERMS, lines, said, told, verdict
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from predictions import Head, InvalidValue, Ledger
from predictions.errors import MergeConflict
from predictions.records import Claim, Event, Evidence, Forecast, Resolution
from predictions.storage.journal import Journal
from predictions.storage.store import Store

PEOPLE = ("ana", "ben", "chloe")


@dataclass
class Model:
    """What a ledger should say."""

    titles: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    retracted: dict[str, bool] = field(default_factory=dict)
    events: dict[str, bool] = field(default_factory=dict)
    forecasts: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    heads: list[Head] = field(default_factory=list)

    @classmethod
    def of(cls, ledger: Ledger, heads: list[Head], as_of: Head | None = None) -> Model:
        """What a ledger does say, or said as of an earlier head."""
        snapshot = ledger.snapshot(as_of=as_of)
        verdicts: dict[str, tuple[str, ...]] = {}
        for one in snapshot.all(Resolution):
            verdicts[one.claim] = (*verdicts.get(one.claim, ()), told(one))
        return cls(
            titles={one.slug: one.title for one in snapshot.all(Claim)},
            verdicts=verdicts,
            retracted={one.slug: bool(one.retracted) for one in snapshot.all(Evidence)},
            events={one.slug: True for one in snapshot.all(Event)},
            forecasts={(one.claim, one.forecaster, one.note or ""): told(one) for one in snapshot.all(Forecast)},
            heads=heads,
        )

    def facts(self) -> dict[str, object]:
        """Each thing it says, by name."""
        parts = (self.titles, self.verdicts, self.retracted, self.events, self.forecasts)
        names = ("title", "verdicts", "retracted", "event", "forecast")
        return {f"{name} {key}": value for name, part in zip(names, parts, strict=True) for key, value in part.items()}


class Life(RuleBasedStateMachine):
    """The life of one ledger file."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.path = self.folder / "ledger.db"
        self.numbers = count(1)
        self.ledger = Ledger(self.path, me="ana")
        self.model = Model()
        self.backups: list[tuple[Path, Model]] = []
        self.note_head()

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def note_head(self) -> None:
        head = self.ledger.head()
        if head not in self.model.heads:
            self.model.heads.append(head)

    def write(self, ledger: Ledger, model: Model, data: st.DataObject) -> None:
        """One thing is recorded, in a ledger and its model."""
        number = next(self.numbers)
        claims, evidence = sorted(model.titles), sorted(model.retracted)
        acts = ["add"] + ["forecast", "forecast", "evidence", "correct", "resolve"] * bool(claims)
        acts += ["retract"] * bool(evidence) + ["withdraw", "say otherwise"] * bool(model.forecasts)
        act = data.draw(st.sampled_from(acts), label="act")
        if act == "add":
            type_ = data.draw(st.sampled_from(sorted(TERMS)))
            receipt = ledger.add(f"Rain {number}", deadline="2100-01-01", slug=f"{type_}-{number}", **TERMS[type_])
            model.titles[receipt.slug] = f"Rain {number}"
            return
        if act in {"withdraw", "say otherwise"}:
            self._take_back(ledger, model, data, act, f"note {number}")
            return
        claim = data.draw(st.sampled_from(claims), label="claim")
        type_ = claim.rpartition("-")[0]
        if act == "forecast":
            who, says = data.draw(st.sampled_from(PEOPLE)), said(type_, data.draw)
            receipt = ledger.forecast(claim, **says, by=who, note=f"note {number}", kind="person")
            model.forecasts[claim, who, f"note {number}"] = lines(says)
        elif act == "evidence":
            ledger.log_evidence(claim, f"https://example.org/{number}", f"Drop {number}", slug=f"drop-{number}")
            model.retracted[f"drop-{number}"] = False
        elif act == "correct":
            ledger.correct(f"claim {claim}", title=f"Rain {number}", reason=f"typo {number}")
            model.titles[claim] = f"Rain {number}"
        elif act == "resolve":
            today = time.strftime("%Y-%m-%d", time.gmtime())
            outcome, more = verdict(type_, data.draw, today)
            ledger.resolve(claim, outcome, known_on=today, reason=f"reason {number}", again=True, **more)
            model.verdicts[claim] = (*model.verdicts.get(claim, ()), str(outcome))
        else:
            slug = data.draw(st.sampled_from(evidence))
            ledger.retract(slug, reason=f"wrong {number}")
            model.retracted[slug] = True

    def _take_back(self, ledger: Ledger, model: Model, data: st.DataObject, act: str, note: str) -> None:
        """A forecast ends without a new one, or is corrected."""
        claim, who, old = data.draw(st.sampled_from(sorted(model.forecasts)))
        if act == "withdraw":
            ledger.withdraw(claim, by=who, note=note, again=True)
            model.forecasts[claim, who, note] = "withdrawn"
            return
        on_claim = [one for one in ledger.snapshot().all(Forecast) if (one.claim, one.forecaster) == (claim, who)]
        (made_at,) = [one.made_at for one in on_claim if one.note == old]
        says = said(claim.rpartition("-")[0], data.draw)
        ledger.forecast(claim, **says, by=who, made_at=made_at, note=old, reason=f"mistyped, {note}", again=True)
        model.forecasts[claim, who, old] = lines(says)

    @precondition(lambda self: self.model.forecasts)
    @rule(data=st.data())
    def a_forecast_is_redacted_in_a_copy(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.forecasts)))
        path, snapshot = self.folder / f"redacted-{next(self.numbers)}.db", self.ledger.snapshot()
        (made_at,) = [one.made_at for one in snapshot.all(Forecast) if (one.claim, one.forecaster, one.note) == key]
        entries = [one.entry for one in snapshot.revisions(Forecast, *key[:2], made_at)]

        self.ledger.redact(entries, to=path)

        with Ledger(path, create=False) as copy:
            assert copy.verify(head=self.model.heads).ok
            assert copy._journal.redacted(copy.head().size) == sorted(entries)
            kept = {name: value for name, value in self.model.forecasts.items() if name != key}
            assert Model.of(copy, []).forecasts == kept

    @rule(data=st.data())
    def something_is_recorded(self, data: st.DataObject) -> None:
        self.write(self.ledger, self.model, data)
        self.note_head()

    @rule(data=st.data())
    def something_wrong_is_refused(self, data: st.DataObject) -> None:
        wrong = data.draw(st.sampled_from([1.5, -0.1, True, "half"]))
        type_ = data.draw(st.sampled_from(sorted(TERMS)))
        says = {"quantiles": {wrong: 5}} if type_ == "number" else {"p": wrong}
        with pytest.raises(InvalidValue):
            self.ledger.add(f"It snows {next(self.numbers)}", deadline="2100-01-01", **says, **TERMS[type_])

    @rule()
    def it_is_closed_and_opened(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self.path, me="ana")

    @rule()
    def a_block_of_code_fails(self) -> None:
        def fail() -> None:
            with self.ledger._journal.writing() as writing:
                self.ledger._store.put(writing, Event(slug="lost", title="Lost", happened="2026"))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()

    @rule(committed=st.booleans())
    def another_process_is_killed_while_it_writes(self, committed: bool) -> None:
        self.ledger.close()
        slug = f"event-{next(self.numbers)}"
        child = os.fork()
        if child == 0:
            self._write_and_die(slug, committed)
        os.waitpid(child, 0)
        self.ledger = Ledger(self.path, me="ana")
        if committed:
            self.model.events[slug] = True
        self.note_head()

    def _write_and_die(self, slug: str, committed: bool) -> None:
        try:
            journal = Journal(self.path)
            journal.connection.execute("pragma cache_size = 1")
            with journal.writing() as writing:
                Store(journal).put(writing, Event(slug=slug, title="Thing " * 80, happened="2026"))
                if not committed:
                    os.kill(os.getpid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)

    @rule()
    def it_is_backed_up(self) -> None:
        path = self.folder / f"backup-{next(self.numbers)}.db"
        self.ledger.backup(path)
        self.backups.append((path, deepcopy(self.model)))

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def it_is_lost_and_restored(self, data: st.DataObject) -> None:
        path, model = data.draw(st.sampled_from(self.backups), label="backup")
        last = self.ledger.head()
        self.ledger.close()
        shutil.copy(path, self.path)
        self.ledger = Ledger(self.path, me="ana")
        self.model = deepcopy(model)
        if last not in self.model.heads:
            assert not self.ledger.verify(head=last).ok, "what is missing shows with a head"

    @precondition(lambda self: self.backups)
    @rule(data=st.data(), writes=st.integers(0, 3))
    def a_copy_that_went_on_is_merged(self, data: st.DataObject, writes: int) -> None:
        path, base = data.draw(st.sampled_from(self.backups), label="copy")
        copy = Path(shutil.copy(path, self.folder / "copy.db"))
        theirs = deepcopy(base)
        with Ledger(copy, me="ben") as other:
            for _ in range(writes):
                self.write(other, theirs, data)
                theirs.heads.append(other.head())
        common = max((head for head in self.model.heads if head in theirs.heads), key=lambda head: head.size)
        before, ours = self.ledger.head(), self.model.facts()
        contested, expected = self._merged(common, theirs)
        try:
            merged = self.ledger.merge(copy)
        except MergeConflict:
            assert contested
            assert self.ledger.head() == before
            return
        if merged.way == "fast-forward":
            assert self.ledger.head() == theirs.heads[-1]
            self.model.heads = [head for head in self.model.heads if head.size <= common.size]
            self.model.heads += [head for head in theirs.heads if head.size > common.size]
        found = Model.of(self.ledger, self.model.heads)
        assert {name: value for name, value in found.facts().items() if name not in contested} == expected
        assert set(ours) | set(theirs.facts()) == set(found.facts())
        self.model = found
        self.note_head()
        assert self.ledger.merge(copy).added == 0

    def _merged(self, common: Head, theirs: Model) -> tuple[set[str], dict[str, object]]:
        """What both sides changed since they parted, and what all else should be afterwards."""
        base = Model.of(self.ledger, [], common).facts()
        ours, others = self.model.facts(), theirs.facts()
        names = set(ours) | set(others)
        mine = {name for name in names if name in ours and ours[name] != base.get(name)}
        other = {name for name in names if name in others and others[name] != base.get(name)}
        expected = {**base, **{name: others[name] for name in other}, **{name: ours[name] for name in mine}}
        contested = {name for name in mine & other if ours[name] != others[name] or name.startswith("verdicts")}
        return contested, {name: value for name, value in expected.items() if name not in contested}

    @invariant()
    def every_head_it_ever_showed_is_a_prefix(self) -> None:
        found = self.ledger.verify(head=self.model.heads)

        assert found.ok, found.faults
        assert found.head_compared
        assert found.head == self.model.heads[-1]

    @invariant()
    def it_says_what_the_model_says(self) -> None:
        assert Model.of(self.ledger, []).facts() == self.model.facts()


def live(runs: int, steps: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )


def test_a_ledger_agrees_with_a_plain_model_through_ten_lives() -> None:
    live(10, 20)


@pytest.mark.campaign
def test_a_ledger_agrees_with_a_plain_model_through_a_thousand_lives() -> None:
    live(1_000, 30)
