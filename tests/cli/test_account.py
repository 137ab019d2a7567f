"""`zhibu account`: the first administrator, passwords never on the command line, every write in the journal."""

import io
import json

import pytest

from zhibu.cli.main import main
from zhibu.org.models import Account, JournalEntry

GOOD = "Strong-Word-88"


@pytest.fixture
def typed(monkeypatch):
    def type_in(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))

    return type_in


def test_the_first_administrator(db, typed, capsys):
    typed(GOOD)
    assert main(["account", "add", "keeper", "--office", "system", "--password-stdin"]) == 0
    account = Account.objects.get(username="keeper")
    assert account.office == "system"
    assert account.check_password(GOOD)
    assert JournalEntry.objects.get().verb == "add-account"
    assert GOOD not in capsys.readouterr().out + JournalEntry.objects.get().summary


def test_an_account_for_a_member(cast, typed):
    typed(GOOD)
    assert main(["account", "add", "third", "--member", "GW-01/003", "--password-stdin"]) == 0
    account = Account.objects.get(username="third")
    assert account.member.name == "岑若溪"
    assert JournalEntry.objects.get().organization == cast.branch


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (["add", "Secretary", "--office", "audit"], GOOD, "已经有了"),
        (["add", "new", "--member", "GW-01/001"], GOOD, "已有账号"),
        (["add", "new", "--member", "GW-01/999"], GOOD, "没有找到党员"),
        (["add", "new", "--office", "audit"], "short", "至少要有 10 个字符"),
        (["add", "new", "--office", "audit"], "onlysmallletters", "三种"),
        (["add", " ", "--office", "audit"], GOOD, "不能为空"),
        (["password", "nobody"], GOOD, "没有账号"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast, typed, capsys, words, password, told):
    before = Account.objects.count()
    typed(password)
    assert main(["account", *words, "--password-stdin"]) == 2
    assert told in capsys.readouterr().err
    assert Account.objects.count() == before
    assert not JournalEntry.objects.exists()


def test_without_a_terminal_it_says_how_to_give_the_password(db, typed, capsys):
    typed("")
    assert main(["account", "add", "keeper", "--office", "system"]) == 2
    assert "--password-stdin" in capsys.readouterr().err


def test_a_password_is_set_anew(cast, typed):
    typed(GOOD)
    assert main(["account", "password", "member", "--password-stdin"]) == 0
    cast.member.refresh_from_db()
    assert cast.member.check_password(GOOD)
    assert JournalEntry.objects.get().verb == "reset-password"


def test_a_new_password_opens_a_locked_account(cast, client, typed, settings):
    settings.AXES_ENABLED = True
    for _attempt in range(5):
        client.post("/login/", {"username": "member", "password": "wrong"})
    typed(GOOD)
    assert main(["account", "password", "member", "--password-stdin"]) == 0
    assert client.post("/login/", {"username": "member", "password": GOOD}).status_code == 302


def test_the_list_names_accounts_and_no_password(cast, capsys):
    assert main(["account", "list", "--format", "json"]) == 0
    out = capsys.readouterr().out
    assert {row["username"] for row in json.loads(out)} == {"clerk", "deputy", "member", "outsider", "secretary"}
    assert "md5" not in out
