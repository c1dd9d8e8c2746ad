"""What a verb answers: the slug, what was recorded, and what the person could not know."""

from __future__ import annotations

from html import escape

from predictions.recording.forecasts import AS_READ
from predictions.recording.quotes import Quoted
from predictions.records import Forecast, Forecaster, Record, Source
from predictions.render.result import Value
from predictions.status import settle_on
from predictions.views.forecast_text import as_said


class Receipt(str):
    """The slug of what was recorded, taken wherever a slug is wanted; shown, it says what was read and when it counts.

    Attributes:
        record: The record that stands.
        wrote: Whether anything was entered, or all of it stood already.
        lines: What it says, line by line.
    """

    __slots__ = ("lines", "record", "wrote")
    record: Record
    wrote: bool
    lines: tuple[str, ...]

    def __new__(cls, slug: str, record: Record, lines: tuple[str, ...], *, wrote: bool) -> Receipt:
        """Make the receipt of a record."""
        made = super().__new__(cls, slug)
        made.record, made.lines, made.wrote = record, lines, wrote
        return made

    @property
    def slug(self) -> str:
        """The slug alone."""
        return str.__str__(self)

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"

    def to_dict(self) -> dict[str, Value]:
        """The record and the lines."""
        fields = self.record.model_dump(mode="json", exclude_none=True)
        return {"kind": self.record.noun, "written": self.wrote, "lines": list(self.lines), **fields}


def quoted(found: Quoted, *, wrote: bool) -> Receipt:
    """The receipt of what somebody said."""
    statement, claim = found.statement, found.claim
    if claim is None:
        first = f"statement {statement.slug} recorded as not resolvable: {statement.not_resolvable}"
        lines = (first, "  it is counted in what was said, and in nothing else")
        return Receipt(statement.slug, statement, lines if wrote else _again(statement), wrote=wrote)
    if not wrote:
        return Receipt(claim.slug, claim, _again(claim), wrote=False)
    who = statement.speaker or ""
    number = f"; {who} {as_said(found.forecast.point)}" if found.forecast else f"; {who} gives no number"
    told = [f"{claim.slug}   {claim.opens_on} .. {claim.deadline}{number}"]
    if found.forecast:
        told += [_read(found.forecast)] * found.forecast.imputed
        told.append(_carried(found))
    told.append(f"a verdict is due {settle_on(claim)}; it counts on scorecards from then")
    if not claim.scored:
        told.append("a further reading of the same words: shown beside the scored one, and in no mean")
    if found.new:
        told.append("new: " + ", ".join(_introduced(one) for one in found.new))
    return Receipt(claim.slug, claim, (told[0], *(f"  {line}" for line in told[1:])), wrote=True)


def _introduced(record: Source | Forecaster) -> str:
    return f"{record.noun} {record.slug}" + (f" ({record.kind})" if isinstance(record, Forecaster) else "")


def _again(record: Record) -> tuple[str, ...]:
    return (f"{record.name} stands already; nothing new",)


def _read(forecast: Forecast) -> str:
    number, low, high = as_said(forecast.point), as_said(forecast.low), as_said(forecast.high)
    if forecast.words is None:
        return f"{number} is the middle of {low} to {high}, not said"
    if forecast.scale == AS_READ:
        by = f" by {forecast.recorded_by}" if forecast.recorded_by else ""
        return f'{number} is read from "{forecast.words}"{by}: {low} to {high}, not said'
    return f'{number} is read from "{forecast.words}" (scale {forecast.scale}: {low} to {high}), not said'


def _carried(found: Quoted) -> str:
    if found.source.published:
        return f"published {found.source.published} in {found.source.slug}, by its link, unchecked"
    made_on = found.forecast.made_at.date() if found.forecast else ""
    return f"its day, {made_on}, is backdated: nothing carries it, so it stands apart; say link="
