"""What of a record no row of the table says, by a name that the receipt of an export counts."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.enums import Bears, SourceKind
from predictions.recorded import EvidenceItem
from predictions.recording.evidence import words_of_link
from predictions.recording.quotes import FIRST_READING
from predictions.records import Claim, Forecast, Forecaster, Record, Resolution, Source, Statement
from predictions.slugs import slug_from, slug_of

CORRECTIONS = "earlier revisions of what was corrected"
SPACES = "spaces around a text"  # which a cell does not keep


def of_claim(claim: Claim, statement: Statement, source: Source) -> Iterator[str]:
    """Yield what is lost of a claim, its statement and its source."""
    yield from ["conditions"] * len(claim.conditions)
    own = source.kind is SourceKind.SELF
    told = {
        "rules of sourcing": claim.sourcing, "claims that another is given": claim.given,
        "links to a claim that is superseded": claim.supersedes, "moments of closing": claim.closes_at,
        "questions of platforms put onto a claim": claim.asked_as,
        "short names of statements": statement.slug != claim.slug,
        "names of readings": not own and claim.reading != FIRST_READING,
        "marks that a claim is one's own": own,
        SPACES: spaces_around(statement.text, claim.wording, claim.criteria, claim.notes),
        "notes on a statement": statement.notes,
        "marks of a paraphrase": statement.paraphrased,
        "kinds and publishers of sources": source.publisher or source.kind not in {SourceKind.SELF, SourceKind.OTHER},
        CORRECTIONS: claim.revision > 1,
    }  # fmt: skip
    yield from (what for what, value in told.items() if value)


def of_forecast(forecast: Forecast) -> Iterator[str]:
    """Yield what is lost of a forecast, apart from its number and its publication."""
    told = {
        "forecasts with evidence that caused them": forecast.because,
        "marks that a forecaster had seen the crowd": forecast.shown is not None,
        SPACES: spaces_around(forecast.note),
        CORRECTIONS: forecast.revision > 1,
    }  # fmt: skip
    yield from (what for what, value in told.items() if value)


def spaces_around(*texts: str | None) -> bool:
    """Tell whether any text begins or ends with white space."""
    return any(text is not None and text != text.strip() for text in texts)


def of_forecaster(forecaster: Forecaster) -> Iterator[str]:
    """Yield what is lost of a forecaster."""
    told = {
        "sizes, methods and cutoffs of forecasters": forecaster.size or forecaster.method or forecaster.cutoff_on,
        "accounts of forecasters": forecaster.accounts,
        "titles of forecasters": slug_of(forecaster.title) != forecaster.slug,
    }  # fmt: skip
    yield from (what for what, value in told.items() if value)


def of_verdict(verdict: Resolution) -> Iterator[str]:
    """Yield what is lost of a verdict, apart from its evidence."""
    told = {
        "who decided for somebody else": verdict.decided_by not in {None, verdict.recorded_by},
        "platforms that told a verdict": verdict.published_in,
        SPACES: spaces_around(verdict.reason),
    }  # fmt: skip
    yield from (what for what, value in told.items() if value)


def of_evidence(item: EvidenceItem) -> Iterator[str]:
    """Yield what is lost of evidence that holds more than a link with a title, logged as context."""
    evidence = item.evidence
    plain = {"slug", "link", "title", *Record.model_fields}
    said = evidence.model_dump(exclude=plain, exclude_none=True)
    if said or item.bearing.bears != Bears.CONTEXT or item.event is not None:
        yield "dates, publishers, excerpts and bearings of evidence"
    if evidence.slug != slug_from(words_of_link(evidence.link), (), otherwise="evidence"):
        yield "short names of evidence"
