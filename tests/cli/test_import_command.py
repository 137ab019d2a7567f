"""`zhibu import`: rows with errors are named and keep everything out; otherwise everything goes in."""

import pytest
from tests.org.sheets import HEAD, ROW, people, workbook

from zhibu.activities.models import Activity
from zhibu.cli.main import main
from zhibu.org.models import ImportBatch, JournalEntry, Member


@pytest.fixture
def sheet(tmp_path):
    def write(data):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(data)
        return str(path)

    return write


def test_a_roster_goes_in(cast, sheet, capsys):
    assert main(["import", "roster", sheet(workbook(*people(3))), "--org", "GW-01"]) == 0
    assert "已导入3人。" in capsys.readouterr().out
    assert Member.objects.filter(organization=cast.branch).count() == 12
    assert JournalEntry.objects.get().account is None


def test_a_dry_run_leaves_nothing(cast, sheet, capsys):
    assert main(["import", "roster", sheet(workbook(ROW)), "--org", "GW-01", "--dry-run"]) == 0
    assert "没有导入" in capsys.readouterr().out
    assert Member.objects.filter(organization=cast.branch).count() == 9
    assert not ImportBatch.objects.exists()


def test_errors_name_their_line_and_keep_everybody_out(cast, sheet, capsys):
    data = workbook(ROW, ("102", "沈听泉", "女", "1990.13", *ROW[4:]))
    assert main(["import", "roster", sheet(data), "--org", "GW-01"]) == 1
    text = capsys.readouterr().out
    assert "第3行　错误　出生日期“1990.13”不是日期，请写成 1990-01-05 这样。" in text
    assert Member.objects.filter(organization=cast.branch).count() == 9
    assert not ImportBatch.objects.exists()


def test_activities_go_the_same_way(cast, sheet, capsys):
    head = ("类别", "日期", "名称", "地点", "主持人", "记录")
    row = ("党课", "2025-03-05", "学习党章", "二楼会议室", "闻知远", "讲党章总纲。")
    assert main(["import", "activities", sheet(workbook(row, head=head)), "--org", "GW-01", "--dry-run"]) == 0
    assert "共1条活动记录，其中0行有错误。" in capsys.readouterr().out
    assert not Activity.objects.exists()
    assert main(["import", "activities", sheet(workbook(row, head=head)), "--org", "GW-01"]) == 0
    assert Activity.objects.get().title == "学习党章"


@pytest.mark.parametrize(
    ("data", "org", "sentence"),
    [
        (b"no workbook", "GW-01", "不是 Excel 文件"),
        (workbook(ROW, head=("甲", *HEAD[1:])), "NO", "没有代码为“NO”的组织"),
        (workbook(ROW, head=("编号", "名", *HEAD[2:])), "GW-01", "没有找到“姓名”这一列"),
    ],
)
def test_what_cannot_be_read_cannot_run(cast, sheet, capsys, data, org, sentence):
    assert main(["import", "roster", sheet(data), "--org", org]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_file_cannot_run(cast, capsys):
    assert main(["import", "roster", "/nowhere/名册.xlsx", "--org", "GW-01"]) == 2
    assert "无法读取" in capsys.readouterr().err
