"""Every refusal of every verb is a sentence of two lines at the most, where what was typed is short."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import Clock

from predictions.cli import VERBS, cli
from predictions.cli.verbs import command_of

MADE = """
add "It rains" --deadline 2026-12-31 --slug rain -p 30%
add "It snows" --deadline 2027-12-31 --slug snow
add "Which?" --deadline 2026-12-31 --options a,b,other --slug which
add "Cars" --deadline 2026-12-31 --unit t --between 0..10 --slug cars
add "The law" --deadline 2026-12-31 --when --slug law
add "Two firms" --deadline 2026-12-31 --at-least 2 --conditions list=A --slug firms
log-evidence rain https://e.org/a "A" --slug a --bears opposes
quote "Tech Oracle" "It hails" --deadline 2026-12-31 --said-on 2026-11-01 --link https://e.org/b --slug hail
forecast rain 40% --by bob --kind person
"""
BAD = """
add "It rains" -p 30%
add It rains --deadline 2026
add "It blows" --dealine 2026
add "It blows" --deadline 02/03/2027
add "It blows" --deadline "next year"
add "It blows" --deadline 2026 -p 30
add "It blows" --deadline 2026 --by ana
add "It blows" --deadline 2027 --options a
add "It blows" --deadline 2027 --options a,annulled
add "It blows" --deadline 2027 --options a,b -p 40%
add "It blows" --deadline 2027 --options a,b -p a=40%
add "It blows" --deadline 2027 --options a,b --unit t
add "It blows" --deadline 2027 --ordered
add "It blows" --deadline 2027 --unit t
add "It blows" --deadline 2027 --conditions list
add "It blows" --deadline 2027 --when -p 2027=30% -p 2026=40%
add "It blows" --deadline 2027 --slug "A b"
add "It blows" --deadline 2027 --given nothing
add "It blows" --deadline 2027 --closes-at 2026-12-31
add "It blows" --deadline 2027 --settle-days many
add "It blows" --deadline 2027 --opens-on 2028-01-01
add "Other" --deadline 2027 --slug rain
quote Bob "It blows" --words will --deadline 2027
quote Bob "It blows" --words will --said-on 2026-11-01
quote Bob "It blows" --words could --deadline 2027 --said-on 2026-11-01
quote Bob "It blows" --words blue --scale ipcc --deadline 2027 --said-on 2026-11-01
quote Bob "It blows" --words will -p 30% --deadline 2027 --said-on 2026-11-01
quote Bob "It blows" --words will --scale nothing --deadline 2027 --said-on 2026-11-01
quote Bob "It blows" -p 30% --deadline 2027 --source nowhere
quote Bob "It blows" -p 30% --deadline 2027 --said-on 2026-11-01 --link www
quote Bob "It blows" -p 30% --deadline 2027 --said-on 2026-11-01 --kind robot
forecast rain
forecast rain many
forecast rian 30%
forecast w 30%
forecast rain 30% --by bobb
forecast rain 30% --made-at yesterday
forecast rain 30% --made-at 2027-01-01
forecast rain 30% --made-at 2026-11-01T10:00
forecast rain 30% --made-at 2026-11-01T08:30:00+24:00
forecast rain 30% --made-at 2026-11-01 --published-in nowhere
forecast rain -q 10%=2
forecast which 30%
forecast which a=30%
forecast cars -q 10%=2 -q 90%=1
forecast cars -q 10%=2 -q 90%=30
forecast law 2028=30%
log-evidence rain https://e.org/c
log-evidence rain a --bears context
log-evidence rain,snow a --bears context
log-evidence rain a --bears for
log-evidence rain,nothing https://e.org/c "C"
log-evidence firms https://e.org/c "C" --counts beta
log-evidence firms https://e.org/c "C" --counts beta --on 2026-11-20 --meets size
log-evidence rain nothing
import-from fatebok f.csv
import-from table
import-from table nowhere.csv
import-from json f.json
due --by nobody
resolve rain no
resolve rain yes
resolve rain maybe
resolve rain yes --happened-on 2027-01-01
resolve rain yes --happened-on 2026-01-01
resolve rain yes --known-on 2026-01-01
resolve rain annulled
resolve which yes
resolve which 'a|...' --known-on 2026-12-01
resolve cars many --known-on 2026-12-01
resolve law yes
resolve firms yes
resolve rian yes
correct rain
correct rain --set colour=red
correct rain --set outcome=yes
correct rain --set deadline
correct nothing --set text=A
withdraw snow
withdraw rain --by cy
retract nothing --reason why
retract a
supersede rain
supersede nothing --reason why
board --status late
board --type kind
board --by nobody
claim rian
claim which-one
scorecard --cohort all
scorecard --leads many
scorecard --top none
scorecard --horizon long
scorecard --window soon
scorecard --sort luck
scorecard --by nobody
scorecard --as-of never
leaderboard --by nobody
compare nobody
compare "Tech Oracle"
compare ana ana
explain luck ana
explain brier
explain brier nobody
explain brier "Tech Oracle"
explain ana
diff never
history nothing
scales nothing
report page.pdf
report nowhere/page.html
export json all.json
export table
export csv nowhere/all.csv
verify --head 3:abc
verify --head nothing
backup nowhere/b.db
head --sign nowhere.key
prove nothing
merge nowhere.db
merge other.db
redact rain
redact nothing --to r.db
keygen nowhere/k
"""


@pytest.fixture
def typed(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Record a little of everything, in a folder with another ledger that asks nothing alike."""
    monkeypatch.chdir(tmp_path)
    clock.set("2026-11-29")
    for line in MADE.strip().splitlines():
        assert run(line).exit_code == 0, line
    assert CliRunner().invoke(cli, ["--ledger", "other.db", "add", "Tea sells", "--deadline", "2027"]).exit_code == 0
    return tmp_path


def run(line: str) -> click.testing.Result:
    return CliRunner().invoke(cli, ["--ledger", "l.db", "--me", "ana", *shlex.split(line)], prog_name="predictions")


def test_what_is_refused_is_told_in_two_lines(typed: Path) -> None:
    long = list[str]()
    for line in BAD.strip().splitlines():
        result = run(line)
        told = result.stderr
        lines = [part for part in told.splitlines() if not part.startswith("note: ")]
        wide = max(map(len, lines), default=0) > 80
        plain = result.exit_code in {1, 2} and told.startswith("error: ") and "sage: " not in told
        if not plain or len(lines) > 2 or wide:
            long.append(f"$ {line}\n{result.exit_code} {told}{result.stdout[:200]}")

    assert not long, "\n".join(long)


def test_each_verb_without_its_arguments_says_what_to_type() -> None:
    for verb in VERBS:
        command = command_of(verb)
        wanted = [one for one in command.params if isinstance(one, click.Argument) and one.required]
        if wanted:
            result = run(verb)
            label = str(wanted[0].metavar).partition("[")[0]
            told = " ".join(result.stderr.split())
            assert told.startswith(f"error: {label} is missing; say: predictions {verb} {label}"), verb
            assert result.stderr.count("\n") <= 2
