"""Read PredictionBook: the JSON of its API, and the CSV of your own predictions, which has no forecasts."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.enums import Outcome, SourceKind
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.questions import LeftOut, Platform, Question, Verdict
from predictions.exchange.said import SaidForecast

PLATFORM = Platform("predictionbook", "PredictionBook", SourceKind.PLATFORM, "https://predictionbook.com")
TRUTHS = {"true": True, "false": False}
CREATED_AT, DEADLINE, JUDGED_AT, UPDATED_AT = TIMES = ("created_at", "deadline", "last_judgement_at", "updated_at")
DESCRIPTION, ASKED_BY, OUTCOME, IS_WITHDRAWN, MEAN, GROUP, RESPONSES = (
    "description_with_group", "creator_label", "outcome", "withdrawn", "mean_confidence", "prediction_group_id",
    "responses",
)  # fmt: skip
IN_CSV = ("id", *TIMES, DESCRIPTION, ASKED_BY, OUTCOME, IS_WITHDRAWN, MEAN)


def read_predictionbook(dump: Dump, options: Options) -> Iterator[Question | LeftOut]:
    """Read JSON with one prediction or many, and CSV."""
    for file in dump.files:
        items = file.objects("predictions") if file.is_json else list(map(_with_offsets, file.rows(*IN_CSV)))
        dump.spell({"text": DESCRIPTION, "made_at": CREATED_AT, "known_on": JUDGED_AT})
        for item in items:
            yield from _prediction(item)


def _with_offsets(row: ExportRow) -> ExportRow:
    """Return a row of CSV whose times end on UTC with offsets instead."""
    times = {name: row.fields[name].replace(" UTC", "Z") for name in TIMES}
    return row._replace(fields={**row.fields, **times})


def _prediction(item: ExportRow) -> Iterator[Question | LeftOut]:
    """Yield one prediction with its responses, and what is left out of it."""
    with item:
        key, closes_at = item.key("id"), item.moment(DEADLINE)
        made_at = item.needed(CREATED_AT, item.moment(CREATED_AT))
        text, verdict = item.needed(DESCRIPTION, item.words(DESCRIPTION)), _judgement(item)
        responses = list(_responses(item))
        if closes_at is not None and closes_at < made_at:
            yield LeftOut("question", key, "due-before-made", item.row)
            return
        fields: dict[str, object] = {"criteria": "As judged on PredictionBook.", "closes_at": closes_at}
        if item.has(GROUP):
            fields["cluster"] = f"group-{item.key(GROUP)}"
        yield Question(
            item.row, id=key, text=text, opens_on=made_at.date(), speaker=item.line(ASKED_BY), fields=fields,
            link=f"{PLATFORM.link}/predictions/{key}", verdict=verdict,
            said=[response for response in responses if isinstance(response, SaidForecast)],
        )  # fmt: skip
        yield from (LeftOut("forecast", key, response, item.row) for response in responses if isinstance(response, str))


def _judgement(item: ExportRow) -> Verdict | None:
    """Return the verdict, None if there is none yet; a judgement without an outcome is ambiguous.

    A withdrawn prediction is annulled. The export gives no day for that, only when it was last updated.
    """
    is_withdrawn, came_true = _truth(item, IS_WITHDRAWN), _truth(item, OUTCOME)
    field = UPDATED_AT if is_withdrawn else JUDGED_AT
    known_at = item.past(field, item.moment(field))
    if known_at is None and not is_withdrawn and came_true is None:
        return None
    if is_withdrawn or came_true is None:
        item.check_tells(OUTCOME)
        outcome = Outcome.ANNULLED if is_withdrawn else Outcome.AMBIGUOUS
        return Verdict(item.row, outcome, known_at, at_latest=bool(is_withdrawn))
    return Verdict(item.row, Outcome.YES if came_true else Outcome.NO, known_at)


def _truth(item: ExportRow, key: str) -> bool | None:
    """Return a field as true or false, given as such or as a word; None if it is empty."""
    value = item.fields.get(key)
    return value if isinstance(value, bool) else item.word(key, TRUTHS)


def _responses(item: ExportRow) -> Iterator[SaidForecast | str]:
    """Yield responses with a chance, and for others why they are left out; a mean of all is nobody's forecast."""
    if RESPONSES not in item.fields:
        if item.chance(MEAN, percent=True):
            yield "mean-of-all-responses"
        return
    for response in item.objects(RESPONSES):
        chance, comment = response.chance("confidence", percent=True), response.words("comment")
        made_at = response.past(CREATED_AT, response.moment(CREATED_AT))
        if chance is None:
            yield "comment-only" if comment else "hidden"
            continue
        if 0 < 100 * chance < 1:  # which the site does not take; what is meant may be 55 %
            raise response.fault("confidence", "say it in whole percent, such as 55")
        if made_at is None:
            raise response.fault(CREATED_AT, "when was it made?")
        fields = {"probability": chance, **({"note": comment} if comment else {})}
        user = response.optional_key("user_id")
        yield SaidForecast(item.row, response.line("user_label"), made_at, fields, user=user)
