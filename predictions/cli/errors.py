"""How every verb is parsed and run: each error becomes one sentence on stderr, and the exit is 0, 1 or 2."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from difflib import get_close_matches

import click

from predictions.cli.help_page import options_page
from predictions.cli.messages import WIDTH, as_typed, keywords, say
from predictions.cli.slips import (
    LEDGERS,
    chance_behind,
    given_twice,
    missing_sentence,
    percent_joined,
    unquoted,
    value_as_option,
    without_a_value,
)
from predictions.errors import InvalidValue, LedgerError, LedgerWarning, short_repr
from predictions.other_words import WORDS_FOR_A_STATUS, keyword_meant, known_elsewhere

_NEGATIVE = re.compile(r"-([0-9.]|inf|nan)", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"-[0-9]+([.,][0-9]+)?", re.ASCII)
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
LONG_OPTION = 4  # characters, with both hyphens; a longer word may be a whole option of another tool
NEAR_OPTION = 0.7  # how alike a word and an option must be (difflib ratio) to suggest the option
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EITHER_DAY = "did you mean '--said-on', when it was said, or '--deadline', the last day that counts?"
CLAIMS_LAST_DAY = "the last day is the claim's: predictions correct CLAIM --set deadline=DAY"
OF_SAYING = ("said", "published")  # words that can only mean the day of a quote
OF_A_CLAIM = ("text", "deadline", "opens_on", "criteria", "title", "tags", "note", "options", "unit", "between")
BY_IN_ADD = "--by is a person here; the last day that counts is --deadline"
SAID_BY_OTHERS = "what somebody else said is: predictions quote"
OF_A_QUOTE = ("by", "said_on", "source", "link", "words", "scale", "kind")  # options of `quote` alone


class Refused(click.ClickException):
    """An error of the library, shown in one sentence or as laid out on several lines: exit 1."""

    def __init__(self, message: str, *, laid_out: bool = False) -> None:
        super().__init__(message)
        self.laid_out = laid_out

    def show(self, file: object = None) -> None:
        say("error", self.message, laid_out=self.laid_out)


class Misused(Refused):
    """An error in what was typed: exit 2."""

    exit_code = 2

    def __init__(self, error: click.UsageError) -> None:
        """Reword click's error in the style of the ledger's own: lower case, no full stop, what to type instead."""
        message = error.format_message()
        if isinstance(error, click.NoSuchOption):  # click's own words differ from one version to the next
            names = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
            near = _nearest(error.option_name, names if len(error.option_name) == 2 else error.possibilities or ())
            verb = f"{error.ctx.command.name} " if error.ctx and error.ctx.parent else ""
            listed = f"options: predictions {verb}-h" if error.ctx else ""
            message = f"no option {short_repr(error.option_name)}; {f'did you mean {near!r}?' if near else listed}"
            if error.option_name in {"--ledger", "--me"}:
                message = f"{error.option_name} goes before the verb"
            elif not verb and error.option_name.strip("-").replace("-", "_") in keywords():
                message = f"{error.option_name} goes behind the verb"
        if isinstance(error, click.MissingParameter) and error.ctx and error.param:
            super().__init__(missing_sentence(error.ctx.command, error.param))
            return
        message = message if message.endswith("...") else message.rstrip(".")
        super().__init__(message[:1].lower() + message[1:])


def _nearest(option: str, possibilities: Sequence[str]) -> str | None:
    """Return the option that *option* begins or is a near miss of; None if there is no such option."""
    if len(option) > LONG_OPTION and known_elsewhere(option):
        return None
    is_letter = len(option) == 2  # as in `-s`, which may be meant for `--source`
    completions = [name for name in possibilities if name.startswith(f"-{option}" if is_letter else option)]
    if completions and (not is_letter or len(completions) == 1):  # one letter must be unambiguous
        return completions[0]
    near = get_close_matches(option.strip("-"), [name.strip("-") for name in possibilities], n=1, cutoff=NEAR_OPTION)
    return f"--{near[0]}" if near else None


class Verb(click.Command):
    """One verb of the command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what was typed; common slips are put right, or the error says what to type instead."""
        args = percent_joined(args)
        if "outcome" in self.argument_names:  # a value may be negative
            args = _negative_last(
                args, {name for parameter in self.params if parameter.nargs == 1 for name in parameter.opts}
            )
        if "p" in self.argument_names:  # a positional chance may also be typed as `-p 40%`, as with `add`
            args = chance_behind(args)
        typed = list(args)
        with plain_errors(self.option_names, self.argument_names):
            if wrong := without_a_value(typed, self.params) or given_twice(typed, self.params):
                raise click.UsageError(wrong, ctx)
            try:
                return super().parse_args(ctx, args)
            except click.NoSuchOption as error:
                raise self._no_such_option(error, typed, ctx) from None
            except InvalidValue as error:
                if str(error).startswith("one ") and (meant := unquoted(typed, self.params)):
                    raise click.UsageError(meant, ctx) from None
                raise
            except click.UsageError as error:
                if extra := _EXTRA.fullmatch(error.message):
                    meant = unquoted(typed, self.params)
                    raise click.UsageError(meant, ctx) if meant else self._too_many(extra[1], typed, ctx) from None
                raise

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; its warnings become notes."""
        with plain_errors(self.option_names, self.argument_names), notes(self.option_names):
            return super().invoke(ctx)

    def _no_such_option(self, error: click.NoSuchOption, typed: list[str], ctx: click.Context) -> Exception:
        """Return an error that says what to type instead of an unknown option; *error* itself if nothing is known."""
        given = next((arg for arg in typed if arg.startswith(error.option_name)), "")
        if "text" in self.argument_names and " " in given:
            return InvalidValue(f'a text that begins with a sign stands behind all options and --: ... -- "{given}"')
        if _NEGATIVE.match(given):
            advice = "; a value is said with quantiles=" if "quantiles" in self.option_names else ""
            limits = "a chance runs from 0% to 100%" if "p" in self.argument_names else "a number here runs from 0"
            return InvalidValue(f"{short_repr(given)} is negative; {limits}{advice}")
        if "changes" in self.option_names and error.option_name not in {"--ledger", "--me"}:
            option = error.option_name
            name = keyword_meant(option, OF_A_CLAIM) or option.lstrip("-").replace("-", "_")
            value = _value_typed(typed, error.option_name) or "VALUE"
            message = f"no option {short_repr(error.option_name)}; a field is changed with --set {name}={value}"
            return click.UsageError(message, ctx)
        if error.option_name == "--by" and (self.name == "add" or (self.name == "quote" and _is_day_by(typed))):
            return _by_in_add(typed, ctx)
        hint = self._hint(error.option_name)
        return click.UsageError(f"no option {error.option_name!r}; {hint}", ctx) if hint else error

    def _hint(self, option: str) -> str | None:
        """Return what to type instead of an option of another tool or verb; None if the option is not recognised."""
        status = WORDS_FOR_A_STATUS.get(option.strip("-"))
        if status and "status" in self.option_names:
            return f"say: --status {status}"
        name = keyword_meant(option, [*self.option_names, *self.argument_names])
        if self.name == "quote" and name == "said_on" and option.strip("-") not in OF_SAYING:
            return EITHER_DAY
        if name in self.argument_names:
            return f"it goes without one: {self._usage}"
        if name:
            return f"did you mean {'-p' if name == 'p' else '--' + name.replace('_', '-')!r}?"
        if {"made_at", "p"} <= {*self.option_names, *self.argument_names} and keyword_meant(option, ["deadline"]):
            return CLAIMS_LAST_DAY
        is_of_quote = bool(keyword_meant(option, OF_A_QUOTE))
        if is_of_quote and self.name == "add":
            return SAID_BY_OTHERS
        if is_of_quote and "published_in" in self.option_names:
            return "the dated source or evidence it stands in is --published-in SLUG"
        if named := value_as_option(option, self.option_names):
            return named
        if option == "--made-at":
            return "what was thought earlier is: predictions forecast CLAIM 70% --made-at DAY"
        return f"say: predictions board --status {status}" if status and "stale" in self.option_names else None

    def _too_many(self, words: str, typed: Sequence[str], ctx: click.Context) -> click.UsageError:
        """Return the error for surplus words, with the option that they may belong to or the usage of the verb."""
        if words.endswith(LEDGERS):
            return click.UsageError(f"a ledger goes before the verb: predictions --ledger {words} {self.name}", ctx)
        candidates = ("happened_on", "made_at", "as_of") if _ISO_DAY.fullmatch(words) else ("search", "by", "note")
        name = next((candidate for candidate in candidates if candidate in self.option_names), None)
        shown = short_repr(words)
        if name and (" " not in words or name == "note" or words in typed):  # in `typed` if it was in quotes
            quoted = words if " " not in words else f'"{words}"'
            return click.UsageError(
                f"{shown} has no place here; did you mean --{name.replace('_', '-')} {quoted}?", ctx
            )
        return click.UsageError(f"{shown} has no place here; say: {self._usage}", ctx)

    @property
    def _usage(self) -> str:
        return self.get_usage(click.Context(self, info_name=f"predictions {self.name}")).removeprefix("Usage: ")

    @property
    def option_names(self) -> set[str]:
        """The keywords that are options of this verb."""
        return {option.name for option in self.params if isinstance(option, click.Option) and option.name}

    @property
    def argument_names(self) -> set[str]:
        """The keywords that this verb takes without an option, by their position."""
        return {argument.name for argument in self.params if isinstance(argument, click.Argument) and argument.name}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lay out the options in the groups of the docstring; those that every verb has come last."""
        formatter.write(options_page(self.params, ctx, min(formatter.width + 2, WIDTH)))


def _by_in_add(typed: list[str], ctx: click.Context) -> click.UsageError:
    """Return the error for --by, which `add` lacks: it was meant as the deadline, or as somebody else's name."""
    return click.UsageError(BY_IN_ADD if _is_day_by(typed) else f"{BY_IN_ADD}, and {SAID_BY_OTHERS}", ctx)


