"""The door of one forecaster's record."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.paired_record import mean_outcome, record, verdicts


def test_plain_numbers_make_a_record_of_one():
    chance, truth = record(0.7, True)

    assert (chance.tolist(), truth.tolist()) == ([0.7], [1.0])


def test_one_outcome_serves_many_forecasts():
    chance, truth = record([0.7, 0.2], 1)

    assert truth.tolist() == [1.0, 1.0]
    assert chance.shape == truth.shape


def test_fractions_are_welcome_in_a_record_and_not_among_verdicts():
    assert record([0.7], [0.4])[1].tolist() == [0.4]
    with pytest.raises(ValueError, match="fraction"):
        verdicts([0.7], [0.4])


def test_a_table_of_forecasts_is_not_one_record():
    with pytest.raises(ValueError, match="single row"):
        record([[0.1, 0.2]], [[0, 1]])


def test_the_base_rate_of_equal_outcomes_is_exact():
    # the mean of three times 0.1 is 0.10000000000000002 in floating point
    assert mean_outcome(np.array([0.1] * 3)) == 0.1
    assert mean_outcome(np.array([0.0, 1.0])) == 0.5
