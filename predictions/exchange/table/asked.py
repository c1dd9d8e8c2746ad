"""Read forecasts and outcomes of a file as the type of their claim asks: choices, numbers, dates, or yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from predictions.errors import InvalidValue
from predictions.exchange.questions import RowFault, Verdict
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.type_cells import OptionsCell, RangeCell
from predictions.fits import DISTRIBUTIONS, check_said
from predictions.numerals import in_percent, range_as_text
from predictions.option_names import in_order_of_options
from predictions.recording.claim_types import type_of
from predictions.recording.days_over import from_the_eve
from predictions.recording.distributions import read_distribution
from predictions.recording.enter import build
from predictions.recording.outcomes import read_verdict
from predictions.records import Claim, DayChance, Forecast, Point, Share
from predictions.timestamps import EPOCH

TYPE_COLUMNS_ASKED = ("options", "unit", "between", "when")  # columns that give a claim's type
FIELDS_OF_NUMBER = {"unit": ("unit",), "between": ("low", "high", "scale")}
PART_OF = {"shares": Share, "points": Point, "days": DayChance}
_KEYWORDS = re.compile(
    r"\b(?P<map>p|quantiles)=\{(?P<pairs>[^{}]*)\}|\bbetween=\((?P<ends>[^()]*)\)"
    r"|\b(?P<name>p|options|ordered|unit|between|quantiles|when|at_least|conditions|words|scale|low|high|happened_on)="
    r"(?:True\b)?(?:\"(?P<figure>[0-9.%]+)\")?(?P<value>(?=\w))?"
)


def terms_on_file(text: str, fields: Mapping[str, object]) -> dict[str, object]:
    """Return what the columns of a row say of the type of a claim on file, which knows the rest; see `terms_of`."""
    placeholders = {"unit": "units", "between": RangeCell(0, 1, log=False)}
    of_number = any(fields.get(name) is not None for name in placeholders)
    asked = {name: value for name, value in placeholders.items() if of_number and fields.get(name) is None}
    hidden = {field for name in asked for field in FIELDS_OF_NUMBER[name]}
    terms = terms_of(text, {**fields, **asked}, ())
    return {name: value for name, value in terms.items() if name not in hidden}


def terms_of(text: str, fields: Mapping[str, object], said: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return a claim's type and the fields that go with it.

    Args:
        text: The wording of the claim.
        fields: Its columns.
        said: The fields of all forecasts on it, which may show the type: several chances, or quantiles.

    Raises:
        RowFault: Columns and forecasts do not go together.
    """
    options, between = fields.get("options"), fields.get("between")
    terms: dict[str, object] = {name: fields.get(name) for name in ("unit", "when", "at_least")}
    if isinstance(options, OptionsCell):
        terms |= {"options": options.names, "ordered": options.ordered}
    if isinstance(between, RangeCell):
        terms["between"] = (*between[:2], "log") if between.log else between[:2]
    chances = [forecast.get("probability") for forecast in said]
    chance_by_part = next((chance for chance in chances if isinstance(chance, Mapping)), None)
    curves = (forecast[name] for forecast in said for name in ("quantiles", "points") if name in forecast)
    terms["quantiles"] = next(curves, None)
    try:
        return type_of(text, chance_by_part, terms)
    except InvalidValue as error:
        column = next((name for name in (*TYPE_COLUMNS_ASKED, "quantiles") if terms.get(name)), "p")
        raise RowFault(column, in_cells(str(error))) from None


class AsAsked(NamedTuple):
    """The fields of a forecast, and how they were changed from what was said: ``mended``, ``drawn`` or not (empty)."""

    fields: Mapping[str, object]
    made: str = ""


