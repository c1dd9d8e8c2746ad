"""Names of a correction that are no fields of its record: where what they name stands, and how it is put right."""

from __future__ import annotations

from collections.abc import Iterable

from predictions.enums import SourceKind
from predictions.errors import InvalidValue, short_repr
from predictions.other_words import keyword_meant
from predictions.recording.drafts import spelled_fields
from predictions.recording.enter import Desk
from predictions.records import Claim, Forecast, Source, Statement

OF_SOURCE = {
    "said_on": "published",
    "published": "published",
    "published_on": "published",
    "link": "link",
    "source": "title",
}
OF_WHO = ("by", "kind")
HOW_LIKELY = ("words", "quantiles")


def check_names(desk: Desk, claim: Claim, names: Iterable[str]) -> None:
    """Refuse a name that is no field of a claim, where it is said of its source, of who said it, or how likely it is.

    InvalidValue names the call that puts it right. Any other name is left to the record, which knows its own.
    """
    for name in names:
        if name not in Claim.model_fields and (lead := _lead(desk, claim, name)):
            raise InvalidValue(f"claim has no field {short_repr(name)}; {lead}")


def _lead(desk: Desk, claim: Claim, name: str) -> str | None:
    statement = desk.store.revisions(Statement, slug=claim.statement)[-1]
    source = desk.store.revisions(Source, slug=statement.source)[-1]
    if field := OF_SOURCE.get(keyword_meant(name, OF_SOURCE) or ""):
        return _of_source(claim, source, field)
    if keyword_meant(name, OF_WHO) or keyword_meant(name, HOW_LIKELY):
        return _of_forecast(desk, claim, keyword_meant(name, OF_WHO))
    return None


def _of_source(claim: Claim, source: Source, field: str) -> str:
    """Say how the day, the link or the title of its source is corrected; of a day that nothing carries, said anew."""
    if source.kind is SourceKind.SELF:
        return f'a prediction of your own has no source; a link is: ledger.log_evidence("{claim.slug}", LINK, "TITLE")'
    if field == "published" and source.published is None:
        return f'nothing carries its day; it is said anew: ledger.forecast("{claim.slug}", P, by="WHO", made_at="DAY")'
    change = spelled_fields({field: {"published": "DAY", "link": "LINK", "title": "TITLE"}[field]})
    return f'that is of its source: ledger.correct("source {source.slug}", {change}, reason="...")'


def _of_forecast(desk: Desk, claim: Claim, of_who: str | None) -> str:
    """Say how a forecast on it is corrected, or the name or kind of who made it."""
    who = next((forecast.forecaster for forecast in desk.store.revisions(Forecast, claim=claim.slug)), "WHO")
    if of_who:
        change = spelled_fields({"kind": "KIND"} if of_who == "kind" else {"title": "NAME"})
        return f'that is of who forecast: ledger.correct("forecaster {who}", {change}, reason="...")'
    return f'how likely they said it is, is corrected with: ledger.correct("{claim.slug} {who}", p=0.7, reason="...")'
