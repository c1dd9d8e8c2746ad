"""Whether two files say the same of one question, and what both say of it put together."""

from __future__ import annotations

from predictions.enums import ClaimType
from predictions.exchange.questions import Question
from predictions.exchange.said import SaidForecast, in_order_of_options, same_options


def differing(one: Question, other: Question) -> str | None:
    """Name the first thing that two files say otherwise of a question; None where they agree in what both tell."""
    terms, others = _terms_told(one), _terms_told(other)
    if same_options(ClaimType(str(terms["type"])), terms.get("options", ()), others):  # type: ignore[arg-type]  # of a claim
        del others["options"]
    return next((name for name in terms if name in others and terms[name] != others[name]), None)


def said_in_order(question: Question, known: Question) -> list[SaidForecast]:
    """Return what a file says of a question, with shares in the order in which another file lists its options."""
    options = known.fields.get("options")
    if not isinstance(options, tuple) or options == question.fields.get("options"):
        return question.all_said()
    return [said._replace(fields=in_order_of_options(said.fields, options)) for said in question.all_said()]


def _terms_told(question: Question) -> dict[str, object]:
    """Return what is told of what a question asks; one of no other type is of yes or no."""
    named = {"text": question.text, "deadline": question.deadline, "opens_on": question.opens_on}
    told = {"type": ClaimType.YES_NO, **named, **question.fields}
    return {name: value for name, value in told.items() if value is not None}
