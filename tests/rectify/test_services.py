"""Finding problems, measures with owner and deadline, closing by another, returning, problems that come back."""

from datetime import date

import pytest

from tests.rectify.conftest import DAY, NOW
from tests.rectify.problems import list_of, measure_of, noon, problem_of, solve
from zhibu.duties.models import Form, LocalDuty, Origin
from zhibu.duties.queries import duties_of
from zhibu.errors import UserError
from zhibu.notices.models import Notice
from zhibu.org.models import JournalEntry, Organization
from zhibu.rectify import queries, services
from zhibu.rectify.models import Problem
from zhibu.rectify.services import Finding, Recurring
from zhibu.tasks import services as tasks
from zhibu.tasks.models import Task, Verb
from zhibu.tasks.services import Terms

STUDY = Finding("党课内容与业务脱节，理论学习走过场", place="述职报告第二部分")


def state(problem):
    return queries.with_state(Problem.objects.filter(pk=problem.pk), DAY).get().state


def code(refused):
    return refused.value.code


def test_a_list_is_set_up_once_and_says_who_found_what_when(cast):
    first = services.open_list(cast.clerk, cast.committee, "review", 2024, at=NOW)
    assert services.open_list(cast.clerk, cast.committee, "review", 2024, at=NOW) == first
    other = services.open_list(cast.clerk, cast.committee, "inspection", 2024, at=NOW, issuer="县委第三巡察组")
    assert (first.form, first.source, first.year) == (Form.RECTIFICATION, "review", 2024)
    assert (first.title, other.title) == ("2024年度述职评议指出的问题", "2024年度巡察反馈的问题（县委第三巡察组）")
    assert Origin.objects.count() == 2
    for source, year in (("rumour", 2024), ("self", 2026), ("self", 99999)):
        with pytest.raises(UserError):
            services.open_list(cast.clerk, cast.committee, source, year, at=NOW)


def test_what_was_found_is_entered_with_kind_and_journal(cast):
    made = services.found(cast.clerk, list_of(cast.committee), cast.branch, [STUDY, Finding("公开栏更新慢")], at=NOW)
    assert [(one.kind, one.found_on, one.place) for one in made] == [
        ("learning", DAY, "述职报告第二部分"), ("disclosure", DAY, ""),
    ]  # fmt: skip
    assert state(made[0]) == "bare"
    entry = JournalEntry.objects.get(verb="find-problems")
    assert (entry.organization, entry.data["problems"]) == (cast.branch, [one.pk for one in made])


def test_only_the_finders_people_enter_and_only_below(cast):
    listed = list_of(cast.committee)
    for actor in (cast.secretary, cast.member, cast.outsider):
        with pytest.raises(UserError) as refused:
            services.found(actor, listed, cast.branch, [STUDY], at=NOW)
        assert code(refused) == "problem-not-finder"
    with pytest.raises(UserError) as refused:
        services.found(cast.outsider, list_of(cast.other, source="self"), cast.branch, [STUDY], at=NOW)
    assert code(refused) == "problem-not-below"
    plan = Origin.objects.create(organization=cast.committee, form=Form.LIST, title="清单", since=DAY, made_at=NOW,
                                 made_by=cast.clerk)  # fmt: skip
    with pytest.raises(UserError) as refused:
        services.found(cast.clerk, plan, cast.branch, [STUDY], at=NOW)
    assert code(refused) == "problem-list"
    assert not Problem.objects.exists()


def test_bad_findings_are_refused_all_or_none(cast):
    listed = list_of(cast.committee)
    bad = {
        "problem-empty": Finding(" \n "),
        "problem-long": Finding("长" * 501),
        "problem-kind": Finding("问题在哪里", kind="nonsense"),
        "problem-twice": Finding("公开栏更新慢"),
    }
    for wanted, finding in bad.items():
        with pytest.raises(UserError) as refused:
            services.found(cast.clerk, listed, cast.branch, [Finding("公开栏更新慢"), finding], at=NOW)
        assert code(refused) == wanted
    with pytest.raises(UserError) as refused:
        services.found(cast.clerk, listed, cast.branch, [STUDY], at=NOW, on=date(2025, 3, 21))
    assert code(refused) == "problem-day"
    assert not Problem.objects.exists()


def test_hostile_words_are_kept_as_words(cast):
    words = "<script>alert(1)</script>'; DROP TABLE rectify_problem;-- {x} %s"
    assert problem_of(cast, words).text == words


