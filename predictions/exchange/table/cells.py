"""Read the cells of a table, each by its column's own rules; a refusal says what would be right."""

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
_LINK_END = r"(?=\s|$|,(?:\s|$)|;(?:\s|$|https?://|\[))"  # what may follow a link
_MARKED = re.compile(rf"\[((?:[^\]\\]|\\.)*)\]\(\s*(?:<([^<>\s]+)>|(\S+?))\s*\){_LINK_END}")  # [title](link)
_BARE = re.compile(rf"\S+?{_LINK_END}")
_YEARS = range(1000, 10_000)
NO_OUTCOME = "no outcome of a yes-or-no claim; "
NO_VERDICT = "annulled or ambiguous, or leave it empty"
OWN_WORDS = {  # columns in which NA, none, - or ? is a text, not an empty cell
    "outcome", "option", "withdrawn", "impossible", "when", "text", "title", "wording", "criteria", "reason", "note",
    "source",
}  # fmt: skip


def plain_cell(value: object, *, guard: bool = True, words: bool = False) -> object:
    """Return a cell without what a spreadsheet adds: outer spaces, other line ends, the ' in front of a text.

    A text that means an empty cell, such as NA, becomes None, unless the column holds *words* that may be this one.
    Without *guard*, as for JSON, which knows null and has no formulas, only spaces and line ends are changed.

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
    """Return the day for midnight without a zone, by which a spreadsheet or data frame means the day."""
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
    """Return the last day that counts, or words for it, which may need the day on which they were said."""
    year = whole_number(value)
    if year is not None:
        if year not in _YEARS:
            raise BadCell(
                (day_meant(year) or "").removeprefix("is ")
                or "not a day; say one such as 2026-12-31, or 2026, 'Q3 2026', 'June 2026'"
            )
        return str(year)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}\.0", value):  # a year in a column of decimal numbers
        return value[:4]
    if isinstance(value, str) and not re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}.", value):
        return value
    return reworded(whole_day, value)


def read_made(value: object, zone: ZoneInfo | None) -> datetime:
    """Return when a forecast was made: a moment, or the end of a day; in *zone* if one is given."""
    if isinstance(value, str) and (match := _NAIVE.fullmatch(value)) and set(match[2]) <= set("0:."):
        value = match[1]  # a data frame writes a day as its midnight
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
    """Return a day or time that has no zone as a moment in *zone*; other values unchanged."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    value = value.isoformat() if isinstance(value, date) else value
    if isinstance(value, str) and (match := _NAIVE.fullmatch(value)):
        return reworded(lambda _: datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=zone), value)
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        day = reworded(read_known, value)[0]
        following = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return following.astimezone(UTC) - timedelta(microseconds=1)  # a day means its end
    return value


def read_day(value: object) -> date:
    """Return a day; that of a moment if one is given."""
    return reworded(whole_day, value)


def read_day_or_moment(value: object) -> date | datetime:
    """Return a day, or a moment if one is given."""
    day, moment = reworded(read_known, value)
    return moment or day


def _end_of_period(value: object) -> date:
    return read_last_day(day_of_moment(value))


def read_happened(value: object) -> date | str:
    """Return a day, or the text of a month or year if no day is given."""
    span = reworded(iso_span, value) if isinstance(value, str) else None
    if isinstance(value, str) and (month := in_english(value)) and MONTH_OR_YEAR.fullmatch(month):
        raise BadCell(f"written otherwise here; say {month} where the claim asks on which day, else the day")
    return span if span and MONTH_OR_YEAR.fullmatch(span) else read_day(span or value)


def read_verdict(value: object, how: How) -> OutcomeCell:
    """Return an outcome as a cell that its claim will read; words for "no answer" are refused, not guessed at."""
    if str(value).strip().casefold() == "none":
        return OutcomeCell(str(value).strip(), value, fix=NO_VERDICT)  # it may be the name of an option
    if has_no_value(value):
        raise BadCell(NO_VERDICT)
    cell = read_outcome_cell(value, how)
    if not cell.fix:
        return cell
    void = isinstance(value, str) and VOID.fullmatch(value)  # this, too
    empty = ", or leave it empty" if cell.fix.startswith(NO_OUTCOME) else ""
    return replace(cell, fix=NO_VERDICT if void else cell.fix.removeprefix(NO_OUTCOME) + empty)


