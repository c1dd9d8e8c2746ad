"""Write the scored claims of a ledger as rows of a table, and count what no row can hold."""

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

WRITTEN = {ClaimType.YES_NO, ClaimType.EVENTS} | DISTRIBUTIONS  # types of claims that have rows
_PLACEHOLDER = re.compile(r"self|table(-[0-9]+)?")  # of one's own claims, and of those of a table that names no source
_WHO_AND_DAY = re.compile(r"(.*), ([0-9]{4}-[0-9]{2}-[0-9]{2})")  # a source's title made of a speaker and a day
_DAY_TEXT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Published(NamedTuple):
    """A source's cells."""

    said_on: str
    link: str
    source: str


class TableRows:
    """The rows of a ledger's scored claims, and a count of what is lost.

    Attributes:
        lost: What no row can hold, and how often.
        claims: How many claims have rows.
        forecasts: How many forecasts and withdrawals have rows.
        verdicts: How many verdicts have rows.
    """

    def __init__(self, snapshot: Snapshot, forecasts_of: Callable[[Claim], Sequence[Forecast]]) -> None:
        self.lost: Counter[str] = Counter()
        self.claims = self.forecasts = self.verdicts = 0
        self._snapshot, self._forecasts_of = snapshot, forecasts_of
        self._kinds: set[str] = set()  # forecasters whose kind and losses are written already

    def rows(self) -> Iterator[Cells]:
        """Yield the rows, claim by claim in the order of the ledger, each claim's oldest first."""
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
        """Yield a claim's rows: the first has its terms, its verdict, and its publication or first forecast.

        Rows can name a source only as a dated publication. Placeholder sources are of claims without one, so
        nothing is lost with them.
        """
        statement = self._snapshot.find(Statement, claim.statement)
        source = self._snapshot.find(Source, statement.source)
        published = self._published(source, statement.speaker or "")
        self.lost.update(losses.of_claim(claim, statement, source))
        all_forecasts = self._forecasts_of(claim)
        fitting = [forecast for forecast in all_forecasts if fits(claim, forecast)]
        self.lost["forecasts that no longer fit their claim"] += len(all_forecasts) - len(fitting)
        readable = list(_after_a_forecast(fitting))
        self.lost["withdrawals that took the place of the only forecast"] += len(fitting) - len(readable)
        forecasts = [self._forecast(forecast) for forecast in readable]
        self.forecasts += len(forecasts)
        first: Cells = {}  # the row that also has the claim's terms and its verdict
        if published is not None:
            first = _publication_cells(published, statement.speaker or "")
            if (place := _first_carried(first, forecasts)) is not None:
                first = {**forecasts.pop(place), **first}
                if first.get("made_at") == first["said_on"]:  # an import takes said_on for a missing made_at
                    del first["made_at"]
        elif forecasts:
            first = forecasts.pop(0)
        elif statement.speaker and source.slug != "self" and _PLACEHOLDER.fullmatch(source.slug):
            first = {"by": statement.speaker}
        if published is None and not _PLACEHOLDER.fullmatch(source.slug):
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
        """Return the cells for a claim's terms, without those that an import would fill in by itself."""
        defaults = fields_of_wording(claim.wording)
        opens_on, deadline = self._window(claim, rows)
        cells = {
            "deadline": deadline, "opens_on": opens_on,
            "wording": claim.wording if claim.wording != statement.text else "",
            "criteria": claim.criteria if claim.criteria != defaults["criteria"] else "",
            "title": claim.title if claim.title != defaults["title"] else "",
            "tags": "; ".join(claim.tags), "cluster": claim.cluster or "",
            "settle_days": str(claim.settle_days) if claim.settle_days != 30 else "",
            "at_least": str(claim.at_least) if claim.at_least else "", **cells_of_terms(claim),
        }  # fmt: skip
        return {name: text for name, text in cells.items() if text}

    def _window(self, claim: Claim, rows: Sequence[Cells]) -> tuple[str, str]:
        """Return the first day, if a row must have it, and the deadline, in its own words if these lead back to it."""
        days = [date.fromisoformat(row[name][:10]) for row in rows for name in ("made_at", "said_on") if name in row]
        said_on = next((date.fromisoformat(row["said_on"][:10]) for row in rows if "said_on" in row), None)
        earliest = min(days, default=None)
        needs_first_day = AS_GIVEN in (claim.horizon_read or "") or earliest != claim.opens_on
        first_day, original_words = (claim.opens_on if needs_first_day else None), claim.horizon or ""
        for words in (original_words.removeprefix("by "), original_words, str(claim.deadline)):
            with suppress(InvalidValue):
                window = window_until(words, first_day, first_day or said_on or claim.opens_on, field="deadline")
                expected = (claim.opens_on, claim.deadline, claim.horizon, claim.edtf, claim.horizon_read)
                if words and window == expected:
                    return str(first_day or ""), words
        self.lost["windows whose words are read again"] += 1
        return str(first_day or ""), str(claim.deadline)

    def _notes(self, claim: Claim, first: Cells) -> Cells:
        """Return a claim's own link and note, for a row without a forecast; the link goes into *first* if it can."""
        link, note = "", claim.notes or ""
        with suppress(ValueError):
            link = check_link(note.partition("\n")[0])
            note = note.partition("\n")[2]
        if link and "said_on" not in first and "link" not in first:
            first["link"], link = link, ""
        return {name: text for name, text in (("link", link), ("note", note)) if text}

    # -- forecasts ---------------------------------------------------------------------------------------------

    def _forecast(self, forecast: Forecast) -> Cells:
        """Return the cells for a forecast, and count what no cell can hold of it."""
        numbers = cells_of_distribution(forecast) or self._number(forecast)
        cells: Cells = {"by": self._name(forecast.forecaster), **numbers}
        source = self._snapshot.find(Source, forecast.published_in) if forecast.published_in else None
        published = self._published(source, cells["by"]) if source else None
        made_at = _moment(forecast)
        if published is not None:
            cells |= _publication_cells(published, cells["by"])
        elif source is not None or forecast.published_in_evidence is not None:
            self.lost["publications of a forecast"] += 1
        if published is None or published.said_on != made_at:  # else an import takes the day of publication
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
        """Return a forecaster's title, if a new ledger would make the same slug of it; else the slug."""
        title = self._snapshot.find(Forecaster, slug).title
        return title if slug_of(title) == slug else slug

    def _number(self, forecast: Forecast) -> Cells:
        """Return the cells for a chance, a range or words; only words if their scale leads back to the same numbers."""
        if forecast.withdrawn:
            return {"p": "withdrawn"}
        numbers = {"p": forecast.probability, "low": forecast.low, "high": forecast.high}
        texts = {name: exact(value) for name, value in numbers.items() if value is not None}
        if forecast.words is None:
            return texts
        words = {"words": forecast.words}
        if forecast.scale is not None and forecast.scale in SCALES:
            with suppress(ValueError):
                imputed = impute(forecast.words, scale=forecast.scale)
                if (imputed.point, imputed.low, imputed.high) == tuple(numbers.values()):
                    return {**words, "scale": forecast.scale}
        elif forecast.probability is None:
            return {**words, **texts}
        self.lost["words beside a number"] += 1
        return texts

    def _published(self, source: Source, speaker: str) -> Published | None:
        """Return a source's cells; None if it is not dated by a day."""
        day = source.published  # or in its title, as `quote` gives one to a publication without a name
        title = _WHO_AND_DAY.fullmatch(source.title)
        if not day and title and title[1] == speaker and source.link is None:
            day = title[2]
        if day is None or not _DAY_TEXT.fullmatch(day):
            return None
        return Published(day, source.link or "", "" if source.title == f"{speaker}, {day}" else source.title)

    # -- how it came out ---------------------------------------------------------------------------------------

    def _verdict(self, claim: Claim) -> Cells:
        """Return the cells for the standing verdict and its evidence, and count what no cell can hold of them."""
        verdict = self._snapshot.verdict(claim)
        items = self._snapshot.evidence_on(claim)
        for item in items:
            self.lost.update(losses.of_evidence(item))
        self.lost["earlier verdicts and dissents"] += len(self._snapshot.resolutions_of(claim)) - bool(verdict)
        if verdict is None:
            return self._evidence([item.evidence for item in items])
        self.verdicts += 1
        self.lost.update(losses.of_verdict(verdict))
        is_early_no = self._early_no(claim, verdict)
        self.lost["who told a no early, written as impossible"] += is_early_no
        because = set(verdict.because)
        self.lost["pieces of evidence on which the verdict does not rest"] += sum(
            item.evidence.slug not in because for item in items
        )
        cells = {
            **cells_of_outcome(verdict),
            "known_on": moment_text(verdict.known_at) if verdict.known_at else str(verdict.known_on),
            "impossible": "yes" if verdict.impossible or is_early_no else "", "reason": verdict.reason or "",
        }  # fmt: skip
        evidence = self._evidence([self._snapshot.find(Evidence, slug) for slug in verdict.because])
        return {name: text for name, text in cells.items() if text} | evidence

    def _early_no(self, claim: Claim, verdict: Resolution) -> bool:
        """Tell whether the verdict is a no before the claim was over, which a platform may give and a table may not."""
        is_over = verdict.known_on > claim.deadline and self._snapshot.today >= settle_on(claim)
        return verdict.outcome is Outcome.NO and not verdict.impossible and not is_over

    def _evidence(self, evidence: Sequence[Evidence]) -> Cells:
        """Return the cell for evidence, sorted by link; none without evidence."""
        links = tuple(EvidenceLink(item.link, item.title) for item in sorted(evidence, key=lambda item: item.link))
        return {"evidence": written_evidence(links)} if links else {}


