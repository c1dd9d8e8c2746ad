"""Why something in a dump has no place in a ledger, in words for the card: of one, and of several."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.numerals import counted

REASONS = {
    "answer-before-opening": ("was answered before it opened", "were answered before they opened"),
    "asked-anew": ("is asked in other words by a later set", "are asked in other words by later sets"),
    "combination": ("combines others", "combine others"),
    "comment-only": ("is a comment alone", "are comments alone"),
    "conditional": ("is conditional", "are conditional"),
    "date": ("asks for a date", "ask for dates"),
    "due-before-made": ("was due before it was made", "were due before they were made"),
    "early-no": ("says no before that can be said", "say no before that can be said"),
    "filled-in": ("was filled in by the platform", "were filled in by the platform"),
    "does-not-fit": ("does not fit what its claim asks", "do not fit what their claims ask"),
    "hidden": ("is hidden", "are hidden"),
    "incomplete": ("says nothing yet of some answer", "say nothing yet of some answer"),
    "market-value": ("is the market's value of the day", "are the market's values of the day"),
    "mean-of-all-responses": ("is a mean of all responses", "are means of all responses"),
    "multiple-choice": ("has several choices", "have several choices"),
    "never-stood": ("ends before it starts", "end before they start"),
    "no-answers": ("lists no answers", "list no answers"),
    "no-deadline": ("has no deadline", "have no deadline"),
    "no-forecaster": ("by nobody", "by nobody"),
    "no-number": ("has no number", "have no number"),
    "no-trade": ("without a trade", "without a trade"),
    "not-final": ("is not final", "are not final"),
    "not-one": ("has prices that do not sum to 1", "have prices that do not sum to 1"),
    "not-open-yet": ("is not open yet", "are not open yet"),
    "not-yes-no": ("is no yes-or-no question", "are no yes-or-no questions"),
    "numeric": ("asks for a number", "ask for numbers"),
    "other-options": ("was made when other answers were listed", "were made when other answers were listed"),
    "over-one": ("gives the answers more than 1 together", "give the answers more than 1 together"),
    "redemption": ("redeems shares", "redeem shares"),
    "resolved-anew": ("was replaced by a later file", "were replaced by later files"),
    "same-moment": ("in the same second as another", "in the same second as others"),
    "split": ("pays several answers", "pay several answers"),
    "unfilled-order": ("is an order that was not filled", "are orders that were not filled"),
    "unknown-status": ("has a status that is not known here", "have a status that is not known here"),
    "unknown-question": ("on a question that the files do not hold", "on questions that the files do not hold"),
}


def sentence(unit: str, by_reason: Mapping[str, int]) -> str:
    """Say what of one unit was left out, and why: ``2 questions: 1 has no deadline, 1 was due before it was made``."""
    whys = [f"{count:,} {_why(why, count)}" for why, count in sorted(by_reason.items(), key=lambda found: -found[1])]
    return f"{counted(sum(by_reason.values()), unit)}: {', '.join(whys)}"


def _why(why: str, count: int) -> str:
    words = REASONS.get(why, (why.replace("-", " "),) * 2)
    return words[count > 1]
