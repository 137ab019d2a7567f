"""The door for live updates on an ASGI server. Pages are served by `wsgi.py`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.settings")
django.setup()

from django.conf import settings  # noqa: E402

from zhibu.notices.live import Live, Notices  # noqa: E402

application = Live(Notices(), settings.LIVE_CONNECTIONS)
