"""The second notebook: 108 real predictions, executed as a reader would; its figures computed a second time here."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from notebooks import execute, read_notebook
from scipy.optimize import brentq
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss

from predictions import Ledger
from predictions.status import settle_on

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "scott_alexander_2021.ipynb"
TABLE = Path("tests") / "data" / "scott_alexander_2021.csv"
LATE = 247 / 365  # from 29 April 2021 to the end of the year


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NotebookNode]:
    """The folder it ran in, and the notebook with its outputs."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / TABLE.parent).mkdir(parents=True)
    shutil.copy(ROOT / TABLE, folder / TABLE)
    return folder, execute(NOTEBOOK, folder)


def marks() -> tuple[np.ndarray, np.ndarray]:
    """The probabilities and outcomes of the predictions that were not ambiguous."""
    with (ROOT / TABLE).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"]]
    return np.array([float(row["p"]) for row in rows]), np.array([float(row["outcome"]) for row in rows])


def anytime_by_hand(differences: list[float]) -> tuple[float, float]:
    """Where thirty bets against the mean, each multiplied out, have won twenty for one; from -.25 to .75."""

    def short_of_twenty(mean: float, values: np.ndarray, low: float) -> float:
        bets = [0.95 * u / 30 / (mean - low) for u in range(1, 31)]
        return math.log(20) - math.log(np.mean([np.prod(1 + bet * (values - mean)) for bet in bets]))

    values = np.array(differences)
    lower = brentq(short_of_twenty, -0.2, values.mean(), args=(values, -0.25), xtol=1e-12)
    upper = -brentq(short_of_twenty, -0.7, -values.mean(), args=(-values, -0.75), xtol=1e-12)
    return lower, upper


def least_wrong(row: Any) -> float:
    """By how much the number is off; of one that is in doubt, if that comes out as is best for it."""
    p = row.middle.probability
    return abs(p - row.value) if row.value is not None else min(p, 1 - p)


def most_wrong(row: Any) -> float:
    """The same if it comes out as is worst."""
    p = row.middle.probability
    return abs(p - row.value) if row.value is not None else max(p, 1 - p)


pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_its_figures_are_those_of_another_library(executed: tuple[Path, NotebookNode]) -> None:
    folder, _ = executed
    p, y = marks()

    with Ledger(folder / "session" / "scott.db") as ledger:
        card = ledger.scorecard()
    found = card.figures["scott"]

    n = len(y)
    assert n == found.value("n") == 104
    assert found.brier == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    assert found.value("log_score") == pytest.approx(log_loss(y, p), abs=1e-12)
    fit = IsotonicRegression(y_min=0, y_max=1).fit(p, y).predict(p)
    best, base = np.mean((fit - y) ** 2), y.mean() * (1 - y.mean())
    assert found.value("miscalibration") == pytest.approx(found.brier - best, abs=1e-9)
    assert found.value("discrimination") == pytest.approx(base - best, abs=1e-9)
    assert found.value("uncertainty") == pytest.approx(base, abs=1e-12)
    assert found.value("coverage") == pytest.approx(LATE, abs=1e-9)


def test_its_plain_forecasters_are_worked_out_again(executed: tuple[Path, NotebookNode]) -> None:
    folder, _ = executed
    p, y = marks()

    with Ledger(folder / "session" / "scott.db") as ledger:
        card = ledger.scorecard()
    half, rate = card.plain

    others = (y.sum() - y) / (len(y) - 1)
    assert half.brier == 0.25
    assert half.log_score == pytest.approx(math.log(2))
    assert rate.brier == pytest.approx(np.mean((others - y) ** 2), abs=1e-12)
    assert rate.brier == pytest.approx(y.mean() * (1 - y.mean()) * (len(y) / (len(y) - 1)) ** 2, abs=1e-12)
    skill = {str(name): one.skill for name, one in card.figures["scott"].skill.items()}
    assert skill == {
        "always 50 %": pytest.approx(LATE * np.mean(0.25 - (p - y) ** 2), abs=1e-9),
        "base rate": pytest.approx(LATE * np.mean((others - y) ** 2 - (p - y) ** 2), abs=1e-9),
    }
    assert card.compare("scott", "half").difference == pytest.approx(-skill["always 50 %"])


