"""Settings of the workbench. Everything a deployment may choose is read here, once, from ZHIBU_* variables.

docs/configuration.md lists them; a test keeps that table and CHOICES equal.
"""

from __future__ import annotations

import sys
from pathlib import Path

from zhibu.environment import Environment

try:  # SQLite before 3.51.3 can corrupt a database in WAL mode; the wheel carries a mended one.
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:  # a platform without the wheel: `database_ready` refuses an old library for real use
    pass

env = Environment()

HOME = env.folder("ZHIBU_HOME", "./var")
DEBUG = env.flag("ZHIBU_DEBUG", "no")
SECRET_KEY = env.secret("ZHIBU_SECRET_KEY", HOME / "secret-key")
ALLOWED_HOSTS = env.words("ZHIBU_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in ("localhost", "127.0.0.1", "[::1]")]
HTTPS = env.flag("ZHIBU_HTTPS", "no")
PROXIES = env.networks("ZHIBU_PROXIES")
DATABASE_URL = env.text("ZHIBU_DATABASE_URL", f"sqlite:///{HOME / 'zhibu.sqlite3'}")
ALLOW_OLD_SQLITE = env.flag("ZHIBU_ALLOW_OLD_SQLITE", "no")
DATABASES = {"default": env.database(DATABASE_URL)}

BASE = Path(__file__).resolve().parent
ROOT_URLCONF = "zhibu.urls"
WSGI_APPLICATION = "zhibu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.Account"

INSTALLED_APPS = [
    "zhibu.web.apps.Config",
    "zhibu.org.apps.Config",
    "zhibu.notices.apps.Config",
    "zhibu.ballots.apps.Config",
    "zhibu.duties.apps.Config",
    "zhibu.activities.apps.Config",
    "zhibu.ledger.apps.Config",
    "zhibu.tasks.apps.Config",
    "zhibu.plans.apps.Config",
    "zhibu.meetings.apps.Config",
    "zhibu.rectify.apps.Config",
    "zhibu.corpus.apps.Config",
    "zhibu.scoring.apps.Config",
    "zhibu.disclosure.apps.Config",
    "zhibu.reports.apps.Config",
    "zhibu.checking.apps.Config",
    "zhibu.handbook.apps.Config",
    "zhibu.review.apps.Config",
    "zhibu.reminders.apps.Config",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "treebeard",
    "django_htmx",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "zhibu.http.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhibu.http.LanguageMiddleware",
    "zhibu.api.early.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhibu.http.IdleMiddleware",
    "zhibu.http.LiveMiddleware",
    "zhibu.http.SignInMiddleware",
    "zhibu.http.VisibleTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhibu.http.UserErrorMiddleware",
    "zhibu.http.SavedDraftMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhibu.web.context.workbench",
            ],
        },
    }
]

# --- log-in: denied unless allowed ------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["zhibu.http.WorkbenchArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "zhibu.http.LongEnough", "OPTIONS": {"least": 10}},
    {"NAME": "zhibu.http.ThreeClasses"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
CSRF_FAILURE_VIEW = "zhibu.web.views.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked.html"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = env.number("ZHIBU_IDLE_MINUTES", "30", least=5, most=1440) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.time_zone("ZHIBU_TIME_ZONE", "Asia/Shanghai")

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhibu.http.StaticFiles"},
}
WHITENOISE_USE_FINDERS = True
FILES = HOME / "files"
CORPUS = HOME / "corpus"
CONTACT = env.text("ZHIBU_CONTACT", "", "受理意见建议的联系方式")
HANDBOOK_OUTLINE = env.text("ZHIBU_HANDBOOK", "", "手册提纲文件的路径，不设则用自带的提纲")
SNAPSHOT_HASH = env.choice("ZHIBU_HASH", "sha256", ("sha256", "sm3"))
UPLOAD_LIMIT = env.number("ZHIBU_UPLOAD_MEGABYTES", "20", least=1, most=500) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- telling people -------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
globals().update(env.mail("ZHIBU_SMTP"))
DEFAULT_FROM_EMAIL = env.text("ZHIBU_SMTP_FROM", "zhibu@localhost", "发信人的邮箱地址")
ADDRESS = env.site("ZHIBU_ADDRESS")
INTERNAL_HOSTS = frozenset(env.text("ZHIBU_INTERNAL_HOSTS", "", "以空格分隔的主机名或地址").lower().split())
LIVE = env.live("ZHIBU_LIVE")
LIVE_CONNECTIONS = env.number("ZHIBU_LIVE_CONNECTIONS", "1000", least=0, most=50_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "apprise": {"level": "CRITICAL"},  # its lines may carry addresses of robots, which are secrets
        "urllib3": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

CHOICES = env.choices
"""Every variable that was read: name → (default, what is allowed)."""
