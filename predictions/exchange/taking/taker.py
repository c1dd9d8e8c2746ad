"""The import of files that were read: everything they say, recorded in one transaction, or nothing at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

import numpy as np

from predictions.enums import UNDECIDED, ClaimType, ForecasterKind, SourceKind
from predictions.errors import InvalidValue, LedgerError
from predictions.exchange.options import Options
from predictions.exchange.questions import FileRead, LeftOut, Platform, RowFault
from predictions.exchange.said import SaidForecast
from predictions.exchange.table.asked import dated_beginning, forecast_fields, in_cells, misread_type
from predictions.exchange.table.columns import PERSON
from predictions.exchange.table.long_rows import rows_on
from predictions.exchange.table.row import part_column
from predictions.exchange.taking.as_read import forecast_as_read
from predictions.exchange.taking.changes import Change, changed_record
from predictions.exchange.taking.claims import PlacedQuestion, Placing
from predictions.exchange.taking.counted_once import CountedOnce
from predictions.exchange.taking.forecasts import record_forecasts
from predictions.exchange.taking.known_times import count_times
from predictions.exchange.taking.likeness import LikelyPair, doubles, likely_pairs
from predictions.exchange.taking.mended_rows import mended_days, mended_rows, said_beside
from predictions.exchange.taking.offers import slugs_asked_of
from predictions.exchange.taking.other_deadlines import refuse_other_deadlines
from predictions.exchange.taking.people import People
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.exchange.taking.putting import put_onto
from predictions.exchange.taking.run_counts import BY_PLATFORM, RunCounts
from predictions.exchange.taking.said_twice import refuse_said_twice
from predictions.exchange.taking.too_late import too_late
from predictions.exchange.taking.verdicts import Verdicts
from predictions.exchange.taking.withdrawn import refuse_lone_withdrawals
from predictions.importing.refusals import RowsRefused
from predictions.recording.enter import Desk
from predictions.records import Claim, Forecaster
from predictions.slug_beginnings import Beginnings
from predictions.status import settle_on


def take(desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> RunCounts:
    """Record what the files say and the ledger does not hold yet.

    A record that differs from the file is left as it is and reported as a change. Raises RowsRefused, which lists
    every row that cannot be read or contradicts the ledger; the caller then rolls the transaction back.
    """
    try:
        taking = _Taking(desk, files, platform, options)
        for file in files:
            with suppress(RowsRefused):
                taking.take(file)
        counted = taking.counted()
    except LedgerError:  # it may only follow from rows that are refused: report those instead
        _refuse_files(files)
        raise
    _refuse_files(files)
    return counted


def _refuse_files(files: Sequence[FileRead]) -> None:
    """Raise RowsRefused if rows of any file are refused."""
    if refused := [file.refusals for file in files if file.refusals.are_refused]:
        raise RowsRefused(*refused)


class _Taking:
    """Records one file after the other and counts what it recorded."""

    def __init__(self, desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> None:
        self._desk, self._platform = desk, platform
        self._people = People(desk, files, platform, options)
        self._placing = Placing(desk, platform, options)
        self._tally = RunCounts(new_forecasters=tuple(map(self._name, self._people.new)))
        self._doubles: dict[str, str] = {}  # new forecasters, each with one on file who made the same forecast
        self._once = CountedOnce(len(files))
        self._verdicts = Verdicts(desk, platform, self._tally, self._once)
        self._on_file = desk.store.titles(Claim) if platform.kind is SourceKind.PLATFORM else {}
        self._any = bool(desk.store.slugs(Claim))

    def take(self, file: FileRead) -> None:
        """Record the claims, forecasts and verdicts of one file; refused rows are noted on the file."""
        dated_by = self._placing.sources.dated_by if file.questions else None
        placed = self._placing.place(file)
        if self._platform.kind is not SourceKind.PLATFORM:
            texts = ((entry.claim.slug, entry.question.text) for entry in placed if entry.question.claim is None)
            file.refusals.texts = {slug: text for slug, text in texts if text}
            self._tally.changes += tuple(self._other_kinds(placed))
        if not self._tally.first and placed:
            self._tally.first = self._first_row(placed[0], file)
        self._count_claims(file, placed)
        self._tally.pairs += tuple(likely_pairs(self._desk, placed, self._on_file)) if self._on_file else ()
        new = self._record_forecasts(file, placed, dated_by)
        self._tally.changes += tuple(self._verdicts.record(file, placed, dated_by))
        of_platform = self._platform.kind is SourceKind.PLATFORM
        self._tally.too_late += too_late(self._desk, placed, new, of_platform=of_platform)
        self._tally.repeated += file.repeated
        self._tally.leave_out(file.left_out)

    def counted(self) -> RunCounts:
        """Return the counts of the whole run, completed with what is known only after the last file."""
        tally = self._tally
        tally.changes = tuple(dict.fromkeys([*self._placing.changes(), *tally.changes]))  # files may say the same
        tally.pairs, tally.days = tuple(dict.fromkeys(tally.pairs)), tuple(dict.fromkeys(tally.days))
        tally.leave_out(self._placing.left_out)
        tally.new["forecaster"], tally.new["source"] = len(self._people.new), self._placing.sources.new
        tally.alike, tally.uncompared = tuple(self._asked_about()), self._people.uncompared
        tally.twice = tuple(
            LikelyPair(slug, slug, claim.wording, claim.slug, claim.cluster) for slug, claim in self._placing.kept_apart
        )
        tally.kept_apart = (*self._people.kept_apart, *(pair.slug for pair in tally.twice))
        tally.put_on = tuple(self._placing.put_on)
        tally.new, tally.stand = +tally.new, +tally.stand  # a plus drops the zeros of a Counter
        asked_of = slugs_asked_of(tally.changes, [*tally.pairs, *tally.twice], tally.days)
        beginnings = Beginnings(self._desk.store.slugs(Claim) if asked_of else ())
        tally.briefly = {slug: beginnings.of(slug) for slug in asked_of}
        return tally

    def _asked_about(self) -> list[tuple[str, str]]:
        """Pair names of new people with forecasters on file who made the same forecast or have a similar name."""
        new = {slug: person for slug, person in self._people.new.items() if person.kind is ForecasterKind.PERSON}
        same_forecasts = ((new[slug], other) for slug, other in self._doubles.items() if slug in new)
        by_forecast = {self._people.name_of(new): slug for new, slug in same_forecasts if slug not in new.accounts}
        return list({**dict(self._people.alike()), **by_forecast}.items())

    def _count_claims(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> None:
        """Count the claims of a file: those on file, and new ones by type, by deadline and by the day they count."""
        tally = self._tally
        said_of = file.said.counts(len(file.questions))
        settling, types = Counter[date](), Counter[ClaimType]()
        for question, claim, new, *_ in placed:
            if not new:
                tally.stand["claim"] += self._once.is_first_claim(claim.slug)
                continue
            self._once.is_first_claim(claim.slug)
            day_long = claim.opens_on == claim.deadline and claim.closes_at is None  # no time in which to forecast
            never_scored = day_long and said_of[file.place_of(question)] > 0
            tally.not_scored += never_scored
            if question.verdict is None:
                tally.without += 1
            elif question.verdict.outcome in UNDECIDED:
                tally.undecided += 1
            elif not never_scored:
                settling[settle_on(claim)] += 1
            types[claim.type] += 1
            tally.cut_short += question.cut_short
        tally.new["claim"] += types.total()
        tally.counts_from.update({str(day): count for day, count in settling.items()})
        tally.types.update({str(kind): count for kind, count in types.items()})
        if deadlines := [entry.claim.deadline for entry in placed if entry.new]:
            tally.deadlines = min([*tally.deadlines, *deadlines]), max([*tally.deadlines, *deadlines])

    def _other_kinds(self, placed: Sequence[PlacedQuestion]) -> Iterator[Change]:
        """Yield a change for each forecaster on file to whom a table gives another kind (person, model, ...)."""
        checked = set(self._people.new)
        for entry in placed:
            for said in entry.question.said:
                slug = self._people.slug(said.by)
                if said.kind is None or slug in checked:
                    continue
                checked.add(slug)
                forecaster = self._desk.store.revisions(Forecaster, slug=slug)[-1]
                if forecaster.kind is not said.kind:
                    yield changed_record(entry.claim.slug, forecaster, {"kind": said.kind})

    def _record_forecasts(
        self, file: FileRead, placed: Sequence[PlacedQuestion], dated_by: str | None
    ) -> PlacedForecasts:  # fmt: skip
        """Record the forecasts of one file that are not on file yet, count them for the card, and return them."""
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
            refuse_lone_withdrawals(self._desk, file, forecasts, _column_of)
        forecasts = self._once.forecasts(forecasts)
        new_claims = {entry.claim.slug for entry in placed if entry.new}
        chains = {entry.claim.slug: [claim.slug for claim in entry.chain] for entry in placed if entry.chain}
        done = record_forecasts(self._desk, file, forecasts, new_claims, chains, dated_by)
        self._tally.changes += tuple(done.changes)
        on_file = done.new.chosen(~done.new.on(new_claims))
        if self._platform.kind is not SourceKind.PLATFORM:
            self._tally.pairs += tuple(said_beside(self._desk, placed, forecasts))
        if self._any and self._platform.kind is not SourceKind.PLATFORM:
            self._tally.pairs += tuple(mended_rows(self._desk, placed, forecasts))
            self._tally.days += tuple(mended_days(self._desk, forecasts, on_file))
        self._doubles.update(doubles(self._desk, on_file, self._people.new.keys()))
        withdrawn = int(done.new.columns.withdrawn().sum())  # withdrawals among the new forecasts
        self._tally.new["forecast"] += done.new.columns.size - withdrawn
        self._tally.new["withdrawal"] += withdrawn
        withdrawn_before = int(forecasts.columns.withdrawn().sum()) - withdrawn
        self._tally.stand["forecast"] += done.stand - min(withdrawn_before, done.stand)
        self._tally.stand["withdrawal"] += min(withdrawn_before, done.stand)
        self._count_forecasts(done.new)
        return done.new

    def _of_one_moment(self, forecasts: PlacedForecasts) -> PlacedForecasts:
        """Keep the later forecast if accounts of one forecaster forecast a claim at one moment; count the others."""
        duplicates = forecasts.columns.later_ones(len(forecasts.forecasters))
        self._tally.repeated += duplicates.repeated
        replaced = map(forecasts.one, duplicates.replaced)
        self._tally.leave_out(LeftOut("forecast", item.claim, "same-moment", item.said.row) for item in replaced)
        return forecasts.chosen(duplicates.kept)

    def _forecasting(self, said: SaidForecast, claim: Claim, file: FileRead) -> Forecasting | None:
        """Return one forecast with the fields that its claim takes; None if it does not fit, which is then reported."""
        if not said.fields:
            if fault := misread_type(claim, file.cells.get(said.row, {}), said.by):
                file.refuse(said.row, fault)
            _offer_rows(said, claim, file)
            return None  # its row is refused already
        try:
            fields, made = forecast_fields(claim, said.fields)
        except InvalidValue as error:
            self._report_misfit(said, claim, file, error)
            return None
        forecaster = self._people.slug(said.by)
        try:
            said, fields_published = self._placing.sources.dated(said, claim.slug, forecaster, self._people.titles)
        except RowFault as fault:
            file.refuse(said.row, fault)
            return None
        fields = {**fields, **fields_published}
        moment = said.made_at or self._desk.now
        return Forecasting(said, claim.slug, forecaster, moment, fields, made or dated_beginning(claim, fields, moment))

    def _report_misfit(self, said: SaidForecast, claim: Claim, file: FileRead, error: InvalidValue) -> None:
        """Leave out a forecast of a platform that does not fit its claim; refuse the row of one in a table."""
        if self._platform.kind is SourceKind.PLATFORM:
            self._tally.leave_out([LeftOut("forecast", claim.slug, "does-not-fit", said.row)])
            return
        row = file.lines.get(said.row, {}).get(str(getattr(error, "part", "")))  # if the forecast takes several rows
        column = part_column(file.cells[row]) if row else _column_of(said, file)
        fix = in_cells(str(error))
        if said.row in file.lines and ("say " in fix or ": add " in fix):
            fix += ", in a row of its own"
        file.refuse(row or said.row, RowFault(column, fix))
        _offer_rows(said, claim, file)

    def _count_forecasts(self, new: PlacedForecasts) -> None:
        """Count new forecasts by forecaster, withdrawals by forecaster, and the words that stand for numbers."""
        tally = self._tally
        numbers, first, counts = np.unique(new.columns.forecasts.forecaster, return_index=True, return_counts=True)
        for place in np.argsort(first).tolist():
            slug, count = new.forecasters[numbers[place]], int(counts[place])
            tally.kinds[str(self._people.kind(slug))] += 1
            tally.by[self._name(slug)] += count
        withdrawing = new.columns.forecasts.forecaster[new.columns.withdrawn()]
        withdrawals = zip(*np.unique(withdrawing, return_counts=True), strict=True)
        tally.withdrew.update({self._name(new.forecasters[number]): int(count) for number, count in withdrawals})
        if self._platform.kind is SourceKind.PLATFORM:
            tally.times[BY_PLATFORM] += new.columns.size
        else:
            count_times(tally, new, self._desk.now, self._name)
        tally.made.update(forecast.made for _, forecast in new.beside() if forecast.made)
        for _, forecast in new.beside():
            if "words" in forecast.fields:
                tally.words[str(forecast.fields["words"])] += 1
                if (scale := str(forecast.fields["scale"])) not in tally.scales:
                    tally.scales += (scale,)

    def _first_row(self, placed: PlacedQuestion, file: FileRead) -> str:
        """Return the first question as it was read, for the reader to check: row, text, deadline, first forecast."""
        question, claim, *_ = placed
        text = f'row {question.row}: "{" ".join((question.text or claim.wording).split())}", until {claim.deadline}'
        of_question = file.said.columns.forecasts.claim == file.place_of(question)
        if not of_question.any():
            return text
        first = file.said.one(int(np.argmax(of_question)))
        return f"{text}; {self._name(self._people.slug(first.by))}, {forecast_as_read(claim, first.fields)}"

    def _name(self, slug: str) -> str:
        """Return a forecaster's name for the card: on a platform the slug, since several may have one name."""
        return slug if self._platform.kind is SourceKind.PLATFORM else self._people.titles[slug]


def _offer_rows(said: SaidForecast, claim: Claim, file: FileRead) -> None:
    """Offer rows to write instead of a cell in a person's column that cannot say a forecast on this claim."""
    cells, person = file.cells.get(said.row, {}), f"{PERSON}{said.by}"
    if cells.get(person) is not None and (rows := rows_on(claim, cells, person)):
        file.refusals.offer(rows)


def _column_of(said: SaidForecast, file: FileRead) -> str:
    """Return the column of a row's forecast, to name it in a refusal; ``p`` if no cell of one is filled."""
    cells = file.cells.get(said.row, {})
    if said.fields.keys() & {"quantiles", "points"}:
        return part_column(cells)
    own = f"{PERSON}{said.by}" if said.by != cells.get("by") else "p"
    return next((name for name in (own, "p", "words", "withdrawn") if cells.get(name) is not None), "p")
