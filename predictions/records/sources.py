"""Sources, which are publications, and the statements made in them."""

from __future__ import annotations

from predictions import enums
from predictions.fields import Flag, Line, Link, Period, Slug, Text
from predictions.records.record import Record, SourceRef


class Source(Record):
    """A publication in which statements are made.

    Attributes:
        slug: Its key.
        title: Its headline or name.
        publisher: The name of the publisher, if that is not the title.
        link: Its web address.
        published: The day, month or year in which it was published.
        kind: The sort of publication; ``self`` for one's own claims, ``platform`` for a forecasting site.
    """

    noun = "source"
    slug: Slug
    title: Line
    publisher: Line | None = None
    link: Link | None = None
    published: Period | None = None
    kind: enums.SourceKind = enums.SourceKind.OTHER


class Statement(Record):
    """What a source said: verbatim, or marked as a paraphrase; with the reason if it can never be resolved.

    Attributes:
        slug: Its key.
        source: The source in which it was made.
        text: The words.
        paraphrased: Whether the words are not the speaker's own.
        speaker: The name of the speaker, if that is not the source as a whole.
        not_resolvable: Why it cannot be decided; None if it can.
        notes: Remarks of the recorder.
    """

    noun = "statement"
    slug: Slug
    source: SourceRef
    text: Text
    paraphrased: Flag | None = None
    speaker: Line | None = None
    not_resolvable: Text | None = None
    notes: Text | None = None
