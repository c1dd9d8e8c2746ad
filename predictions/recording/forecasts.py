"""What `forecast` and `withdraw` record: one probability by one forecaster at one time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from predictions.chances import InWords
from predictions.dates import check_no_empty_cell
from predictions.enums import Bears, ClaimType, ForecasterKind
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, did_you_mean, short_repr, warn
from predictions.fields import check_line, check_slug
from predictions.fits import DISTRIBUTIONS
from predictions.forecaster_names import forecaster_among, no_name
from predictions.numerals import two_places
from predictions.recording.days_ahead import AHEAD, not_to_come
from predictions.recording.days_over import from_the_eve, ways_said
from predictions.recording.distributions import read_distribution, spoken_distribution
from predictions.recording.enter import (
    Desk,
    build,
    check_named,
    enter,
    name_of,
    said_content,
    several,
    the_slug,
)
from predictions.recording.evidence import evidence_named
from predictions.recording.lateness import why_late
from predictions.recording.spelled_forecasts import said_shortly
from predictions.recording.words import numbers_of
from predictions.records import Claim, Evidence, Forecast, Forecaster, Source
from predictions.slugs import account_of_name, resembles, slug_from, slug_of_name, spelled_out
from predictions.storage.claim_queries import claims_of_types, first_or_last_forecast
from predictions.timestamps import read_known, read_made_at


def record_forecast(
    desk: Desk, claim: object, said: Mapping[str, Any], *, by: str | None, made_at: date | str | None = None,
    again: bool = False, reason: str | None = None, at_first: bool = False, kind: object = None,
) -> Forecast:  # fmt: skip
    """Record what somebody says of a claim, unless it stands already.

    Args:
        desk: The open transaction.
        claim: The claim's slug, or the beginning of it.
        said: Fields of a forecast as they were given; numbers may be text, words are read on their scale.
        by: Who says it; the ledger's own `me` unless given.
        made_at: When it was made; now unless given.
        again: Whether it counts as a new forecast although it repeats an earlier one.
        reason: Why the one of that very moment is corrected.
        at_first: Whether it is a no-op if it was ever said, as a forecast is that comes with its claim.
        kind: What a new forecaster is; with it, a name that resembles a known one is taken for somebody new.

    Raises:
        Conflict: The same was said before, and since replaced.
        NotFound: A withdrawal where nothing stands; a forecaster who is probably another, misspelled.
    """
    moment = desk.now if made_at is None else _past(desk, made_at)
    slug = the_slug(desk.store, Claim, claim)
    withdrawn = bool(said.get("withdrawn"))
    fields = {
        **said, "claim": slug, "made_at": moment, "recorded_by": desk.me, "reason": reason,
        **({} if withdrawn else forecast_as_asked(desk, slug, said, new=at_first)),
        "forecaster": _forecaster(desk, by, withdrawn=withdrawn, at_first=at_first, kind=kind),
        "because": _because(desk, slug, said.get("because")),
        **publication_named(desk, said.get("published_in")),
    }  # fmt: skip
    fields.pop("quantiles", None)
    forecast = build(Forecast, fields)
    if forecast.withdrawn and not _said_before(desk, forecast):
        raise NotFound(f"{forecast.forecaster} has no forecast on {slug} to withdraw")
    # Only where no time is given: a forecast with its own day repeats an earlier one on purpose.
    if made_at is None and not again:
        standing = said_already(desk, forecast, at_first=at_first)
        if standing:
            return standing
    entries = desk.writing.entries
    kept = enter(desk, as_recorded(desk, forecast))
    # Said once, when it is recorded: a notebook that runs again a month later must not warn of each old forecast.
    if desk.writing.entries > entries and (late := why_late(desk, kept)):
        warn(f"{late}; this forecast is kept and never scored")
    return kept


def own_forecast(desk: Desk, claim: str, said: Mapping[str, Any]) -> Forecast:
    """Record what the owner says of a claim as it is added: a number, for words are read of what others said."""
    try:
        return record_forecast(desk, claim, said, by=None, at_first=True)
    except InWords as error:
        word = short_repr(error.words)
        raise InvalidValue(f"{word} is not a probability; say what you take it for: p=0.8, or p=80%") from None


def _because(desk: Desk, slug: str, named: object) -> tuple[str, ...]:
    """Return the slugs of the evidence that caused a forecast; a new link is logged."""
    if not several(named, "because"):
        return ()
    return evidence_named(desk, named, desk.store.revisions(Claim, slug=slug)[-1], Bears.CONTEXT)


def forecast_as_asked(desk: Desk, slug: str, said: Mapping[str, Any], *, new: bool) -> dict[str, object]:
    """Read how likely it was said to be, as the type of the claim asks for it."""
    several = said.get("quantiles") is not None or isinstance(said.get("probability"), Mapping)
    if not several and not claims_of_types(desk.store, [slug], DISTRIBUTIONS):
        if all(said.get(name) is None for name in ("probability", "low", "high", "words", "scale")):
            raise InvalidValue("how likely? say a chance such as 35%, or words=, or low= and high=")
        return numbers_of(said)  # the usual case, told without reading the claim
    claim = desk.store.revisions(Claim, slug=slug)[-1]
    if claim.type in DISTRIBUTIONS:
        read = read_distribution(claim, said, new=new)
        desk.writing.remarks.extend(filter(None, [read.remark]))
        desk.writing.said = read.said
        return {"probability": None, **read.fields}
    told = "yes or no" if claim.type is ClaimType.YES_NO else f"of type {claim.type}"
    if said.get("quantiles") is not None:
        raise InvalidValue(f"{slug} is {told}; quantiles= go with a number")
    if isinstance(said.get("probability"), Mapping):
        raise InvalidValue(
            f"{slug} is {told}, so it has one chance; p= of several options or days goes with a choice or a date"
        )
    return numbers_of(said)


def as_recorded(desk: Desk, forecast: Forecast) -> Forecast:
    """Return a forecast as it is recorded: of a date, with the days that were over."""
    if not forecast.days:
        return forecast
    recorded, remark = from_the_eve(desk.store.revisions(Claim, slug=forecast.claim)[-1], forecast)
    desk.writing.remarks.extend(filter(None, [remark]))
    return recorded


def read_kind(word: object) -> ForecasterKind | None:
    """Read what a forecaster is: person, publication, model, crowd; None where it is not said."""
    try:
        return None if word is None else ForecasterKind(str(word))
    except ValueError:
        raise InvalidValue(f"kind: {short_repr(word)} is none; say one of {', '.join(ForecasterKind)}") from None


def _forecaster(desk: Desk, by: str | None, *, withdrawn: bool, at_first: bool, kind: object) -> str:
    """Find the slug of the forecaster; a new one is recorded, unless the name resembles a known one."""
    wanted = read_kind(kind)
    name = check_named(check_line, desk.me if by is None else name_of(by), "by")
    if name is None:
        ways = "" if at_first else "by=NAME, or "
        raise InvalidValue(f"say who forecasts: {ways}Ledger(path, me=), or PREDICTIONS_ME")
    titles = desk.store.titles(Forecaster)
    known = slug_of_name(name, titles)
    if known:
        standing = wanted and desk.store.revisions(Forecaster, slug=known)[-1].kind
        if wanted is not standing:
            raise Conflict(
                f"{known} is on file as a {standing}; that is put right with: "
                f'ledger.correct("forecaster {known}", kind="{wanted}", reason="...")'
            )
        return known
    # "Ana" and an account "ana" of a platform may be two people; only the recorder knows, so nothing is guessed.
    account = account_of_name(name, titles)
    if account and wanted is None and by is not None:
        raise NotFound(
            f"{short_repr(name)} is known from a platform alone, as {account}: by={account!r} if they forecast; "
            'somebody new is recorded with kind="person"'
        )
    slug = slug_from(name, titles, otherwise="forecaster")
    if what := no_name(name):
        when = "; the day it was made is made_at=" if what == "a day" else ""
        keyword = "Ledger(path, me=)" if by is None else "by="
        raise InvalidValue(f"{short_repr(name)} is {what}, and {keyword} is who forecasts{when}")
    if withdrawn and by is not None:
        return forecaster_among(name, titles)
    # A slip would make a second person, with a record of their own that nobody finds; initials resemble too many.
    near = resembles(slug, titles) if spelled_out(name) else None
    if near and wanted is None:
        hint = 'somebody new is recorded with kind="person"'
        raise NotFound(f"no forecaster {short_repr(name)}; did you mean {near!r}? {hint}")
    return enter(desk, build(Forecaster, {"slug": slug, "title": name, "kind": wanted or ForecasterKind.PERSON})).slug


def _past(desk: Desk, made_at: date | str) -> date:
    """Read when a forecast was made; InvalidValue for a moment to come."""
    try:
        moment = read_made_at(made_at)
    except InvalidValue as error:
        if not isinstance(made_at, str) or any(sign.isdigit() for sign in made_at):
            raise InvalidValue(f"made_at: {error}") from None
        if made_at.strip().lower() in {"today", "tomorrow", "now"}:
            raise InvalidValue(f"made_at={short_repr(made_at)} is no moment; leave it out: it is made now") from None
        day = desk.today - timedelta(days=1)
        raise InvalidValue(
            f"made_at={short_repr(made_at)} is no moment; say {day}, or {day}T09:30 with Z or +01:00"
        ) from None
    check_field("made_at", check_no_empty_cell, made_at)
    if moment <= desk.now + AHEAD:
        return moment
    if moment == read_made_at(desk.today):
        raise InvalidValue(
            f"a whole day means its end, in UTC, where {desk.today} is not over; leave made_at out, or say the time"
        )
    raise InvalidValue(
        f"made_at {made_at!s} lies in the future; a forecast is recorded once it is made, "
        f"and in UTC, which days are, it is {desk.now:%Y-%m-%d %H:%M}"
    )


def publication_named(desk: Desk, named: object) -> dict[str, str | None]:
    """Tell whether what carries the forecast is a source or evidence; NotFound where it is neither."""
    slug: str | None = name_of(named)
    if isinstance(slug, str) and "://" in slug:
        log = 'ledger.log_evidence(CLAIM, LINK, "TITLE", published="DAY")'
        raise InvalidValue(f"published_in: {short_repr(slug)} is a link; say the slug that it gets by: {log}")
    if check_named(check_slug, slug, "published_in") is None or desk.store.find(Source.noun, str(slug)) is not None:
        return {"published_in": slug}
    if desk.store.find(Evidence.noun, str(slug)) is not None:
        return {"published_in": None, "published_in_evidence": slug}
    known = [*desk.store.slugs(Source), *desk.store.slugs(Evidence)]
    begun = [name for name in known if name.startswith(str(slug))]
    if len(begun) == 1:
        return publication_named(desk, begun[0])
    near = did_you_mean(slug, known)
    raise NotFound(f"no source or evidence {slug!r} in this ledger{near or ' to have published a forecast'}")


def _said_before(desk: Desk, forecast: Forecast) -> bool:
    """Tell whether there is something to withdraw, logged by hand or imported."""
    series = forecast.claim, forecast.forecaster
    said = [first_or_last_forecast(desk.store, *series, last=False), *desk.store.imported_forecasts({series})]
    return any(one is not None and one.made_at <= forecast.made_at for one in said)


def said_already(desk: Desk, forecast: Forecast, *, at_first: bool) -> Forecast | None:
    """Return the standing forecast, where it says the same; Conflict where an earlier one, since replaced, does."""
    said, series = {**said_content(forecast), "made_at": 0}, (forecast.claim, forecast.forecaster)
    numbers = {name: getattr(forecast, name) for name in ("probability", "low", "high", "withdrawn")}
    alike = desk.store.revisions(Forecast, claim=forecast.claim, forecaster=forecast.forecaster, **numbers)
    same = [one for one in alike if any({**said_content(way), "made_at": 0} == said for way in ways_said(one))]
    same.sort(key=lambda one: one.made_at)
    if not same:
        return None
    standing = first_or_last_forecast(desk.store, *series, last=True) or same[-1]
    last = max([standing, *desk.store.imported_forecasts({series})], key=lambda one: one.made_at)
    if at_first or same[-1] == last:
        return same[-1]
    own = forecast.forecaster == slug_of_name(desk.me, desk.store.titles(Forecaster))
    who, anew = ("you", "you mean it anew") if own else (forecast.forecaster, "it is meant anew")
    before, now = _number(forecast), _number(last)
    now = now if now != before else _what_else(forecast, last)
    raise Conflict(
        f"{who} said {before} on {same[-1].made_at.date()} and {now} since; say again=True if "
        f"{anew}, or made_at= the day it belongs to"
    )


def _number(forecast: Forecast) -> str:
    if forecast.withdrawn:
        return "nothing (withdrawn)"
    if forecast.probability is None:
        *_, forecast = ways_said(forecast)
        return spoken_distribution(forecast) if forecast.low is None else said_shortly(forecast)
    return said_shortly(forecast) if forecast.words else two_places(forecast.probability)


def _what_else(forecast: Forecast, last: Forecast) -> str:
    """Say in what two forecasts of one number differ."""
    names = {"because": "on other evidence", "note": "with another note", "published_in": "in another place"}
    differing = (told for name, told in names.items() if getattr(forecast, name) != getattr(last, name))
    return next((f"the same {told}" for told in differing), "something else")


def not_later(desk: Desk, day: date | str, field: str) -> tuple[date, datetime | None]:
    """Read a day of the past or today, in UTC, and the moment if one is given; InvalidValue for one to come."""
    read, moment = check_field(field, read_known, day)
    not_to_come(field, moment or read, desk.now)
    return read, moment
