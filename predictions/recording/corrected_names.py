"""Names in a correction of a claim that belong to another record, and the call that corrects that one."""

from __future__ import annotations

from collections.abc import Iterable

from predictions.enums import SourceKind
from predictions.errors import InvalidValue, short_repr
from predictions.other_words import keyword_meant
from predictions.recording.enter import Desk
from predictions.recording.spelled_fields import spelled_fields
from predictions.records import Claim, Forecast, Source, Statement

OF_SOURCE = {  # by name, the field of a source that it means
    "said_on": "published",
    "published": "published",
    "published_on": "published",
    "link": "link",
    "source": "title",
}
OF_WHO = ("by", "kind")
HOW_LIKELY = ("words", "quantiles")


def check_names(desk: Desk, claim: Claim, names: Iterable[str]) -> None:
    """Refuse a name that is not a field of a claim but belongs to its source, its forecaster or its forecast.

    Raises InvalidValue, with the call that corrects that record. Any other unknown name is left to the claim's own
    check.
    """
    for name in names:
        if name not in Claim.model_fields and (advice := _advice(desk, claim, name)):
            raise InvalidValue(f"claim has no field {short_repr(name)}; {advice}")


def _advice(desk: Desk, claim: Claim, name: str) -> str | None:
    """Return how to correct what a name belongs to; None for a name that means nothing else."""
    statement = desk.store.revisions(Statement, slug=claim.statement)[-1]
    source = desk.store.revisions(Source, slug=statement.source)[-1]
    if field := OF_SOURCE.get(keyword_meant(name, OF_SOURCE) or ""):
        return _of_source(claim, source, field)
    if keyword_meant(name, OF_WHO) or keyword_meant(name, HOW_LIKELY):
        return _of_forecast(desk, claim, keyword_meant(name, OF_WHO))
    return None


def _of_source(claim: Claim, source: Source, field: str) -> str:
    """Return how to correct the day, the link or the title of a claim's source.

    A day without a link is no field of the source; it is given with a forecast.
    """
    if source.kind is SourceKind.SELF:
        return f'a prediction of your own has no source; a link is: ledger.log_evidence("{claim.slug}", LINK, "TITLE")'
    if field == "published" and source.published is None:
        return f'nothing carries its day; it is said anew: ledger.forecast("{claim.slug}", P, by="WHO", made_at="DAY")'
    change = spelled_fields({field: {"published": "DAY", "link": "LINK", "title": "TITLE"}[field]})
    return f'that is of its source: ledger.correct("source {source.slug}", {change}, reason="...")'


def _of_forecast(desk: Desk, claim: Claim, of_who: str | None) -> str:
    """Return how to correct a forecast on the claim or, with *of_who*, the name or kind of its forecaster."""
    who = next((forecast.forecaster for forecast in desk.store.revisions(Forecast, claim=claim.slug)), "WHO")
    if of_who:
        change = spelled_fields({"kind": "KIND"} if of_who == "kind" else {"title": "NAME"})
        return f'that is of who forecast: ledger.correct("forecaster {who}", {change}, reason="...")'
    return f'how likely they said it is, is corrected with: ledger.correct("{claim.slug} {who}", p=0.7, reason="...")'
