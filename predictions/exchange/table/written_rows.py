"""What a ledger holds as rows of the table, and what of it no row can say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from forecasts.verbal import SCALES, impute
from predictions.enums import ClaimType, ForecasterKind, Outcome
from predictions.errors import InvalidValue
from predictions.exchange.questions import EvidenceLink
from predictions.exchange.table import losses
from predictions.exchange.table.cells import written_evidence
from predictions.exchange.table.type_cells import Cells, cells_of_distribution, cells_of_outcome, cells_of_terms
from predictions.fields import check_link
from predictions.fits import DISTRIBUTIONS, fits
from predictions.numerals import exact
from predictions.recording.claims import fields_of_wording, window_until
from predictions.records import Claim, Evidence, Forecast, Forecaster, Resolution, Source, Statement
from predictions.slugs import slug_of
from predictions.snapshot import Snapshot
from predictions.status import settle_on
from predictions.timestamps import moment_text, read_made_at
from predictions.windows import AS_GIVEN

WRITTEN = {ClaimType.YES_NO, ClaimType.EVENTS} | DISTRIBUTIONS
_WHO_AND_DAY = re.compile(r"(.*), ([0-9]{4}-[0-9]{2}-[0-9]{2})")  # the title of a source that only says these
_DAY_TEXT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Published(NamedTuple):
    """A source as the cells of a row."""

    said_on: str
    link: str
    source: str


class TableRows:
    """The rows of a ledger's scored claims, and a count of what is lost.

    Attributes:
        lost: What no row says, and how often.
        claims: How many claims have rows.
        forecasts: How many forecasts and withdrawals.
        verdicts: How many verdicts.
    """

    def __init__(self, snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]]) -> None:
        self.lost: Counter[str] = Counter()
        self.claims = self.forecasts = self.verdicts = 0
        self._snapshot, self._forecasts_of = snapshot, forecasts_of
        self._kinds: set[str] = set()  # forecasters of whom all is written

    def rows(self) -> Iterator[Cells]:
        """Yield the rows, claim by claim in ledger order, each claim's in the order of time."""
        for statement in self._snapshot.all(Statement):
            self.lost["statements that are not resolvable"] += statement.not_resolvable is not None
        for claim in self._snapshot.all(Claim):
            if not claim.scored:
                self.lost["readings that are not scored"] += 1
            elif claim.type not in WRITTEN:
                self.lost[f"claims of type {claim.type}"] += 1
            else:
                self.claims += 1
                yield from self._of_claim(claim)

    def _of_claim(self, claim: Claim) -> Iterator[Cells]:
        """Yield the rows of a claim: the first holds its terms and verdict, with its publication or first forecast."""
        statement = self._snapshot.find(Statement, claim.statement)
        source = self._snapshot.find(Source, statement.source)
        published = self._published(source, statement.speaker or "")
        self.lost.update(losses.of_claim(claim, statement, source))
        said = self._forecasts_of(claim)
        forecasts = [self._forecast(forecast) for forecast in said if fits(claim, forecast)]
        self.lost["forecasts that no longer fit their claim"] += len(said) - len(forecasts)
        self.forecasts += len(forecasts)
        first: Cells = {}
        if published is not None:
            first = _publication_cells(published, statement.speaker or "")
            if forecasts and _carried_by(first, forecasts[0]):
                first = {**forecasts.pop(0), **first}
                if first.get("made_at") == first["said_on"]:
                    del first["made_at"]
        elif forecasts:
            first = forecasts.pop(0)
        elif statement.speaker and source.slug == "table":
            first = {"by": statement.speaker}
        if published is None and source.slug not in {"table", "self"}:
            self.lost["sources that are not dated by a day"] += 1
        rows = [first, *forecasts]
        if notes := self._notes(claim, first):
            rows.append(notes)
        first.update(self._terms(claim, statement, rows))
        first.update(self._verdict(claim))
        deadline = first["deadline"]
        for row in rows:
            yield {"text": statement.text, "deadline": deadline, "claim": claim.slug, **row}

    # -- a claim's own cells -----------------------------------------------------------------------------------

    def _terms(self, claim: Claim, statement: Statement, rows: Sequence[Cells]) -> Cells:
        """Return the cells that a claim's terms take, those that are as they would be anyhow left out."""
        made = fields_of_wording(claim.wording)
        opens_on, deadline = self._window(claim, rows)
        cells = {
            "deadline": deadline, "opens_on": opens_on,
            "wording": claim.wording if claim.wording != statement.text else "",
            "criteria": claim.criteria if claim.criteria != made["criteria"] else "",
            "title": claim.title if claim.title != made["title"] else "",
            "tags": "; ".join(claim.tags), "cluster": claim.cluster or "",
            "settle_days": str(claim.settle_days) if claim.settle_days != 30 else "",
            "at_least": str(claim.at_least) if claim.at_least else "", **cells_of_terms(claim),
        }  # fmt: skip
        return {name: text for name, text in cells.items() if text}

    def _window(self, claim: Claim, rows: Sequence[Cells]) -> tuple[str, str]:
        """Return the first day, if a row must say it, and the deadline, if possible in the words it was given in."""
        days = [date.fromisoformat(row[name][:10]) for row in rows for name in ("made_at", "said_on") if name in row]
        said = next((date.fromisoformat(row["said_on"][:10]) for row in rows if "said_on" in row), None)
        earliest = min(days, default=None)
        given = AS_GIVEN in (claim.horizon_read or "") or earliest != claim.opens_on
        opens, spoken = (claim.opens_on if given else None), claim.horizon or ""
        for words in (spoken.removeprefix("by "), spoken, str(claim.deadline)):
            with suppress(InvalidValue):
                window = window_until(words, opens, opens or said or claim.opens_on, field="deadline")
                told = (claim.opens_on, claim.deadline, claim.horizon, claim.edtf, claim.horizon_read)
                if words and window == told:
                    return str(opens or ""), words
        self.lost["windows whose words are read again"] += 1
        return str(opens or ""), str(claim.deadline)

    def _notes(self, claim: Claim, first: Cells) -> Cells:
        """Return the claim's own link, and its note, which stands in a row without a forecast."""
        link, note = "", claim.notes or ""
        with suppress(ValueError):
            link = check_link(note.partition("\n")[0])
            note = note.partition("\n")[2]
        if link and "said_on" not in first and "link" not in first:
            first["link"], link = link, ""
        return {name: text for name, text in (("link", link), ("note", note)) if text}

    # -- forecasts ---------------------------------------------------------------------------------------------

    def _forecast(self, forecast: Forecast) -> Cells:
        """Write a forecast as the cells of one row, and count what of it no cell can hold."""
        numbers = cells_of_distribution(forecast) or self._number(forecast)
        cells: Cells = {"by": self._name(forecast.forecaster), **numbers}
        source = self._snapshot.find(Source, forecast.published_in) if forecast.published_in else None
        published = self._published(source, cells["by"]) if source else None
        made_at = _moment(forecast)
        if published is not None:
            cells |= _publication_cells(published, cells["by"])
        elif source is not None or forecast.published_in_evidence is not None:
            self.lost["publications of a forecast"] += 1
        if published is None or published.said_on != made_at:
            cells["made_at"] = made_at
        if forecast.note:
            cells["note"] = forecast.note
        self.lost.update(losses.of_forecast(forecast))
        forecaster = self._snapshot.find(Forecaster, forecast.forecaster)
        if forecaster.slug not in self._kinds:
            self.lost.update(losses.of_forecaster(forecaster))
            if forecaster.kind is not ForecasterKind.PERSON:
                cells["kind"] = str(forecaster.kind)
        self._kinds.add(forecaster.slug)
        return cells

    def _name(self, slug: str) -> str:
        """Return the forecaster's title, where a new ledger makes the same slug of it; else the slug."""
        title = self._snapshot.find(Forecaster, slug).title
        return title if slug_of(title) == slug else slug

    def _number(self, forecast: Forecast) -> Cells:
        """Write a chance, a range, or words; words alone where their scale gives the same numbers when read back."""
        if forecast.withdrawn:
            return {"p": "withdrawn"}
        numbers = {"p": forecast.probability, "low": forecast.low, "high": forecast.high}
        told = {name: exact(value) for name, value in numbers.items() if value is not None}
        if forecast.words is None:
            return told
        words = {"words": forecast.words}
        if forecast.scale is not None and forecast.scale in SCALES:
            with suppress(ValueError):
                read = impute(forecast.words, scale=forecast.scale)
                if (read.point, read.low, read.high) == tuple(numbers.values()):
                    return {**words, "scale": forecast.scale}
        elif forecast.probability is None:
            return {**words, **told}
        self.lost["words beside a number"] += 1
        return told

    def _published(self, source: Source, who: str) -> Published | None:
        """Return a source as cells; None for one that is not dated by a day."""
        only = _WHO_AND_DAY.fullmatch(source.title)
        day = source.published or (only[2] if only and only[1] == who and source.link is None else None)
        if day is None or not _DAY_TEXT.fullmatch(day):
            return None
        return Published(day, source.link or "", "" if source.title == f"{who}, {day}" else source.title)

    # -- how it came out ---------------------------------------------------------------------------------------

    def _verdict(self, claim: Claim) -> Cells:
        """Write the verdict that stands with its evidence, and count what of it no cell can hold."""
        verdict = self._snapshot.verdict(claim)
        items = self._snapshot.evidence_on(claim)
        for item in items:
            self.lost.update(losses.of_evidence(item))
        self.lost["earlier verdicts and dissents"] += len(self._snapshot.resolutions_of(claim)) - bool(verdict)
        if verdict is None:
            return self._evidence([item.evidence for item in items])
        self.verdicts += 1
        self.lost.update(losses.of_verdict(verdict))
        early = self._early_no(claim, verdict)
        self.lost["who told a no early, written as impossible"] += early
        because = set(verdict.because)
        self.lost["pieces of evidence on which the verdict does not rest"] += sum(
            item.evidence.slug not in because for item in items
        )
        cells = {
            **cells_of_outcome(verdict),
            "known_on": moment_text(verdict.known_at) if verdict.known_at else str(verdict.known_on),
            "impossible": "yes" if verdict.impossible or early else "", "reason": verdict.reason or "",
        }  # fmt: skip
        evidence = self._evidence([self._snapshot.find(Evidence, slug) for slug in verdict.because])
        return {name: text for name, text in cells.items() if text} | evidence

    def _early_no(self, claim: Claim, verdict: Resolution) -> bool:
        """Tell whether only a platform may say a no this early; a table is not taken as the platform's word."""
        over = verdict.known_on > claim.deadline and self._snapshot.today >= settle_on(claim)
        return verdict.outcome is Outcome.NO and not verdict.impossible and not over

    def _evidence(self, evidence: Sequence[Evidence]) -> Cells:
        links = tuple(EvidenceLink(item.link, item.title) for item in sorted(evidence, key=lambda item: item.link))
        return {"evidence": written_evidence(links)} if links else {}


def _publication_cells(published: Published, who: str) -> Cells:
    cells = {"by": who, "said_on": published.said_on, "link": published.link, "source": published.source}
    return {name: text for name, text in cells.items() if text}


def _carried_by(first: Cells, forecast: Cells) -> bool:
    """Tell whether a forecast was said in a publication: in it, or on its day where no link carries that."""
    if first.items() <= forecast.items():
        return True
    spoken = {"by": first["by"], "made_at": first["said_on"]}
    return "link" not in first and "said_on" not in forecast and spoken.items() <= forecast.items()


def _moment(forecast: Forecast) -> str:
    """Say when it was made: a day where its end is meant."""
    day = forecast.made_at.date()
    return str(day) if forecast.made_at == read_made_at(day) else moment_text(forecast.made_at)
