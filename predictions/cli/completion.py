"""Completion in bash, zsh and fish: of the slugs of claims and of forecasters, read from the ledger that is named."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem

from predictions.errors import LedgerError
from predictions.ledger import Ledger

CLAIMS = frozenset({"claim", "claims", "given", "what", "slug"})
FORECASTERS = frozenset({"by", "a", "b", "group"})
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(name: str) -> Completer | None:
    """Return what completes an argument of that name; None for those that nothing on file completes."""
    if name in CLAIMS:
        return lambda ctx, _parameter, begun: _beginning(ctx, begun, forecasters=False)
    if name in FORECASTERS:
        return lambda ctx, _parameter, begun: _beginning(ctx, begun, forecasters=True)
    return None


def _beginning(ctx: click.Context, begun: str, *, forecasters: bool) -> list[CompletionItem]:
    """Find the slugs that begin so; a ledger that cannot be read completes nothing."""
    path = ctx.find_root().params.get("path") or ""
    try:
        with Ledger(path, create=False, read_only=True) as ledger:
            slugs = ledger.forecasters if forecasters else ledger._ipython_key_completions_()
    except LedgerError:
        return []
    return [CompletionItem(slug) for slug in slugs if slug.startswith(begun)]
