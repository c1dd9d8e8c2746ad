"""Find or record the sources of what a file says: publications that it names, and the platform or table itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from predictions.enums import SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.questions import Platform, RowFault
from predictions.exchange.said import Publication, SaidForecast
from predictions.recording.enter import Desk, Slugs, build, enter_all
from predictions.recording.quoted_sources import misspelled_source
from predictions.recording.repeated_forecasts import said_that_day
from predictions.records import Source
from predictions.slugs import Titles, folded, same_name, slug_from, slug_of_name
from predictions.timestamps import read_made_at, utc_day


class Sources:
    """Finds sources, and records those that are new."""

    def __init__(self, desk: Desk, platform: Platform, options: Options) -> None:
        """Start with the sources on file."""
        self._desk, self._platform, self._options = desk, platform, options
        self._published: dict[tuple[str, Publication], Source] = {}
        self._titles = Titles(desk.store.titles(Source))
        self._taken = Slugs(desk.store, Source)
        self._source: Source | None = None
        self._file: str | None = None
        self._new: dict[str, Source] = {}
        self._new_titles: dict[tuple[str, str | None], Source] = {}  # new publications by title and link
        self._entered = 0  # how many of the new ones are recorded

    @property
    def new(self) -> int:
        """How many sources are new."""
        return len(self._new)

    @property
    def dated_by(self) -> str | None:
        """The platform as the source that vouches for the time of each forecast and verdict; None for a table."""
        return self.own().slug if self._platform.kind is SourceKind.PLATFORM else None

    @property
    def given(self) -> str | None:
        """The title of the source that the caller names for statements without a publication; None if none is."""
        return self._options.source

    def enter(self) -> None:
        """Record the sources that were found to be new since the last call."""
        enter_all(self._desk, list(self._new.values())[self._entered :])
        self._entered = len(self._new)

    def read_from(self, file: str | None) -> None:
        """Begin with another file, by its name; None if the rows are of none."""
        self._file, self._source = file, None

    def own(self) -> Source:
        """Return the source of statements for which the file names no publication."""
        if self._source is None:
            self._source = self._platform_source()
        return self._source

    def _platform_source(self) -> Source:
        """Return the source that the caller names, else the platform or table itself; on file or new."""
        title = self._options.source
        if title is None and self._platform.kind is not SourceKind.PLATFORM:
            return self._source_of_file()
        slug = slug_of_name(title, self._titles) if title else self._platform.slug
        if slug and (revisions := self._desk.store.revisions(Source, slug=slug)):
            if self._platform.kind is SourceKind.PLATFORM and revisions[-1].kind is not SourceKind.PLATFORM:
                raise InvalidValue(f"source {slug} is on file as {revisions[-1].kind}; correct its kind to platform")
            return revisions[-1]
        slug = slug_from(title, self._taken, otherwise="source") if title else self._platform.slug
        fields = {
            "slug": slug, "title": title or self._platform.title, "kind": self._platform.kind,
            "link": self._platform.link,
        }  # fmt: skip
        return self._new.setdefault(slug, build(Source, fields))

    def dated(
        self, said: SaidForecast, claim: str, forecaster: str, titles: Mapping[str, str]
    ) -> tuple[SaidForecast, Mapping[str, object]]:
        """Return a forecast with its time by its publication, and the fields of that; RowFault if that has no day."""
        if said.published is None:
            return said, {}
        source = self.publication(said.published, titles[forecaster])
        published_in = source.slug if source.published else None
        day = said.published.said_on or date.fromisoformat(source.published or "")
        if said.made_at in {None, read_made_at(day)}:
            on_file = said_that_day(self._desk, (claim, forecaster), day, published_in)
            end = None if said.made_at is None and utc_day(day) == self._desk.today else read_made_at(day)
            said = said._replace(made_at=on_file.made_at if on_file else end)
        return said, {"published_in": published_in} if published_in else {}

    def _source_of_file(self) -> Source:
        """Return the source of a table that names none: one for each name of a file, with a numbered slug."""
        title, slug, number = self._file or self._platform.title, self._platform.slug, 1
        while True:
            named = [*self._desk.store.revisions(Source, slug=slug), *filter(None, [self._new.get(slug)])]
            if not named:
                return self._new.setdefault(
                    slug, build(Source, {"slug": slug, "title": title, "kind": self._platform.kind})
                )
            if any(source.title == title for source in named):
                return named[-1]
            number += 1
            slug = f"{self._platform.slug}-{number}"

    def publication(self, published: Publication, speaker: str) -> Source:
        """Return the source in which a speaker published something, on file or new."""
        key = (speaker if published.title is None else "", published)
        if key not in self._published:
            self._published[key] = self.known(published, speaker) or self._new_publication(published, speaker)
        return self._published[key]

    def check(self, published: Publication | None, speaker: str) -> None:
        """Raise RowFault if a publication has no day and no source tells it, or if its title seems misspelled."""
        if published is not None:
            self.known(published, speaker)

    def known(self, published: Publication, speaker: str) -> Source | None:
        """Return the publication on file, or new in this run, as `quote` would name it; None if there is none.

        It is found by its title, or else by its speaker and day. RowFault if no day is given and no source tells it.
        """
        day = published.day
        slug = slug_of_name(published.title, self._titles) if published.title else None
        source = self._desk.store.revisions(Source, slug=slug)[-1] if slug is not None else None
        published_on = source.published if source and source.published else ""
        if source and published.link not in {None, source.link}:
            source = None  # another one of that title
        if source and (published_on == str(day) if day else len(published_on) == len("2026-01-01")):
            return source
        new = self._new_titles.get((folded(_title(published, speaker)), published.link))
        if new and day and new.published in {None, str(day)}:
            return new
        if day is None:
            raise RowFault("said_on", "when was it said? say the day on which it was published")
        if published.title and slug is None and (asked := misspelled_source(published.title, [*self._titles])):
            raise RowFault("source", asked)
        return self._named(published, speaker)[1]

    def _new_publication(self, published: Publication, speaker: str) -> Source:
        """Add and return a publication that is not on file."""
        slug, _ = self._named(published, speaker)
        day = str(published.day) if published.link else None
        fields: Mapping[str, object] = {
            "slug": slug, "title": _title(published, speaker), "link": published.link, "published": day,
            "kind": SourceKind.OTHER,
        }  # fmt: skip
        source = self._new.setdefault(slug, build(Source, fields))
        return self._new_titles.setdefault((folded(source.title), source.link), source)

    def _named(self, published: Publication, speaker: str) -> tuple[str, Source | None]:
        """Return the slug of a publication, and its source if there is one; the slug is numbered if others have it."""
        title = _title(published, speaker)
        number, base = 1, slug_from(f"{published.title or speaker} {published.day}", (), otherwise="source")
        slug = base
        while True:
            revisions = self._desk.store.revisions(Source, slug=slug)
            source = revisions[-1] if revisions else self._new.get(slug)
            if source is None or (same_name(source.title, title) and source.link == published.link):
                return slug, source
            number += 1
            slug = f"{base}-{number}"


def _title(published: Publication, speaker: str) -> str:
    return published.title or f"{speaker}, {published.day}"
