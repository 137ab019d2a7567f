"""ZHIBU_SHOTS=folder keeps a picture of every page the browser tests open, to be looked at."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def shots():
    folder = os.environ.get("ZHIBU_SHOTS")

    def take(page, name):
        if folder:
            width = page.viewport_size["width"]
            path = Path(folder) / f"{name.strip('/').replace('/', '_').replace('?', '_') or 'home'}-{width}.png"
            page.screenshot(path=str(path), full_page=width < 2000)

    return take


@pytest.fixture
def failing_pages(settings):
    """Pages of tests/web/urls.py beside the product's own."""
    settings.ROOT_URLCONF = "tests.web.urls"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [Path(__file__).parent / "templates"]}]