def forecast_fields(claim: Claim, fields: Mapping[str, object]) -> AsAsked:
    """Return a forecast's fields as its claim's type takes them; InvalidValue if it asks for something else."""
    how_changed = ""
    if len(fields) == 1 and type(fields.get("probability")) is float and claim.type not in DISTRIBUTIONS:
        return AsAsked(fields)  # the usual case, answered fast
    is_several = isinstance(fields.get("probability"), Mapping) or "quantiles" in fields
    in_parts = not fields.keys().isdisjoint(PART_OF)
    if "withdrawn" in fields or not (is_several or in_parts or claim.type in DISTRIBUTIONS):
        return AsAsked(fields)
    if claim.type in DISTRIBUTIONS and not in_parts:
        other_fields = {name: value for name, value in fields.items() if name not in {"probability", "quantiles"}}
        distribution = read_distribution(claim, fields)
        fields, how_changed = {**other_fields, **distribution.fields}, distribution.made
    fields = in_order_of_options(fields, claim.options)
    if is_several and claim.type not in DISTRIBUTIONS:
        raise InvalidValue(f"{claim.slug} is of type {claim.type}, so it takes one chance: 35%")
    parts = {name: tuple(PART_OF[name](**part) for part in fields[name]) for name in PART_OF if name in fields}  # type: ignore[attr-defined]  # lists of parts
    fields = {**fields, **parts}
    placeholders = {"claim": claim.slug, "forecaster": "forecaster", "made_at": EPOCH}
    check_said(claim, build(Forecast, {**fields, **placeholders}))
    return AsAsked(fields, how_changed)


def misread_type(claim: Claim, cells: Mapping[str, object], by: str | None) -> RowFault | None:
    """Return the fault of a cell that was refused as a chance of yes or no, on a claim of another type; else None."""
    column = next((name for name in (f"{PERSON}{by}", "p") if cells.get(name) is not None), None)
    if column is None or claim.type not in DISTRIBUTIONS or "=" in str(cells[column]):
        return None
    try:
        read_distribution(claim, {"probability": str(cells[column])})
    except InvalidValue as error:
        return RowFault(column, in_cells(str(error)))
    return None


def dated_beginning(claim: Claim, fields: Mapping[str, object], made_at: datetime) -> str:
    """Return ``begun`` if chances of a date get a 0 on the day before they were said; else empty."""
    if "days" not in fields:
        return ""
    forecast = build(Forecast, {**fields, "claim": claim.slug, "forecaster": "forecaster", "made_at": made_at})
    return "begun" if from_the_eve(claim, forecast)[0] != forecast else ""


def typed_outcome(claim: Claim, verdict: Verdict) -> Verdict:
    """Return a verdict with the outcome that its claim's type takes: an option, a value, or yes with its day."""
    if claim.type not in DISTRIBUTIONS:
        return verdict
    parsed = read_verdict(claim, verdict.outcome if verdict.cell is None else verdict.cell.of(claim))
    outcome = next((value for value in (parsed.option, parsed.value) if value is not None), parsed.outcome)
    if parsed.happened_on and verdict.happened_on and str(parsed.happened_on) != str(verdict.happened_on):
        raise InvalidValue(f"outcome says {parsed.happened_on}, happened_on {verdict.happened_on}; say the day once")
    happened_on = parsed.happened_on or verdict.happened_on
    if happened_on and verdict.known_on and str(happened_on) > str(verdict.known_on)[: len(str(happened_on))]:
        raise InvalidValue(f"it happened on {happened_on}, after the day on which that was known, {verdict.known_on}")
    return verdict._replace(outcome=outcome, happened_on=happened_on)


def in_cells(sentence: str) -> str:
    """Reword a message of the verbs for a table: arguments become cells.

    >>> in_cells("the others leave 0.20: add p={'google': 0.2}; unit= goes with between=(0, 10)")
    'the others leave 0.20: add google=20%; unit goes with between 0..10'
    >>> in_cells('say what you take it for: low="20%", high="60%"')
    'say what you take it for: low 20%, high 60%'
    >>> in_cells("say how likely at most some values: quantiles={.1: 2.5, .5: 4}")
    'say how likely at most some values: 10%=2.5; 50%=4 in the column quantiles'
    """

    def as_cells(match: re.Match[str]) -> str:
        """Return one argument as a table says it."""
        if match["pairs"]:
            pairs = [pair.replace("'", "").split(": ") for pair in match["pairs"].split(", ")]
            if match["map"] == "p":
                return "; ".join(f"{name}={in_percent(chance)}" for name, chance in pairs)
            quantiles = "; ".join(f"{in_percent(chance)}={value}" for chance, value in pairs)
            return f"{quantiles} in the column quantiles"
        if match["ends"]:
            return f"between {range_as_text(match['ends'])}"
        if match["figure"]:
            return f"{match['name']} {match['figure']}"
        return match["name"] + (" " if match["value"] is not None else "")

    return _KEYWORDS.sub(as_cells, sentence)