def read_evidence(value: object) -> tuple[EvidenceLink, ...]:
    """Return the links in a cell, by spaces, line ends or ``;``, perhaps as ``[title](link)``; or in a list."""
    if isinstance(value, (list, tuple)):
        return tuple(link for part in value for link in read_evidence(part))
    if not isinstance(value, str):
        raise BadCell("not a link; say https://...")
    links: dict[EvidenceLink, None] = {}
    position = 0
    while position < len(value):
        if separator := _BETWEEN.match(value, position):
            position = separator.end()
        elif titled := _MARKED.match(value, position):
            title = re.sub(r"\\(.)", r"\1", " ".join(titled[1].split()))
            checked_title = reworded(check_line, title) if title else None
            links[EvidenceLink(reworded(check_link, titled[2] or titled[3]), checked_title)] = None
            position = titled.end()
        else:
            plain = _BARE.match(value, position)
            text = plain[0] if plain else value[position:]
            links[EvidenceLink(reworded(check_link, text), None)] = None
            position += len(text)
    return tuple(links)


def written_evidence(links: tuple[EvidenceLink, ...]) -> str:
    """Return links as one cell that :func:`read_evidence` reads back.

    >>> written_evidence((EvidenceLink("https://a.example/x", "A title"), EvidenceLink("https://c.example", None)))
    '[A title](https://a.example/x) https://c.example'
    """
    return " ".join(_written(link) for link in links)


def _written(link: EvidenceLink) -> str:
    if link.title is None and not set(link.link) & set(";,["):
        return link.link
    title = re.sub(r"([\[\]\\])", r"\\\1", link.title or "")
    needs_no_brackets = not set(link.link) & set("()[];,")
    return f"[{title}]({link.link if needs_no_brackets else f'<{link.link}>'})"


def read_tags(value: object) -> tuple[str, ...]:
    """Return tags as sorted slugs, from ``harbour; City works`` or a list."""
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else [value]
    names = [_text(part).strip() for part in parts if str(part).strip()]
    return tuple(sorted(map(read_slug, set(names))))


def read_slug(value: object) -> str:
    """Return a slug, made of a name if need be; with digits of its own if the letters are not ASCII."""
    return slug_of(_one_line(value), "tag")


def read_option(value: object) -> str:
    """Return the slug of an option."""
    return str(option_slug(_one_line(value)))


def read_claim(value: object) -> str:
    """Return the slug of a claim on file."""
    name = read_name(value)
    try:
        return check_slug(name)
    except ValueError:
        fix = "not a slug, the short name of a claim on file; its words go in the column text"
        raise BadCell(fix) from None


def read_forecaster(value: object) -> str:
    """Return the name of a forecaster; a day, a chance or a link is refused, since it is in the wrong column."""
    name = read_name(value)
    if kind_of_non_name := no_name(name):
        raise BadCell(f"{kind_of_non_name}, and by is who forecasts; say the forecaster's name, or me")
    return name


def read_kind(value: object) -> ForecasterKind:
    """Return the kind of a new forecaster."""
    try:
        return ForecasterKind(str(value).strip().lower())
    except ValueError:
        raise BadCell(f"not a kind; say {', '.join(ForecasterKind)}") from None


def read_count(value: object) -> int:
    """Return a whole number of 0 or more."""
    number = whole_number(value)
    if number is None and isinstance(value, str) and (digits := re.fullmatch(r"([0-9]{1,100})(?:\.0+)?", value)):
        number = int(digits[1])
    if number is None:
        negative = isinstance(value, str) and re.fullmatch("-[0-9]{1,100}", value.strip())
        raise BadCell("below 0; say a whole number from 0" if negative else "not a whole number")
    return int(reworded(check_count, number))


def _yes(value: object) -> bool | None:
    return read_flag(value) or None


def readers(zone: ZoneInfo | None, how: How) -> Mapping[str, Callable[[Any], object]]:
    """Return the function that reads a cell, for each column but chances, which are read as whole columns."""
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
    """Return a moment in UTC; the end of the day for a day."""
    return read_moment(value) if isinstance(value, datetime) else read_made_at(value)
