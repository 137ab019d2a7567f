"""The product's settings in a state folder of their own, so that a test never meets real data."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="zhibu-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["ZHIBU_HOME"] = _home
os.environ.setdefault("ZHIBU_FONTS", str(Path(__file__).parent.parent / "var" / "fonts"))  # fetched once by make setup
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the test's database calls

from zhibu.settings import *  # noqa: E402, F403

AXES_ENABLED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir()  # noqa: F405
