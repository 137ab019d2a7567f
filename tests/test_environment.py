"""A setting that is wrong is refused with a sentence that says what would be right."""

import os
import subprocess
import sys

import pytest

from zhibu.environment import Environment
from zhibu.errors import UserError


@pytest.mark.parametrize(
    "url",
    ["mysql://h/x", "sqlite:", "sqlite:x.db", "x", "postgresql://u@h:abc/x", "postgresql://u@h:99999/x"],
)
def test_a_wrong_database_address_is_refused(url):
    with pytest.raises(UserError) as refused:
        Environment({}).database(url)
    assert refused.value.code == "bad-setting"
    assert "ZHIBU_DATABASE_URL" in str(refused.value)


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "/etc/passwd", "../x", "东八区"])
def test_a_wrong_time_zone_is_refused(zone):
    with pytest.raises(UserError, match="Asia/Shanghai"):
        Environment({"ZHIBU_TIME_ZONE": zone}).time_zone("ZHIBU_TIME_ZONE", "Asia/Shanghai")


@pytest.mark.parametrize("words", ["proxy", "10.0.0.1/8", "127.0.0.1,10.0.0.1", "10.0.0.300", "*"])
def test_a_wrong_proxy_is_refused(words):
    with pytest.raises(UserError, match="ZHIBU_PROXIES"):
        Environment({"ZHIBU_PROXIES": words}).networks("ZHIBU_PROXIES")


def test_a_secret_is_made_once_and_an_empty_one_is_told(tmp_path):
    file = tmp_path / "secret-key"
    made = Environment({}).secret("ZHIBU_SECRET_KEY", file)
    assert Environment({}).secret("ZHIBU_SECRET_KEY", file) == made
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("")
    with pytest.raises(UserError, match="是空的"):
        Environment({}).secret("ZHIBU_SECRET_KEY", file)


@pytest.mark.parametrize("url", ["sqlite:///nowhere/at/all.sqlite3", "", "postgresql://127.0.0.1:1/x"])
def test_a_database_that_cannot_be_used_is_a_sentence(tmp_path, url):
    environment = {**os.environ, "ZHIBU_HOME": str(tmp_path), "ZHIBU_DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "zhibu.settings"
    command = [sys.executable, "-m", "zhibu.cli.main", "org", "list"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("zhibu: 数据库用不了")
    assert "Traceback" not in done.stderr
