"""One settings file, read from the environment, failing at start (DESIGN section 10)."""

from __future__ import annotations

from pathlib import Path

from django.utils.csp import CSP

from syncapp import environment as env
from syncapp import logs

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
MODE = env.mode()
DEBUG = False

# Where we are reached.
PUBLIC_URL = env.address("PUBLIC_URL")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [env.origin(PUBLIC_URL)]
HTTPS = PUBLIC_URL.startswith("https://")
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", "0")

# Secrets.
SECRET_KEY = env.text("SECRET_KEY")
SEAL_KEYS = env.seal_keys("SEAL_KEYS")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# Vendors. An empty CLIO_BASE_URL means: the address of the region that the firm chose.
CLIO_BASE_URL = env.address("CLIO_BASE_URL", "")
CLIO_CLIENT_ID = env.text("CLIO_CLIENT_ID")
CLIO_CLIENT_SECRET = env.text("CLIO_CLIENT_SECRET")
QBO_DISCOVERY_URL = env.address(
    "QBO_DISCOVERY_URL", "https://developer.api.intuit.com/.well-known/openid_configuration"
)
QBO_API_BASE_URL = env.address("QBO_API_BASE_URL", "https://quickbooks.api.intuit.com")
QBO_CLIENT_ID = env.text("QBO_CLIENT_ID")
QBO_CLIENT_SECRET = env.text("QBO_CLIENT_SECRET")
QBO_WEBHOOK_VERIFIER_TOKEN = env.text("QBO_WEBHOOK_VERIFIER_TOKEN", "")
VENDOR_URLS = [CLIO_BASE_URL, QBO_DISCOVERY_URL, QBO_API_BASE_URL]
TIME_SCALE = env.time_scale("TIME_SCALE", VENDOR_URLS)


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "django_structlog",
    "syncapp",
    "accounts",
    "mapping",
    "trust",
    "syncapp.records",
    "syncapp.pipeline",
    "syncapp.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "syncapp.answers.no_dead_end",
]

ROOT_URLCONF = "syncapp.urls"
WSGI_APPLICATION = "syncapp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.firm",
                "syncapp.desk.context.standing",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The application's role works; the owner's role migrates and nothing else (syncapp/roles.py).
DATABASES = {"default": env.database("DATABASE_URL", pool=MODE != "test")}
if env.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL", pool=False)
DATABASE_ROUTERS = ["syncapp.roles.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL, CELERY_BROKER_URL = env.broker("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if MODE == "test"
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_ALWAYS_EAGER = MODE == "test"
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
DJANGO_STRUCTLOG_CELERY_ENABLED = True

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"

STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static" if MODE == "production" else None
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.is_dir()]
STATICFILES_BACKENDS = {
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "demo": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKENDS[MODE]},
}
WHITENOISE_USE_FINDERS = MODE != "production"
WHITENOISE_AUTOREFRESH = MODE == "test"  # no listing of all files for each test's client

# Sign-in: e-mail only, verified, with a second factor.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "accounts.entrance_forms.LoginForm",
    "add_email": "accounts.entrance_forms.AddEmailForm",
    "change_password": "accounts.entrance_forms.ChangePasswordForm",
    "set_password": "accounts.entrance_forms.SetPasswordForm",
    "reset_password": "accounts.entrance_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.entrance_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.entrance_forms.ReauthenticateForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tieout"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS and env.is_loopback(PUBLIC_URL)
MFA_FORMS = {
    "authenticate": "accounts.entrance_forms.CodeForm",
    "reauthenticate": "accounts.entrance_forms.CodeAgainForm",
    "activate_totp": "accounts.entrance_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.entrance_forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.entrance_forms.EditWebAuthnForm",
}
USERSESSIONS_TRACK_ACTIVITY = True

# What the browser may do. A connect form is answered by a redirect to the vendor's own page.
CLIO_ORIGINS = [f"https://{host}.clio.com" for host in ("app", "eu.app", "ca.app", "au.app")]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [
        CSP.SELF,
        "https://appcenter.intuit.com",
        env.origin(QBO_DISCOVERY_URL),
        *([env.origin(CLIO_BASE_URL)] if CLIO_BASE_URL else CLIO_ORIGINS),
    ],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None

MAILERS = {"default": env.mail("EMAIL_URL", where=LOCAL_DIR / "mail", kind=MODE)}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "Tieout <tieout@localhost>")

# Where banks send statements (read only); without it none come by mail.
MAILBOX_URL = env.mailbox("MAILBOX_URL")
MAILBOX_ADDRESS = env.mail_address("MAILBOX_ADDRESS", MAILBOX_URL)

LOGGING_CONFIG = None
LOG_LEVEL = env.text("LOG_LEVEL", "WARNING" if MODE == "test" else "INFO")
logs.configure(level=LOG_LEVEL)

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
