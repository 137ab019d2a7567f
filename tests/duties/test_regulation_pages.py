"""The regulations as they concern one body, and each duty in plain words with its cases."""

import pytest

from tests.duties.local import lay_down

PAGES = ("/duties/GW-01/", "/duties/GW-01/branch-work/", "/duties/GW-01/branch-work/general-meeting/")


def test_the_list_says_what_each_means_for_this_body(cast, as_):
    page = as_(cast.secretary).get(PAGES[0])
    own = {one.regulation.slug for one in page.context["own"]}
    assert {"branch-work", "member-education", "organ-organizations"} <= own
    assert "democratic-life" in {one.regulation.slug for one in page.context["others"]}  # of leading bodies only
    assert "中国共产党支部工作条例（试行）" in page.content.decode()


def test_a_local_duty_stands_beside_them(cast, as_):
    lay_down(cast)
    page = as_(cast.secretary).get(PAGES[0]).content.decode()
    assert "每月一测" in page
    assert "青工发〔2025〕3号" in page


def test_a_regulation_shows_its_words_and_how_sure_they_are(cast, as_):
    page = as_(cast.secretary).get(PAGES[1])
    said = page.content.decode()
    assert "一般每季度召开1次" in said
    assert "条文未核对" in said
    assert "cell-meeting" in {duty.key for duty in page.context["others"]}


def test_how_it_stands_comes_from_the_ledger_with_and_without_script(cast, as_):
    client = as_(cast.secretary)
    url = f"/ledger/GW-01/{client.get(PAGES[1]).context['year']}/by/branch-work/"
    assert f'href="{url}"' in client.get(PAGES[1]).content.decode()
    whole = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "党员大会" in part
    assert as_(cast.outsider).get(url).status_code == 404


def test_a_duty_in_plain_words_with_its_cases(cast, as_):
    page = as_(cast.secretary).get(PAGES[2]).content.decode()
    for said in ("怎样算完成", "什么时候不作要求", "第十一条", "事例"):
        assert said in page
    assert len(as_(cast.secretary).get(PAGES[2]).context["examples"]) >= 2


def test_a_duty_of_others_says_so(cast, as_):
    page = as_(cast.secretary).get("/duties/GW-01/branch-work/lecture-leader/").content.decode()
    assert "这一项不要求本组织" in page


def test_a_local_duty_has_its_page(cast, as_):
    row = lay_down(cast)
    page = as_(cast.secretary).get(f"/duties/GW-01/local-{row.pk}/duty/").content.decode()
    assert "每月至少组织1次学习测试" in page
    assert "本地任务" in page


@pytest.mark.parametrize("tail", ["no-such/", "branch-work/no-such/", "local-999/duty/", "..%2f..%2fetc/passwd/"])
def test_what_is_not_there(cast, as_, tail):
    assert as_(cast.secretary).get(f"/duties/GW-01/{tail}").status_code == 404


def test_another_branchs_local_duty_is_not_there(cast, as_):
    from zhibu.duties.models import LocalDuty

    row = lay_down(cast)
    LocalDuty.objects.filter(pk=row.pk).update(organization=cast.other)
    assert as_(cast.secretary).get(f"/duties/GW-01/local-{row.pk}/duty/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_requires_the_right_person(cast, as_, client, page):
    assert client.get(page).status_code == 302
    assert as_(cast.outsider).get(page).status_code == 404
    assert as_(cast.member).get(page).status_code == 200


def test_english_readers_get_english_labels(cast, as_):
    client = as_(cast.secretary)
    client.cookies["django_language"] = "en"
    assert "General membership meeting" in client.get(PAGES[1]).content.decode()
