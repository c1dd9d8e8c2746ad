"""The options of ``import_from`` beside the format and the files, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from predictions.errors import InvalidValue, check_field, short_repr
from predictions.exchange.questions import Platform
from predictions.fields import check_flags, check_line, check_text
from predictions.importing.tables import How

UTC = "UTC"


class Options(NamedTuple):
    """How files are read, and whose forecasts they hold.

    Attributes:
        dry_run: Whether everything is rolled back at the end.
        by: The forecaster of rows that name nobody.
        people: The forecaster whom each name in the file means.
        onto: The claim on file that each question asks, by the question's key or text.
        zone_name: The time zone of times that do not give one.
        source: The publication of statements that do not give one.
        how: How a table is laid out.
    """

    dry_run: bool = False
    by: str | None = None
    people: Mapping[str, str] = {}
    onto: Mapping[str, str] = {}
    zone_name: str = UTC
    source: str | None = None
    how: How = How()

    def checked(self) -> Options:
        """Return the options; InvalidValue if one of them makes no sense."""
        check_flags(dry_run=self.dry_run)
        for field, value in (("by", self.by), ("source", self.source)):
            if value is not None:
                check_field(field, check_line, value)
        for field, mapping in (("people", self.people), ("onto", self.onto)):
            if not isinstance(mapping, Mapping):
                raise InvalidValue(
                    f"{field}: {short_repr(mapping)} does not say what each name is; say {{'Ann': 'ana'}}"
                )
            for name, slug in mapping.items():
                if isinstance(name, int):
                    raise InvalidValue(f"{field}: {name} is a number; say '{name}'")
                check_field(field, check_text if field == "onto" else check_line, name)
                check_field(field, check_line, slug)
        _zone(self.zone_name)
        return self._replace(how=self.how.checked())

    def check_for(self, platform: Platform) -> None:
        """Refuse options that make no sense for a platform's export; InvalidValue."""
        if option := self._laid_out:
            raise InvalidValue(f"{option}= is for tables; an export of {platform.title} is read as it came")
        if self.source is not None:
            raise InvalidValue(f"source= is for tables; what {platform.title} exports is from {platform.title}")
        if self.by is not None:
            raise InvalidValue(f"by= is for tables; {platform.title} names its people; people= says who is who")
        if self.zone_name != UTC and not platform.zoned:
            raise InvalidValue(f"zone: the times of {platform.title} say their zone; leave it out")

    def check_for_catalog(self) -> None:
        """Refuse every option that says how to read a file, since a catalogue needs none; InvalidValue."""
        names = ("by", "people", "onto", "source")
        option = next((name for name in names if getattr(self, name)), None) or self._laid_out
        if self.zone_name != UTC:
            option = "zone"
        if option:
            raise InvalidValue(f"{option}= is for tables and exports; a catalogue says all itself, so leave it out")

    @property
    def _laid_out(self) -> str | None:
        """The first option that says how a file is laid out; None if none does."""
        return next((name for name, value in self.how._asdict().items() if value != How._field_defaults[name]), None)

    @property
    def place(self) -> ZoneInfo | None:
        """The zone of times that do not give one; None for UTC."""
        return None if self.zone_name == UTC else _zone(self.zone_name)


def _zone(name: object) -> ZoneInfo:
    """Return the time zone of a name; InvalidValue if there is none."""
    try:
        if isinstance(name, str):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise InvalidValue(f"zone: {short_repr(name)} is no time zone; say one such as Europe/Berlin")
