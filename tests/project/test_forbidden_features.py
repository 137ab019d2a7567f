"""What the workbench must never become: no check-in streak, location, selfie, points or ranking of persons, no
online-time counter, anywhere in pages, record kinds, rules, outlines or schemes."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "zhibu"
# Regulations are quoted, and the checker's wording lists name faults in other people's reports.
QUOTED = ("rulebook/regulations/", "checks/", "demo/")
FILES = [
    path
    for pattern in ("**/templates/**/*.html", "**/*.yaml", "**/static/**/*.js", "**/models.py", "**/forms.py")
    for path in sorted(SOURCE.glob(pattern))
    if "/vendor/" not in str(path) and not str(path.relative_to(SOURCE)).startswith(QUOTED)
]

FORBIDDEN = re.compile(
    r"打卡|签到|连续\s*\d*\s*天|人脸|自拍|定位|地理位置|经纬度|积分|个人排名|个人排行|排行榜|点赞|在线时长|学习时长排|登录次数"
    r"|check.?in.?streak|geolocation|selfie|leaderboard|online.?time|getUserMedia|facial",
    re.IGNORECASE,
)
REQUIRED_PHOTO = re.compile(r"(照片|图片|photo)[^\n]{0,40}(必填|必须上传|required:\s*true|required=True)")


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SOURCE)) for path in FILES])
def test_nothing_forbidden(path):
    text = path.read_text(encoding="utf-8")
    assert FORBIDDEN.findall(text) == []
    assert REQUIRED_PHOTO.findall(text) == []


def test_the_test_would_notice():
    assert FORBIDDEN.search("每日签到打卡")
    assert FORBIDDEN.search("navigator.geolocation")
    assert REQUIRED_PHOTO.search("photo: {label: 现场照片, required: true}")


def test_there_is_always_a_complaints_entry():
    frame = (SOURCE / "web" / "templates" / "_foot.html").read_text(encoding="utf-8")
    assert "意见建议" in frame
