"""Scales of estimative language against the publishers' printed tables."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from forecasts.verbal import SCALES, impute

PRINTED = [
    # scale, words, the publisher's percentages
    ("kent-1964", "almost certain", 93 - 6, 93, 93 + 6),
    ("kent-1964", "probable", 75 - 12, 75, 75 + 12),
    ("kent-1964", "chances about even", 50 - 10, 50, 50 + 10),
    ("kent-1964", "probably not", 30 - 10, 30, 30 + 10),
    ("kent-1964", "almost certainly not", 7 - 5, 7, 7 + 5),
    ("icd-203", "almost no chance", 1, None, 5),
    ("icd-203", "very unlikely", 5, None, 20),
    ("icd-203", "unlikely", 20, None, 45),
    ("icd-203", "roughly even chance", 45, None, 55),
    ("icd-203", "likely", 55, None, 80),
    ("icd-203", "very likely", 80, None, 95),
    ("icd-203", "almost certain", 95, None, 99),
    ("icd-203", "remote", 1, None, 5),
    ("icd-203", "highly improbable", 5, None, 20),
    ("icd-203", "improbable", 20, None, 45),
    ("icd-203", "roughly even odds", 45, None, 55),
    ("icd-203", "probable", 55, None, 80),
    ("icd-203", "highly probable", 80, None, 95),
    ("icd-203", "nearly certain", 95, None, 99),
    ("ipcc", "virtually certain", 99, None, 100),
    ("ipcc", "extremely likely", 95, None, 100),
    ("ipcc", "very likely", 90, None, 100),
    ("ipcc", "likely", 66, None, 100),
    ("ipcc", "more likely than not", 50, None, 100),
    ("ipcc", "about as likely as not", 33, None, 66),
    ("ipcc", "unlikely", 0, None, 33),
    ("ipcc", "very unlikely", 0, None, 10),
    ("ipcc", "extremely unlikely", 0, None, 5),
    ("ipcc", "exceptionally unlikely", 0, None, 1),
    ("uk-phia", "remote chance", 0, None, 5),
    ("uk-phia", "highly unlikely", 10, None, 20),
    ("uk-phia", "unlikely", 25, None, 35),
    ("uk-phia", "realistic possibility", 40, None, 50),
    ("uk-phia", "likely", 55, None, 75),
    ("uk-phia", "likely or probable", 55, None, 75),
    ("uk-phia", "highly likely", 80, None, 90),
    ("uk-phia", "almost certain", 95, None, 100),
    ("kent-1964", "almost certainly", 93 - 6, 93, 93 + 6),
    ("kent-1964", "probably", 75 - 12, 75, 75 + 12),
    ("icd-203", "improbably", 20, None, 45),
    ("icd-203", "probably", 55, None, 80),
    ("icd-203", "almost certainly", 95, None, 99),
    ("uk-phia", "probable", 55, None, 75),
    ("uk-phia", "probably", 55, None, 75),
    ("house", "will", 80, 90, 99),
    ("house", "will not", 1, 10, 20),
    *(("house", words, 90, 95, 99) for words in ("almost certain", "almost certainly")),
    *(("house", words, 80, 90, 97) for words in ("very likely", "highly likely")),
    *(("house", words, 60, 75, 90) for words in ("likely", "probable", "probably")),
    ("house", "even chance", 40, 50, 60),
    *(("house", words, 10, 25, 40) for words in ("unlikely", "improbable", "probably not")),
    *(("house", words, 3, 10, 20) for words in ("very unlikely", "highly unlikely")),
    ("house", "almost certainly not", 1, 5, 10),
]


@pytest.mark.parametrize(("scale", "words", "low", "point", "high"), PRINTED)
def test_words_have_the_printed_range_and_a_point(scale, words, low, point, high):
    imputed = impute(words, scale=scale)

    assert (imputed.low, imputed.high) == pytest.approx((low / 100, high / 100), abs=1e-12)
    middle = (low + high) / 2 if point is None else point
    assert imputed.point == pytest.approx(middle / 100, abs=1e-12)


def test_no_word_of_a_scale_is_left_unchecked():
    assert {(name, words) for name, scale in SCALES.items() for words in scale.words} == {row[:2] for row in PRINTED}


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_scale_says_where_it_stands_and_whose_the_points_are(scale):
    assert SCALES[scale.name] is scale
    assert len(scale.source) > 40
    assert "point" in scale.points.lower()
    for low, point, high in scale.words.values():
        assert 0 <= low <= point <= high <= 1


def test_the_house_scale_says_that_it_is_ours():
    assert "in no published scale" in SCALES["house"].source


def test_a_point_of_the_house_scale_lies_within_every_published_range_of_the_same_word_or_its_neighbour():
    published = [SCALES[name] for name in ("kent-1964", "icd-203", "ipcc", "uk-phia")]

    for words, (_, point, _) in SCALES["house"].words.items():
        ranges = [scale.words[words] for scale in published if words in scale.words]
        assert all(low - 0.05 <= point <= high + 0.05 for low, _, high in ranges), words


@pytest.mark.parametrize(
    ("words", "opposite"),
    [("likely", "unlikely"), ("probably", "probably not"), ("very likely", "very unlikely"), ("will", "will not")],
)
def test_opposite_words_of_the_house_scale_are_as_far_from_certain(words, opposite):
    (low, point, high), (other_low, other_point, other_high) = (
        SCALES["house"].words[words],
        SCALES["house"].words[opposite],
    )

    assert (1 - high, 1 - point, 1 - low) == pytest.approx((other_low, other_point, other_high))


def test_the_same_word_differs_by_scale_so_none_is_the_default():
    likely = {name: impute("likely", scale=name).point for name in ("icd-203", "ipcc", "uk-phia")}

    assert likely == pytest.approx({"icd-203": 0.675, "ipcc": 0.83, "uk-phia": 0.65})
    with pytest.raises(TypeError):
        impute("likely")


def test_capitals_and_spaces_do_not_matter_and_the_source_comes_along():
    imputed = impute("  Very   LIKELY ", scale="icd-203")

    assert (imputed.words, imputed.scale) == ("very likely", "icd-203")
    assert "Directive 203" in imputed.source


@pytest.mark.parametrize(
    ("words", "scale", "message"),
    [
        ("likely", "gut", "no scale 'gut'; there are house, icd-203, ipcc, kent-1964, uk-phia"),
        ("likley", "icd-203", "did you mean 'likely'"),
        ("perhaps", "kent-1964", "it holds 'almost certain'"),
        ("", "house", "it holds 'will'"),
        (0.7, "icd-203", "0.7 are no words"),
    ],
)
def test_unknown_words_and_scales_are_refused_with_what_there_is(words, scale, message):
    with pytest.raises(ValueError, match=message):
        impute(words, scale=scale)


def test_scales_and_readings_cannot_be_changed():
    with pytest.raises(TypeError):
        SCALES["house"].words["will"] = (0.0, 0.0, 0.0)
    with pytest.raises(FrozenInstanceError):
        impute("will", scale="house").point = 1.0


def test_words_load_without_numpy():
    code = "import sys, forecasts.verbal; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
