"""The scales on which words are read as numbers: the number and range for each word, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forecasts.verbal import SCALES
from predictions.chances import is_phrase
from predictions.enums import HOUSE
from predictions.errors import NotFound, did_you_mean, short_repr
from predictions.numerals import two_places
from predictions.render.blocks import Block, Heading, Paragraph, Table
from predictions.render.result import Result


@dataclass(frozen=True)
class ScaleWord:
    """One word or phrase on a scale, with the number that it is read as and the range around it."""

    scale: str
    words: str
    low: float
    point: float
    high: float


@dataclass(frozen=True, repr=False)
class Scales(Result, rows="words", of=ScaleWord):
    """The words on some scales.

    Attributes:
        words: The words, scale by scale.
        sources: Where each scale comes from, by its name.
    """

    words: tuple[ScaleWord, ...]
    sources: dict[str, str] = field(default_factory=dict)

    def blocks(self) -> Sequence[Block]:
        """Lay out a table of words for each scale, with the source of the scale below it."""
        blocks: list[Block] = []
        for name, source in self.sources.items():
            rows = [
                (word.words, two_places(word.point), f"{two_places(word.low)} to {two_places(word.high)}")
                for word in self.words
                if word.scale == name
            ]
            blocks += [Heading(name), Table(("words", "read as", "from .. to"), rows, figures=(1,)), Paragraph(source)]
        blocks.append(Paragraph(f"words are read on the scale {HOUSE} unless another is named"))
        return blocks


def scales(name: str | None = None) -> Scales:
    """Return every scale, or the one with that name.

    Raises:
        NotFound: There is no scale with that name.
    """
    if isinstance(name, str) and is_phrase(name):
        raise NotFound(
            f"{short_repr(name)} is a word on a scale, and no scale; every word is listed by: ledger.scales()"
        )
    if name is not None and (not isinstance(name, str) or name not in SCALES):
        raise NotFound(f"no scale {short_repr(name)}{did_you_mean(name, list(SCALES)) or '; there are'} "
                       f"{', '.join(SCALES)}")  # fmt: skip
    chosen = tuple(SCALES) if name is None else (name,)
    words = [
        ScaleWord(scale, phrase, low, point, high)
        for scale in chosen
        for phrase, (low, point, high) in SCALES[scale].words.items()
    ]
    return Scales(tuple(words), {scale: SCALES[scale].source for scale in chosen})
