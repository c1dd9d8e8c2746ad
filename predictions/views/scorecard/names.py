"""Who is meant by a name on a scorecard, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.errors import InvalidValue, NotFound
from predictions.forecaster_names import forecaster_among
from predictions.numerals import some_of
from predictions.records import Claim
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.crowds.numbers import METHODS
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.score_columns import is_figure
from predictions.scoring.track_record import TrackRecord
from predictions.slugs import names_apart, slug_of, slug_of_name
from predictions.storage.lookup import speakers


def slugs_named(
    names: Sequence[str], among: Sequence[ForecasterEntry], reader: ForecastReader, me: str | None
) -> list[str]:
    """Return the slugs of the forecasters that are named, each once; of those who gave no number, too.

    Args:
        names: Their slugs or names.
        among: Those whose rows the table has, computed crowds with them; people who only said something are known too.
        reader: The ledger.
        me: Who reads.

    Raises:
        NotFound: One of them is unknown.
    """
    known = (*reader.forecasters, *(entry for entry in among if not entry.only_said))
    titles = {forecaster.slug: forecaster.title for forecaster in known}
    return list(dict.fromkeys(forecaster_among(name, titles, _names_without_number(reader, me)) for name in names))


def _names_without_number(reader: ForecastReader, me: str | None) -> Iterator[str | None]:
    """Yield who is known beside the forecasters; the ledger is opened only if they are asked for."""
    with reader.opened() as store:
        yield from (me, *speakers(store, reader.size))


def record_on_card(name: str, records: Sequence[TrackRecord], reader: ForecastReader) -> TrackRecord:
    """Return the record of who has that slug or name on a card; InvalidValue where nobody has, or no number is theirs.

    Args:
        name: The slug or name.
        records: Those on the card.
        reader: The ledger, which knows who has said something and is on no card.
    """
    records = [record for record in records if not record.forecaster.only_said]
    try:
        slug = forecaster_among(name, {record.forecaster.slug: record.forecaster.title for record in records})
    except NotFound as error:
        _check_known(name, records, reader)
        said = str(error).replace("in this ledger", "on this card")
        raise InvalidValue(said if ";" in said else f"{said}; {_who_is_on(records)}") from None
    return next(record for record in records if record.forecaster.slug == slug)


def _check_known(name: str, records: Sequence[TrackRecord], reader: ForecastReader) -> None:
    """Refuse in their own words who is known to the ledger: who gave no number, and who has none on this card."""
    with reader.opened() as store:
        silent = {slug_of(speaker): speaker for speaker in speakers(store, reader.size)}
    known = slug_of_name(name, {forecaster.slug: forecaster.title for forecaster in reader.forecasters})
    if known is not None:
        raise InvalidValue(f"{known} has no forecast that this card scores so; {_who_is_on(records)}")
    if (slug := slug_of_name(name, silent)) is not None:
        raise InvalidValue(
            f"{silent[slug]} gave no number, so there is nothing to score; what they said: "
            f'ledger.board(by="{silent[slug]}")'
        )


def _who_is_on(records: Sequence[TrackRecord]) -> str:
    there = some_of([record.forecaster.slug for record in records])
    return f"it has {there}" if there else "nobody is"


def record_of_figure(by: str | None, records: Sequence[TrackRecord], reader: ForecastReader) -> TrackRecord:
    """Return the record whose figure is explained: of *by*, else of the only one, or the only one who gives numbers.

    Raises InvalidValue where nobody is named and several could be meant, or nobody.
    """
    if by is not None:
        return record_on_card(by, records, reader)
    stated = [record for record in records if not record.words_only] or records
    if len(stated) == 1:
        return stated[0]
    if not records:
        raise InvalidValue("nobody is on this card, so it has no figure to explain")
    raise InvalidValue(f"say whose figure: by=, one of {some_of([one.forecaster.slug for one in records])}")


def check_figure(figure: str, by: str | None, records: Sequence[TrackRecord], reader: ForecastReader) -> None:
    """Refuse the name of somebody, or of a claim, in place of a figure; InvalidValue says the call that is meant."""
    if is_figure(figure):
        return
    slug = slug_of_name(figure, {record.forecaster.slug: record.forecaster.title for record in records})
    if slug:
        meant = by if is_figure(by) else "brier"
        raise InvalidValue(f'{slug} is a forecaster, and the figure comes first: ledger.explain("{meant}", "{slug}")')
    with reader.opened() as store:
        is_claim = isinstance(figure, str) and store.find(Claim.noun, figure) is not None
    if is_claim:
        said = "is a claim, and a figure is the mean over claims, each of which its explanation lists"
        raise InvalidValue(f'{figure} {said}; of one claim: ledger.claim("{figure}", full=True)')


def computed(forecaster: ForecasterEntry) -> str:
    """Return a word for a crowd that no ledger holds; empty for everybody else."""
    return "computed" if METHODS.get(forecaster.slug) == (forecaster.method or "") else ""


def kind(forecaster: ForecasterEntry) -> str:
    """Say what a forecaster is: a person, a model, a publication; and whether a crowd is one that we computed."""
    return ", ".join(filter(None, (forecaster.kind, computed(forecaster))))


def titles_of(records: Sequence[TrackRecord]) -> dict[str, str]:
    """Return the title of each forecaster by slug; the slug where two have one title."""
    return names_apart({record.forecaster.slug: record.forecaster.title for record in records})
