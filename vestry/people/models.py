"""Tables of the people room: private, ask `people.api`."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from vestry.councils.api import Scoped, ScopedQuerySet, scoped
from vestry.kernel import Ref


class Accounts(BaseUserManager):
    """How accounts are found and made; Django asks for these names."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """By email, in any case."""
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None) -> Account:
        """A new account; without a password it is entered by resetting one."""
        account = self.model(email=email)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A person's key: email and password. It is no council's; what it opens is the officer's row in each."""

    email = models.EmailField(unique=True)

    objects = Accounts()

    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="people_email_in_lower_case"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Anna@ and anna@ are one mailbox, so they are one account."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class Team(Scoped):
    """Officers who share cases. An inactive one stays, because old cases name it.

    ``second_step``: what the team reads asks for a second step of its officers.
    """

    slug = models.SlugField(max_length=80, db_index=False)
    title = models.CharField(max_length=200)
    active = models.BooleanField(default=True)
    second_step = models.BooleanField(default=False)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="people_team_once")]


class Officers(ScopedQuerySet):
    """Officers, and who of them may do anything at all."""

    def working(self) -> Self:
        """Named by the council, and not stopped by whoever looks after Vestry."""
        return self.filter(active=True, stopped=False)


class Officer(Scoped):
    """Somebody who works for the council. Never deleted: the ledger names them.

    ``held``: pairs of a role and the team it is held in; no team, where it is held for the council.
    ``active``: the pack names them. ``stopped``: they may not sign in, whatever the pack says.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="officers")
    slug = models.SlugField(max_length=80, db_index=False)
    name = models.CharField(max_length=200)
    held = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    stopped = models.BooleanField(default=False)

    objects = scoped(Officers)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="people_officer_once"),
            models.UniqueConstraint(fields=["council", "account"], name="people_one_officer_an_account"),
        ]

    @property
    def ref(self) -> Ref:
        """How the ledger names them."""
        return Ref("officer", self.slug)


class Code(Scoped):
    """The one-time code of one purpose and one asker: the newest only, hashed.

    ``asker`` is the browser that asked: what a stranger asks for takes nothing from whom it is about.
    ``made``: when codes were made lately.
    """

    purpose = models.CharField(max_length=120)
    asker = models.CharField(max_length=40, blank=True)
    hash = models.CharField(max_length=64)
    expires = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    made = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "purpose", "asker"], name="people_one_code")
        ]


class Session(Scoped, AbstractBaseSession):
    """A browser's session. Belongs to a council, so that it is nobody's on another council's host.

    Of an officer who signed in: whose it is, on what device, since when, and about when it was used last.
    """

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        abstract = False


class Tally(Scoped):
    """How often somebody did something that is limited, since ``since``. ``who`` is hashed with a key."""

    what = models.CharField(max_length=40)
    who = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "what", "who", "since"], name="people_one_tally")
        ]


class ClientKey(Scoped):
    """The key of a program: what it begins with, and the hash of all of it.

    ``held`` as an officer's; ``scopes`` are rows of the permission table, and narrow it.
    """

    client = models.SlugField(max_length=60, db_index=False)
    prefix = models.CharField(max_length=24)
    hash = models.CharField(max_length=64)
    held = models.JSONField()
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires = models.DateField()
    used_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "prefix"], name="people_client_key_once")]


class ClientWrite(Scoped):
    """Something a program did, under a key of its own choice: the same key again is the same thing."""

    client = models.SlugField(max_length=60, db_index=False)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "client", "key"], name="people_write_once")]
        indexes = [models.Index(fields=["council", "at"], name="people_writes_by_age")]
