"""Who the names in a file are: forecasters on file, or new ones; two names of one forecaster are refused."""

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

OF_IDS = "id-"  # begins what stands after the platform in an account that is an id
MOST_PAIRS = 1_000_000  # of names that are held against each other, in some three seconds


class People:
    """The forecasters that the names in some files are.

    Attributes:
        titles: The titles of all forecasters, by slug, new ones too.
        new: Those that were recorded just now.
        joined: Whether one of them may be several names in the file.
        kept_apart: Forecasters of earlier runs who are said to be others now, and keep what they said.
    """

    def __init__(self, desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> None:
        """Look every name up, and record who is new; InvalidValue where it is not clear who somebody is."""
        self._desk, self._platform, self._options = desk, platform, options
        self._slugs: dict[str | None, str] = {}
        self.titles = Titles(desk.store.titles(Forecaster))
        self.new: dict[str, Forecaster] = {}
        self._is_platform = platform.kind is SourceKind.PLATFORM
        self._accounts = desk.store.owners(Forecaster, "accounts") if self._is_platform else {}
        self._owners = dict(self._accounts)  # and the ids of this run
        self._ids = self._ids_on_file()
        self.joined = bool(options.people or self._accounts)
        self.kept_apart: list[str] = []
        self._to_remember: dict[str, set[str]] = {}  # accounts of forecasters, as they are recorded
        self._options = with_full_names(options, files)
        self._apart = self._told_apart(files) if self._is_platform else {}
        for file in files:
            kinds = kinds_told(file)
            for name in sorted(file.said.names(), key=lambda name: name not in self._options.people):
                account = file.accounts.get(name or "", Account(name or "", kinds.get(name) or ForecasterKind.PERSON))
                self._slugs[name] = self._slug(name, account)
        self.joined |= len(set(self._slugs.values())) < len(self._slugs)
        self._remember()
        enter_all(desk, self.new.values())

    def _remember(self) -> None:
        """Record who is known by which accounts, so that no later run has to be told; an id is of the last one told."""
        moved = {account for accounts in self._to_remember.values() for account in accounts}
        for slug in {self._accounts[account] for account in moved if account in self._accounts}:
            kept = [one for one in self._standing(slug).accounts if one not in moved]
            self._change(slug, {*kept, *self._to_remember.pop(slug, ())})
        for slug, accounts in self._to_remember.items():
            self._change(slug, {*self._standing(slug).accounts, *accounts})

    def _standing(self, slug: str) -> Forecaster:
        return self.new.get(slug) or self._desk.store.revisions(Forecaster, slug=slug)[-1]

    def _change(self, slug: str, accounts: Collection[str]) -> None:
        """Give a forecaster these accounts."""
        standing, changes = self._standing(slug), {"accounts": tuple(sorted(accounts))}
        if slug in self.new:
            self.new[slug] = build(Forecaster, {**said_content(standing), **changes})
        elif changes["accounts"] != standing.accounts:
            correct(self._desk, standing, changes, reason=f"known so on {self._platform.title}")

    def _ids_on_file(self) -> dict[str, set[str]]:
        """Return the accounts of each forecaster that are the platform's ids."""
        found = defaultdict[str, set[str]](set)
        for account, slug in self._accounts.items():
            if account.startswith(f"{self._platform.slug}-{OF_IDS}"):
                found[slug].add(account)
        return dict(found)

    def slug(self, name: str | None) -> str:
        """Return the slug of the forecaster that a name in a file is."""
        return self._slugs[name]

    def kind(self, slug: str) -> ForecasterKind:
        """Return what a forecaster is."""
        known = self.new.get(slug) or self._desk.store.revisions(Forecaster, slug=slug)[-1]
        return known.kind

    def alike(self) -> list[tuple[str, str]]:
        """List the names of new forecasters with whom they may be by their names; none where there are too many.

        Of a table that may be another new one, which is said by its name there; accounts of a platform are several.
        """
        if self.uncompared:
            return []
        me = slug_of(self._desk.me) if self._desk.me else None
        others = dict.fromkeys(filter(None, [me, *self.titles]))
        names = {slug: self._bare(slug) for slug in others if slug == me or slug not in self.new}
        found: list[tuple[str, str]] = []
        for one in self.new.values():
            if one.kind is not ForecasterKind.PERSON or not spelled_out(one.title) or one.slug == me:
                continue  # the owner is nobody else, in whichever order the rows stand
            near = like_name(self._bare(one.slug), names)
            if near is not None and near not in one.accounts:
                found.append((self.name_of(one), self.new[near].title if near in self.new else near))
            if not self._is_platform:
                names[one.slug] = one.slug
        return found

    def name_of(self, forecaster: Forecaster) -> str:
        """Return the first name in the files that a forecaster is: an id where several users have one name."""
        return next((name for name, slug in self._slugs.items() if name and slug == forecaster.slug), forecaster.title)

    def _bare(self, slug: str) -> str:
        """Return a forecaster's slug without the platform it may begin with."""
        return next((slug.removeprefix(one) for one in OF_ACCOUNTS if slug.startswith(one)), slug)

    @property
    def uncompared(self) -> int:
        """How many new names were not held against those on file, and in a table one another, being too many."""
        new = len(self.new)
        others = len(self.titles) - (new if self._is_platform else 0)
        return new if new * others > MOST_PAIRS else 0

    def _slug(self, name: str | None, account: Account) -> str:
        """Find the forecaster of a name: as the caller says, as an earlier run knew the account, or by name."""
        meant = self._options.people.get(name or "", name)
        known_as = self._account(name, account) if name is not None and self._is_platform else None
        if known_as is not None and name not in self._options.people:
            slug, is_known = self._owners.get(known_as, known_as), known_as in self._owners
            self._check_kind(slug, account)
            self._remember_user(slug, account)
            return slug if is_known else self._known_as(slug, account.title or account.name, account)
        if meant is None:
            meant = self._options.by
        if meant is None or meant.casefold() == ME:
            meant = self._desk.me
        if meant is None:
            raise InvalidValue("say whose forecasts they are: by=, or Ledger(path, me=), or PREDICTIONS_ME")
        begun = self._begun(meant, known_as) if name in self._options.people else None  # what a file names may be new
        slug = slug_of_name(meant, self.titles) or begun or slug_of(meant)
        if slug not in self.titles and not self._is_platform and (what := no_name(meant)):
            raise InvalidValue(f"{short_repr(meant)} is {what}, and by= is who forecasts")
        if account.kind in DERIVED:
            self._check_is_nobody(account, slug)
        elif name in self._options.people and slug in self.titles and (kind := self.kind(slug)) in DERIVED:
            raise InvalidValue(f"people: {slug} is a {kind} and nobody's own; {short_repr(name)} is somebody else")
        if known_as not in {None, slug}:
            self._join(account, str(known_as), slug)
        self._remember_user(slug, account)
        return self._known_as(slug, meant, account)

    def _begun(self, meant: str, known_as: str | None) -> str | None:
        """Return the account on file that the beginning of a slug means; NotFound where there is none, or several."""
        if not meant.startswith(OF_ACCOUNTS) or meant == known_as:
            return None
        try:
            return self._accounts.get(meant) or match_slug(Forecaster.noun, meant, list(self.titles))
        except NotFound as error:
            raise NotFound(f"people: {error}") from None

    def _account(self, name: str, account: Account) -> str:
        """Return the slug by which an account is known: of its id, if that is on file; else of its name.

        Who has the name of somebody on file, and another id, is somebody else, and known by the id.
        """
        by_id, by_name = self._by_id(account), self._by_name(name)
        if by_id is None or account.user is None or by_id in self._owners:
            return by_id if by_id in self._owners else by_name
        others = self._ids.get(self._accounts.get(by_name, by_name))
        return slug_of_account(self._platform.slug, account.user) if others else by_name

    def _by_name(self, name: str) -> str:
        return self._apart.get(name) or slug_of_account(self._platform.slug, name)

    def _by_id(self, account: Account) -> str | None:
        """Return the slug under which a forecaster keeps the platform's id of an account; None where that has none."""
        if account.user is None or account.kind in DERIVED:
            return None
        return slug_of_account(self._platform.slug, f"{OF_IDS}{account.user}")

    def _remember_user(self, slug: str, account: Account) -> None:
        """Keep by which id the platform knows a forecaster: who is renamed, or has a namesake, is still the same."""
        by_id = self._by_id(account)
        if by_id is not None and self._owners.get(by_id) != slug:
            self._owners[by_id] = slug
            self._to_remember.setdefault(slug, set()).add(by_id)

    def _told_apart(self, files: Sequence[FileRead]) -> dict[str, str]:
        """Return slugs of their own for accounts whose names differ in capitals only; they hold in later runs too.

        The one that is on file under the plain slug keeps it.
        """
        platform, alike, apart = self._platform.slug, defaultdict[str, set[str]](set), dict[str, str]()
        for name in filter(None, (name for file in files for name in file.said.names())):
            alike[slug_of_account(platform, name)].add(name)
        for plain, names in alike.items():
            on_file = plain in self.titles or plain in self._accounts
            own = self._owner_of(plain, names) if on_file else min(names)
            others = {name: slug_with_digits(platform, name) for name in names if name != own}
            apart |= {
                name: slug
                for name, slug in others.items()
                if len(names) > 1 or slug in self.titles or slug in self._accounts
            }
        return apart

    def _join(self, account: Account, known_as: str, slug: str) -> None:
        """Note an account of a forecaster; InvalidValue where an earlier run was told that it is somebody else's."""
        platform, by_name = self._platform.slug, self._by_name(account.name)
        own = {by_name, slug_of_account(platform, account.user or account.name)}  # nobody was told who these are
        if (before := self._accounts.get(known_as, slug)) not in {slug, *own}:
            raise InvalidValue(
                f"people: {short_repr(account.name)} is {before} since an earlier run, not {slug}; "
                f"if that was wrong, correct the accounts of forecaster {before} first"
            )
        named = by_name if known_as == self._by_id(account) else known_as
        if self._accounts.get(named, slug) == slug:
            exact = [slug_with_digits(platform, account.name)] if account.name != account.name.lower() else []
            self._to_remember.setdefault(slug, set()).update([named, *exact])
        if named in self.titles and named not in {*self._accounts, *self.new}:
            self.kept_apart.append(named)

    def _owner_of(self, plain: str, names: Collection[str]) -> str | None:
        """Return the one of some names whose account is on file under the plain slug, as it was spelled then."""
        if plain in self.titles:
            return self.titles[plain]
        exact = {name: self._accounts.get(slug_with_digits(self._platform.slug, name)) for name in names}
        spelled = (name for name, owner in exact.items() if owner == self._accounts[plain])
        return next(spelled, next((name for name in names if name == name.lower() and exact[name] is None), None))

    def _check_is_nobody(self, account: Account, slug: str) -> None:
        """Refuse a price or an aggregate that is said to be a person."""
        mine = self._desk.me is not None and slug == slug_of(self._desk.me)
        if mine or (slug in self.titles and self.kind(slug) is not account.kind):
            raise InvalidValue(f"people: {short_repr(account.name)} is a {account.kind} and nobody's own; leave it out")

    def _check_kind(self, slug: str, account: Account) -> None:
        """Refuse an account that is a price or an aggregate, where its forecaster on file is none, and the reverse."""
        if slug not in self.titles or slug in self.new:
            return
        kind = self.kind(slug)
        if kind is not account.kind and not DERIVED.isdisjoint({kind, account.kind}):
            raise InvalidValue(
                f"{slug} is a {kind} on file, and a {account.kind} on {self._platform.title}; "
                f'first: ledger.correct("forecaster {slug}", kind="{account.kind}", reason="WHY")'
            )

    def _known_as(self, slug: str, meant: str, account: Account) -> str:
        """Return the slug, of a new forecaster where nobody has it."""
        if slug not in self.titles:
            self.titles[slug] = meant
            fields = {
                "slug": slug, "title": meant, "kind": account.kind, "size": account.size, "method": account.method,
            }  # fmt: skip
            self.new[slug] = build(Forecaster, fields)
        elif slug in self.new and meant != slug and not same_words(self.titles[slug], meant):
            both = f"{short_repr(self.titles[slug])} and {short_repr(meant)}"
            raise InvalidValue(f"{both} are one forecaster {slug!r}; use one name, or say who is who: people=")
        return slug
