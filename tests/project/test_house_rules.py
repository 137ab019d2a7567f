"""Migrations are up to date, links in the documents lead somewhere, the deployment check is clean."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
VENDOR = ROOT / "src" / "zhibu" / "web" / "static" / "web" / "vendor"


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_links_in_documents_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        file = path.parent / unquote(target.split("#")[0])
        assert file.exists(), f"{path.name}: {target}"


def test_the_deployment_check_is_clean(tmp_path):
    environment = {
        **os.environ,
        "ZHIBU_HTTPS": "yes",
        "ZHIBU_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "zhibu.settings",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # of the browser tests
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_debug_is_off_unless_asked_for(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "ZHIBU_DEBUG"}
    environment |= {"ZHIBU_HOME": str(tmp_path)}
    code = "from zhibu import settings; print(settings.DEBUG)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr


def test_vendored_files_are_the_ones_the_list_names():
    import hashlib

    listed = {
        line.split()[0]: line.split()[-1] for line in (VENDOR / "VERSIONS").read_text().splitlines() if "@" in line
    }
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.min.*")}
    assert there == listed
    assert not list(VENDOR.glob("*.map"))
    assert not [path.name for path in VENDOR.glob("*.min.*") if "sourceMappingURL" in path.read_text(encoding="utf-8")]
