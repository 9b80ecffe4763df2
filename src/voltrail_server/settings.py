"""Django's settings, all by environment variables that begin with VOLTRAIL_."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from voltrail_server import mail_server
from voltrail_server.database import databases
from voltrail_server.operations import catalogues, logs

HERE = Path(__file__).resolve().parent
VOLTRAIL_DATA = Path(os.environ.get("VOLTRAIL_DATA") or "var").resolve()
VOLTRAIL_DATA.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """Return the random key kept in a file that only this user may read; make it once."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # another process was faster: its key counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def _listed(name: str, default: str) -> list[str]:
    """Return the comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _told(name: str, default: str = "") -> bool:
    """Return whether an environment variable says yes."""
    return (os.environ.get(name) or default).lower() in {"1", "true", "yes", "on"}


def _secret_of(name: str, file: str) -> str:
    """Return a secret from an environment variable, or from the file that another one names."""
    kept = os.environ.get(file)
    return Path(kept).read_text(encoding="utf-8").strip() if kept else os.environ.get(name, "")


SECRET_KEY = os.environ.get("VOLTRAIL_SECRET_KEY") or _kept_secret(VOLTRAIL_DATA / "secret_key")
# Whoever reads /metrics shows this; the file is for a monitoring system on this machine.
VOLTRAIL_METRICS_TOKEN = os.environ.get("VOLTRAIL_METRICS_TOKEN") or _kept_secret(
    VOLTRAIL_DATA / "metrics_token"
)
# Files that hold secrets of the server's own keys are named here and read when a key is opened.
VOLTRAIL_KEY_PASSPHRASE_FILE = os.environ.get("VOLTRAIL_KEY_PASSPHRASE_FILE", "")
VOLTRAIL_OPERATOR_KEY = os.environ.get("VOLTRAIL_OPERATOR_KEY", "")
VOLTRAIL_PIN_FILE = os.environ.get("VOLTRAIL_PIN_FILE", "")
VOLTRAIL_PKCS11_MODULE = os.environ.get("VOLTRAIL_PKCS11_MODULE", "")
DEBUG = _told("VOLTRAIL_DEBUG")
VOLTRAIL_SEQUENCER = _told("VOLTRAIL_SEQUENCER")  # `voltrail serve` says yes
VOLTRAIL_SUPERVISED = _told("VOLTRAIL_SUPERVISED")  # this process is a child of `voltrail serve`
ALLOWED_HOSTS = _listed("VOLTRAIL_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = _listed("VOLTRAIL_TRUSTED_ORIGINS", "")
# Passkeys are bound to its host. `voltrail serve` names its own port where nobody names an origin.
VOLTRAIL_ORIGIN = os.environ.get("VOLTRAIL_ORIGIN") or "http://localhost:8000"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "voltrail_server.records",
    "voltrail_server.people",
    "voltrail_server.signing",
    "voltrail_server.pages",
    "voltrail_server.api",
    "voltrail_server.work",
    "voltrail_server.importing",
    "voltrail_server.notices",
    "voltrail_server.saved",
    "voltrail_server.keyring",
    "voltrail_server.elements",
]
MIDDLEWARE = [
    "voltrail_server.operations.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "voltrail_server.pages.security.ContentSecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "voltrail_server.pages.first_run.gate.FirstRunMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "voltrail_server.people.sessions.LifetimeMiddleware",
    "voltrail_server.people.language.OwnLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "voltrail_server.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "voltrail_server.people.viewer.menu_of",
            ]
        },
    }
]

DATABASES = databases(os.environ.get("VOLTRAIL_DATABASE_URL", ""), VOLTRAIL_DATA)
# Long work waits in the same database; a worker does it, or the request itself where told so.
VOLTRAIL_WORK = os.environ.get("VOLTRAIL_WORK") or "queue"
_IMMEDIATE = "django_tasks.backends.immediate.ImmediateBackend"
_QUEUED = "django_tasks_db.DatabaseBackend"
TASKS = {"default": {"BACKEND": _IMMEDIATE if VOLTRAIL_WORK == "immediate" else _QUEUED}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "display_name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

# ----------------------------------------------------------------------------------------- people
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # reads what older versions wrote
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
VOLTRAIL_LOG_IN_BACKEND = "django.contrib.auth.backends.ModelBackend"
SESSION_ENGINE = "voltrail_server.people.sessions"
VOLTRAIL_SESSION_IDLE_MINUTES = int(os.environ.get("VOLTRAIL_SESSION_IDLE_MINUTES") or 60)
VOLTRAIL_SESSION_HOURS = int(os.environ.get("VOLTRAIL_SESSION_HOURS") or 12)
SESSION_COOKIE_AGE = VOLTRAIL_SESSION_HOURS * 3_600  # [s]
VOLTRAIL_SECOND_FACTOR = _told("VOLTRAIL_SECOND_FACTOR", "yes")  # of administrators and security
VOLTRAIL_PROXIES = int(os.environ.get("VOLTRAIL_PROXIES") or 0)  # in front of this server
VOLTRAIL_OIDC_ISSUER = os.environ.get("VOLTRAIL_OIDC_ISSUER", "")
VOLTRAIL_OIDC_CLIENT_ID = os.environ.get("VOLTRAIL_OIDC_CLIENT_ID", "")
VOLTRAIL_OIDC_CLIENT_SECRET = _secret_of(
    "VOLTRAIL_OIDC_CLIENT_SECRET", "VOLTRAIL_OIDC_CLIENT_SECRET_FILE"
)
VOLTRAIL_OIDC_NAME = os.environ.get("VOLTRAIL_OIDC_NAME") or "single sign-on"
# A password is tried five times for an account from an address; `people.forms` counts wider.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # sessions say who came when; nothing is kept twice
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "voltrail_server.people.sessions.network_of"
AXES_LOCKOUT_CALLABLE = "voltrail_server.pages.errors.locked"

# Behind TLS, say VOLTRAIL_TLS=1: cookies then never travel in the clear.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _told("VOLTRAIL_TLS")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1_048_576  # [bytes] the largest form or API call

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [catalogues.compiled(HERE / "locale", VOLTRAIL_DATA / "locale")]
LANGUAGE_COOKIE_NAME = "language"
USE_THOUSAND_SEPARATOR = False  # numbers are written by `panels.words` alone

# ------------------------------------------------------------------------------------------- mail
_MAIL = mail_server.read(_secret_of("VOLTRAIL_SMTP_URL", "VOLTRAIL_SMTP_URL_FILE"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.tls == "starttls", _MAIL.tls == "ssl"
EMAIL_TIMEOUT = 20  # [s]
DEFAULT_FROM_EMAIL = os.environ.get("VOLTRAIL_MAIL_FROM") or f"voltrail@{_MAIL.host or 'localhost'}"

STATIC_URL = "/static/"
STATIC_ROOT = VOLTRAIL_DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
CSRF_FAILURE_VIEW = "voltrail_server.pages.errors.forged"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True  # air-gapped sites install and serve, with no step between
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = logs.settings(
    os.environ.get("VOLTRAIL_LOG_FORMAT", "text"),
    os.environ.get("VOLTRAIL_LOG_LEVEL", "WARNING"),
    requests=_told("VOLTRAIL_LOG_REQUESTS"),  # `voltrail serve` says yes
)
