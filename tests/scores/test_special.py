"""The special functions against scipy, which is not needed at run time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

import forecasts
from forecasts.beta import beta_cdf, beta_quantile
from forecasts.special import continued_fraction, two_sided

shape = st.one_of(st.sampled_from([0.5, 1.0, 1.5, 10.5]), st.floats(0.05, 5000))


@given(st.floats(1e-9, 1 - 1e-9), shape, shape)
def test_the_incomplete_beta_function_agrees_with_scipy(x, a, b):
    ours = beta_cdf(np.array([x]), np.array([a]), np.array([b]))

    assert ours == pytest.approx([special.betainc(a, b, x)], rel=1e-9, abs=1e-12)


@given(st.floats(0.001, 0.999), shape, shape)
def test_its_inverse_agrees_with_scipy(level, a, b):
    ours = beta_quantile(np.array([level]), np.array([a]), np.array([b]))[0]

    theirs = special.betaincinv(a, b, level)
    if 1e-100 < theirs < 1 - 1e-12:
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-14)


@given(st.floats(-30, 30))
def test_the_normal_tails_agree_with_scipy(z):
    assert two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-10)


def test_a_continued_fraction_may_start_at_zero():
    # 0 + 1/(1 + 1/(1 + ...)) is the golden ratio less one
    value = continued_fraction(lambda k: np.array([float(k > 0)]), lambda k: np.ones(1))

    assert value == pytest.approx([(5**0.5 - 1) / 2])


def test_no_score_loads_scipy():
    modules = [path.stem for path in Path(forecasts.__file__).parent.glob("[a-z]*.py")]
    program = "import sys\n" + "".join(f"import forecasts.{name}\n" for name in modules)

    loaded = subprocess.run(
        [sys.executable, "-c", program + "print('scipy' in sys.modules, 'pandas' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.split() == ["False", "False"]
