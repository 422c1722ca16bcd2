"""How officers sign in: django-allauth, with what is different here.

1. Only an active officer of this host's council gets in. Wrong password, unknown email, another council's
   officer: the same words after the same work.
2. Nobody signs up: a council names its officers.
3. A password is reset by a link, sent only to officers of this council; the page says the same to everybody.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.signals import password_reset
from allauth.core import context
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Fact, Ref, utc_now
from vestry.ledger import api as ledger
from vestry.people.api.residents import RESIDENT
from vestry.people.events import PasswordChanged, SignedIn, SignInLocked
from vestry.people.models import Account, Officer
from vestry.people.sessions import DEVICE, SEEN, SINCE, device_of

# As long as five wrong tries count against an account (`settings.ACCOUNT_RATE_LIMITS`).
LOCKED_FOR = 5 * 60
JUST_NOW = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def works_here(account: Account) -> bool:
    """Whether an account is an active officer of the council in scope."""
    return Officer.objects.working().filter(account=account).exists()


class OfficerBackend(AuthenticationBackend):
    """Lets officers of the council in scope in, and nobody else."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        """The account, after its password was checked."""
        account = super().authenticate(request, **credentials)
        return account if account and works_here(account) else None

    def get_user(self, user_id: int) -> Account | None:
        """Whose session it is; nobody's once they are no officer any more."""
        account = super().get_user(user_id)
        return account if account and works_here(account) else None


class Adapter(DefaultAccountAdapter):
    """allauth's questions, answered for a council."""

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        """A passkey opens an account without its password: who works somewhere else is nobody here."""
        if not works_here(user):
            return redirect("account_login")
        return super().pre_login(request, user, **more)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try; states the first one that is too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._state_locked(request, **credentials)
            raise

    def _state_locked(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "").strip().lower()
        found = Officer.objects.working().filter(account__email=email) if email.isprintable() else ()
        key = hashlib.sha256(self._get_login_attempts_cache_key(request, **credentials).encode()).hexdigest()
        for officer in found:
            if cache.add(f"people:locked:{key}", 1, timeout=LOCKED_FOR):
                state(officer, SignInLocked(), actor=SYSTEM)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not from somebody who has only just signed in: they would type the same again."""
        since = context.request.session.get(SINCE)
        return not since or datetime.fromisoformat(since) + JUST_NOW < utc_now()

    def reauthenticate(self, user: Account, password: str) -> bool:
        """The same check as when signing in, and counted with it."""
        return self.authenticate(context.request, email=user.email, password=password) is not None

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email address or password is not right"),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own takes the host as the browser writes it, so that a port or a capital buys five more.
        return f"{councils.current().slug}:{credentials.get('email', '').strip().lower()}"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page one comes to says enough."""


class SignInForm(forms.LoginForm):
    """Email and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_email(self.fields["login"])
        self.fields["password"].error_messages["required"] = _("Enter your password")


class ForgottenPasswordForm(forms.ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_email(self.fields["email"])

    def clean_email(self) -> str:
        """The email as typed; found are only officers of this council."""
        email = super().clean_email()
        self.users = [account for account in self.users if works_here(account)]
        return email


class NewPasswordForm(forms.ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].error_messages["required"] = _("Enter a new password")
        self.fields["password2"].error_messages["required"] = _("Enter the new password again")


class LinkForm(forms.UserTokenForm):
    """The link from the email."""

    def _get_user(self, uidb36: str) -> Account | None:
        account = super()._get_user(uidb36)
        return account if account and works_here(account) else None


def state(officer: Officer, fact: Fact, actor: Ref | None = None) -> None:
    """A fact about an officer."""
    with ledger.transaction():
        ledger.record(fact, subject=officer.ref, actor=actor or officer.ref, now=utc_now())


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Account, **_more: Any) -> None:
    officer = Officer.objects.working().filter(account=user).first()
    if officer is None:
        return
    request.session.pop(RESIDENT, None)  # one browser is an officer or a resident, never both
    now = utc_now().isoformat()
    request.session[SINCE] = request.session[SEEN] = now
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
    steps = [each.get("type", "") for each in request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])]
    state(officer, SignedIn(second=next(filter(None, steps), "")))


@receiver(password_reset)
def _new_password(user: Account, **_more: Any) -> None:
    officer = Officer.objects.working().filter(account=user).first()
    if officer:
        state(officer, PasswordChanged())


def _word_email(field: Any) -> None:
    # EmailField checks the format twice: by a validator of its own and by the field's `invalid`.
    wrong = _("Enter an email address in the correct format, like name@example.com")
    field.error_messages |= {"required": _("Enter your email address"), "invalid": wrong}
    for validator in field.validators:
        if getattr(validator, "code", "") == "invalid":
            validator.message = wrong