def test_a_measure_needs_an_owner_a_deadline_and_a_time_after_the_finding(cast):
    problem = problem_of(cast, "公开栏更新慢")
    owner = cast.members[5]
    bad = {
        "measure-owner": Terms("每月更新", due=date(2025, 6, 30)),
        "measure-due": Terms("每月更新", owner=owner),
        "measure-early": Terms("每月更新", owner=owner, due=date(2025, 1, 30)),
        "task-due-past": Terms("每月更新", owner=owner, due=date(2025, 3, 19)),
        "task-not-of-body": Terms("每月更新", owner=cast.outsider.member, due=date(2025, 6, 30)),
        "task-empty": Terms("  ", owner=owner, due=date(2025, 6, 30)),
    }
    for wanted, terms in bad.items():
        with pytest.raises(UserError) as refused:
            services.add_measure(cast.secretary, [problem], terms, DAY, at=NOW)
        assert code(refused) == wanted
    elsewhere = problem_of(cast, "学习走过场", body=cast.other)
    with pytest.raises(UserError) as refused:
        services.add_measure(cast.secretary, [problem, elsewhere], bad["task-empty"], DAY, at=NOW)
    assert code(refused) == "measure-bodies"
    assert not Task.objects.exists()


def test_a_problem_is_closed_when_another_has_verified_every_measure(cast):
    problem = problem_of(cast, "公开栏更新慢")
    first, second = measure_of(cast, problem), measure_of(cast, problem, "定专人更新")
    assert state(problem) == "in-hand"
    tasks.report_done(cast.member, first, "已修订", at=NOW)
    tasks.report_done(cast.secretary, second, "已定人", at=NOW)
    assert state(problem) == "reported"
    for actor, task in ((cast.member, first), (cast.secretary, second), (cast.outsider, first)):
        with pytest.raises(UserError) as refused:
            tasks.verify(actor, task, "", DAY, at=NOW)
        assert code(refused) == "task-own-verify"
    tasks.verify(cast.secretary, first, "", DAY, at=NOW)
    assert state(problem) == "reported"
    tasks.verify(cast.clerk, second, "", DAY, at=NOW)
    assert state(problem) == "closed"


def test_cancelling_its_measures_closes_no_problem(cast):
    problem = problem_of(cast, "公开栏更新慢")
    tasks.cancel(cast.secretary, measure_of(cast, problem), "不做了", at=NOW)
    assert state(problem) == "bare"


def test_the_finder_returns_what_was_not_solved(cast):
    problem = problem_of(cast, "公开栏更新慢")
    task = measure_of(cast, problem)
    with pytest.raises(UserError) as refused:
        services.return_problem(cast.clerk, problem, "没有更新", DAY, at=NOW)
    assert code(refused) == "return-not-closed"
    solve(cast, task)
    for actor in (cast.secretary, cast.member, cast.outsider):
        with pytest.raises(UserError) as refused:
            services.return_problem(actor, problem, "没有更新", DAY, at=NOW)
        assert code(refused) == "return-not-finder"
    services.return_problem(cast.clerk, problem, "实地看，公开栏还是去年的", DAY, at=NOW)
    assert state(problem) == "in-hand"
    step = task.steps.last()
    assert (step.verb, step.text, step.by) == (Verb.RETURN, "实地看，公开栏还是去年的", cast.clerk)
    assert "by_record" not in step.data


def test_an_owner_does_not_return_his_own(cast):
    listed = list_of(cast.branch, source="self")
    [problem] = services.found(cast.secretary, listed, cast.branch, [STUDY], at=NOW)
    task = measure_of(cast, problem, owner=cast.members[0])
    tasks.report_done(cast.secretary, task, "改了", at=NOW)
    tasks.verify(cast.deputy, task, "", DAY, at=NOW)
    with pytest.raises(UserError) as refused:
        services.return_problem(cast.secretary, problem, "再改改", DAY, at=NOW)
    assert code(refused) == "return-not-finder"
    services.return_problem(cast.deputy, problem, "再改改", DAY, at=NOW)
    assert state(problem) == "in-hand"


def test_a_measure_that_recurs_is_counted_by_the_ledger_until_its_deadline(cast):
    problem = problem_of(cast, "党课内容与业务脱节")
    task = measure_of(cast, problem, "每季度讲一次业务党课", recurring=Recurring("lecture", 1, "quarter"))
    duty = LocalDuty.objects.get()
    assert (duty.source, duty.until, task.kind) == (problem.origin, task.due, "lecture")
    assert task.duty == f"local-{duty.pk}/duty"
    assert task.duty in {one.id for one in duties_of(cast.branch, 2025)}
    assert task.duty not in {one.id for one in duties_of(cast.other, 2025)}
    for wanted, again in (("measure-kind", Recurring("")), ("measure-per", Recurring("lecture", 0)),
                          ("measure-per", Recurring("lecture", 1, "day"))):  # fmt: skip
        with pytest.raises(UserError) as refused:
            measure_of(cast, problem, recurring=again)
        assert code(refused) == wanted
    assert Task.objects.count() == LocalDuty.objects.count() == 1


def test_one_measure_may_answer_several_problems(cast):
    first, second = problem_of(cast, "公开栏更新慢"), problem_of(cast, "会议记录不规范")
    task = measure_of(cast, first)
    services.link_measure(cast.secretary, second, task)
    assert state(second) == "in-hand"
    elsewhere = problem_of(cast, "公开栏更新慢", body=cast.other)
    given = tasks.give_task(cast.secretary, cast.branch, Terms("别的事"), DAY, at=NOW)
    for problem, other in ((elsewhere, task), (second, given)):
        with pytest.raises(UserError) as refused:
            services.link_measure(cast.secretary, problem, other)
        assert code(refused) == "measure-elsewhere"