def _is_day_by(typed: list[str]) -> bool:
    """Return whether the value typed after --by is a day or a period, as in "by 2027", rather than a name."""
    from predictions.windows import read_window

    value = _value_typed(typed, "--by").strip('"')
    for words in (f"by {value}", value):
        with suppress(LedgerError):
            read_window(words, made_on=date(1, 1, 1))  # any day will do: only whether it can be read matters
            return True
    return False


def _negative_last(args: list[str], options: set[str]) -> list[str]:
    """Move the one negative number to the end, after `--`, so that click does not take it for an option.

    A number that follows one of the *options* is its value already. With several numbers nothing is moved.
    """
    pairs = zip(["", *args], args, strict=False)  # each word with the word before it
    negative = [arg for before, arg in pairs if _BELOW_ZERO.fullmatch(arg) and before not in options]
    if len(negative) != 1 or "--" in args:
        return args
    return [*(arg for arg in args if arg is not negative[0]), "--", *negative]


def _value_typed(typed: list[str], option: str) -> str:
    """Return the value typed for an option, in quotes if it has spaces; empty if there is none."""
    after = typed[typed.index(option) + 1 :] if option in typed else []
    joined = (arg.removeprefix(f"{option}=") for arg in typed if arg.startswith(f"{option}="))
    value = next(joined, after[0] if after else "")
    return f'"{value}"' if " " in value else value


