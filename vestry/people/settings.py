"""Settings of Django and allauth for accounts, sessions and signing in; `config.settings` takes them over."""

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["vestry.people.sign_in.OfficerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        # It compares letters whatever their order: at Django's own 0.7, three random words often look alike.
        "OPTIONS": {"user_attributes": ["email"], "max_similarity": 0.9},
    },
    # The NCSC asks for length and for none of the well-known ones, and against rules on letters and digits.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A link that opens the desk; Django's three days in a mailbox are for shops.
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "vestry.people.sessions"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"

ACCOUNT_ADAPTER = "vestry.people.sign_in.Adapter"
ACCOUNT_FORMS = {
    "login": "vestry.people.sign_in.SignInForm",
    "reset_password": "vestry.people.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "vestry.people.sign_in.NewPasswordForm",
    "user_token": "vestry.people.sign_in.LinkForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A council names its officers' addresses itself.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# An officer of a careful team is told by email whenever something changes in how they sign in.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "vestry.people.second_step.MFAAdapter"
MFA_FORMS = {"authenticate": "vestry.people.second_step.SecondStepForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Telephones' clocks are half a minute wrong, and people take their time.
MFA_TOTP_TOLERANCE = 1
# Emails of officers come from the council's pack, which knows them.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    # A council's officers may all come from one address, so that limit is wide; an account's is narrow.
    "login": "100/m/ip",
    "login_failed": "50/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
}