def test_a_problem_that_returns_is_proposed_and_confirmed_by_a_person(cast):
    old = problem_of(cast, "党课内容与业务工作脱节，针对性不强。", 2023)
    other = problem_of(cast, "公开栏更新慢", 2023)
    ancient = problem_of(cast, "党课内容与业务工作脱节，针对性不强", 2020)
    elsewhere = problem_of(cast, "党课内容与业务工作脱节，针对性不强", 2023, body=cast.other)
    new = problem_of(cast, "党课内容与业务工作脱节， 针对性不强", 2024)
    [proposed] = queries.proposed_again(new)
    assert (proposed.problem, proposed.verbatim) == (old, True)
    for wrong in (elsewhere, new):
        with pytest.raises(UserError):
            services.confirm_again(cast.clerk, new, wrong)
    with pytest.raises(UserError):
        services.confirm_again(cast.clerk, other, new)
    services.confirm_again(cast.clerk, new, old)
    new.refresh_from_db()
    assert (new.again, queries.proposed_again(new)) == (old, [])
    services.deny_again(cast.clerk, new)
    assert Problem.objects.get(pk=new.pk).again is None
    assert ancient.again is None


def test_words_are_put_right_and_what_was_entered_by_mistake_taken_out(cast):
    problem = problem_of(cast, "公开栏更新慢")
    services.correct_problem(cast.clerk, problem, Finding("公开栏三个月没有更新", kind="disclosure"))
    services.explain_problem(cast.secretary, problem, "没有定专人")
    now = Problem.objects.get()
    assert (now.text, now.cause) == ("公开栏三个月没有更新", "没有定专人")
    assert JournalEntry.objects.get(verb="correct-problem").data["changed"]["text"][0] == "公开栏更新慢"
    measure_of(cast, now)
    with pytest.raises(UserError) as refused:
        services.take_back(cast.clerk, now)
    assert code(refused) == "problem-in-use"
    mistaken = problem_of(cast, "登记错了的问题")
    services.take_back(cast.clerk, mistaken)
    assert not Problem.objects.filter(pk=mistaken.pk).exists()


def test_open_problems_of_a_body_that_was_ended_find_the_successor(cast):
    solved, open_ = problem_of(cast, "公开栏更新慢"), problem_of(cast, "会议记录不规范")
    solve(cast, measure_of(cast, solved))
    task = measure_of(cast, open_, "重做记录本")
    with pytest.raises(UserError) as refused:
        services.pass_on(cast.clerk, cast.branch, cast.other, DAY, at=NOW)
    assert code(refused) == "pass-on-not-ended"
    Organization.objects.filter(pk=cast.branch.pk).update(ended=date(2025, 3, 1))
    cast.branch.refresh_from_db()
    assert list(queries.orphaned(cast.committee, DAY)) == [cast.branch]
    with pytest.raises(UserError):
        services.pass_on(cast.clerk, cast.branch, cast.branch, DAY, at=NOW)
    assert services.pass_on(cast.clerk, cast.branch, cast.other, DAY, at=NOW) == [open_]
    task.refresh_from_db()
    assert (task.organization, task.given_by) == (cast.other, cast.other)
    assert "继续整改" in task.steps.last().text
    assert not queries.orphaned(cast.committee, DAY).exists()
    assert {one.organization.pk for one in Problem.objects.all()} == {cast.branch.pk, cast.other.pk}


def test_everything_is_in_the_journal(cast):
    problem = problem_of(cast, "公开栏更新慢")
    solve(cast, measure_of(cast, problem), on=DAY)
    services.return_problem(cast.clerk, problem, "没有改好", DAY, at=noon(DAY))
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert verbs >= {"open-problem-list", "find-problems", "task-give", "task-report", "task-close", "task-return",
                     "return-problem"}  # fmt: skip


def test_the_leaders_of_the_body_are_told_once_of_what_a_committee_found(cast):
    listed = list_of(cast.committee)
    services.found(cast.clerk, listed, cast.branch, [STUDY, Finding("公开栏更新慢")], at=NOW)
    told = Notice.objects.filter(account=cast.secretary)
    assert [(one.url, one.kind) for one in told] == [("/rectify/GW-01/", "task")]
    assert not Notice.objects.filter(account__in=[cast.member, cast.outsider, cast.clerk]).exists()
    [problem] = services.found(cast.clerk, listed, cast.branch, [Finding("会议记录不规范")], at=NOW)
    assert told.all().count() == 2
    assert told.filter(url=f"/rectify/GW-01/{problem.pk}/").exists()
    own = list_of(cast.branch, source="self")
    services.found(cast.deputy, own, cast.branch, [Finding("自己查出来的问题")], at=NOW)
    assert told.all().count() == 2
