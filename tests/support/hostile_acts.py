"""What somebody with a hand on the ledger may do to the leaderboard, besides choosing what to say and when.

Each act plays an invented contest into a ledger in its own way, and returns what it asks of the leaderboard; its
forecaster, ``me``, is the last of the contest.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import numpy as np
import pytest
from skill_ledger import AFTERWARDS, ENDS, OPENS, claim_of, columns_of, name_of, verdicts_of, write_claims
from skill_tactics import HONEST, entered
from skill_world import STEPS, together

from predictions.importing.refusals import RowsRefused

HOUR = 3_600_000_000
PUPPETS = ("puppet-1", "puppet-2")


class Stage:
    """A ledger before a contest, and all that is about to happen."""

    def __init__(self, ledger, clock, scene, entries=None):
        self.ledger, self.clock, self.scene = ledger, clock, scene
        self.entries = HONEST(scene)[0] if entries is None else entries
        self.me = name_of(scene.people)

    def supersede_all(self, claims):
        """Supersede each by a sure statement of my own, which comes true."""
        for slug in claims:
            new = self.ledger.supersede(
                slug, text=f"The sun rises, {slug}", deadline=(AFTERWARDS + timedelta(9)).date(), reason="other words",
                carry=(),
            )  # fmt: skip
            self.ledger.forecast(new, 0.99, by=self.me)

    @cached_property
    def firsts(self):
        """My first number on each of my claims."""
        own = self.entries.who == self.scene.people
        said, claim = self.entries.said[own], self.entries.claim[own]
        first = said[np.arange(claim.size), np.argmax(~np.isnan(said), axis=1)]
        return dict(zip(claim.tolist(), first.tolist(), strict=True))

    @cached_property
    def lost(self):
        """My claims on which my first number was on the wrong side."""
        outcome = self.scene.world.outcome
        return [claim_of(number) for number, first in self.firsts.items() if abs(first - outcome[number]) > 0.5]

    def play(self, without=(), outcomes=None):
        """Record everything; leave out some verdicts, or change them."""
        if not list(self.ledger):
            write_claims(self.ledger, self.scene.world.known.size)
        self.clock.set(AFTERWARDS)
        self.import_all(self.entries)
        verdicts = [row | (outcomes or {}).get(row["claim"], {}) for row in verdicts_of(self.scene.world)]
        self.ledger.import_resolutions([row for row in verdicts if row["claim"] not in without])

    def import_all(self, entries, name=name_of, **how):
        self.ledger.import_forecasts(columns_of(entries, name), **({"published_in": "site"} | how))

    def wrong(self):
        """Sure numbers that turn out wrong, on all my claims, from the opening."""
        return np.repeat(1 - self.scene.world.outcome[:, None], self.entries.said.shape[1], axis=1) * 0.96 + 0.02

    def say_yes_to_what_is_new(self):
        """Let every claim that was added after the contest come true."""
        self.clock.set(AFTERWARDS + timedelta(60))
        contest = {claim_of(number) for number in range(self.scene.world.known.size)}
        for slug in [one for one in self.ledger if one not in contest]:
            self.ledger.resolve(slug, "yes", known_on=(AFTERWARDS + timedelta(9)).date(), reason="it rose")

    def right(self):
        return 1 - self.wrong()


def plays_fair(stage):
    stage.play()


def clusters_declared_late(stage):
    stage.play()
    for slug in stage.lost:
        stage.ledger.correct(f"claim {slug}", cluster="bad-luck", reason="one cause, surely")


def supersedes_what_failed(stage):
    stage.play()
    stage.supersede_all(stage.lost)
    stage.say_yes_to_what_is_new()


def supersedes_what_looks_bad(stage):
    """At half time, all claims on which the crowd is on the other side by then, before anybody knows."""
    write_claims(stage.ledger, stage.scene.world.known.size)
    stage.clock.set(OPENS + timedelta(STEPS // 2))
    half = stage.scene.median[:, STEPS // 2] > 0.5
    against = [claim_of(number) for number, first in stage.firsts.items() if (first > 0.5) != half[number]]
    assert len(against) > 2
    stage.supersede_all(against)
    stage.play()
    stage.say_yes_to_what_is_new()


def words_after_numbers(stage):
    stage.play()
    for slug in stage.lost:
        stage.ledger.forecast(slug, words="unlikely", by=stage.me, scale="icd-203", made_at="2026-01-02")


def backdates(stage):
    stage.play()
    for slug in stage.lost:
        true = stage.scene.world.outcome[int(slug[1:])]
        stage.ledger.forecast(slug, 0.98 if true else 0.02, by=stage.me, made_at="2026-01-01T12:00Z")


def imports_by_itself_without_a_platform(stage):
    """A file of perfect forecasts, dated before the opening, that no source carries."""
    stage.play()
    columns = columns_of(entered(stage.scene, np.unique(stage.scene.own), stage.right()))
    columns["made_at"] = [moment - HOUR for moment in columns["made_at"]]
    stage.ledger.import_forecasts(columns)


def says_two_numbers_at_one_moment(stage):
    """At the microsecond of each number on what failed, the right one as well, in another import."""
    stage.play()
    own = stage.entries.who == stage.scene.people
    mine = type(stage.entries)(*(column[own] for column in stage.entries))
    columns = columns_of(mine._replace(said=np.where(np.isnan(mine.said), np.nan, stage.right()[mine.claim])))
    with pytest.raises(RowsRefused, match="for the same claim"):
        stage.ledger.import_forecasts(columns, published_in="site")


def speaks_for_the_others(stage):
    """By hand, sure and wrong numbers in the names of all others on what they have forecast, dated by no link."""
    stage.play()
    wrong = stage.wrong()
    for person in range(3):
        for number in np.unique(stage.entries.claim[stage.entries.who == person]).tolist():
            said = round(float(wrong[number, 0]), 2)
            stage.ledger.forecast(claim_of(number), said, by=name_of(person), made_at="2026-01-01T12:00Z")


def annuls_what_failed(stage):
    stage.play()
    for slug in stage.lost:
        stage.ledger.resolve(slug, "annulled", known_on=ENDS.date(), reason="unfair", again=True)


def leaves_what_failed_without_a_verdict(stage):
    stage.play(without=stage.lost)


def decides_what_failed_for_itself(stage):
    turned = {}
    for slug in stage.lost:
        true = stage.scene.world.outcome[int(slug[1:])]
        turned[slug] = {
            "outcome": "no" if true else "yes", "known_on": str(ENDS.date()), "known_at": ENDS.isoformat(),
            "happened_on": None if true else str((ENDS - timedelta(1)).date()),
        }  # fmt: skip
    stage.play(outcomes=turned)


def dates_what_failed_early(stage):
    """Says of every answer that I did not expect that it was public six hours after the opening."""
    early = OPENS + timedelta(hours=6)
    known = {"known_on": str(early.date()), "known_at": early.isoformat()}
    as_said = {True: known | {"happened_on": str(early.date())}, False: known | {"impossible": True}}
    stage.play(outcomes={slug: as_said[bool(stage.scene.world.outcome[int(slug[1:])])] for slug in stage.lost})


def forges_a_dump(stage):
    """An account with perfect numbers in a platform's dump of one's own."""
    own = stage.entries.who == stage.scene.people
    stage.entries = together(
        type(stage.entries)(*(column[~own] for column in stage.entries)),
        entered(stage.scene, np.unique(stage.scene.own), stage.right()),
    )
    stage.play()


def names_a_group_afterwards(stage):
    """Of thirty groups of five, that beside which I stand best."""
    stage.play()
    groups = [[name_of(one) for one in stage.scene.random.permutation(stage.scene.people)[:5]] for _ in range(30)]
    return {"group": min(groups, key=lambda group: rank_of(stage, stage.ledger.leaderboard(group=group)))}


def rank_of(stage, board):
    return next(row.rank or np.inf for row in board.lines if row.forecaster == stage.me)


def two_puppets_by_hand(stage):
    """In a ledger of imports, two forecasters logged by hand on my claims alone, who are always wrong."""
    write_claims(stage.ledger, stage.scene.world.known.size)
    stage.clock.set("2026-01-02")
    wrong = stage.wrong()
    for number in np.unique(stage.scene.own).tolist():
        for puppet in PUPPETS:
            stage.ledger.forecast(claim_of(number), round(float(wrong[number, 0]), 2), by=puppet, kind="person")
    stage.clock.set(AFTERWARDS)
    stage.import_all(stage.entries)
    stage.ledger.import_resolutions(verdicts_of(stage.scene.world))


NOTHING = {
    "clusters declared late": clusters_declared_late,
    "supersedes what failed": supersedes_what_failed,
    "supersedes what looks bad at half time": supersedes_what_looks_bad,
    "words after numbers": words_after_numbers,
    "backdates": backdates,
    "says two numbers at one moment": says_two_numbers_at_one_moment,
    "speaks for the others": speaks_for_the_others,
    "imports perfect numbers that no source carries": imports_by_itself_without_a_platform,
}
KEEPER = {
    "annuls what failed": annuls_what_failed,
    "leaves what failed without a verdict": leaves_what_failed_without_a_verdict,
    "decides what failed the other way": decides_what_failed_for_itself,
    "dates the answers of what failed early": dates_what_failed_early,
    "forges a platform's dump": forges_a_dump,
    "names a group afterwards": names_a_group_afterwards,
    "two puppets by hand in a ledger of imports": two_puppets_by_hand,
}
