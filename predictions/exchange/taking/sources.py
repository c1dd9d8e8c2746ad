"""The sources of what a file says: publications that it names, and the platform or table itself; new or on file."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.enums import SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.options import Options
from predictions.exchange.questions import Platform, RowFault
from predictions.exchange.said import Publication
from predictions.recording.enter import Desk, Slugs, build, enter_all
from predictions.records import Source
from predictions.slugs import Titles, same_name, slug_from, slug_of_name


class Sources:
    """Finds sources, and records those that are new."""

    def __init__(self, desk: Desk, platform: Platform, options: Options) -> None:
        self._desk, self._platform, self._options = desk, platform, options
        self._published: dict[tuple[str, Publication], Source] = {}
        self._titles = Titles(desk.store.titles(Source))
        self._taken = Slugs(desk.store, Source)
        self._source: Source | None = None
        self._new: dict[str, Source] = {}
        self._entered = 0  # how many of them are recorded

    @property
    def new(self) -> int:
        """How many are new."""
        return len(self._new)

    @property
    def dated_by(self) -> str | None:
        """The source that dates every forecast and verdict: a platform does, a table does not."""
        return self.own().slug if self._platform.kind is SourceKind.PLATFORM else None

    def enter(self) -> None:
        """Record the sources that were found to be new since."""
        enter_all(self._desk, list(self._new.values())[self._entered :])
        self._entered = len(self._new)

    def own(self) -> Source:
        """Return the source of what says nowhere else that it was published."""
        if self._source is None:
            self._source = self._platform_source()
        return self._source

    def _platform_source(self) -> Source:
        """Find the source of statements that do not say where they were made: the one on file, whatever its name."""
        title = self._options.source
        slug = slug_of_name(title, self._titles) if title else self._platform.slug
        if slug and (known := self._desk.store.revisions(Source, slug=slug)):
            if self._platform.kind is SourceKind.PLATFORM and known[-1].kind is not SourceKind.PLATFORM:
                raise InvalidValue(f"source {slug} is on file as {known[-1].kind}; correct its kind to platform")
            return known[-1]
        slug = slug_from(title, self._taken, otherwise="source") if title else self._platform.slug
        fields = {
            "slug": slug, "title": title or self._platform.title, "kind": self._platform.kind,
            "link": self._platform.link,
        }  # fmt: skip
        return self._new.setdefault(slug, build(Source, fields))

    def publication(self, published: Publication, who: str) -> Source:
        """Return the source in which somebody published something, on file or new."""
        key = (who if published.title is None else "", published)
        if key not in self._published:
            self._published[key] = self.known(published, who) or self._new_publication(published, who)
        return self._published[key]

    def known(self, published: Publication, who: str) -> Source | None:
        """Return a publication that is on file or found to be new, as `quote` names it; None if there is none.

        It is that of its title, or of who and when.
        """
        day = published.day
        slug = slug_of_name(published.title, self._titles) if published.title else None
        titled = self._desk.store.revisions(Source, slug=slug)[-1] if slug is not None else None
        dated = titled.published if titled and titled.published else ""
        if titled and published.link not in {None, titled.link}:
            titled = None  # another one of that title
        if titled and (dated == str(day) if day else len(dated) == len("2026-01-01")):
            return titled
        if day is None:
            raise RowFault("said_on", "when was it said? say the day on which it was published")
        return self._named(published, who)[1]

    def _new_publication(self, published: Publication, who: str) -> Source:
        slug, _ = self._named(published, who)
        day = str(published.day) if published.link else None
        fields: Mapping[str, object] = {
            "slug": slug, "title": _title(published, who), "link": published.link, "published": day,
            "kind": SourceKind.OTHER,
        }  # fmt: skip
        return self._new.setdefault(slug, build(Source, fields))

    def _named(self, published: Publication, who: str) -> tuple[str, Source | None]:
        """Return the first slug of a publication's name that is free, or that of the source with its title and link."""
        title = _title(published, who)
        number, base = 1, slug_from(f"{published.title or who} {published.day}", (), otherwise="source")
        slug = base
        while True:
            kept = self._desk.store.revisions(Source, slug=slug)
            source = kept[-1] if kept else self._new.get(slug)
            if source is None or (same_name(source.title, title) and source.link == published.link):
                return slug, source
            number += 1
            slug = f"{base}-{number}"


def _title(published: Publication, who: str) -> str:
    return published.title or f"{who}, {published.day}"
