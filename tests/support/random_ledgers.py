"""Random ledgers in which everything happens that can, on claims of every type: for what must hold of any card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_types import chances, long_rows, outcome, terms, worded_anew

from predictions import Ledger
from predictions.enums import ClaimType
from predictions.records import Claim, Forecast, Forecaster, Record, Resolution, Source, Statement
from predictions.storage.clock import setting_by_hand
from predictions.storage.journal import Journal
from predictions.storage.store import Store

BEGUN = date(2025, 1, 1)
PEOPLE = ("ana", "ben", "cy", "dee", "eve")
DAY = timedelta(days=1)
SAID: tuple[dict[str, str], ...] = (  # where, and by whom, what a claim asks was said
    {"source": "platform", "speaker": "ana"}, {"source": "talk", "speaker": "ben"}, {"source": "paper"},
    {"source": "platform"}, {"source": "talk", "speaker": "Mute"}, {"source": "paper", "speaker": "cy"},
    {"source": "talk"},
)  # fmt: skip
OUTCOME = ("outcome", "fraction", "option", "value", "happened_on", "happened_from")
RECORDS_AT_MOST = 25  # in one import of these worlds, so that the longer ones become blocks


class World:
    """One random ledger, made seal by seal in the order of time."""

    def __init__(self, path: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.random = np.random.default_rng(seed)
        self.path, self._patch = path, patch
        self._acts: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._said: set[tuple[str, str, datetime]] = set()
        self._asks: dict[str, tuple[datetime, Claim]] = {}  # what a claim asks from some moment on
        self.claims = [self._claim(number) for number in range(int(self.random.integers(6, 14)))]
        for claim, _ in self.claims:
            if self._chance(0.3):
                self._cluster(claim)
            self._speak(claim)
            self._decide(claim)
        for _ in range(int(self.random.integers(0, 3))):
            if any(self._last_asked(claim).type is ClaimType.YES_NO for claim, _ in self.claims):
                self._import()
        for _ in range(int(self.random.integers(0, 3))):
            self._import_distributions()

    def write(self) -> None:
        """Make the ledger."""
        start = self._now = self._at(-1)
        with setting_by_hand(lambda: self._now):
            self._journal = Journal(self.path, create=True)
        self._store = Store(self._journal)
        self._put(
            start, *(Forecaster(slug=who, title=who, kind="crowd" if who == "eve" else "person") for who in PEOPLE)
        )
        sources = Source(slug="platform", title="A platform", kind="platform"), Source(slug="talk", title="A talk")
        paper = Source(slug="paper", title="Paper", kind="report", link="https://paper.example", published="2025-01-20")
        self._put(start, *sources, paper)
        for moment, _, act in sorted(self._acts, key=lambda act: act[:2]):
            act(moment)
        self._journal.close()

    def _chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def _pick(self, among: Any) -> Any:
        return among[int(self.random.integers(0, len(among)))]

    def _at(self, day: int, *, whole: bool = False) -> datetime:
        """A moment of a day, sometimes its very beginning."""
        begin = datetime(BEGUN.year, BEGUN.month, BEGUN.day, tzinfo=UTC) + day * DAY
        return (
            begin
            if whole or self._chance(0.05)
            else begin + int(self.random.integers(1, 86_400)) * timedelta(seconds=1)
        )

    def _later(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        self._acts.append((moment, len(self._acts), act))

    def _put(self, moment: datetime, *records: Record) -> None:
        self._now = moment
        with self._journal.writing() as writing:
            for record in records:
                self._store.put(writing, record)

    def _claim(self, number: int) -> tuple[Claim, datetime]:
        slug, earlier = f"claim-{number:02}", [one for one, _ in getattr(self, "claims", [])]
        opens = int(self.random.integers(0, 40))
        length = int(self._pick((1, 1, 2, 5, 20, 60)))
        shared = self._pick(earlier) if earlier and self._chance(0.25) else None
        supersedes = shared.slug if shared and self._chance(0.7) else None
        closes_at = self._at(opens + int(self.random.integers(0, length))) if self._chance(0.4) else None
        if closes_at == self._at(opens, whole=True):
            closes_at = None
        claim = Claim(
            slug=slug, statement=shared.statement if shared else slug, reading="headline", title=slug, wording="It is.",
            criteria="Seen.", opens_on=BEGUN + opens * DAY, deadline=BEGUN + (opens + length - 1) * DAY,
            scored=self._chance(0.9), settle_days=int(self.random.integers(0, 20)), supersedes=supersedes,
            given=self._pick(earlier).slug if earlier and self._chance(0.15) else None, closes_at=closes_at,
            cluster=self._pick(("sun", "moon")) if self._chance(0.3) else None,
            recorded_by=self._pick((None, *PEOPLE[:2])), **terms(self.random),
        )  # fmt: skip
        at = self._at(0, whole=True) + (number + 1) * DAY / 4
        where = SAID[number % len(SAID)]
        records = [Statement(slug=slug, text="It happens.", **where)] * (shared is None)
        self._later(at, lambda moment: self._put(moment, *records, claim))
        self.__dict__.setdefault("claims", []).append((claim, at))
        return claim, at

    def _recorded(self, claim: Claim) -> datetime:
        return next(at for one, at in self.claims if one is claim)

    def _speak(self, claim: Claim) -> None:
        for who in PEOPLE:
            for _ in range(int(self.random.integers(0, 4))):
                self._forecast(claim, who)

    def _forecast(self, claim: Claim, who: str) -> None:
        day = int(self.random.integers(-3, (claim.deadline - claim.opens_on).days + 4)) + (claim.opens_on - BEGUN).days
        made_at = self._at(day)
        if (claim.slug, who, made_at) in self._said:
            return
        self._said.add((claim.slug, who, made_at))
        witnessed = self._chance(0.6)
        learned = made_at if witnessed else made_at + float(self.random.random()) * 40 * DAY
        learned = max(learned, self._recorded(claim) + DAY / 100)
        says = {"withdrawn": True} if self._chance(0.12) else self._says(claim, learned)
        source = "platform" if self._chance(0.5) else None
        said = Forecast(claim=claim.slug, forecaster=who, made_at=made_at, published_in=source, **says)
        self._later(learned, lambda moment: self._put(moment, said))
        if self._chance(0.15):
            later = learned + float(self.random.random()) * 20 * DAY
            fields = {name: value for name, value in dict(said).items() if name in Forecast.model_fields}
            again = {"note": "A note."}
            if self._chance(0.7):
                again = self._says(claim, later)
                fields = {name: fields[name] for name in ("claim", "forecaster", "made_at", "published_in")}
            corrected = Forecast(**{**fields, **again, "revision": 2, "reason": "mistyped"})
            self._later(later, lambda moment: self._put(moment, corrected))

    def _says(self, claim: Claim, at: datetime) -> dict[str, Any]:
        """What is said of a claim, as it asks at that moment."""
        since, changed = self._asks.get(claim.slug, (at, claim))
        return chances(changed if since < at else claim, self.random)

    def _last_asked(self, claim: Claim) -> Claim:
        """The claim as it stands in the end."""
        return self._asks.get(claim.slug, (None, claim))[1]

    def _decide(self, claim: Claim) -> None:
        for number in range(1, 2 + self._chance(0.1)):
            if self._chance(0.2):
                continue
            known_at, told = outcome(self._last_asked(claim), self.random, self._at)
            said = Resolution(
                claim=claim.slug, number=number, known_on=known_at.date(), reason="seen",
                known_at=known_at if self._chance(0.4) else None, dissent=True if self._chance(0.1) else None, **told,
            )  # fmt: skip
            learned = max(known_at + float(self.random.random()) * 10 * DAY, self._recorded(claim) + DAY / 50)
            self._later(learned + number * 80 * DAY, lambda moment, said=said: self._put(moment, said))
            if self._chance(0.2):
                self._correct_verdict(claim, said, learned + number * 80 * DAY)

    def _correct_verdict(self, claim: Claim, verdict: Resolution, learned: datetime) -> None:
        """Correct a verdict: its outcome and its day, or only the day."""
        known_at, told = outcome(self._last_asked(claim), self.random, self._at)
        fields = {name: getattr(verdict, name) for name in ("claim", "number", "reason", "dissent")}
        if self._chance(0.5):
            known_at = datetime.combine(verdict.known_on, known_at.timetz()) + int(self.random.integers(0, 20)) * DAY
            told = {name: getattr(verdict, name) for name in OUTCOME}
        again = Resolution(**fields, **told, revision=2, known_on=known_at.date())
        later = max(learned, known_at) + float(self.random.random()) * 20 * DAY
        self._later(later, lambda moment: self._put(moment, again))

    def _cluster(self, claim: Claim) -> None:
        """Put a claim into another cluster, or into none, at any time; sometimes with other criteria."""
        criteria = self._pick(("Seen.", "Seen.", "Seen twice."))
        at = self._recorded(claim) + float(self.random.random()) ** 2 * 60 * DAY
        cluster, by = self._pick(("sun", "moon", "tide", None)), self._pick((None, *PEOPLE[:2]))
        changes = {"criteria": criteria, "cluster": cluster, "revision": 2, "reason": "seen", "recorded_by": by}
        changed = Claim(**{**dict(claim), **changes, **worded_anew(claim, self.random)})
        self._asks[claim.slug] = at + DAY / 10, changed
        self._later(at + DAY / 10, lambda moment: self._put(moment, changed))

    def _import(self) -> None:
        claims = [claim for claim, _ in self.claims if self._last_asked(claim).type is ClaimType.YES_NO]
        rows: dict[tuple[str, str, int], float] = {}
        for _ in range(int(self.random.integers(5, 60))):
            if key := self._new_key(self._pick(claims)):
                rows[key] = np.nan if self._chance(0.1) else round(float(self.random.random()), 3)
        slugs, people, times = zip(*rows, strict=True)
        columns = {
            "claim": list(slugs), "forecaster": list(people), "made_at": np.array(times, np.int64),
            "probability": np.array(list(rows.values())), "withdrawn": np.isnan(list(rows.values())),
        }  # fmt: skip
        self._take_in(columns)

    def _import_distributions(self) -> None:
        """Import a long table, of claims of every type; those with over twenty-five forecasts become blocks."""
        rows: list[dict[str, Any]] = []
        for _ in range(int(self.random.integers(5, 60))):
            claim, _ = self._pick(self.claims)
            asked = self._last_asked(claim)
            if (key := self._new_key(claim)) is None:
                continue
            says = chances(asked, self.random)
            if self._chance(0.1):
                told = [{"withdrawn": True}]
            elif asked.type is ClaimType.YES_NO:
                told = [{"probability": round(float(self.random.random()), 3)}]
            else:
                told = long_rows(says)
            rows += [dict(zip(("claim", "forecaster", "made_at"), key, strict=True)) | one for one in told]
        self._take_in(rows)

    def _new_key(self, claim: Claim) -> tuple[str, str, int] | None:
        """Claim, forecaster and moment of a forecast to import; None if something is said at that moment already."""
        moment = self._at(int(self.random.integers(-2, 40)) + (claim.opens_on - BEGUN).days)
        who = self._pick(("fay", "gus", "ben"))
        if (claim.slug, who, moment) in self._said:
            return None
        self._said.add((claim.slug, who, moment))
        return claim.slug, who, int(moment.timestamp()) * 1_000_000

    def _take_in(self, source: object) -> None:
        """Import something when all claims are asked."""
        published_in = self._pick(("platform", None))

        def act(moment: datetime) -> None:
            with (
                self._patch.context() as patch,
                setting_by_hand(lambda: moment),
                Ledger(self.path, me="keeper") as ledger,
            ):
                patch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", RECORDS_AT_MOST)
                ledger.import_forecasts(source, published_in=published_in)

        self._later(self._at(150), act)
