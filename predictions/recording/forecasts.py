"""What `forecast` and `withdraw` record: what one forecaster said of one claim at one time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from predictions.chances import InWords, read_chance
from predictions.dates import check_no_empty_cell
from predictions.enums import Bears, ClaimType, ForecasterKind
from predictions.errors import Conflict, InvalidValue, NotFound, check_field, short_repr, warn
from predictions.fields import check_line, check_slug
from predictions.fits import DISTRIBUTIONS
from predictions.forecaster_names import forecaster_among, no_name
from predictions.recording.days_ahead import not_to_come
from predictions.recording.days_over import from_the_eve
from predictions.recording.distributions import read_distribution
from predictions.recording.enter import (
    Desk,
    build,
    check_named,
    enter,
    name_of,
    several,
    the_slug,
)
from predictions.recording.evidence import evidence_named
from predictions.recording.lateness import why_late
from predictions.recording.other_kinds import NOTHING_ELSE, TAKES_A_FORECAST_BACK, of_another_kind
from predictions.recording.repeated_forecasts import said_already, said_before
from predictions.recording.words import numbers_of
from predictions.records import Claim, Evidence, Forecast, Forecaster, Source
from predictions.slugs import (
    account_of_name,
    not_found,
    resembles,
    same_but_for_hyphens,
    slug_from,
    slug_of_name,
    spelled_out,
)
from predictions.storage.claim_queries import claims_of_types
from predictions.timestamps import read_known, read_made_at


def _refuse_exchanged(claim: object, chance: object) -> None:
    """Raise NotFound if the claim and the chance were given in the wrong order; pass for anything else."""
    if isinstance(chance, str) and _is_chance(claim) and not _is_chance(chance):
        right = f"ledger.forecast({chance!r}, {claim!r})"
        raise NotFound(f"no claim {short_repr(claim)} in this ledger; the claim comes first: {right}")


def _is_chance(value: object) -> bool:
    """Return whether a value reads as a probability."""
    with suppress(InvalidValue):
        return read_chance(value) >= 0
    return False


def record_forecast(
    desk: Desk, claim: object, arguments: Mapping[str, Any], *, by: str | None, made_at: date | str | None = None,
    again: bool = False, reason: str | None = None, at_first: bool = False, kind: object = None,
) -> Forecast:  # fmt: skip
    """Record a forecast and return it; if the series' latest forecast is the same, return that one instead.

    Args:
        desk: The open transaction.
        claim: The claim's slug, or a beginning of it.
        arguments: Fields of a forecast as they were given; numbers may be text, words are read on their scale.
        by: The forecaster; None for the ledger's own `me`.
        made_at: When it was made; None for now.
        again: Whether to record it as a new forecast although it repeats an earlier one.
        reason: Why it corrects the forecast on file with the same `made_at`.
        at_first: Whether it comes with its claim; then nothing is recorded if the same forecast was ever made, even if
            it was replaced since.
        kind: The kind of a new forecaster; if given, a name that resembles one on file is taken for a new forecaster's.

    Raises:
        Conflict: The same forecast was made before and replaced since, so it may be a rerun or a change of mind.
        NotFound: There is no forecast to withdraw; or the name is probably a misspelling of one on file.
    """
    moment = desk.now if made_at is None else _past(desk, made_at)
    withdrawn = bool(arguments.get("withdrawn"))
    try:
        slug = the_slug(desk.store, Claim, claim, instead=TAKES_A_FORECAST_BACK if withdrawn else NOTHING_ELSE)
    except NotFound:
        _refuse_exchanged(claim, arguments.get("probability"))
        raise
    fields = {
        **arguments, "claim": slug, "made_at": moment, "recorded_by": desk.me, "reason": reason,
        **({} if withdrawn else forecast_as_asked(desk, slug, arguments, new=at_first)),
        "forecaster": _forecaster(desk, by, withdrawn=withdrawn, at_first=at_first, kind=kind),
        "because": _because(desk, slug, arguments.get("because")),
        **publication_named(desk, arguments.get("published_in")),
    }  # fmt: skip
    fields.pop("quantiles", None)  # no field: they are among `points` now
    forecast = build(Forecast, fields)
    if forecast.withdrawn and not said_before(desk, forecast):
        raise NotFound(f"{forecast.forecaster} has no forecast on {slug} to withdraw")
    # Only if no time is given: whoever names another day repeats a forecast on purpose.
    if made_at is None and not again:
        standing = said_already(desk, forecast, at_first=at_first)
        if standing:
            return standing
    entries_before = desk.writing.entries
    on_file = enter(desk, as_recorded(desk, forecast))
    # Warn only when it is recorded: a notebook that runs again a month later must not warn of each old forecast.
    is_new = desk.writing.entries > entries_before
    if is_new and (lateness := why_late(desk, on_file)):
        warn(f"{lateness}; this forecast is kept and never scored")
    return on_file


def own_forecast(desk: Desk, claim: str, arguments: Mapping[str, Any]) -> Forecast:
    """Record the forecast that the owner gives with a new claim, as a number: words are for what others said."""
    try:
        return record_forecast(desk, claim, arguments, by=None, at_first=True)
    except InWords as error:
        word = short_repr(error.words)
        raise InvalidValue(f"{word} is not a probability; say what you take it for: p=0.8, or p=80%") from None


def _because(desk: Desk, slug: str, named: object) -> tuple[str, ...]:
    """Return the slugs of the evidence named as the cause of a forecast; evidence for a new link is recorded."""
    if not several(named, "because"):
        return ()
    return evidence_named(desk, named, desk.store.revisions(Claim, slug=slug)[-1], Bears.CONTEXT)


def forecast_as_asked(desk: Desk, slug: str, arguments: Mapping[str, Any], *, new: bool) -> dict[str, object]:
    """Read the arguments that say how likely something is as fields of a forecast: one chance, or a distribution.

    Args:
        desk: The open transaction; remarks on how a distribution was read are noted there for the receipt.
        slug: The claim, whose type decides which of the two it is.
        arguments: The arguments: `probability`, `words`, `quantiles` and so on.
        new: Whether the claim is recorded with it, so that a message can offer another range.

    Raises:
        InvalidValue: Nothing was given, or something that does not fit the type of the claim.
    """
    has_several = arguments.get("quantiles") is not None or isinstance(arguments.get("probability"), Mapping)
    if not has_several and not claims_of_types(desk.store, [slug], DISTRIBUTIONS):
        if all(arguments.get(name) is None for name in ("probability", "low", "high", "words", "scale")):
            raise InvalidValue("how likely? say a chance such as 35%, or words=, or low= and high=")
        return numbers_of(arguments)  # the usual case, decided without reading the claim
    claim = desk.store.revisions(Claim, slug=slug)[-1]
    if claim.type in DISTRIBUTIONS:
        distribution = read_distribution(claim, arguments, new=new)
        if distribution.remark:
            desk.writing.remarks.append(distribution.remark)
        desk.writing.quantiles_text = distribution.quantiles_text
        return {"probability": None, **distribution.fields}
    type_words = "yes or no" if claim.type is ClaimType.YES_NO else f"of type {claim.type}"
    if arguments.get("quantiles") is not None:
        raise InvalidValue(f"{slug} is {type_words}; quantiles= go with a number")
    if isinstance(arguments.get("probability"), Mapping):
        raise InvalidValue(
            f"{slug} is {type_words}, so it has one chance; p= of several options or days goes with a choice or a date"
        )
    return numbers_of(arguments)


def as_recorded(desk: Desk, forecast: Forecast) -> Forecast:
    """Return a forecast as it is recorded: for a date, with a chance of 0 on the days that are over."""
    if not forecast.days:
        return forecast
    recorded, remark = from_the_eve(desk.store.revisions(Claim, slug=forecast.claim)[-1], forecast)
    if remark:
        desk.writing.remarks.append(remark)
    return recorded


def read_kind(word: object) -> ForecasterKind | None:
    """Read the kind of a forecaster, such as person or model; None if none is given."""
    try:
        return None if word is None else ForecasterKind(str(word))
    except ValueError:
        raise InvalidValue(f"kind: {short_repr(word)} is none; say one of {', '.join(ForecasterKind)}") from None


def _forecaster(desk: Desk, by: str | None, *, withdrawn: bool, at_first: bool, kind: object) -> str:
    """Return the slug of the forecaster with this name; record a new one, unless the name resembles one on file.

    Args:
        desk: The open transaction.
        by: The name; None for the ledger's own `me`.
        withdrawn: Whether a forecast is withdrawn, which nobody new can do.
        at_first: Whether the forecast comes with its claim; then it is always by `me`.
        kind: What the forecaster is; None if not given. With it, a name that resembles another is a new forecaster.
    """
    wanted_kind = read_kind(kind)
    name = check_named(check_line, desk.me if by is None else name_of(by), "by")
    if name is None:
        ways = "" if at_first else "by=NAME, or "
        raise InvalidValue(f"say who forecasts: {ways}Ledger(path, me=), or PREDICTIONS_ME")
    # A slug is found by itself: where there are thousands of forecasters, reading their titles takes longest of all.
    is_slug = desk.store.find(Forecaster.noun, name) is not None
    titles = {} if is_slug else desk.store.titles(Forecaster)
    slug_on_file = name if is_slug else slug_of_name(name, titles)
    if slug_on_file:
        kind_on_file = desk.store.revisions(Forecaster, slug=slug_on_file)[-1].kind if wanted_kind else None
        if wanted_kind is not kind_on_file:
            raise Conflict(
                f"{slug_on_file} is on file as a {kind_on_file}; that is put right with: "
                f'ledger.correct("forecaster {slug_on_file}", kind="{wanted_kind}", reason="...")'
            )
        remark = "" if is_slug else taken_for(name, slug_on_file, titles[slug_on_file])
        if remark and remark not in desk.writing.remarks:  # `quote` has told it of the speaker
            desk.writing.remarks.append(remark)
        return slug_on_file
    # "Ana" and an account "ana" of a platform may be two people; only the recorder knows, so nothing is guessed.
    account = account_of_name(name, titles)
    if account and wanted_kind is None and by is not None:
        raise NotFound(
            f"{short_repr(name)} is known from a platform alone, as {account}: by={account!r} if they forecast; "
            'somebody new is recorded with kind="person"'
        )
    slug = slug_from(name, titles, otherwise="forecaster")
    if not_a_name := no_name(name):
        hint = "; the day it was made is made_at=" if not_a_name == "a day" else ""
        keyword = "Ledger(path, me=)" if by is None else "by="
        raise InvalidValue(f"{short_repr(name)} is {not_a_name}, and {keyword} is who forecasts{hint}")
    if withdrawn and by is not None:
        return forecaster_among(name, titles)  # raises NotFound: the name is not among them
    # A slip would make a second person, with a record of their own that nobody finds; initials resemble too many.
    near = resembles(slug, titles) if spelled_out(name) else None
    if near and wanted_kind is None:
        hint = 'somebody new is recorded with kind="person"'
        raise NotFound(f"no forecaster {short_repr(name)}; did you mean {near!r}? {hint}")
    new = build(Forecaster, {"slug": slug, "title": name, "kind": wanted_kind or ForecasterKind.PERSON})
    return enter(desk, new).slug


def taken_for(name: str, slug: str, title: str) -> str:
    """Return a remark that a name is taken to be that of a forecaster on file; "" if it clearly is."""
    if name == slug or same_but_for_hyphens(title, name):
        return ""
    return f"{short_repr(name)} is taken to be {title}; somebody else needs another name"


def _past(desk: Desk, made_at: date | str) -> date:
    """Read when a forecast was made; InvalidValue for a moment still to come, and for text that is not a time."""
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
    if moment <= desk.now:
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
    """Return the field of a forecast that names its publication: a source, or a piece of evidence.

    *named* is a slug or the only beginning of one; None gives an empty field. Raises NotFound if nothing has that
    slug, InvalidValue for a link.
    """
    slug: str | None = name_of(named)
    if isinstance(slug, str) and "://" in slug:
        log = 'ledger.log_evidence(CLAIM, LINK, "TITLE", published="DAY")'
        raise InvalidValue(f"published_in: {short_repr(slug)} is a link; say the slug that it gets by: {log}")
    if check_named(check_slug, slug, "published_in") is None or desk.store.find(Source.noun, str(slug)) is not None:
        return {"published_in": slug}
    if desk.store.find(Evidence.noun, str(slug)) is not None:
        return {"published_in": None, "published_in_evidence": slug}
    on_file = [*desk.store.slugs(Source), *desk.store.slugs(Evidence)]
    begun = [name for name in on_file if name.startswith(str(slug))]
    if len(begun) == 1:
        return publication_named(desk, begun[0])
    raise of_another_kind(desk.store, Source, slug, {}) or NotFound(not_found("source or evidence", slug, on_file))


def not_later(desk: Desk, day: date | str, field: str) -> tuple[date, datetime | None]:
    """Read a day that has come, in UTC, and its moment, None for a bare day; InvalidValue for one still to come."""
    read, moment = check_field(field, read_known, day)
    not_to_come(field, moment or read, desk.now)
    return read, moment
