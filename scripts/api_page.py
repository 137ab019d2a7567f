"""Write the reference in docs/api.md from the API; what stands above it is written by hand."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.settings")
django.setup()

from zhibu.api.reference import HEAD, reference  # noqa: E402
from zhibu.api.urls import document  # noqa: E402

target = Path(__file__).resolve().parent.parent / "docs" / "api.md"
by_hand = target.read_text("utf-8").partition(HEAD)[0]
target.write_text(by_hand + reference(document()), "utf-8")
