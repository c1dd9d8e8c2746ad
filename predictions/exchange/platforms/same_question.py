"""Compare what two files say of one question, and bring their forecasts into one order of options."""

from __future__ import annotations

from predictions.enums import ClaimType
from predictions.exchange.questions import Question
from predictions.exchange.said import SaidForecast, same_options
from predictions.option_names import in_order_of_options


def differing(question: Question, other: Question) -> str | None:
    """Return the first field of a question in which two files differ; None if they agree in what both have."""
    terms, other_terms = _terms_told(question), _terms_told(other)
    if same_options(ClaimType(str(terms["type"])), terms.get("options", ()), other_terms):  # type: ignore[arg-type]  # of a claim
        del other_terms["options"]
    return next((name for name in terms if name in other_terms and terms[name] != other_terms[name]), None)


def said_in_order(question: Question, earlier: Question) -> list[SaidForecast]:
    """Return a file's forecasts on a question, with shares in the order of options that another file has."""
    options = earlier.fields.get("options")
    if not isinstance(options, tuple) or options == question.fields.get("options"):
        return question.all_said()
    return [said._replace(fields=in_order_of_options(said.fields, options)) for said in question.all_said()]


def _terms_told(question: Question) -> dict[str, object]:
    """Return the terms of a question that a file gives; without another type it is a question of yes or no."""
    basics = {"text": question.text, "deadline": question.deadline, "opens_on": question.opens_on}
    terms = {"type": ClaimType.YES_NO, **basics, **question.fields}
    return {name: value for name, value in terms.items() if value is not None}
