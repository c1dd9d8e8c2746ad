"""The table in docs/scores.md is what the functions themselves say and what a comparison with peers just found.

The first line and the source come from each docstring, range and agreement from computing. To write the page again:

    PYTHONPATH=tests/support python tests/scores/test_scores_table.py
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from reproducing import differing, load
from score_rows import TABLE, Row
from sklearn.metrics import log_loss

import forecasts
import forecasts.comparison
import forecasts.corp
import forecasts.questions
import forecasts.reference
import forecasts.standing
from forecasts import calibration, quantities, scores
from predictions.scoring.eligibility import FUNNEL
from predictions.scoring.score_columns import SCORE_COLUMNS, SCORES, SORTED_BY
from predictions.scoring.type_columns import TYPE_COLUMNS
from predictions.views.scorecard.claim_table import MARKS

PAGE = Path(__file__).parents[2] / "docs" / "scores.md"
ROWS = [row for rows in TABLE.values() for row in rows]


def summary(function: Callable[..., object]) -> str:
    """The first sentence of a docstring, for a table: what it returns, without the verb."""
    said = function.__doc__.split("\n\n")[0].replace("\n", " ").strip().rstrip(".").replace("    ", " ")
    said = said.removeprefix("Return ")
    return said[0].upper() + said[1:]


def source(function: Callable[..., object]) -> str:
    paragraphs = [" ".join(paragraph.split()) for paragraph in function.__doc__.split("\n\n")]
    found = [paragraph for paragraph in paragraphs if paragraph.startswith("Source: ")]
    assert len(found) == 1, f"{function.__name__} must name its source in one paragraph"
    return found[0].removeprefix("Source: ").rstrip(".")


def span(row: Row) -> str:
    extremes = {} if row.extremes is None else row.extremes()
    parts = extremes if isinstance(extremes, dict) else {"": extremes}
    return ", ".join(f"{part} {span_of(values)}".strip() for part, values in parts.items())


def span_of(extremes: object) -> str:
    values = np.asarray(extremes, dtype=float)
    low, high = (f"{value + 0.0:g}".replace("inf", "∞") for value in (values.min(), values.max()))
    return f"{low} to {high}"


def verdicts(row: Row) -> tuple[str, str]:
    """The peers that give our number, and those that do not with what they give."""
    agree, differ = [], []
    for name, theirs in row.peers.items():
        own, other = np.asarray(row.ours(), dtype=float), np.asarray(theirs(), dtype=float)
        if np.allclose(own, other, rtol=1e-6, atol=1e-8):
            agree.append(name)
        elif np.allclose(other / own, (other / own).flat[0]):
            differ.append(f"{name}: {(other / own).flat[0]:.4g} times ours")
        else:
            differ.append(f"{name}: {other.mean():.4g}, ours {own.mean():.4g}")
    for name, place in row.stored.items():
        number, pattern = place.split(" ", 1)
        (differ if differing(number, load(number), pattern) else agree).append(f"{name}°")
    return ", ".join(agree), "; ".join(differ)


WORDS = {  # of a card that are no column
    "p; skill; cover": "of one claim: what was said; its skill over time beside always 50 %; its coverage",
    "forecast": "scored readings with a forecast of this forecaster",
    "due": "of these, those whose settle day has come; neither the superseded nor words read afterwards",
    "resolved": "of these, with an outcome that is taken: yes, no or a fraction",
    "scored": "of these, in the means; in `rows()` the place `scored` includes imputed ones, which stand apart",
    "open; settles ...": "the settle day is to come, whatever the outcome",
    "annulled; ambiguous": "the verdict is no outcome",
    "ended before due": "annulled or ambiguous, and the settle day is to come: among the open, not the due",
    "no verdict yet; overdue": "due, and nobody has said how it came out; overdue: for more than a week",
    "backdated (apart)": "every forecast has a time that nobody witnessed; the Brier of these is told beside the means",
    "imputed (apart)": "the first forecast is a number that is ours, read from words or a range",
    "too late": "every forecast was made once the answer was public, on the last day of a window of days, or later",
    "on the day of the answer": "told by the day, and made on the day of the answer: nobody can say what was known",
    "withdrawn": "nothing stood inside the window",
    "superseded": "counted on an earlier claim of the chain, where the forecaster spoke first",
    "no longer fits": "said of a draft whose options, range or last day were changed since",
    "no number": "a statement whose speaker gave none: in the plain counts, and not among the claims forecast",
    "words read afterwards": "we read a number from the words once the answer was public, or a number had been given",
    "with others apart": "counted, and further forecasts on the claim are set apart: backdated, or words read late",
    "others apart": "the same, beside a claim",
    "written afterwards": "the criteria were recorded after something had counted for the claim",
    "known to it": "the claim opened before the cut-off of the training of the model",
    "told by the day": "without `closes_at` a forecast stands from the midnight after it; the last day's do not count",
    "changed while a draft": "what was said before, and is dated by no link, counts from the change of the question",
    "recorded after the answer": "dated before it by a link nobody has checked: its recorder knew the answer",
    "on a platform's word": (
        "came in after the answer from the platform that asked, which dates its own; its own copy would tell"
    ),
    "told by the day after all": "a claim with `closes_at` whose answer has a day and no moment",
    "dated early": "the verdict says that the answer was public more than a week before it was recorded",
    "dated late": "by more than a tenth of what counts after it happened, or what it rests on or a verdict before said",
    "no day told": "came true on no day that is told; somebody had raised a number long before it was known",
    "without a moment": "forecasts of the last day count on a claim with `closes_at`, and the verdict has but a day",
    "contested": "somebody says otherwise than the verdict that counts, and has not come round to it since",
    "cut-off stated late; shown stated late": "recorded, or changed, when claims it concerns were over",
    "not stated": "nobody recorded the cut-off of the model, or whether a forecast saw the crowd",
    "clustered too late": "declared after others, long after oneself, or after the answer: in means each is by itself",
}


def columns_of_a_scorecard() -> list[str]:
    """The table of what a ledger's scorecard says, from the columns that it is made of."""
    lines = [
        "", "### On a scorecard of a ledger", "",
        "The columns of `ledger.scorecard()`: a figure has one name in `rows()`, `forecasters()`, frames, JSON,",
        "`explain` and `--sort`. What one pass computes is there for everybody; the rest for those drawn (`top=20`)",
        "or asked for. None of them is a ranking, and nobody is sorted by one unless `sort=` says so. From `near` on",
        "they are of choices, numbers and dates, in `to_dict()['types']`; `explain` takes them with `type=`.", "",
        "| name | on the card | what it is | better | decimals | for everybody | computed by | source |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for column in (*SCORE_COLUMNS, *TYPE_COLUMNS):
        shown = " | ".join((
            column.label, column.formula, column.better, str(column.decimals), "yes" if column.everybody else "",
            f"`{column.function}`" if column.function else "", column.source,
        ))  # fmt: skip
        lines.append(f"| `{column.name}` | {shown} |")
    return lines


def page() -> str:
    """The page with its tables made again; what stands above them is written by hand."""
    by_hand, heading, _ = PAGE.read_text(encoding="utf-8").partition("## Every score\n")
    assert heading
    lines = [
        by_hand + heading,
        "Written by `tests/scores/test_scores_table.py` from the docstrings and from a comparison with other libraries",
        "on the same input; a test fails when the tables are old. A peer with ° was compared through its stored output",
        "(`tests/vectors`), the others run beside ours. An empty cell: no peer in the tests offers the score.",
    ]
    for title, rows in TABLE.items():
        lines += ["", f"### {title}", ""]
        lines += ["| score | what it is | range | better | source | agrees | differs |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
        for row in rows:
            module = row.function.__module__.removeprefix("forecasts.")
            cells = (summary(row.function), span(row), row.better, source(row.function), *verdicts(row))
            shown = " | ".join(cell.replace("|", "\\|") for cell in cells)
            lines.append(f"| `{module}.{row.function.__name__}` | {shown} |")
    lines += columns_of_a_scorecard()
    lines += ["", "Its other words, over and beside the claims, in the funnel and below it:", ""]
    lines += ["| word | what it says |", "| --- | --- |", *(f"| {word} | {said} |" for word, said in WORDS.items())]
    lines += ["", "### Certainty, where peers differ most", ""]
    lines += ["| forecast | outcome | ours | scikit-learn |", "| --- | --- | --- | --- |"]
    for p, outcome in ((1.0, 0), (0.0, 1)):
        theirs = log_loss([outcome], [p], labels=[0, 1])
        lines.append(f"| {p:g} | {outcome} | log score ∞ | {theirs:.4g} (clipped in silence) |")
        assert scores.log_score(p, outcome) == np.inf
    return "\n".join(lines) + "\n"


def test_the_page_of_scores_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tests/scores/test_scores_table.py"


def test_every_word_of_a_funnel_and_beside_a_claim_is_on_the_page():
    words = {word for words in WORDS for word in words.split("; ")}

    assert words >= {*FUNNEL} - {"imputed", "backdated"}
    assert words >= {*MARKS.values()} - {"imputed", "backdated"}


def test_every_score_that_is_offered_has_its_row():
    inner = {
        "bin_index", "by_settle_day", "histogram", "mean_score", "metaculus_baseline_at",
        "metaculus_baseline_numeric_at", "metaculus_options", "metaculus_peer_at", "metaculus_ranking",
        "metaculus_spot_forecast", "recency_weights", "reliability_curve", "sampled_daily",
    }  # fmt: skip
    offered = {name for name in forecasts.__all__ if inspect.isfunction(getattr(forecasts, name))}

    assert offered - {row.function.__name__ for row in ROWS} == inner


def test_every_score_names_its_source():
    assert [row.function for row in ROWS if len(source(row.function)) <= 10] == []


@pytest.mark.parametrize(
    "function",
    [scores.brier, scores.log_score, scores.spherical, calibration.corp_decomposition, calibration.auc],
    ids=lambda f: f.__name__,
)
def test_the_plain_scores_have_a_peer_that_agrees_and_none_that_does_not(function):
    row = next(row for row in ROWS if row.function is function)

    agree, differ = verdicts(row)

    assert agree
    assert not differ


def test_a_peer_that_is_wrong_is_shown_as_differing():
    row = next(row for row in ROWS if row.function is quantities.weighted_interval_score)

    assert "scoringrules" in verdicts(row)[1]


def test_stored_output_of_a_peer_is_really_compared():
    row = Row(scores.brier, "lower", stored={"somebody": "09 quantiles/cases/1/pinball"})
    assert verdicts(row) == ("somebody°", "")

    document = load("09")
    document["quantiles"]["cases"][1]["pinball"][0] += 0.1
    assert differing("09", document, "quantiles/cases/1/pinball")


@pytest.mark.parametrize(
    "column", [column for column in (*SCORE_COLUMNS, *TYPE_COLUMNS) if column.function], ids=lambda column: column.name
)
def test_a_column_of_a_scorecard_names_what_computes_it_and_who_proposed_it(column):
    module, name = column.function.split(".")

    function = getattr(getattr(forecasts, module), name)

    authors = re.match(r"[A-Z][a-z]+", column.source)
    assert callable(function)
    assert authors is None or authors[0] in function.__doc__


def test_a_scorecard_has_each_name_and_label_once():
    assert len({column.name for column in SCORE_COLUMNS} | {column.label for column in SCORE_COLUMNS}) == sum(
        1 + (column.name != column.label) for column in SCORE_COLUMNS
    )
    assert set(SORTED_BY) <= set(SCORES)
    assert all(SCORES[name].everybody for name in SORTED_BY)
    assert all(bool(column.beware) <= bool(column.better) for column in SCORE_COLUMNS)


if __name__ == "__main__":
    warnings.simplefilter("error")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