def test_the_card_says_what_the_interval_that_holds_at_all_times_says(
    executed: tuple[Path, NotebookNode],
) -> None:
    folder, _ = executed

    with Ledger(folder / "session" / "scott.db") as ledger:
        card = ledger.scorecard()
    every = sorted(card.record("scott").rows, key=lambda row: (settle_on(row.claim), row.claim.statement))
    rows = [row for row in every if row.value is not None]
    losses = [LATE * ((row.middle.probability - row.value) ** 2 - 0.25) for row in rows]
    ends = [[LATE * (wrong(row) ** 2 - 0.25) for row in every] for wrong in (least_wrong, most_wrong)]
    beside = card.compare("scott", "half")

    assert card.figures["scott"].verdict == (  # of the skill over time: 0 lies outside its interval
        "better than always saying 50 %, however often one looks, whatever becomes of 4 unclear or annulled, if what "
        "settled says nothing of claims forecast before, if the days that unchecked links give are right"
    )
    assert anytime_by_hand(losses) == (pytest.approx(-0.0808, abs=1e-4), pytest.approx(-0.0097, abs=1e-4))
    assert [pair.difference for pair in beside.pairs] == pytest.approx(losses)
    assert len(every) == len(rows) + 4
    assert beside.anytime == pytest.approx((anytime_by_hand(ends[0])[0], anytime_by_hand(ends[1])[1]))
    assert beside.sentence == (
        "On the 104 statements of Scott Alexander, over the time a forecast stood, the squared error of Scott "
        "Alexander is 0.052 lower (better) than that of always saying 50 % (90 % interval -0.082 .. -0.001, however "
        "often one looks, if what settled says nothing of claims forecast before, if the days that unchecked links "
        "give are right): Scott Alexander was better, whatever becomes of 4 unclear or annulled."
    )


def test_its_interval_is_near_that_of_the_normal_law(executed: tuple[Path, NotebookNode]) -> None:
    folder, _ = executed
    p, y = marks()
    losses = (p - y) ** 2
    error = 1.6449 * losses.std(ddof=1) / math.sqrt(len(losses))

    with Ledger(folder / "session" / "scott.db") as ledger:
        interval = ledger.scorecard().figures["scott"].interval

    assert interval is not None
    assert interval == (
        pytest.approx(losses.mean() - error, abs=0.005),
        pytest.approx(losses.mean() + error, abs=0.005),
    )


def test_its_reliability_diagram_is_that_of_the_data(executed: tuple[Path, NotebookNode]) -> None:
    folder, _ = executed
    p, y = marks()

    with Ledger(folder / "session" / "scott.db") as ledger:
        curve = ledger.scorecard().reliability("scott")

    fit = dict(zip(p.tolist(), IsotonicRegression(y_min=0, y_max=1).fit(p, y).predict(p).tolist(), strict=True))
    assert dict(zip(curve.probability, curve.recalibrated, strict=True)) == {
        said: pytest.approx(share, abs=1e-6) for said, share in fit.items()
    }
    assert sum(curve.counts) == 104


def test_it_shows_its_card_its_charts_and_its_sentences(executed: tuple[Path, NotebookNode]) -> None:
    _, notebook = executed

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    text = json.dumps([output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs])

    assert kinds.count("image/png") == 2
    assert any("<svg" in output.get("data", {}).get("text/html", "") for output in outputs)
    assert "'ambiguous': 4" in text
    assert "squared error of Scott Alexander is 0.052 lower (better) than that of always saying 50 %" in text
    assert "warning" not in text.lower()


def test_run_again_it_writes_nothing_new(executed: tuple[Path, NotebookNode]) -> None:
    folder, _ = executed
    with Ledger(folder / "session" / "scott.db") as ledger:
        head = ledger.head()

    execute(NOTEBOOK, folder)

    with Ledger(folder / "session" / "scott.db") as ledger:
        assert ledger.head() == head


def said(notebook: NotebookNode) -> list[str]:
    """What each code cell says as text; days and hashes, which are those of its making, left out."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    texts = [
        "".join(output.get("data", {}).get("text/plain", output.get("text", "")) for output in cell.outputs)
        for cell in cells
    ]
    return [
        re.sub(r"as of [-\d]+ +(?:[\w.]+, )?head \d+:[0-9a-f]+", "as of (day), head (head)", text) for text in texts
    ]


def test_the_outputs_it_is_kept_with_are_those_it_makes(executed: tuple[Path, NotebookNode]) -> None:
    """Made again by ``python docs/execute_notebook.py`` where this fails."""
    _, notebook = executed

    kept = read_notebook(NOTEBOOK)

    assert said(kept) == said(notebook)
    assert "as of (day), head (head)" in "".join(said(kept))


def test_the_kept_notebook_shows_everything_and_nothing_of_the_machine() -> None:
    kept = read_notebook(NOTEBOOK)
    text = NOTEBOOK.read_text("utf-8")

    data = [output.get("data", {}) for cell in kept.cells if cell.cell_type == "code" for output in cell.outputs]

    assert sum("image/png" in one for one in data) == 2
    assert sum("<svg" in one.get("text/html", "") for one in data) == 1
    assert sum("<table>" in one.get("text/html", "") for one in data) == 3  # the card and two comparisons
    counts = [cell.execution_count for cell in kept.cells if cell.cell_type == "code"]
    assert counts == list(range(1, 1 + len(counts)))
    assert max(len(one.get("text/plain", "")) for one in data) < 8_000
    assert len(text) < 400_000
    assert not re.search(r"/tmp|/home|/root|/dev/shm|/Users|[A-Z]:\\\\", re.sub(r'"image/png": "[^"]*"', "", text))
