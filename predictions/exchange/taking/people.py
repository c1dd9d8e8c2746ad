"""Find the forecaster that each name in a file means, on file or new; refuse two names of one new forecaster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from predictions.enums import DERIVED, ForecasterKind, SourceKind
from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.exchange.options import Options
from predictions.exchange.questions import Account, FileRead, Platform, slug_with_digits
from predictions.exchange.taking.account_names import kinds_told, slug_of_account, with_full_names
from predictions.exchange.taking.likeness import like_name
from predictions.forecaster_names import no_name
from predictions.own_name import ME
from predictions.recording.enter import Desk, build, correct, enter_all, said_content
from predictions.records import Forecaster
from predictions.slugs import OF_ACCOUNTS, Titles, match_slug, same_words, slug_of, slug_of_name, spelled_out

OF_IDS = "id-"  # follows the platform's slug in an account that is an id
MOST_PAIRS = 1_000_000  # pairs of names that are compared, in some three seconds


class People:
    """The forecasters that the names in some files mean.

    Attributes:
        titles: The titles of all forecasters by slug, with the new ones.
        new: The forecasters recorded by this run, by slug.
        joined: Whether several names of the file may be one forecaster.
        kept_apart: Forecasters of earlier runs whose accounts now belong to others; they keep their forecasts.
    """

    def __init__(self, desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> None:
        """Look every name up and record new forecasters; InvalidValue if it is not clear who a name means."""
        self._desk, self._platform, self._options = desk, platform, options
        self._slugs: dict[str | None, str] = {}
        self.titles = Titles(desk.store.titles(Forecaster))
        self.new: dict[str, Forecaster] = {}
        self._is_platform = platform.kind is SourceKind.PLATFORM
        self._accounts = desk.store.owners(Forecaster, "accounts") if self._is_platform else {}
        self._owners = dict(self._accounts)  # forecasters by account, with the ids of this run
        self._ids = self._ids_on_file()
        self.joined = bool(options.people or self._accounts)
        self.kept_apart: list[str] = []
        self._to_remember: dict[str, set[str]] = {}  # accounts to be recorded, by forecaster
        self._options = with_full_names(options, files)
        self._apart = self._told_apart(files) if self._is_platform else {}  # names that differ in capitals only
        for file in files:
            kinds = kinds_told(file)
            for name in sorted(file.said.names(), key=lambda name: name not in self._options.people):
                account = file.accounts.get(name or "", Account(name or "", kinds.get(name) or ForecasterKind.PERSON))
                self._slugs[name] = self._slug(name, account)
        self.joined |= len(set(self._slugs.values())) < len(self._slugs)
        self._remember()
        enter_all(desk, self.new.values())

    def _remember(self) -> None:
        """Record the accounts of forecasters, so that later runs know them; one that moved leaves its former owner."""
        moved = {account for accounts in self._to_remember.values() for account in accounts}
        for slug in {self._accounts[account] for account in moved if account in self._accounts}:
            remaining = [account for account in self._standing(slug).accounts if account not in moved]
            self._change(slug, {*remaining, *self._to_remember.pop(slug, ())})
        for slug, accounts in self._to_remember.items():
            self._change(slug, {*self._standing(slug).accounts, *accounts})

    def _standing(self, slug: str) -> Forecaster:
        return self.new.get(slug) or self._desk.store.revisions(Forecaster, slug=slug)[-1]

    def _change(self, slug: str, accounts: Collection[str]) -> None:
        """Replace the accounts of a forecaster."""
        forecaster, changes = self._standing(slug), {"accounts": tuple(sorted(accounts))}
        if slug in self.new:
            self.new[slug] = build(Forecaster, {**said_content(forecaster), **changes})
        elif changes["accounts"] != forecaster.accounts:
            correct(self._desk, forecaster, changes, reason=f"known so on {self._platform.title}")

    def _ids_on_file(self) -> dict[str, set[str]]:
        """Return the accounts of each forecaster on file that are ids of the platform."""
        ids = defaultdict[str, set[str]](set)
        for account, slug in self._accounts.items():
            if account.startswith(f"{self._platform.slug}-{OF_IDS}"):
                ids[slug].add(account)
        return dict(ids)

    def slug(self, name: str | None) -> str:
        """Return the slug of the forecaster that a name in a file means."""
        return self._slugs[name]

    def kind(self, slug: str) -> ForecasterKind:
        """Return a forecaster's kind."""
        return self._standing(slug).kind

    def alike(self) -> list[tuple[str, str]]:
        """Pair the names of new people with forecasters whose name is similar; nothing if there are too many names.

        Names of a table are compared with one another, too; on a platform similar accounts are different people.
        """
        if self.uncompared:
            return []
        me = slug_of(self._desk.me) if self._desk.me else None
        slugs = dict.fromkeys(filter(None, [me, *self.titles]))
        names_by_slug = {slug: self._bare(slug) for slug in slugs if slug == me or slug not in self.new}
        pairs: list[tuple[str, str]] = []
        for person in self.new.values():
            if person.kind is not ForecasterKind.PERSON or not spelled_out(person.title) or person.slug == me:
                continue  # the owner is nobody else, in whichever order the rows come
            similar = like_name(self._bare(person.slug), names_by_slug)
            if similar is not None and similar not in person.accounts:
                pairs.append((self.name_of(person), self.new[similar].title if similar in self.new else similar))
            if not self._is_platform:
                names_by_slug[person.slug] = person.slug
        return pairs

    def name_of(self, forecaster: Forecaster) -> str:
        """Return the first name in the files that means a forecaster: an id if several users share one name."""
        return next((name for name, slug in self._slugs.items() if name and slug == forecaster.slug), forecaster.title)

    def _bare(self, slug: str) -> str:
        """Return a forecaster's slug without the platform's prefix."""
        return next((slug.removeprefix(prefix) for prefix in OF_ACCOUNTS if slug.startswith(prefix)), slug)

    @property
    def uncompared(self) -> int:
        """How many new names were not compared with others, because there are too many pairs; 0 if they were."""
        new = len(self.new)
        compared_with = len(self.titles) - (new if self._is_platform else 0)
        return new if new * compared_with > MOST_PAIRS else 0

    def _slug(self, name: str | None, account: Account) -> str:
        """Return the forecaster's slug for a name: as the caller says, as an earlier run knew it, or by the name."""
        forecaster = self._options.people.get(name or "", name)
        known_as = self._account(name, account) if name is not None and self._is_platform else None
        if known_as is not None and name not in self._options.people:
            slug, is_known = self._owners.get(known_as, known_as), known_as in self._owners
            self._check_kind(slug, account)
            self._remember_user(slug, account)
            return slug if is_known else self._known_as(slug, account.title or account.name, account)
        if forecaster is None:
            forecaster = self._options.by
        if forecaster is None or forecaster.casefold() == ME:
            forecaster = self._desk.me
        if forecaster is None:
            raise InvalidValue("say whose forecasts they are: by=, or Ledger(path, me=), or PREDICTIONS_ME")
        abbreviated = name in self._options.people  # by the caller, perhaps; a file spells names in full
        account_slug = self._begun(forecaster, known_as) if abbreviated else None
        slug = slug_of_name(forecaster, self.titles) or account_slug or slug_of(forecaster)
        if slug not in self.titles and not self._is_platform and (kind_of_non_name := no_name(forecaster)):
            raise InvalidValue(f"{short_repr(forecaster)} is {kind_of_non_name}, and by= is who forecasts")
        if account.kind in DERIVED:
            self._check_is_nobody(account, slug)
        elif name in self._options.people and slug in self.titles and (kind := self.kind(slug)) in DERIVED:
            raise InvalidValue(f"people: {slug} is a {kind} and nobody's own; {short_repr(name)} is somebody else")
        if known_as not in {None, slug}:
            self._join(account, str(known_as), slug)
        self._remember_user(slug, account)
        return self._known_as(slug, forecaster, account)

    def _begun(self, beginning: str, known_as: str | None) -> str | None:
        """Return the account on file whose slug begins like this, None if it is not an account; NotFound if unclear."""
        if not beginning.startswith(OF_ACCOUNTS) or beginning == known_as:
            return None
        try:
            return self._accounts.get(beginning) or match_slug(Forecaster.noun, beginning, list(self.titles))
        except NotFound as error:
            raise NotFound(f"people: {error}") from None

    def _account(self, name: str, account: Account) -> str:
        """Return the slug by which an account is known: its id's if that is on file, else its name's.

        If the name belongs to somebody on file with another id, this is a namesake, known by the id.
        """
        by_id, by_name = self._by_id(account), self._by_name(name)
        if by_id is None or account.user is None or by_id in self._owners:
            return by_id if by_id in self._owners else by_name
        ids_on_file = self._ids.get(self._accounts.get(by_name, by_name))
        return slug_of_account(self._platform.slug, account.user) if ids_on_file else by_name

    def _by_name(self, name: str) -> str:
        return self._apart.get(name) or slug_of_account(self._platform.slug, name)

    def _by_id(self, account: Account) -> str | None:
        """Return the slug for the platform's id of an account; None if it has no id, or is a price or an aggregate."""
        if account.user is None or account.kind in DERIVED:
            return None
        return slug_of_account(self._platform.slug, f"{OF_IDS}{account.user}")

    def _remember_user(self, slug: str, account: Account) -> None:
        """Keep a forecaster's id on the platform, which stays the same when they are renamed or have a namesake."""
        by_id = self._by_id(account)
        if by_id is not None and self._owners.get(by_id) != slug:
            self._owners[by_id] = slug
            self._to_remember.setdefault(slug, set()).add(by_id)

    def _told_apart(self, files: Sequence[FileRead]) -> dict[str, str]:
        """Return a slug of its own for each name that differs from another in capitals only, also across runs.

        The name on file under the plain slug keeps that slug.
        """
        platform, names_by_slug, own_slugs = self._platform.slug, defaultdict[str, set[str]](set), dict[str, str]()
        for name in filter(None, (name for file in files for name in file.said.names())):
            names_by_slug[slug_of_account(platform, name)].add(name)
        for plain, names in names_by_slug.items():
            on_file = plain in self.titles or plain in self._accounts
            owner = self._owner_of(plain, names) if on_file else min(names)
            slugs = {name: slug_with_digits(platform, name) for name in names if name != owner}
            own_slugs |= {
                name: slug
                for name, slug in slugs.items()
                if len(names) > 1 or slug in self.titles or slug in self._accounts
            }
        return own_slugs

    def _join(self, account: Account, known_as: str, slug: str) -> None:
        """Give a forecaster one more account; InvalidValue if an earlier run gave it to somebody else."""
        platform, by_name = self._platform.slug, self._by_name(account.name)
        undecided = {by_name, slug_of_account(platform, account.user or account.name)}  # slugs nobody ever decided on
        if (earlier_slug := self._accounts.get(known_as, slug)) not in {slug, *undecided}:
            raise InvalidValue(
                f"people: {short_repr(account.name)} is {earlier_slug} since an earlier run, not {slug}; "
                f"if that was wrong, correct the accounts of forecaster {earlier_slug} first"
            )
        account_slug = by_name if known_as == self._by_id(account) else known_as
        if self._accounts.get(account_slug, slug) == slug:
            with_capitals = [slug_with_digits(platform, account.name)] if account.name != account.name.lower() else []
            self._to_remember.setdefault(slug, set()).update([account_slug, *with_capitals])
        if account_slug in self.titles and account_slug not in {*self._accounts, *self.new}:
            self.kept_apart.append(account_slug)

    def _owner_of(self, plain: str, names: Collection[str]) -> str | None:
        """Return the name whose account is on file under the plain slug, in the spelling of that time; else None."""
        if plain in self.titles:
            return self.titles[plain]
        owners = {name: self._accounts.get(slug_with_digits(self._platform.slug, name)) for name in names}
        in_that_spelling = (name for name, owner in owners.items() if owner == self._accounts[plain])
        lower_case = (name for name in names if name == name.lower() and owners[name] is None)
        return next(in_that_spelling, next(lower_case, None))

    def _check_is_nobody(self, account: Account, slug: str) -> None:
        """Refuse a price or an aggregate that the caller says is a person."""
        is_owner = self._desk.me is not None and slug == slug_of(self._desk.me)
        if is_owner or (slug in self.titles and self.kind(slug) is not account.kind):
            raise InvalidValue(f"people: {short_repr(account.name)} is a {account.kind} and nobody's own; leave it out")

    def _check_kind(self, slug: str, account: Account) -> None:
        """Refuse an account that is a price or an aggregate if its forecaster on file is a person, and the reverse."""
        if slug not in self.titles or slug in self.new:
            return
        kind = self.kind(slug)
        if kind is not account.kind and not DERIVED.isdisjoint({kind, account.kind}):
            raise InvalidValue(
                f"{slug} is a {kind} on file, and a {account.kind} on {self._platform.title}; "
                f'first: ledger.correct("forecaster {slug}", kind="{account.kind}", reason="WHY")'
            )

    def _known_as(self, slug: str, name: str, account: Account) -> str:
        """Return the slug, and add a new forecaster for it if nobody has it; InvalidValue if two names share it."""
        if slug not in self.titles:
            self.titles[slug] = name
            fields = {
                "slug": slug, "title": name, "kind": account.kind, "size": account.size, "method": account.method,
            }  # fmt: skip
            self.new[slug] = build(Forecaster, fields)
        elif slug in self.new and name != slug and not same_words(self.titles[slug], name):
            both = f"{short_repr(self.titles[slug])} and {short_repr(name)}"
            raise InvalidValue(f"{both} are one forecaster {slug!r}; use one name, or say who is who: people=")
        return slug
