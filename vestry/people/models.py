"""Tables of the people room: private, ask `people.api`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from vestry.councils.api import Scoped


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
    """Officers who share cases. An inactive one stays, because old cases name it."""

    slug = models.SlugField(max_length=80, db_index=False)
    title = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="people_team_once")]


class Officer(Scoped):
    """Somebody who works for the council. Never deleted: the ledger names them."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="officers")
    slug = models.SlugField(max_length=80, db_index=False)
    name = models.CharField(max_length=200)
    teams = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="people_officer_once"),
            models.UniqueConstraint(fields=["council", "account"], name="people_one_officer_an_account"),
        ]


class Code(Scoped):
    """The one-time code of one purpose: the newest only, hashed. ``made``: when codes were made lately."""

    purpose = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    expires = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    made = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "purpose"], name="people_one_code")]


class Session(Scoped, AbstractBaseSession):
    """A browser's session. Belongs to a council, so that it is nobody's on another council's host."""

    class Meta(Scoped.Meta):
        abstract = False
