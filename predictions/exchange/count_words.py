"""Word the counts on the card of an import, and why something in a file has no place in a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.numerals import counted, some_of
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.columns import WIDTH

MOST_NAMES = 8  # forecasters or words that are listed
COUNTED_NOUNS = (
    "statement", "claim", "forecast", "withdrawal", "verdict", "event", "piece of evidence", "bearing or forecast",
)  # fmt: skip
PLURAL_NOUNS = {"piece of evidence": "pieces of evidence", "bearing or forecast": "bearings and forecasts"}
INTRODUCED = ("forecaster", "source")
TIMES = {
    "published": "published (said_on and link, unchecked)", "backdated": "backdated: apart", "witnessed": "made now",
}  # fmt: skip
REASONS = {
    "answer-before-opening": ("was answered before it opened", "were answered before they opened"),
    "asked-anew": ("is asked in other words by another set", "are asked in other words by other sets"),
    "combination": ("combines others", "combine others"),
    "comment-only": ("is a comment alone", "are comments alone"),
    "conditional": ("is conditional", "are conditional"),
    "date": ("asks for a date", "ask for dates"),
    "due-before-made": ("was due before it was made", "were due before they were made"),
    "early-no": ("says no before that can be said", "say no before that can be said"),
    "filled-in": ("was filled in by the platform", "were filled in by the platform"),
    "does-not-fit": ("does not fit what its claim asks", "do not fit what their claims ask"),
    "hidden": ("is hidden", "are hidden"),
    "in-brief": (
        "is in the brief form of a list, which does not say whether its answers exclude each other",
        "are in the brief form of a list, which does not say whether their answers exclude each other",
    ),
    "incomplete": ("says nothing yet of some answer", "say nothing yet of some answer"),
    "market-value": ("is the market's value of the day", "are the market's values of the day"),
    "mean-of-all-responses": ("is a mean of all responses", "are means of all responses"),
    "multiple-choice": ("has several choices", "have several choices"),
    "never-stood": ("ended as it began, or before", "ended as they began, or before"),
    "no-answers": ("lists no answers", "list no answers"),
    "no-deadline": ("has no deadline", "have no deadline"),
    "no-forecaster": ("by nobody", "by nobody"),
    "no-outcome": ("does not say how it came out", "do not say how they came out"),
    "no-number": ("has no number", "have no number"),
    "no-place": ("has no place in a ledger", "have no place in a ledger"),
    "no-trade": ("without a trade", "without a trade"),
    "not-final": ("is not final", "are not final"),
    "not-one": ("has prices that do not sum to 1", "have prices that do not sum to 1"),
    "not-open-yet": ("is not open yet", "are not open yet"),
    "not-yes-no": ("is no yes-or-no question", "are no yes-or-no questions"),
    "numeric": ("asks for a number", "ask for numbers"),
    "other-options": ("was made when other answers were listed", "were made when other answers were listed"),
    "other-outcome": ("is of the other outcome, which says the same", "are of the other outcome, which says the same"),
    "over-one": ("gives the answers more than 1 together", "give the answers more than 1 together"),
    "planned": ("was planned for after the file was written", "were planned for after the file was written"),
    "redemption": ("redeems shares", "redeem shares"),
    "resolved-anew": ("was replaced by a later file", "were replaced by later files"),
    "same-moment": ("in the same second as another", "in the same second as others"),
    "split": ("pays several answers", "pay several answers"),
    "summed-up": ("is only summed up", "are only summed up"),
    "too-long": ("is longer than 20,000 characters", "are longer than 20,000 characters"),
    "undated": ("does not say when it was known", "do not say when they were known"),
    "unfilled-order": ("is an order that was not filled", "are orders that were not filled"),
    "unknown-type": ("is of a type that is not known here", "are of types that are not known here"),
    "unknown-status": ("has a status that is not known here", "have a status that is not known here"),
    "unknown-question": ("on a question that the files do not hold", "on questions that the files do not hold"),
}


def beside(text: str, name: str, indent: int = 2) -> Block:
    """Lay out a line with a file's name at its right end, or after the text if the line would be too long."""
    if len(text) + 2 + len(name) <= WIDTH:
        return Heading(text, name)
    return Paragraph(f"{text}: {name}", 0, indent)


def counts_in_words(counts: Mapping[str, int], nouns: Sequence[str] = COUNTED_NOUNS) -> str:
    """Return the counts of some nouns in one line: ``8 claims, 1 forecast``; empty if all are 0."""
    phrases = []
    for noun in nouns:
        count = counts.get(noun, 0)
        if count:
            phrases.append(f"{count:,} {PLURAL_NOUNS.get(noun, noun + 's')}" if count > 1 else f"1 {noun}")
    return ", ".join(phrases)


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """List names with their counts, highest count first."""
    return sorted(counts.items(), key=lambda pair: -pair[1])


def names_with_counts(counts: Mapping[str, int]) -> str:
    """List names with their counts, highest count first; "and N more" replaces the rest of a long list."""
    return some_of([f"{name} {count:,}" for name, count in most(counts)], MOST_NAMES, ", and ")


def kinds_of(kinds: Mapping[str, int]) -> str:
    """Return the kinds of some forecasters: ``persons``, or how many there are of each kind."""
    if len(kinds) == 1:
        ((kind, count),) = kinds.items()
        return f"{kind}s" if count > 1 else kind
    return ", ".join(counted(count, kind) for kind, count in most(kinds))


def left_out_sentence(unit: str, by_reason: Mapping[str, int]) -> str:
    """Return what was left out and why: ``2 questions: 1 has no deadline, 1 was due before it was made``."""
    phrases = [
        f"{count:,} {_why(reason, count)}" for reason, count in sorted(by_reason.items(), key=lambda pair: -pair[1])
    ]
    return f"{counted(sum(by_reason.values()), unit)}: {', '.join(phrases)}"


def _why(reason: str, count: int) -> str:
    """Return a reason in words, in the singular or the plural; an unknown reason as it is."""
    words = REASONS.get(reason, (reason.replace("-", " "),) * 2)
    return words[count > 1]
