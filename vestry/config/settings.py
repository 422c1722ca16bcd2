"""Django's settings. What differs between deployments comes from `config.environment`."""

from __future__ import annotations

from importlib.metadata import entry_points

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from vestry.config import environment
from vestry.config.logs import LOGGING  # noqa: F401
from vestry.people.settings import *  # noqa: F403 - how officers sign in is the people room's to say

SECRET_KEY = environment.secret_key()
DEBUG = False
DEMO = environment.DEMO
# Any host may knock: whose it is, if anybody's, is for CouncilMiddleware to say.
ALLOWED_HOSTS = ["*"]

ROOMS = [
    "councils",
    "ledger",
    "people",
    "places",
    "strategy",
    "technology",
    "report",
    "cases",
    "notify",
    "documents",
    "book",
    "pay",
    "services",
]
INSTALLED_APPS = [
    *(f"vestry.{room}" for room in ROOMS),
    "vestry.design",
    "vestry.config",
    # The tables of capabilities that other packages bring.
    *(entry.value.replace(":", ".") for entry in sorted(entry_points(group="vestry.apps"))),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "vestry.config.health.HealthMiddleware",
    *(["vestry.config.traces.TracesMiddleware"] if environment.TRACES else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vestry.config.middleware.ZipMiddleware",
    "vestry.config.middleware.CouncilMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "vestry.config.urls"
WSGI_APPLICATION = "vestry.config.wsgi.application"

_rooms_with_pages = sorted(environment.HOME.glob("vestry/**/templates"))
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": _rooms_with_pages,
        "OPTIONS": {
            "environment": "vestry.design.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csrf",
            ],
        },
    },
    # allauth's own text templates (the words of its emails) are written for Django's engine.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    },
]

_database = dj_database_url.parse(environment.DATABASE_URL)
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # Taking the write lock at the start makes writers wait their turn instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut too.
        "init_command": "pragma journal_mode=wal; pragma synchronous=full;",
    }
elif environment.POOL:
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": environment.POOL, "timeout": 10}}
DATABASES = {"default": _database}
# Tries to sign in are counted here: in one process's memory, each process would grant them anew.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # At Django's own 300, whoever tries that many addresses has a third of all counts thrown away.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# A passkey is bound to https; on one's own machine there is none.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# In the demo, and where a proxy counts, nobody waits.
LIMITS = environment.LIMITS
ALLAUTH_TRUSTED_PROXY_COUNT = environment.PROXIES
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What libraries send by themselves (a link for a new password) goes the way of all our messages.
EMAIL_BACKEND = "vestry.channels.desk.mail.ThroughNotify"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [environment.HOME / "vestry" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = environment.VAR / "static"
STATICFILES_DIRS = [
    ("govuk", environment.HOME / "node_modules" / "govuk-frontend" / "dist" / "govuk"),
    ("accessible-autocomplete", environment.HOME / "node_modules" / "accessible-autocomplete" / "dist"),
]
# What people give us: never where a web server could show it.
FILES_FOLDER = environment.VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "vestry.config.assets.Assets"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Plain HTTP is for the demo on one's own machine only.
SECURE_COOKIES = not DEMO
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 60 * 60  # a long shift
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_SSL_REDIRECT = False  # the proxy in front ends TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "vestry.config.faults.forged"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A button that leads to the provider's page is a form, and browsers hold its whole way to this.
        "form-action": [SELF, *environment.PAYMENT_PAGES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Answers are text; the longest question takes far less. Anything above is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["vestry.config.uploads.NoFiles"]
