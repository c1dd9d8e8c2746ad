"""What the card of a run leaves to a person: what changed since, and whose names and questions may be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.exchange.taking.changes import Change, changed_fields, in_brief
from predictions.exchange.taking.likeness import LikelyPair
from predictions.exchange.taking.mended_rows import MendedDay
from predictions.numerals import counted, some_of
from predictions.render.blocks import Block, Hint, Pairs, Paragraph
from predictions.render.columns import WIDTH
from predictions.render.commands import naming_briefly, shell_word

LABEL = 14  # columns of a label
MOST_CHANGES = 20  # that are listed
MOST_ASKED = 5  # names, and questions, that may be those of others


def slugs_asked_of(
    changes: Sequence[Change], pairs: Sequence[LikelyPair], days: Sequence[MendedDay]
) -> list[str]:  # fmt: skip
    """List the claims that the card's lines to type may name."""
    return [
        *(change.claim for change in changes[:MOST_CHANGES]),
        *(slug for pair in pairs[:MOST_ASKED] for slug in (pair.slug, pair.known)),
        *(day.claim for day in days[:MOST_ASKED]),
    ]


def changed_since(changes: Sequence[Change], briefly: Mapping[str, str]) -> list[Block]:
    """List what a file says otherwise than the ledger, each with the line that takes it over."""
    if not changes:
        return []
    questions = len({change.claim for change in changes})
    left = "left as it is" if questions == 1 else "left as they are"
    found: list[Block] = [Paragraph(f"changed since {counted(questions, 'question')}, {left}:")]
    for change in changes[:MOST_CHANGES]:
        over = "; take it over with:" if change.typed else ""
        found.append(Paragraph(f"{change.claim}  {change.what}{over}", 2, 6))
        if change.typed:
            beside = 4 + len(change.claim)  # where what changed begins
            found.append(_line(change, briefly, beside if beside + len(change.typed) <= WIDTH else 6))
    if len(changes) > MOST_CHANGES:
        more = f"and {len(changes) - MOST_CHANGES:,} more"
        found.append(Hint(f"{more}: --json", f"{more}: changes of this", 2))
    return found


def kept_apart(slugs: Sequence[str]) -> list[Block]:
    """Say that what was recorded of other names, and questions, is not moved when these turn out to be others."""
    if not slugs:
        return []
    stays = "stays, with what it said" if len(slugs) == 1 else "stay, with what they said"
    told = f"{some_of(slugs)} {stays} before; only a new ledger has both as one"
    return [Paragraph(f"{'kept apart':<{LABEL}}{told}", 0, LABEL)]


def put_on_claims(put_on: Sequence[tuple[str, str]]) -> list[Block]:
    """Say which questions were put onto claims on file; later runs know it."""
    told = [f"{in_brief(question)} is {claim}" for question, claim in put_on[:MOST_ASKED]]
    more = [f"{len(put_on) - MOST_ASKED:,} more"] if len(put_on) > MOST_ASKED else []
    return [Pairs([("onto", "\n".join([*told, *more]))], 0, LABEL)] if put_on else []


def people_asked(alike: Sequence[tuple[str, str]], uncompared: int) -> list[Block]:
    """Ask whether new names are those of forecasters on file."""
    found = [
        _asked_whether_same(
            "people", name, known, f"--people {shell_word(f'{name}={known}')}", f"people={{{name!r}: {known!r}}}"
        )
        for name, known in alike[:MOST_ASKED]
    ]
    if len(alike) > MOST_ASKED:
        found.append(_rest(f"{len(alike) - MOST_ASKED:,} more names like others", "alike"))
    if uncompared:
        asked = f"same people?  {uncompared:,} new names are too many to hold against others"
        found.append(Hint(f"{asked}; if so: --people NAME=SLUG", f"{asked}; if so: people={{NAME: SLUG}}"))
    return found


def questions_asked(pairs: Sequence[LikelyPair], briefly: Mapping[str, str], *, dry_run: bool) -> list[Block]:
    """Ask whether new questions are claims on file: they can be put onto these, or once recorded share a cluster."""
    found: list[Block] = []
    for pair in pairs[:MOST_ASKED]:
        text = " ".join(pair.text.split())
        typed, python = f"--onto {shell_word(f'{pair.key}={pair.known}')}", f"onto={{{pair.key!r}: {pair.known!r}}}"
        if dry_run:
            found.append(_asked_whether_same("question", text, pair.known, typed, python))
        else:
            once = "if so, one cluster has both counted once"
            found.append(_asked_whether_same("question", text, pair.known, once, once))
            found += (_line(change, briefly, LABEL) for change in _clustered(pair))
    if len(pairs) > MOST_ASKED:
        found.append(_rest(f"{len(pairs) - MOST_ASKED:,} more questions like others", "pairs"))
    return found


def days_asked(days: Sequence[MendedDay], briefly: Mapping[str, str]) -> list[Block]:
    """Ask whether new forecasts of a table are those on file of another day; these can be taken back."""
    found: list[Block] = []
    for day in days[:MOST_ASKED]:
        asked = f"{day.claim}: {day.forecaster} said the same on {day.before}, and now no row says so"
        found.append(Paragraph(f"{'same day?':<{LABEL}}{asked}; if {day.after} is the day put right:", 0, LABEL))
        found += naming_briefly([day.line._replace(indent=LABEL)], day.claim, briefly.__getitem__)
    if len(days) > MOST_ASKED:
        found.append(_rest(f"{len(days) - MOST_ASKED:,} more forecasts like others", "days"))
    return found


def _rest(told: str, field: str) -> Block:
    """Say how many more there are, and where they stand."""
    return Hint(f"and {told}: --json", f"and {told}: {field} of this", LABEL)


def _clustered(pair: LikelyPair) -> list[Change]:
    """Return the lines that give both claims of a pair one cluster; that on file may have one."""
    name = pair.cluster or pair.known
    claims = [pair.slug] if pair.cluster else [pair.slug, pair.known]
    return [next(changed_fields(claim, {"cluster": None}, {"cluster": name})) for claim in claims]


def _line(change: Change, briefly: Mapping[str, str], indent: int) -> Block:
    hint = Hint(change.typed, change.python, indent, is_code=True)
    if f'"{change.claim}"' not in change.python:  # a line about another record than the claim
        return hint
    return naming_briefly([hint], change.claim, briefly.__getitem__)[0]


def _asked_whether_same(what: str, name: str, known: str, typed: str, python: str) -> Block:
    asked = f'{f"same {what}?":<{LABEL - 1}} "{name}" may be {known}'
    return Hint(f"{asked}: {typed}", f"{asked}: {python}", then=LABEL)
