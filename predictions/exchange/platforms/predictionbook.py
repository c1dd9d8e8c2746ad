"""PredictionBook: what its API answers in JSON, and the CSV of your own predictions, which holds no forecasts."""

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
    """Read JSON, of one prediction or of many, and CSV."""
    for file in dump.files:
        items = file.objects("predictions") if file.is_json else list(map(_with_offsets, file.rows(*IN_CSV)))
        dump.spell({"text": DESCRIPTION, "made_at": CREATED_AT, "known_on": JUDGED_AT})
        for item in items:
            yield from _prediction(item)


def _with_offsets(row: ExportRow) -> ExportRow:
    """Write the times of a row of CSV, which end on UTC, with an offset."""
    times = {name: row.fields[name].replace(" UTC", "Z") for name in TIMES}
    return row._replace(fields={**row.fields, **times})


def _prediction(item: ExportRow) -> Iterator[Question | LeftOut]:
    """Read one prediction and its responses."""
    with item:
        key, closes_at, made_at = (
            item.key("id"),
            item.moment(DEADLINE),
            item.needed(CREATED_AT, item.moment(CREATED_AT)),
        )
        text, verdict, found = (
            item.needed(DESCRIPTION, item.words(DESCRIPTION)),
            _judgement(item),
            list(_responses(item)),
        )
        undated = verdict is not None and verdict.known_on is None
        if closes_at is not None and closes_at < made_at:
            yield LeftOut("question", key, "due-before-made", item.row)
            return
        fields: dict[str, object] = {"criteria": "As judged on PredictionBook.", "closes_at": closes_at}
        if item.has(GROUP):
            fields["cluster"] = f"group-{item.key(GROUP)}"
        yield Question(
            item.row, id=key, text=text, opens_on=made_at.date(), speaker=item.line(ASKED_BY), fields=fields,
            link=f"{PLATFORM.link}/predictions/{key}", verdict=None if undated else verdict, verdict_told=not undated,
            said=[said for said in found if isinstance(said, SaidForecast)],
        )  # fmt: skip
        yield from (LeftOut("forecast", key, why, item.row) for why in found if isinstance(why, str))
        if undated:
            yield LeftOut("verdict", key, "undated", item.row)


def _judgement(item: ExportRow) -> Verdict | None:
    """Return how it was judged: as unknown where it was judged without an outcome.

    A withdrawn one is annulled; when that was is not told, only when it was last touched.
    """
    withdrawn, outcome = _truth(item, IS_WITHDRAWN), _truth(item, OUTCOME)
    field = UPDATED_AT if withdrawn else JUDGED_AT
    known_at = item.past(field, item.moment(field))
    if known_at is None and not withdrawn and outcome is None:
        return None
    if withdrawn or outcome is None:
        item.check_tells(OUTCOME)
        outcome_told = Outcome.ANNULLED if withdrawn else Outcome.AMBIGUOUS
        return Verdict(item.row, outcome_told, known_at, at_latest=bool(withdrawn))
    return Verdict(item.row, Outcome.YES if outcome else Outcome.NO, known_at)


def _truth(item: ExportRow, key: str) -> bool | None:
    value = item.fields.get(key)
    return value if isinstance(value, bool) else item.word(key, TRUTHS)


def _responses(item: ExportRow) -> Iterator[SaidForecast | str]:
    """Yield the responses with a chance; of others, why they have no place. The mean of all is nobody's forecast."""
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
