"""What one cell of the table may hold, read by the field's own rules; a refusal says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from predictions.dates import check_no_empty_cell, read_last_day
from predictions.enums import ForecasterKind
from predictions.exchange.questions import EvidenceLink
from predictions.exchange.table.type_cells import read_options, read_range
from predictions.fields import check_count, check_line, check_link, check_slug, check_text
from predictions.forecaster_names import no_name
from predictions.horizons import iso_span
from predictions.importing.cells import (
    BadCell,
    cell_as_text,
    has_no_text,
    has_no_value,
    is_missing,
    read_flag,
    read_line,
    read_name,
    reworded,
    unguarded,
    whole_number,
)
from predictions.importing.outcome_cells import OutcomeCell, read_outcome_cell
from predictions.importing.several import read_measure, read_quantiles
from predictions.importing.tables import How
from predictions.option_names import option_slug
from predictions.other_days import day_meant, in_english
from predictions.recording.outcomes import VOID
from predictions.recording.resolutions import MONTH_OR_YEAR
from predictions.slugs import slug_of
from predictions.timestamps import day_of_moment, read_known, read_made_at, read_moment, whole_day

_NAIVE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)")
_BETWEEN = re.compile(r"[\s;]+|,(?=\s|$)")
_LINK_END = r"(?=\s|$|,(?:\s|$)|;(?:\s|$|https?://|\[))"  # what comes after a link
_MARKED = re.compile(
    rf"\[((?:[^\]\\]|\\.)*)\]\(\s*(?:<([^<>\s]+)>|(\S+?))\s*\){_LINK_END}"
)  # [title](link), or (<link>)
_BARE = re.compile(rf"\S+?{_LINK_END}")
_YEARS = range(1000, 10_000)
NO_OUTCOME = "no outcome of a yes-or-no claim; "
NO_VERDICT = "annulled or ambiguous, or leave it empty"
OWN_WORDS = {  # columns in which NA, none, - or ? is what somebody wrote, and no empty cell
    "outcome", "option", "withdrawn", "impossible", "when", "text", "title", "wording", "criteria", "reason", "note",
    "source",
}  # fmt: skip


def plain_cell(value: object, *, guard: bool = True, words: bool = False) -> object:
    """Strip what a spreadsheet puts around a cell: outer spaces, other ends of lines, the sign that guards text.

    Text that stands for an empty cell, such as NA, is None, unless the column holds *words*, one of which it may be.
    Without *guard* all is text, as in JSON, which knows null and no formulas.

    >>> plain_cell(" '=1+1 "), plain_cell("''- ok"), plain_cell("'tis"), plain_cell("NA")
    ('=1+1', "'- ok", "'tis", None)
    """
    if not isinstance(value, str):
        return None if is_missing(value) else _midnight_as_day(value)
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if guard and (has_no_text(text) if words else has_no_value(text)):
        return None
    return (unguarded(text) if guard else text) or None


def _midnight_as_day(value: object) -> object:
    """Return the day where a cell holds midnight without a zone: a spreadsheet or a data frame means the day by it."""
    if type(value).__name__ == "datetime64":
        value = value.astype("datetime64[us]").item()  # type: ignore[attr-defined]  # numpy's, which is not loaded here
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == time.min:
        return value.date()
    return value


def _text(value: object) -> str:
    """Return a cell as text, whatever type the file gave it."""
    if isinstance(value, (list, dict, bytes)):
        raise BadCell("not text")
    return str(reworded(check_text, cell_as_text(value)))


def _one_line(value: object) -> str:
    return str(reworded(check_line, cell_as_text(value)))


def read_deadline(value: object) -> date | str:
    """Return the last day that counts, or words that may be read as one once it is known when they were said."""
    year = whole_number(value)
    if year is not None:
        if year not in _YEARS:
            raise BadCell(
                (day_meant(year) or "").removeprefix("is ")
                or "not a day; say one such as 2026-12-31, or 2026, 'Q3 2026', 'June 2026'"
            )
        return str(year)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}\.0", value):  # as a column of numbers writes its years
        return value[:4]
    if isinstance(value, str) and not re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}.", value):
        return value
    return reworded(whole_day, value)


def read_made(value: object, zone: ZoneInfo | None) -> datetime:
    """Read when a forecast was made: a moment, or a day, which means its end; in the *zone*, if one is given."""
    if isinstance(value, str) and (match := _NAIVE.fullmatch(value)) and set(match[2]) <= set("0:."):
        value = match[1]  # as a data frame writes the midnights that stand for days
    if zone is not None:
        value = _in_zone(value, zone)
    elif _has_no_zone(value):
        raise BadCell("no zone; say it, as in ...Z or +02:00; or zone='Europe/Berlin', if all are from there")
    moment = reworded(read_made_at, value)
    reworded(lambda given: check_no_empty_cell(given, moment), value)
    return moment


def _has_no_zone(value: object) -> bool:
    return (isinstance(value, datetime) and value.tzinfo is None) or (
        isinstance(value, str) and _NAIVE.fullmatch(value) is not None
    )


def _in_zone(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str) and (match := _NAIVE.fullmatch(value)):
        return reworded(lambda _: datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=zone), value)
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        day = reworded(read_known, value)[0]
        following = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return following.astimezone(UTC) - timedelta(microseconds=1)
    return value


def read_day(value: object) -> date:
    """Return a whole day, or that of a moment."""
    return reworded(whole_day, value)


def read_day_or_moment(value: object) -> date | datetime:
    """Return a day, or a moment where one is given."""
    day, moment = reworded(read_known, value)
    return moment or day


def _end_of_period(value: object) -> date:
    return read_last_day(day_of_moment(value))


def read_happened(value: object) -> date | str:
    """Return a day; or a month or a year, where a date is not known more closely."""
    named = reworded(iso_span, value) if isinstance(value, str) else None
    if isinstance(value, str) and (month := in_english(value)) and MONTH_OR_YEAR.fullmatch(month):
        raise BadCell(f"written otherwise here; say {month} where the claim asks on which day, else the day")
    return named if named and MONTH_OR_YEAR.fullmatch(named) else read_day(named or value)


def read_verdict(value: object, how: How) -> OutcomeCell:
    """Return an outcome; what platforms say of a question without an answer is not guessed at."""
    if str(value).strip().casefold() == "none":
        return OutcomeCell(str(value).strip(), value, fix=NO_VERDICT)  # unless an option is called so
    if has_no_value(value):
        raise BadCell(NO_VERDICT)
    cell = read_outcome_cell(value, how)
    if not cell.fix:
        return cell
    void = isinstance(value, str) and VOID.fullmatch(value)  # unless an option is called so
    empty = ", or leave it empty" if cell.fix.startswith(NO_OUTCOME) else ""
    return replace(cell, fix=NO_VERDICT if void else cell.fix.removeprefix(NO_OUTCOME) + empty)


def read_evidence(value: object) -> tuple[EvidenceLink, ...]:
    """Read links, separated by spaces, new lines or ``;``, or with titles as ``[title](link)``; or a list of them."""
    if isinstance(value, (list, tuple)):
        return tuple(link for part in value for link in read_evidence(part))
    if not isinstance(value, str):
        raise BadCell("not a link; say https://...")
    links: dict[EvidenceLink, None] = {}
    place = 0
    while place < len(value):
        if between := _BETWEEN.match(value, place):
            place = between.end()
        elif marked := _MARKED.match(value, place):
            title = re.sub(r"\\(.)", r"\1", " ".join(marked[1].split()))
            named = reworded(check_line, title) if title else None
            links[EvidenceLink(reworded(check_link, marked[2] or marked[3]), named)] = None
            place = marked.end()
        else:
            bare = _BARE.match(value, place)
            text = bare[0] if bare else value[place:]
            links[EvidenceLink(reworded(check_link, text), None)] = None
            place += len(text)
    return tuple(links)


def written_evidence(links: tuple[EvidenceLink, ...]) -> str:
    """Write links as one cell that :func:`read_evidence` reads back.

    >>> written_evidence((EvidenceLink("https://a.example/x", "A title"), EvidenceLink("https://c.example", None)))
    '[A title](https://a.example/x) https://c.example'
    """
    return " ".join(_written(link) for link in links)


def _written(link: EvidenceLink) -> str:
    if link.title is None and not set(link.link) & set(";,["):
        return link.link
    title = re.sub(r"([\[\]\\])", r"\\\1", link.title or "")
    plain = not set(link.link) & set("()[];,")
    return f"[{title}]({link.link if plain else f'<{link.link}>'})"


def read_tags(value: object) -> tuple[str, ...]:
    """Read tags as slugs, sorted: ``harbour; City works``; or a list of them."""
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else [value]
    names = [_text(part).strip() for part in parts if str(part).strip()]
    return tuple(sorted(map(read_slug, set(names))))


def read_slug(value: object) -> str:
    """Return a slug, or the one that is made of a name; a name whose letters none can hold gets digits of its own."""
    return slug_of(_one_line(value), "tag")


def read_option(value: object) -> str:
    """Return the slug of an option."""
    return str(option_slug(_one_line(value)))


def read_claim(value: object) -> str:
    """Return the slug of a claim."""
    name = read_name(value)
    try:
        return check_slug(name)
    except ValueError:
        why = "not a slug, the short name of a claim on file; its words go in the column text"
        raise BadCell(why) from None


def read_forecaster(value: object) -> str:
    """Return the name of a forecaster; a day, a chance or a link stands in the wrong column."""
    name = read_name(value)
    if what := no_name(name):
        raise BadCell(f"{what}, and by is who forecasts; say the forecaster's name, or me")
    return name


def read_kind(value: object) -> ForecasterKind:
    """Return what a new forecaster is."""
    try:
        return ForecasterKind(str(value).strip().lower())
    except ValueError:
        raise BadCell(f"not a kind; say {', '.join(ForecasterKind)}") from None


def read_count(value: object) -> int:
    """Return a whole number from 0."""
    number = whole_number(value)
    if number is None and isinstance(value, str) and re.fullmatch("[0-9]{1,100}", value):
        number = int(value)
    if number is None:
        raise BadCell("not a whole number")
    return int(reworded(check_count, number))


def _yes(value: object) -> bool | None:
    return read_flag(value) or None


def readers(zone: ZoneInfo | None, how: How) -> Mapping[str, Callable[[Any], object]]:
    """Return how the cells of each column are read, except chances, which are read column by column."""
    measure = partial(read_measure, decimal=how.decimal)
    return {
        "text": _text, "deadline": read_deadline, "claim": read_claim, "id": read_name, "by": read_forecaster,
        "words": _one_line, "scale": _one_line, "made_at": partial(read_made, zone=zone),
        "said_on": read_day_or_moment, "link": partial(reworded, check_link), "source": read_line, "kind": read_kind,
        "opens_on": read_day, "at_least": read_count, "outcome": partial(read_verdict, how=how),
        "known_on": read_day_or_moment, "happened_on": read_happened, "reason": _text, "impossible": _yes,
        "evidence": read_evidence, "criteria": _text, "wording": _text, "tags": read_tags, "cluster": read_slug,
        "settle_days": read_count, "title": _one_line, "note": _text, "withdrawn": _yes,
        "options": read_options, "unit": _one_line, "between": partial(read_range, decimal=how.decimal),
        "when": read_flag, "quantiles": partial(read_quantiles, decimal=how.decimal),
        "option": read_option, "day": partial(reworded, _end_of_period), "at": measure, "value": measure,
    }  # fmt: skip


def utc_moment(value: date | datetime) -> datetime:
    """Return the moment that a day, by its end, or a moment is."""
    return read_moment(value) if isinstance(value, datetime) else read_made_at(value)
