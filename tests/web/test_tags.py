"""The shared tags and filters, in both languages."""

from datetime import date

import pytest
from django.forms import BooleanField, CharField, ChoiceField, Form, MultipleChoiceField, RadioSelect
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from zhibu.errors import Sentence
from zhibu.rulebook.reasons import STATUSES
from zhibu.web import icons
from zhibu.web.context import Bodies
from zhibu.web.statuses import SIGNS
from zhibu.web.templatetags.zhibu import body_of


def rendered(text, **context):
    return Template("{% load zhibu %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("2025", "2025年"),
        ("2025-H1", "2025年上半年"),
        ("2025-Q3", "2025年第三季度"),
        ("2025-03", "2025年3月"),
        ("once", "once"),
        ("2025-99", "2025-99"),
    ],
)
def test_period_names(key, name):
    assert rendered("{{ key|period_name }}", key=key) == name


def test_dates():
    assert rendered("{{ day|cn_date }}", day=date(2025, 3, 5)) == "2025年3月5日"
    assert rendered("{{ day|cn_date }}", day=None) == ""
    with translation.override("en"):
        assert rendered("{{ day|cn_date }}", day=date(2025, 3, 5)) == "2025-03-05"


def test_every_status_has_sign_and_words():
    assert set(SIGNS) == set(STATUSES)
    for name in SIGNS:
        html = rendered("{% status name %}", name=name)
        assert f"st-{name}" in html
        assert str(STATUSES[name]) in html
        assert SIGNS[name] in html


def test_labels_follow_the_language():
    thing = {"label": "党课", "label_en": "Party lecture"}
    assert rendered("{% label thing %}", thing=thing) == "党课"
    with translation.override("en"):
        assert rendered("{% label thing %}", thing=thing) == "Party lecture"
        assert rendered("{% label thing %}", thing={"label": "党课"}) == "党课"


def test_sentences_are_filled_in_and_escaped():
    assert rendered("{{ s|said }}", s=Sentence("x", "{n}次", n="<b>")) == "&lt;b&gt;次"


@pytest.mark.parametrize("name", icons.PATHS)
def test_icons_are_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in rendered("{% icon name %}", name=name)


class Sample(Form):
    name = CharField(label="名称", help_text="全称")
    agreed = BooleanField(label="同意", required=False)
    kind = ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")])
    one = ChoiceField(label="选一", choices=[("a", "甲")], widget=RadioSelect)
    many = MultipleChoiceField(label="多选", choices=[("a", "甲")], required=False)


def field(name, data=None):
    return render_to_string("_field.html", {"field": Sample(data)[name]})


def test_a_field_has_label_hint_and_class():
    html = field("name")
    assert '<label class="form-label required" for="id_name">' in html
    assert 'class="form-control"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_a_wrong_field_names_its_error():
    html = field("name", {})
    assert 'aria-invalid="true"' in html
    assert "is-invalid" in html
    assert 'id="id_name_errors"' in html
    assert 'aria-describedby="id_name_helptext id_name_errors"' in html


def test_kinds_of_controls():
    assert "form-select" in field("kind")
    assert '<label class="form-check">' in field("agreed")
    assert "<legend" in field("one")
    assert "form-check-input" in field("one")
    assert "multiple" in field("many")


def test_the_frame_is_of_a_body_whose_pages_the_reader_may_open(cast):
    def framed(account):
        return body_of({"user": account}, cast.committee, Bodies(account))

    assert framed(cast.clerk) == cast.committee
    assert framed(cast.secretary) == cast.branch
    assert body_of({"user": cast.secretary}, cast.branch, Bodies(cast.secretary)) == cast.branch
