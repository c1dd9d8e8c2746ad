"""What every scorecard says first: as of when, of which claims, by which rule, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from predictions.display import Block, Heading, Paragraph
from predictions.scoring.filtering import Filter
from predictions.scoring.places import Cohort
from predictions.scoring.rows import Rule


def opening(today: date, head: str, cohort: Cohort, rule: Rule, only: Filter) -> Iterator[Block]:
    """The lines above the figures."""
    claims = "claims settled by then" if cohort is Cohort.SETTLED else "claims resolved so far"
    yield Heading(f"Scorecard as of {today}", f"head {head}")
    yield Paragraph(f"{claims}; {rule} forecast; Brier 0..1: 0 is perfect, 0.25 is always saying 50 %")
    if only:
        yield Paragraph(f"only {only}")
    if cohort is Cohort.RESOLVED:
        yield Paragraph("warning: by-date claims say yes early and no late, so this cohort is biased")
    if rule is Rule.LAST:
        yield Paragraph("warning: the last forecast rewards shouting; never rank by it")