@contextmanager
def plain_errors(options: Collection[str] = (), arguments: Collection[str] = ()) -> Iterator[None]:
    """Turn everything raised inside into an error of one sentence, without a traceback.

    *options* and *arguments* are the keywords of the verb; the sentence shows them as they are typed.
    """
    try:
        yield
    except (Refused, click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        raise
    except click.UsageError as error:
        raise Misused(error) from None
    except LedgerError as error:
        # An error about rows of a file respells its own advice: the cells that it quotes must stay as they are.
        respell = getattr(error, "spelled", None)
        if respell is not None:
            message = respell(lambda text: as_typed(text, options, arguments, of_cells=True))
            raise Refused(message, laid_out="\n" in message) from error
        raise Refused(as_typed(str(error), options, arguments)) from error
    except (click.Abort, KeyboardInterrupt):
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)  # the terminal shows ^C on the line where the cursor was
        raise Refused("stopped; what was recorded before stays recorded") from None
    except BrokenPipeError:
        hush()
        raise click.exceptions.Exit(0) from None
    except OSError as error:
        hush()
        raise Refused(f"the system refused: {error.strerror or error}; what was recorded stays recorded") from error
    except Exception as error:
        from predictions.boundary import unexpected

        raise Refused(unexpected(error)) from error


@contextmanager
def notes(options: Collection[str]) -> Iterator[None]:
    """Print the ledger's warnings as notes once the block is done.

    If the block raises they are dropped: they would speak of records that were not written.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LedgerWarning)
        yield
    for warning in caught:
        if issubclass(warning.category, LedgerWarning):
            say("note", as_typed(str(warning.message), options))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def hush() -> None:
    """Point stdout at the null device, so that the last flush to a closed pipe or a full disk cannot fail."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
