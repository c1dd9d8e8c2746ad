"""Find the forecaster that a name on a scorecard means, and describe their kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.errors import InvalidValue, NotFound
from predictions.forecaster_names import forecaster_among
from predictions.numerals import some_of
from predictions.records import Claim
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.crowds.numbers import METHODS
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.score_columns import column_named, is_figure
from predictions.scoring.track_record import TrackRecord
from predictions.slugs import names_apart, slug_of, slug_of_name
from predictions.storage.lookup import speakers


def slugs_named(
    names: Sequence[str], among: Sequence[ForecasterEntry], reader: ForecastReader, me: str | None
) -> list[str]:
    """Return the slugs of the named forecasters, each once; people who never gave a number can be named too.

    Args:
        names: Their slugs or names.
        among: The forecasters of the table, with the crowds that were computed.
        reader: The ledger.
        me: The name of the reader; None if unknown.

    Raises:
        NotFound: One of them is unknown.
    """
    forecasters = (*reader.forecasters, *(entry for entry in among if not entry.only_said))
    titles = {forecaster.slug: forecaster.title for forecaster in forecasters}
    return list(dict.fromkeys(forecaster_among(name, titles, _names_without_number(reader, me)) for name in names))


def _names_without_number(reader: ForecastReader, me: str | None) -> Iterator[str | None]:
    """Yield the reader and all speakers, who need not have forecast; the ledger is opened only once it is needed."""
    with reader.opened() as store:
        yield from (me, *speakers(store, reader.size))


def record_on_card(name: str, records: Sequence[TrackRecord], reader: ForecastReader) -> TrackRecord:
    """Return the track record of the forecaster with that slug or name.

    Args:
        name: The slug or name.
        records: The records on the card; those without any number are passed over.
        reader: The ledger, to explain why somebody is not on the card.

    Raises:
        InvalidValue: They are not on the card, or never gave a number.
    """
    records = [record for record in records if not record.forecaster.only_said]
    try:
        slug = forecaster_among(name, {record.forecaster.slug: record.forecaster.title for record in records})
    except NotFound as error:
        _refuse_known(name, records, reader)
        message = str(error).replace("in this ledger", "on this card")
        if ";" not in message:  # no similar name was suggested
            message += f"; {_who_is_on(records)}"
        raise InvalidValue(message) from None
    return next(record for record in records if record.forecaster.slug == slug)


def _refuse_known(name: str, records: Sequence[TrackRecord], reader: ForecastReader) -> None:
    """Raise InvalidValue for somebody whom the ledger knows, saying why they are not on the card; pass for others."""
    with reader.opened() as store:
        speakers_by_slug = {slug_of(speaker): speaker for speaker in speakers(store, reader.size)}
    forecaster = slug_of_name(name, {entry.slug: entry.title for entry in reader.forecasters})
    if forecaster is not None:
        raise InvalidValue(f"{forecaster} has no forecast that this card scores so; {_who_is_on(records)}")
    if (slug := slug_of_name(name, speakers_by_slug)) is not None:
        speaker = speakers_by_slug[slug]
        raise InvalidValue(
            f'{speaker} gave no number, so there is nothing to score; what they said: ledger.board(by="{speaker}")'
        )


def _who_is_on(records: Sequence[TrackRecord]) -> str:
    """Name a few of those on a card, as the end of an error."""
    slugs = some_of([record.forecaster.slug for record in records])
    return f"it has {slugs}" if slugs else "nobody is on it"


def record_of_figure(by: str | None, records: Sequence[TrackRecord], reader: ForecastReader) -> TrackRecord:
    """Return the record of *by*; if that is None, of the only forecaster, or the only one who gives numbers.

    Raises:
        InvalidValue: *by* is None and several forecasters, or none, could be meant; or *by* is not on the card.
    """
    if by is not None:
        return record_on_card(by, records, reader)
    stated = [record for record in records if not record.words_only] or records
    if len(stated) == 1:
        return stated[0]
    if not records:
        raise InvalidValue("nobody is on this card, so it has no figure to explain")
    raise InvalidValue(f"say whose figure: by=, one of {some_of([record.forecaster.slug for record in records])}")


def check_figure(figure: str, by: str | None, records: Sequence[TrackRecord], reader: ForecastReader) -> None:
    """Check that *figure* names a figure; InvalidValue for a forecaster or a claim, with the call that was meant."""
    if is_figure(figure):
        return
    slug = slug_of_name(figure, {record.forecaster.slug: record.forecaster.title for record in records})
    if slug:
        named = by if is_figure(by) else "brier"  # the two arguments may have been exchanged
        raise InvalidValue(f'{slug} is a forecaster, and the figure comes first: ledger.explain("{named}", "{slug}")')
    with reader.opened() as store:
        is_claim = isinstance(figure, str) and store.find(Claim.noun, figure) is not None
    if is_claim:
        reason = "is a claim, and a figure is the mean over claims, each of which its explanation lists"
        raise InvalidValue(f'{figure} {reason}; of one claim: ledger.claim("{figure}", full=True)')
    if by is None and len(records) > 1:  # before it is asked whose
        column_named(figure)


def computed(forecaster: ForecasterEntry) -> str:
    """Return a word for a crowd that no ledger holds; empty for everybody else."""
    return "computed" if METHODS.get(forecaster.slug) == (forecaster.method or "") else ""


def kind(forecaster: ForecasterEntry) -> str:
    """Say what a forecaster is: a person, a model, a publication; and whether a crowd is one that we computed."""
    return ", ".join(filter(None, (forecaster.kind, computed(forecaster))))


def titles_of(records: Sequence[TrackRecord]) -> dict[str, str]:
    """Return the title of each forecaster by slug; the slug itself if two share a title."""
    return names_apart({record.forecaster.slug: record.forecaster.title for record in records})
