"""Every template keeps to the policy and to the frame."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "zhibu"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
NAMES = [str(path.relative_to(SOURCE)) for path in TEMPLATES]

TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+[^<>]*)?)>", re.DOTALL)
DATA_SCRIPTS = ("application/json",)


def test_there_are_templates():
    assert len(TEMPLATES) > 15


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_inline_script_style_or_handler(path):
    text = without_django(path.read_text(encoding="utf-8"))
    assert "<style" not in text
    assert "javascript:" not in text
    for tag, attributes in TAG.findall(text):
        assert not re.search(r"(^|\s)(style|on[a-z]+|hx-on[:\w-]*)\s*=", attributes), f"<{tag}{attributes}>"
        if tag == "script" and not any(kind in attributes for kind in DATA_SCRIPTS):
            assert " src=" in attributes, f"<script{attributes}>"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_page_extends_the_frame(path):
    if path.name.startswith("_") or path.name == "base.html":
        return
    assert path.read_text(encoding="utf-8").lstrip().startswith('{% extends "'), path


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_form_that_writes_carries_the_token(path):
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
        opening = form[: form.index(">")]
        if re.search(r"""method=["']post["']""", opening, re.IGNORECASE):
            assert "{% csrf_token %}" in form, opening


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_text_is_marked_for_translation(path):
    """Chinese outside of a translation tag would stay Chinese for the English reader."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% ?comment.*?endcomment ?%}|{#.*?#}|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"{% ?blocktrans(?:late)?\b.*?endblocktrans(?:late)? ?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    text = re.sub(r'<([a-z]+)[^>]* lang="zh-CN">.*?</\1>', "", text, flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []


def without_django(text: str) -> str:
    """The markup alone; a tag inside an attribute leaves a letter, so that attributes stay whole."""
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "x", text, flags=re.DOTALL)