def _after_a_forecast(forecasts: Sequence[Forecast]) -> Iterator[Forecast]:
    """Yield the forecasts of one claim, oldest first, without withdrawals that would be their forecaster's first row.

    A forecast that was corrected to a withdrawal has no row, so an import would find nothing that is withdrawn.
    """
    forecasters = set[str]()
    for forecast in forecasts:
        if not forecast.withdrawn:
            forecasters.add(forecast.forecaster)
        if forecast.forecaster in forecasters:
            yield forecast


def _publication_cells(published: Published, speaker: str) -> Cells:
    """Return the cells of a publication that are not empty."""
    cells = {"by": speaker, "said_on": published.said_on, "link": published.link, "source": published.source}
    return {name: text for name, text in cells.items() if text}


def _first_carried(first: Cells, forecasts: Sequence[Cells]) -> int | None:
    """Return the place of the publication's own forecast among those of the first moment; None if it is not there."""
    moments = [cells.get("made_at", cells.get("said_on")) for cells in forecasts]
    of_first = (place for place, moment in enumerate(moments) if moment == moments[0])
    return next((place for place in of_first if _carried_by(first, forecasts[place])), None)


def _carried_by(first: Cells, forecast: Cells) -> bool:
    """Tell whether a publication has a forecast: it has all its cells, or was made on its day without another link."""
    if first.items() <= forecast.items():
        return True
    without_link = {"by": first["by"], "made_at": first["said_on"]}
    return "link" not in first and "said_on" not in forecast and without_link.items() <= forecast.items()


def _moment(forecast: Forecast) -> str:
    """Return when a forecast was made; a day if the moment is the one that a day means."""
    day = forecast.made_at.date()
    return str(day) if forecast.made_at == read_made_at(day) else moment_text(forecast.made_at)
