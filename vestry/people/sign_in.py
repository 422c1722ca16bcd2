"""How officers sign in: django-allauth, with what is different here.

1. Only an active officer of this host's council gets in. Wrong password, unknown email, another council's
   officer: the same words after the same work.
2. Nobody signs up: a council names its officers.
3. A password is reset by a link, sent only to officers of this council; the page says the same to everybody.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vestry.councils import api as councils
from vestry.people.models import Account, Officer


def works_here(account: Account) -> bool:
    """Whether an account is an active officer of the council in scope."""
    return Officer.objects.filter(account=account, active=True).exists()


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


def _word_email(field: Any) -> None:
    # EmailField checks the format twice: by a validator of its own and by the field's `invalid`.
    wrong = _("Enter an email address in the correct format, like name@example.com")
    field.error_messages |= {"required": _("Enter your email address"), "invalid": wrong}
    for validator in field.validators:
        if getattr(validator, "code", "") == "invalid":
            validator.message = wrong
