"""Which reading of a statement is scored, where a catalogue does not say."""

from __future__ import annotations

from collections.abc import Sequence

ClaimEntry = dict[str, object]


def say_scored(claims: Sequence[ClaimEntry]) -> None:
    """Write into the claims of a catalogue whether they are scored, as `quote` would record them.

    The first reading of a statement is scored and later ones are not, unless one of them says ``scored = true``. What
    supersedes a claim is scored as that one is, a correction as what it corrects; the parts of a tree are not.

    >>> claims = [{"slug": "a", "statement": "s"}, {"slug": "b", "statement": "s"}]
    >>> say_scored(claims)
    >>> [claim["scored"] for claim in claims]
    [True, False]
    """
    parts = {str(part) for claim in claims if isinstance(named := claim.get("parts"), list) for part in named}
    led = {str(claim.get("statement")) for claim in claims if claim.get("scored") is True}
    said: dict[str, object] = {}
    for claim in claims:
        slug, supersedes, statement = (str(claim.get(name)) for name in ("slug", "supersedes", "statement"))
        if "scored" not in claim and slug in parts:
            claim["scored"] = False
        else:
            before = said.get(slug, said.get(supersedes, statement not in led))
            claim.setdefault("scored", before)
            led.add(statement)
        said[slug] = claim["scored"]
