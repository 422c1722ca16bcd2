"""The second step of signing in: django-allauth's mfa, with what is different here.

An app that shows codes, a passkey, and recovery codes for when neither is at hand. Whoever reads what an
information class holds carefully must have one (`information`, ``second_step``): they are asked for it as
soon as that is so, and come to no page of the desk before. Everybody else may have one.
"""

from __future__ import annotations

import base64
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.ledger import api as ledger
from vestry.people.events import SecondStepAdded, SecondStepRemoved
from vestry.people.models import Account, Officer

# Recovery codes are none: they stand in for one.
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Everybody may know it: only the demo gives it to anybody.
DEMO_SECRET = "VESTRYDEMOVESTRYDEMOVESTRYDEMO22"  # noqa: S105


class MFAAdapter(DefaultMFAAdapter):
    """allauth's questions about second steps, answered for a council."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right. Wait for the next one, then try again"),
    }

    def get_totp_issuer(self) -> str:
        """What the app shows beside the code."""
        return councils.current().name

    def _get_site_name(self) -> str:
        return councils.current().name

    def build_totp_svg(self, url: str) -> str:
        """The picture, to stand in the page itself: our pages show no picture from anywhere else."""
        return qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")

    def encrypt(self, text: str) -> str:
        """What is stored opens nothing without the secret key."""
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored."""
        return _locks().decrypt(encrypted_text.encode()).decode()


def _locks() -> MultiFernet:
    # After a change of the secret key, the former one opens what it locked.
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (salted_hmac("people.second-step", "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in made])


class SecondStepForm(AuthenticateForm):
    """The code of the second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = _("Enter the code")

    @property
    def demo_code(self) -> str:
        """In the demo, the code of the officer whose secret everybody may know."""
        mine = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if not settings.DEMO or not mine or MFAAdapter().decrypt(mine.data["secret"]) != DEMO_SECRET:
            return ""
        now = list(yield_hotp_counters_from_time())
        return format_hotp_value(hotp_value(DEMO_SECRET, now[len(now) // 2]))


def put_demo_second_step(account: Account) -> None:
    """Give an account the second step everybody may know."""
    secret = MFAAdapter().encrypt(DEMO_SECRET)
    Authenticator.objects.get_or_create(
        user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": secret}}
    )


@receiver(post_save, sender=Authenticator)
def _added(instance: Authenticator, created: bool, **_more: Any) -> None:
    if created:
        _state(instance, SecondStepAdded(kind=str(instance.type), number=instance.pk))


@receiver(post_delete, sender=Authenticator)
def _removed(instance: Authenticator, **_more: Any) -> None:
    _state(instance, SecondStepRemoved(kind=str(instance.type), number=instance.pk))


def _state(instance: Authenticator, fact: Any) -> None:
    officer = Officer.objects.filter(account_id=instance.user_id).first()
    if officer:
        with ledger.transaction():
            ledger.record(fact, subject=officer.ref, actor=officer.ref, now=utc_now())
