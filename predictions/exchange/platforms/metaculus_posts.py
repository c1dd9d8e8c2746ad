"""Read the JSON of Metaculus' API: a post or a list of posts, each with a question, a group, or a conditional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from predictions.exchange.platforms.dump import DumpFile
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.metaculus_questions import (
    BINARY,
    SITE,
    AnyShape,
    FieldNames,
    crowd,
    kind_of,
    read_question,
    shape_of_date,
)
from predictions.exchange.platforms.metaculus_shapes import (
    CDF_LENGTH,
    Shape,
    choice_shape,
    number_shape,
    places_between,
)
from predictions.exchange.platforms.metaculus_spans import Span, give_said, spans_of
from predictions.exchange.platforms.rules import settle_days
from predictions.exchange.questions import Account, LeftOut, Question
from predictions.timestamps import end_of

IN_POSTS = FieldNames(
    "id", "title", "label", "type", "open_time", "scheduled_close_time", "resolution", "actual_resolve_time"
)  # fmt: skip
CONTINUOUS = "continuous_range"
MOST_STEPS = 10_000  # of a distribution
CHANCE_LISTS = {"centers": 1, "forecast_values": 2}  # fields with chances, and their length; the last is that of yes


def read_posts(file: DumpFile, usernames: Mapping[str, str]) -> Iterator[Question | Account | LeftOut]:
    """Read the questions of posts; a post without a question, such as a notebook, is skipped.

    The user's own forecasts are under the user's number, or under the name that *usernames* has for it.
    """
    questions, spans = list[Question](), list[Span]()
    for post in file.objects("results"):
        with post:
            number, group, conditional = post.key("id"), post.object("group_of_questions"), post.object("conditional")
            branches = [conditional.object(name) for name in ("question_yes", "question_no")] if conditional else []
            for branch in filter(None, branches):
                yield LeftOut("question", branch.key("id"), "conditional", branch.row)
            single, projects = post.object("question"), post.object("projects")
            categories = projects and projects.if_told("category", ExportRow.objects)
            tags = None if categories is None else [category.key("name") for category in categories]
            for item in [*([single] if single else []), *(group.objects("questions") if group else [])]:
                own: list[Span] = []  # spans of this question, whose place is known only once it is accepted
                for record in _posted(item, number, tags, usernames, own):
                    if isinstance(record, Question):
                        questions.append(record)
                        spans += [span._replace(question=len(questions) - 1) for span in own]
                    else:
                        yield record
    yield from give_said(questions, spans_of(spans), file)
    yield from questions


def _posted(
    item: ExportRow, post: str, tags: list[str] | None, usernames: Mapping[str, str], spans: list[Span]
) -> Iterator[Question | Account | LeftOut]:  # fmt: skip
    """Yield a question, after the accounts of its forecasters; its forecasts are added to *spans*."""
    with item:
        shape = _posted_shape(item)
        question = read_question(item, IN_POSTS, post, shape)
        if isinstance(question, Question):
            question.link = f"{SITE}/{post}/"
            question.fields |= {
                "criteria": item.words("resolution_criteria"),
                "tags": tags,
                "settle_days": _settles(item, question),
            }
            for account, forecast in _forecasts_of_all(item, usernames):
                yield account
                starts_at = forecast.past("start_time", forecast.since_1970("start_time"))
                ends_at = forecast.since_1970("end_time")
                if starts_at is None:
                    raise forecast.fault("start_time", "when was it made?")
                content = _chance_of_yes(forecast) if shape is None else _distribution(forecast, shape)
                spans.append(Span(0, item.row, account.name, content, starts_at, ends_at))
        yield question


def _posted_shape(item: ExportRow) -> AnyShape | None:
    """Return the shape of a question that is not about yes or no; None for any other."""
    kind = kind_of(item, IN_POSTS.kind)
    if kind == "multiple-choice":
        return choice_shape(item.texts("all_options_ever"), item.texts("options"))
    scaling = None if kind == BINARY else item.object("scaling")
    if scaling is None:
        return None
    places = _places_told(scaling)
    if kind == "date":
        return shape_of_date(scaling, CONTINUOUS, places, item, IN_POSTS)
    return number_shape(scaling, CONTINUOUS, places, item.line("unit"))


def _places_told(scaling: ExportRow) -> Sequence[object]:
    """Return the places of a distribution; a discrete question may list its values, which lie between the places."""
    listed, steps = scaling.fields.get(CONTINUOUS), scaling.fields.get("inbound_outcome_count")
    if not isinstance(listed, list) or not listed:
        return _values_of_range(scaling)
    return (_values_of_range(scaling) or listed) if len(listed) == steps else listed


def _values_of_range(scaling: ExportRow) -> list[float]:
    """Return the places of a distribution from its range, if only that is given; none without a range."""
    low, high, zero = (scaling.fields.get(name) for name in ("range_min", "range_max", "zero_point"))
    steps = scaling.fields.get("inbound_outcome_count") or CDF_LENGTH
    numbers = [number for number in (low, high, zero) if number is not None]
    if low is None or high is None or not all(type(number) in {int, float} for number in [*numbers, steps]):
        return []
    if not low < high or not 0 < steps <= MOST_STEPS or (zero is not None and low <= zero <= high):
        raise scaling.fault("range_min", "say a range that rises, and a zero point outside it")
    return places_between(low, high, zero, int(steps))


def _distribution(forecast: ExportRow, shape: AnyShape) -> Mapping[str, object] | str | None:
    """Return a forecast's shares or distribution, None without one, or a text: why it has no place.

    The "centers" of a choice are its shares, as the whole history has them; for a number or date they only sum it up.
    """
    is_choice = isinstance(shape, Shape) and bool(shape.options)
    keys = [key for key in CHANCE_LISTS if forecast.fields.get(key) is not None]
    key = next((key for key in keys if is_choice or key != "centers"), None)
    if key is None:
        return "summed-up" if keys else None
    numbers = forecast.fields[key]
    if not isinstance(numbers, list):
        raise forecast.fault(key, "is no list of numbers")
    return shape.forecast_fields(forecast, key, numbers)


def _settles(item: ExportRow, question: Question) -> int | None:
    """Return the days from the last day of a question to the one on which it is to be resolved."""
    deadline, resolves_at = question.deadline, item.moment("scheduled_resolve_time")
    closes_at = end_of(deadline) if isinstance(deadline, date) else item.moment(IN_POSTS.closes_at)
    return settle_days(closes_at, resolves_at) if closes_at else None


def _forecasts_of_all(item: ExportRow, usernames: Mapping[str, str]) -> Iterator[tuple[Account, ExportRow]]:
    """Yield the user's own forecasts and those of each aggregation, with their accounts."""
    own, aggregations = item.object("my_forecasts"), item.object("aggregations")
    for forecast in _history(own):
        number = forecast.key("author_id")
        yield Account(usernames.get(number, number), user=number), forecast
    for method in aggregations.fields if aggregations else ():
        for forecast in _history(aggregations.object(method) if aggregations else None):
            yield crowd(method, forecast, "forecaster_count"), forecast


def _history(forecasts_of: ExportRow | None) -> list[ExportRow]:
    """Return all forecasts of a history; the latest is in it, often without all that it says, or beside it."""
    if forecasts_of is None:
        return []
    forecasts, latest = forecasts_of.objects("history"), forecasts_of.object("latest")
    if latest is None:
        return forecasts
    starts_at, is_new = latest.fields.get("start_time"), True
    for place, forecast in enumerate(forecasts):
        if forecast.fields.get("start_time") == starts_at:
            told = {name: value for name, value in forecast.fields.items() if value is not None}
            forecasts[place], is_new = forecast._replace(fields={**latest.fields, **told}), False
    return [*forecasts, latest] if is_new else forecasts


def _chance_of_yes(forecast: ExportRow) -> float | None:
    """Return the chance of yes; None if it is hidden."""
    for key, size in CHANCE_LISTS.items():
        values = forecast.fields.get(key)
        if values is not None:
            if not isinstance(values, list) or len(values) != size:
                raise forecast.fault(key, f"is no list of {size}")
            return forecast._replace(fields={key: values[-1]}).chance(key)
    return None
