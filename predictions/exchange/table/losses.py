"""Name what a table cannot hold of a record; the receipt of an export counts these names."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.enums import Bears, SourceKind
from predictions.recorded import EvidenceItem
from predictions.recording.evidence import words_of_link
from predictions.recording.quotes import FIRST_READING
from predictions.records import Claim, Forecast, Forecaster, Record, Resolution, Source, Statement
from predictions.slugs import slug_from, slug_of

CORRECTIONS = "earlier revisions of what was corrected"
SPACES = "spaces around a text"  # a cell does not keep them


def of_claim(claim: Claim, statement: Statement, source: Source) -> Iterator[str]:
    """Yield what a table loses of a claim, its statement and its source."""
    yield from ["conditions"] * len(claim.conditions)
    is_own = source.kind is SourceKind.SELF
    losses = {
        "rules of sourcing": claim.sourcing, "claims that another is given": claim.given,
        "links to a claim that is superseded": claim.supersedes, "moments of closing": claim.closes_at,
        "questions of platforms put onto a claim": claim.asked_as,
        "short names of statements": statement.slug != claim.slug,
        "names of readings": not is_own and claim.reading != FIRST_READING,
        "marks that a claim is one's own": is_own,
        SPACES: spaces_around(statement.text, claim.wording, claim.criteria, claim.notes),
        "notes on a statement": statement.notes,
        "marks of a paraphrase": statement.paraphrased,
        "kinds and publishers of sources": source.publisher or source.kind not in {SourceKind.SELF, SourceKind.OTHER},
        CORRECTIONS: claim.revision > 1,
    }  # fmt: skip
    yield from (name for name, value in losses.items() if value)


def of_forecast(forecast: Forecast) -> Iterator[str]:
    """Yield what a table loses of a forecast, apart from its number and its publication."""
    losses = {
        "forecasts with evidence that caused them": forecast.because,
        "marks that a forecaster had seen the crowd": forecast.shown is not None,
        SPACES: spaces_around(forecast.note),
        CORRECTIONS: forecast.revision > 1,
    }  # fmt: skip
    yield from (name for name, value in losses.items() if value)


def spaces_around(*texts: str | None) -> bool:
    """Tell whether any text begins or ends with white space."""
    return any(text is not None and text != text.strip() for text in texts)


def of_forecaster(forecaster: Forecaster) -> Iterator[str]:
    """Yield what a table loses of a forecaster."""
    losses = {
        "sizes, methods and cutoffs of forecasters": forecaster.size or forecaster.method or forecaster.cutoff_on,
        "accounts of forecasters": forecaster.accounts,
        "titles of forecasters": slug_of(forecaster.title) != forecaster.slug,
    }  # fmt: skip
    yield from (name for name, value in losses.items() if value)


def of_verdict(verdict: Resolution) -> Iterator[str]:
    """Yield what a table loses of a verdict, apart from its evidence."""
    losses = {
        "who decided for somebody else": verdict.decided_by not in {None, verdict.recorded_by},
        "platforms that told a verdict": verdict.published_in,
        SPACES: spaces_around(verdict.reason),
    }  # fmt: skip
    yield from (name for name, value in losses.items() if value)


def of_evidence(item: EvidenceItem) -> Iterator[str]:
    """Yield what a table loses of evidence beyond a link with a title."""
    evidence = item.evidence
    kept_fields = {"slug", "link", "title", *Record.model_fields}
    other_fields = evidence.model_dump(exclude=kept_fields, exclude_none=True)
    if other_fields or item.bearing.bears != Bears.CONTEXT or item.event is not None:
        yield "dates, publishers, excerpts and bearings of evidence"
    if evidence.slug != slug_from(words_of_link(evidence.link), (), otherwise="evidence"):
        yield "short names of evidence"
