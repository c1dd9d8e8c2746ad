"""Lay out what the card of an import leaves to a person: changes not made, and names or questions that may be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.exchange.taking.changes import Change, changed_fields, in_brief
from predictions.exchange.taking.likeness import LikelyPair
from predictions.exchange.taking.mended_rows import MendedDay
from predictions.exchange.taking.too_late import MADE_LATE, READ_LATE, READ_WHEN_OVER
from predictions.numerals import counted, some_of
from predictions.render.blocks import Block, Hint, Pairs, Paragraph
from predictions.render.columns import WIDTH
from predictions.render.commands import naming_briefly, shell_word

LABEL = 14  # width of a label, in columns
MOST_CHANGES = 20  # changes that are listed
MOST_ASKED = 5  # names, and questions, that are listed
_LATE_IN_WORDS = {
    MADE_LATE: "made when the answer was public, or the window over",
    READ_LATE: "read from words when the answer was public",
    READ_WHEN_OVER: "read from words when the window was over, if the answer was public by then",
}


def slugs_asked_of(
    changes: Sequence[Change], pairs: Sequence[LikelyPair], days: Sequence[MendedDay]
) -> list[str]:  # fmt: skip
    """List the claims that the commands on the card may name."""
    return [
        *(change.claim for change in changes[:MOST_CHANGES]),
        *(slug for pair in pairs[:MOST_ASKED] for slug in (pair.slug, pair.known)),
        *(day.claim for day in days[:MOST_ASKED]),
    ]


def backdated_told(backdated: Mapping[str, int], another_day: int, columns: Sequence[str]) -> list[Block]:
    """Say whose new forecasts are backdated, and what would have them counted.

    Args:
        backdated: How many each forecaster has.
        another_day: How many of them have a link, and were made on another day than it was said.
        columns: Those of the table, among which may be columns of a person, whose numbers no link carries.
    """
    total = sum(backdated.values())
    if not total:
        return []
    name, count = max(backdated.items(), key=lambda found: found[1])
    whose = f"{count:,} of {name}'s forecasts" + (f" and {total - count:,} of others" if total > count else "")
    bare = total - another_day
    fixes = []
    if bare:
        them = "them" if total > 1 and not another_day else "it" if not another_day else f"{bare:,}"
        in_a_row = ", in a row of its own," if any(column.startswith("p:") for column in columns) else ""
        fixes.append(f"a link and said_on{in_a_row} would have {them} counted")
    if another_day:
        made = "made_at is another day than said_on" + (f" in {another_day:,} of them" if bare else "")
        fixes.append(f"{made}, and without made_at the day of said_on counts")
    return [Paragraph(f"{whose} {'is' if total == 1 else 'are'} backdated; {'; '.join(fixes)}")]


def in_no_mean(too_late: Mapping[str, int]) -> list[tuple[str, str]]:
    """Say how many new forecasts come too late for a mean, by why."""
    lines = [f"{counted(count, 'forecast')} {_LATE_IN_WORDS[why]}" for why, count in sorted(too_late.items())]
    return [("in no mean", "\n".join(lines))] if lines else []


def changed_since(changes: Sequence[Change], briefly: Mapping[str, str]) -> list[Block]:
    """List the changes that a file would make, each with the command that makes it; *briefly* abbreviates slugs."""
    if not changes:
        return []
    claims = len({change.claim for change in changes})
    left = "left as it is" if claims == 1 else "left as they are"
    blocks: list[Block] = [Paragraph(f"changed since {counted(claims, 'question')}, {left}:")]
    for change in changes[:MOST_CHANGES]:
        lead = "; take it over with:" if change.typed else ""
        blocks.append(Paragraph(f"{change.claim}  {change.what}{lead}", 2, 6))
        if change.typed:
            text_indent = 4 + len(change.claim)  # below the first letter of the change
            blocks.append(_line(change, briefly, text_indent if text_indent + len(change.typed) <= WIDTH else 6))
    if len(changes) > MOST_CHANGES:
        rest = f"and {len(changes) - MOST_CHANGES:,} more"
        blocks.append(Hint(f"{rest}: --json", f"{rest}: changes of this", 2))
    return blocks


def kept_apart(slugs: Sequence[str], twice: Sequence[LikelyPair], briefly: Mapping[str, str]) -> list[Block]:
    """Say that records of names and questions that turned out to be others' stay where they are.

    *twice* are the claims among these, each with the one that now holds the same forecasts: one cluster makes both
    one observation. *briefly* abbreviates slugs.
    """
    if not slugs:
        return []
    stays = "stays, with what it said" if len(slugs) == 1 else "stay, with what they said"
    text = f"{some_of(slugs)} {stays} before; only a new ledger has both as one"
    counted_once = "; one cluster makes both one observation in counts and intervals" if twice else ""
    blocks: list[Block] = [Paragraph(f"{'kept apart':<{LABEL}}{text}{counted_once}", 0, LABEL)]
    blocks += (_line(change, briefly, LABEL) for pair in twice[:MOST_ASKED] for change in _clustered(pair))
    if len(twice) > MOST_ASKED:
        blocks.append(_rest(f"{len(twice) - MOST_ASKED:,} more on two claims", "twice"))
    return blocks


def put_on_claims(put_on: Sequence[tuple[str, str]]) -> list[Block]:
    """List the questions that were put onto claims on file."""
    lines = [f"{in_brief(question)} is {claim}" for question, claim in put_on[:MOST_ASKED]]
    rest = [f"{len(put_on) - MOST_ASKED:,} more"] if len(put_on) > MOST_ASKED else []
    return [Pairs([("onto", "\n".join([*lines, *rest]))], 0, LABEL)] if put_on else []


def people_asked(alike: Sequence[tuple[str, str]], uncompared: int) -> list[Block]:
    """Ask whether new names mean forecasters on file; *uncompared* counts new names, if too many to compare."""
    blocks = [
        _asked_whether_same(
            "people", name, slug, f"--people {shell_word(f'{name}={slug}')}", f"people={{{name!r}: {slug!r}}}"
        )
        for name, slug in alike[:MOST_ASKED]
    ]
    if len(alike) > MOST_ASKED:
        blocks.append(_rest(f"{len(alike) - MOST_ASKED:,} more names like others", "alike"))
    if uncompared:
        question = f"same people?  {uncompared:,} new names are too many to hold against others"
        blocks.append(Hint(f"{question}; if so: --people NAME=SLUG", f"{question}; if so: people={{NAME: SLUG}}"))
    return blocks


def questions_asked(pairs: Sequence[LikelyPair], briefly: Mapping[str, str], *, dry_run: bool) -> list[Block]:
    """Ask whether new questions are claims on file.

    In a dry run they can still be put onto these; once recorded, both claims can only be given one cluster.
    """
    blocks: list[Block] = []
    for pair in pairs[:MOST_ASKED]:
        text = " ".join(pair.text.split())
        typed, python = f"--onto {shell_word(f'{pair.key}={pair.known}')}", f"onto={{{pair.key!r}: {pair.known!r}}}"
        if dry_run and pair.is_beside:
            column = "if so, one name in their column cluster has both counted once"
            blocks.append(_asked_whether_same("question", text, pair.known, column, column))
        elif dry_run:
            blocks.append(_asked_whether_same("question", text, pair.known, typed, python))
        else:
            once = "if so, one cluster has both counted once"
            blocks.append(_asked_whether_same("question", text, pair.known, once, once))
            blocks += (_line(change, briefly, LABEL) for change in _clustered(pair))
    if len(pairs) > MOST_ASKED:
        blocks.append(_rest(f"{len(pairs) - MOST_ASKED:,} more questions like others", "pairs"))
    return blocks


def days_asked(days: Sequence[MendedDay], briefly: Mapping[str, str]) -> list[Block]:
    """Ask whether a table's new forecast is one on file whose day was corrected in the table.

    Each question gives the command that withdraws the forecast on file. One that is later than the new one stays, for
    it only repeats that. At most MOST_ASKED are asked; a last line counts the rest.

    Args:
        days: The pairs of a forecast on file and a new one.
        briefly: Abbreviations of slugs for commands that would be too long.
    """
    blocks: list[Block] = []
    for day in days[:MOST_ASKED]:
        text = f"{day.claim}: {day.forecaster} said the same on {day.before}, and now no row says so"
        put_right = f"if {day.after} is the day put right"
        nothing_to_do = f"{put_right}, it counts from then, and the other only says it again"
        asked = f"{put_right}:" if day.line else nothing_to_do
        blocks.append(Paragraph(f"{'same day?':<{LABEL}}{text}; {asked}", 0, LABEL))
        blocks += naming_briefly([day.line._replace(indent=LABEL)], day.claim, briefly.__getitem__) if day.line else []
    if len(days) > MOST_ASKED:
        blocks.append(_rest(f"{len(days) - MOST_ASKED:,} more forecasts like others", "days"))
    return blocks


def _rest(rest: str, field: str) -> Block:
    """Say how many more there are, and which field of the result lists them."""
    return Hint(f"and {rest}: --json", f"and {rest}: {field} of this", LABEL)


def _clustered(pair: LikelyPair) -> list[Change]:
    """Return the changes that give both claims of a pair one cluster: that of the claim on file if it has one."""
    name = pair.cluster or pair.known
    claims = [pair.slug] if pair.cluster else [pair.slug, pair.known]
    return [next(changed_fields(claim, {"cluster": None}, {"cluster": name})) for claim in claims]


def _line(change: Change, briefly: Mapping[str, str], indent: int) -> Block:
    """Lay out the command of a change, with the claim's slug abbreviated if the command is too long."""
    hint = Hint(change.typed, change.python, indent, is_code=True)
    if f'"{change.claim}"' not in change.python:  # a line about another record than the claim
        return hint
    return naming_briefly([hint], change.claim, briefly.__getitem__)[0]


def _asked_whether_same(what: str, name: str, known: str, typed: str, python: str) -> Block:
    """Lay out one question whether a name or question means one on file, with the option that says so."""
    question = f'{f"same {what}?":<{LABEL - 1}} "{name}" may be {known}'
    return Hint(f"{question}: {typed}", f"{question}: {python}", then=LABEL)
