"""The taker: what readers read, recorded in one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import numpy as np

from predictions.enums import UNDECIDED, ForecasterKind, SourceKind
from predictions.errors import InvalidValue, LedgerError
from predictions.exchange.options import Options
from predictions.exchange.questions import FileRead, LeftOut, Platform, RowFault
from predictions.exchange.said import SaidForecast
from predictions.exchange.table.asked import dated_beginning, forecast_fields, in_cells
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.row import part_column
from predictions.exchange.taking.changes import Change, changed_record
from predictions.exchange.taking.claims import PlacedQuestion, Placing
from predictions.exchange.taking.forecasts import record_forecasts
from predictions.exchange.taking.likeness import doubles, likely_pairs
from predictions.exchange.taking.mended_rows import mended_days, mended_rows
from predictions.exchange.taking.offers import slugs_asked_of
from predictions.exchange.taking.other_deadlines import refuse_other_deadlines
from predictions.exchange.taking.people import People
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.exchange.taking.putting import put_onto
from predictions.exchange.taking.run_counts import BY_PLATFORM, RunCounts
from predictions.exchange.taking.said_twice import refuse_said_twice
from predictions.exchange.taking.verdicts import Verdicts
from predictions.importing.refusals import RowsRefused
from predictions.numerals import two_places
from predictions.recording.distributions import read_distribution
from predictions.recording.enter import Desk, build
from predictions.records import Claim, Forecast, Forecaster
from predictions.slugs import Beginnings
from predictions.status import settle_on, witnessed
from predictions.timestamps import EPOCH, read_made_at
from predictions.views.distribution_text import said_in_full


def take(desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> RunCounts:
    """Record what the files say and the ledger does not hold yet.

    What the ledger holds otherwise is left as it is, and told as a change. Raises RowsRefused, which tells at once of
    all rows that cannot be read, or do not go with the ledger; then the transaction is to be undone.
    """
    try:
        taking = _Taking(desk, files, platform, options)
        for file in files:
            with suppress(RowsRefused):
                taking.take(file)
        counted = taking.counted()
    except LedgerError:  # which may only follow from rows that are refused
        _refuse_files(files)
        raise
    _refuse_files(files)
    return counted


def _refuse_files(files: Sequence[FileRead]) -> None:
    """Raise RowsRefused where rows of any file are refused."""
    if refused := [file.refusals for file in files if file.refusals.are_refused]:
        raise RowsRefused(*refused)


class _Taking:
    """Records one file after the other, and counts."""

    def __init__(self, desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> None:
        self._desk, self._platform = desk, platform
        self._people = People(desk, files, platform, options)
        self._placing = Placing(desk, platform, options)
        self._tally = RunCounts(new_forecasters=tuple(map(self._name, self._people.new)))
        self._doubles: dict[str, str] = {}  # new forecasters who say what stands as another's
        self._verdicts = Verdicts(desk, platform, self._tally)
        self._on_file = desk.store.titles(Claim) if platform.kind is SourceKind.PLATFORM else {}
        self._any = bool(desk.store.slugs(Claim))

    def take(self, file: FileRead) -> None:
        """Record one file."""
        dated_by = self._placing.sources.dated_by if file.questions else None
        placed = self._placing.place(file)
        if self._platform.kind is not SourceKind.PLATFORM:
            told = ((on.claim.slug, on.question.text) for on in placed if on.question.claim is None)
            file.refusals.texts = {slug: text for slug, text in told if text}
            self._tally.changes += tuple(self._other_kinds(placed))
        if not self._tally.first and placed:
            self._tally.first = self._first_row(placed[0], file)
        self._count_claims(file, placed)
        self._tally.pairs += tuple(likely_pairs(self._desk, placed, self._on_file)) if self._on_file else ()
        self._record_forecasts(file, placed, dated_by)
        self._tally.changes += tuple(self._verdicts.record(file, placed, dated_by))
        self._tally.repeated += file.repeated
        self._tally.leave_out(file.left_out)

    def counted(self) -> RunCounts:
        """Return what it all came to."""
        tally = self._tally
        tally.changes = (*self._placing.changes(), *tally.changes)
        tally.leave_out(self._placing.left_out)
        tally.new["forecaster"], tally.new["source"] = len(self._people.new), self._placing.sources.new
        tally.alike, tally.uncompared = tuple(self._asked_about()), self._people.uncompared
        tally.kept_apart = (*self._people.kept_apart, *self._placing.kept_apart)
        tally.put_on = tuple(self._placing.put_on)
        tally.new, tally.stand = +tally.new, +tally.stand
        asked_of = slugs_asked_of(tally.changes, tally.pairs, tally.days)
        beginnings = Beginnings(self._desk.store.slugs(Claim) if asked_of else ())
        tally.briefly = {slug: beginnings.of(slug) for slug in asked_of}
        return tally

    def _asked_about(self) -> list[tuple[str, str]]:
        """Pair new names with forecasters on file who may be the same: they say the same, or have a similar name."""
        new = {slug: one for slug, one in self._people.new.items() if one.kind is ForecasterKind.PERSON}
        doubles = ((new[slug], known) for slug, known in self._doubles.items() if slug in new)
        said_already = {self._people.name_of(one): known for one, known in doubles if known not in one.accounts}
        return list({**dict(self._people.alike()), **said_already}.items())

    # -- claims and forecasts ----------------------------------------------------------------------------------

    def _count_claims(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> None:
        """Count claims as the card tells them: new ones by type, by deadline, and from when they count."""
        tally = self._tally
        said_of = file.said.counts(len(file.questions))
        for question, claim, new, *_ in placed:
            if not new:
                tally.stand["claim"] += 1
                continue
            tally.new["claim"] += 1
            day_long = claim.opens_on == claim.deadline and claim.closes_at is None
            never_scored = said_of[file.place_of(question)] > 0 and day_long
            tally.not_scored += never_scored
            if question.verdict is None:
                tally.without += 1
            elif question.verdict.outcome in UNDECIDED:
                tally.undecided += 1
            elif not never_scored:
                tally.counts_from[str(settle_on(claim))] += 1
            tally.types[str(claim.type)] += 1
            tally.cut_short += question.cut_short
        if ends := [on.claim.deadline for on in placed if on.new]:
            tally.deadlines = min([*tally.deadlines, *ends]), max([*tally.deadlines, *ends])

    def _other_kinds(self, placed: Sequence[PlacedQuestion]) -> Iterator[Change]:
        """Yield forecasters on file of whom a table says that they are of another kind."""
        told = set(self._people.new)
        for on in placed:
            for said in on.question.said:
                slug = self._people.slug(said.by)
                if said.kind is None or slug in told:
                    continue
                told.add(slug)
                forecaster = self._desk.store.revisions(Forecaster, slug=slug)[-1]
                if forecaster.kind is not said.kind:
                    yield changed_record(on.claim.slug, forecaster, {"kind": said.kind})

    def _record_forecasts(self, file: FileRead, placed: Sequence[PlacedQuestion], dated_by: str | None) -> None:
        """Record the forecasts of one file that are not on file yet, and count them for the card."""
        forecasts, left = put_onto(self._desk, file, placed, self._people.slug, self._forecasting)
        self._tally.changes += tuple(left)
        if self._people.joined and self._platform.kind is SourceKind.PLATFORM:
            forecasts = self._of_one_moment(forecasts)
        elif self._people.joined:
            forecasts = refuse_said_twice(file, forecasts, self._people.slug)
        forecasts = forecasts.chosen(np.argsort(forecasts.columns.row, kind="stable"))
        self._placing.sources.enter()
        if self._platform.kind is not SourceKind.PLATFORM:
            refuse_other_deadlines(self._desk, file, forecasts, placed)
        new_claims = {on.claim.slug for on in placed if on.new}
        chains = {on.claim.slug: [one.slug for one in on.chain] for on in placed}
        done = record_forecasts(self._desk, file, forecasts, new_claims, chains, dated_by)
        self._tally.changes += tuple(done.changes)
        on_file = done.new.chosen(~done.new.on(new_claims))
        if self._any and self._platform.kind is not SourceKind.PLATFORM:
            self._tally.pairs += tuple(mended_rows(self._desk, placed, forecasts))
            self._tally.days += tuple(mended_days(self._desk, forecasts, on_file))
        self._doubles.update(doubles(self._desk, on_file, self._people.new.keys()))
        withdrawn = int(done.new.columns.withdrawn().sum())
        self._tally.new["forecast"] += done.new.columns.size - withdrawn
        self._tally.new["withdrawal"] += withdrawn
        stood = int(forecasts.columns.withdrawn().sum()) - withdrawn
        self._tally.stand["forecast"] += done.stand - min(stood, done.stand)
        self._tally.stand["withdrawal"] += min(stood, done.stand)
        self._count_forecasts(done.new)

    def _of_one_moment(self, forecasts: PlacedForecasts) -> PlacedForecasts:
        """Return the same, but of what several accounts of one forecaster say at one moment only the later one."""
        later = forecasts.columns.later_ones(len(forecasts.forecasters))
        self._tally.repeated += later.repeated
        replaced = map(forecasts.one, later.replaced)
        self._tally.leave_out([LeftOut("forecast", one.claim, "same-moment", one.said.row) for one in replaced])
        return forecasts.chosen(later.kept)

    def _forecasting(self, said: SaidForecast, claim: Claim, file: FileRead) -> Forecasting | None:
        """Read one forecast as its claim asks; what does not fit is refused in a table, else left out."""
        if not said.fields:
            return None  # it cannot be read, which is told already
        forecaster = self._people.slug(said.by)
        made_at, fields = said.made_at, said.fields
        try:
            fields, made = forecast_fields(claim, fields)
        except InvalidValue as error:
            if self._platform.kind is SourceKind.PLATFORM:
                self._tally.leave_out([LeftOut("forecast", claim.slug, "does-not-fit", said.row)])
            else:
                row = file.lines.get(said.row, {}).get(str(getattr(error, "part", "")))
                column = part_column(file.cells[row]) if row else _column_of(said, file)
                fix = in_cells(str(error))
                if said.row in file.lines and "say " in fix:
                    fix += ", in a row of its own"
                file.refuse(row or said.row, RowFault(column, fix))
            return None
        source = said.published and self._placing.sources.publication(said.published, self._people.titles[forecaster])
        if source is not None and source.published:
            fields = {**fields, "published_in": source.slug}
            if made_at is None and source.published != str(self._desk.today):
                made_at = read_made_at(source.published)
                said = said._replace(made_at=made_at)
        moment = made_at or self._desk.now
        made = made or dated_beginning(claim, fields, moment)
        return Forecasting(said, claim.slug, forecaster, moment, fields, made)

    def _count_forecasts(self, new: PlacedForecasts) -> None:
        """Count new forecasts by their forecasters, by how their times are known, and by their words."""
        tally = self._tally
        numbers, first, counts = np.unique(new.columns.forecasts.forecaster, return_index=True, return_counts=True)
        for at in np.argsort(first).tolist():
            slug, count = new.forecasters[numbers[at]], int(counts[at])
            tally.kinds[str(self._people.kind(slug))] += 1
            tally.by[self._name(slug)] += count
        withdrew = np.unique(new.columns.forecasts.forecaster[new.columns.withdrawn()], return_counts=True)
        tally.withdrew.update(
            {self._name(new.forecasters[who]): int(count) for who, count in zip(*withdrew, strict=True)}
        )
        self._count_times(new)
        tally.made.update(forecast.made for _, forecast in new.beside() if forecast.made)
        for _, forecast in new.beside():
            if "words" in forecast.fields:
                tally.words[str(forecast.fields["words"])] += 1
                if (scale := str(forecast.fields["scale"])) not in tally.scales:
                    tally.scales += (scale,)

    def _count_times(self, new: PlacedForecasts) -> None:
        """Count new forecasts by how their times are known, and note whose are backdated."""
        if self._platform.kind is SourceKind.PLATFORM:
            self._tally.times[BY_PLATFORM] += new.columns.size
            return
        for forecast in map(new.one, range(new.columns.size)):
            self._tally.times[self._known_how(forecast)] += 1

    def _known_how(self, forecast: Forecasting) -> str:
        """Tell how the time of a forecast is known, and note whose is backdated."""
        said = forecast.said
        if said.made_at is None or witnessed(self._desk.now, forecast.made_at):
            return "witnessed"
        published = said.published is None or said.published.day == forecast.made_at.date()
        if "published_in" in forecast.fields and published:
            return "published"
        self._tally.backdated[self._name(forecast.forecaster)] += 1
        return "backdated"

    def _first_row(self, placed: PlacedQuestion, file: FileRead) -> str:
        """Return the first question as it was read."""
        question, claim, *_ = placed
        told = f'row {question.row}: "{" ".join((question.text or claim.wording).split())}", until {claim.deadline}'
        of_question = file.said.columns.forecasts.claim == file.place_of(question)
        if not of_question.any():
            return told
        first = file.said.one(int(np.argmax(of_question)))
        return f"{told}; {self._name(self._people.slug(first.by))}, {_forecast_as_read(claim, first.fields)}"

    def _name(self, slug: str) -> str:
        """Return what a forecaster is called on the card: the slug on a platform, where several may have one name."""
        return slug if self._platform.kind is SourceKind.PLATFORM else self._people.titles[slug]


def _column_of(said: SaidForecast, file: FileRead) -> str:
    """Return the column that holds what was said in a row."""
    cells = file.cells.get(said.row, {})
    if said.fields.keys() & {"quantiles", "points"}:
        return part_column(cells)
    filled = (name for name, value in cells.items() if value is not None)
    return next((name for name in filled if name in {"p", "words"} or name.startswith(PERSON)), "p")


def _forecast_as_read(claim: Claim, fields: Mapping[str, object]) -> str:
    """Say what was said of a claim, as it was read."""
    words, chance = fields.get("words"), fields.get("probability")
    if words or "withdrawn" in fields:
        return f'"{words}"' if words else "withdrawn"
    try:
        read = forecast_fields(claim, fields).fields
        if "quantiles" in fields:
            return read_distribution(claim, fields).said
    except InvalidValue:  # which refuses the file
        return "what cannot be read"
    if read.keys() & {"shares", "points", "days"}:
        known = {"claim": claim.slug, "forecaster": "forecaster", "made_at": EPOCH}
        return said_in_full(build(Forecast, {**read, **known}))
    return two_places(float(str(chance))) if chance is not None else "withdrawn"
