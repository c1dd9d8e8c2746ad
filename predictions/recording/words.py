"""Words in place of a number: on which scale they are read, and which chances they mean there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from predictions.chances import read_chance
from predictions.enums import AS_READ, HOUSE
from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.fields import check_line, check_slug
from predictions.numerals import exact
from predictions.recording.enter import check_named

ENDS = ("low", "high")


def numbers_of(arguments: Mapping[str, Any]) -> dict[str, object]:
    """Read the arguments that say how likely something is, as one chance, as fields of a forecast.

    Args:
        arguments: `probability`, `low` and `high` as they were given, or `words` with the `scale` they are read on.

    Returns:
        The same fields as numbers; for words those of their scale, unless `low` or `high` was given.

    Raises:
        InvalidValue: Both a number and words were given, or the words are on no scale and no ends were given.
    """
    words = check_named(check_line, arguments.get("words"), "words")
    scale = check_named(check_slug, arguments.get("scale"), "scale")
    ends = {name: check_named(read_chance, arguments.get(name), name) for name in ENDS}
    probability = None if arguments.get("probability") is None else read_chance(arguments["probability"])
    if words is None:
        if scale is not None:
            raise InvalidValue(f"scale={scale} goes with words=, and none are given")
        return {"probability": probability, **ends}
    if probability is not None:
        raise InvalidValue(
            f"a number or words, not both: {probability * 100:.12g}% was said (p=) or is read from "
            f"{short_repr(words)} (words=)"
        )
    # The recorder's own range wins over every scale, and is marked so: it is their reading, not a published one.
    if any(end is not None for end in ends.values()):
        if scale not in {None, AS_READ}:
            raise InvalidValue(f"{short_repr(words)} is read on scale={scale}, or from low= to high=; say one of them")
        return {"words": words, "scale": AS_READ, **ends}
    if scale == AS_READ:
        raise InvalidValue(f"{short_repr(words)} is read by you: say from where to where, low= and high=")
    from forecasts.verbal import SCALES, impute

    try:
        imputed = impute(words, scale=scale or scale_of(words))
    except ValueError as error:
        # "it holds" is said of a scale that exists and lacks the words; otherwise the scale may be misspelled.
        lacks_words = scale and "it holds" in str(error)
        hint = f' (see: ledger.scales("{scale}"))' if lacks_words else did_you_mean(scale, list(SCALES))
        raise InvalidValue(f"{error}{hint}") from None
    return {
        "words": words,
        "scale": scale or imputed.scale,
        "probability": imputed.point,
        "low": imputed.low,
        "high": imputed.high,
    }


def scale_of(words: str) -> str:
    """Return the scale on which words are read if none is named: our own, if it has them.

    Published scales disagree about words, so one of these must be named.

    Raises:
        InvalidValue: Our own scale does not have them; the message lists how others read them.
    """
    from forecasts.verbal import SCALES

    phrase = " ".join(words.lower().split())
    holding = {name: scale.words[phrase] for name, scale in SCALES.items() if phrase in scale.words}
    if HOUSE in holding:
        return HOUSE
    if not holding:
        number = None
        with suppress(InvalidValue):
            number = read_chance(words)
        if number is not None:
            raise InvalidValue(f"{short_repr(words)} is a number; say p={exact(number)} in place of words=")
        raise InvalidValue(
            f"{short_repr(words)} is on no scale (see: ledger.scales()); say what you take it for: "
            'low="20%", high="60%"'
        )
    readings = ", ".join(f"{name} {low:.2f} to {high:.2f}" for name, (low, _, high) in holding.items())
    raise InvalidValue(f"{short_repr(words)} is read as {readings}; say which: scale=, or low= and high=")
