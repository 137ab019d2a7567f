"""What the pages of ballots ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhibu.ballots.manifest import APPRAISAL, APPROVAL, Category, Choice, Question
from zhibu.ballots.plan import Person, Plan
from zhibu.errors import UserError
from zhibu.org.models import Member

MEMBERS = (
    Choice("excellent", "优秀"),
    Choice("qualified", "合格"),
    Choice("basic", "基本合格"),
    Choice("unqualified", "不合格"),
)


CONTENT = (
    Choice("content", "满意"),
    Choice("rather", "比较满意"),
    Choice("average", "一般"),
    Choice("discontent", "不满意"),
)
SCALES = {"appraisal": APPRAISAL, "content": CONTENT}


@dataclass(frozen=True, slots=True)
class Kind:
    """What one votes on by hand: the choices of each line, the rule, whether each line is a person."""

    label: Any
    choices: tuple[Choice, ...]
    rule: str
    persons: bool = False


KINDS = {
    "debrief": Kind(gettext_lazy("述职评议测评（好、较好、一般、差）"), APPRAISAL, "appraisal", True),
    "members": Kind(gettext_lazy("党员民主评议（优秀、合格、基本合格、不合格）"), MEMBERS, "appraisal", True),
    "resolution": Kind(gettext_lazy("党员大会表决（赞成、不赞成）"), APPROVAL, "resolution"),
    "admission": Kind(gettext_lazy("接收预备党员、转正（赞成、不赞成）"), APPROVAL, "admission", True),
    "election": Kind(gettext_lazy("选举（赞成、不赞成）"), APPROVAL, "election", True),
}


def kind_of(plan: Plan) -> str:
    """Which kind a plan was made as; debrief when none fits."""
    first = plan.questions[0].choices
    return next((slug for slug, one in KINDS.items() if (one.choices, one.rule) == (first, plan.rule)), "debrief")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class BallotForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("投什么票"), choices=[(slug, one.label) for slug, one in KINDS.items()])
    lines = forms.CharField(
        label=gettext_lazy("事项或人选"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("一行一项。测评、选举每行写一个人名；表决每行写一件事。"),
    )  # fmt: skip
    seats = forms.IntegerField(label=gettext_lazy("应选名额（选举才填）"), required=False, min_value=1, max_value=80)
    voters = forms.MultipleChoiceField(
        label=gettext_lazy("投票的党员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    categories = forms.CharField(
        label=gettext_lazy("投票人类别和权重"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不分类的不用填。一行一类，如：党员 0.8。上面选的党员归入第一类。"),
    )  # fmt: skip
    others = forms.CharField(
        label=gettext_lazy("其他投票人"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("没有列在上面的人，一行一人：姓名 类别。他们凭投票条投票。"),
    )  # fmt: skip
    opens_at = forms.DateTimeField(
        label=gettext_lazy("定时开始"), required=False, widget=MomentInput,
        help_text=gettext_lazy("不填，由主持人开启。"),
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label=gettext_lazy("定时截止"), required=False, widget=MomentInput,
        help_text=gettext_lazy("不填，由主持人截止。"),
    )  # fmt: skip
    objection_days = forms.IntegerField(
        label=gettext_lazy("异议期（天）"), min_value=0, max_value=365, initial=5,
        help_text=gettext_lazy("公布结果满这些天以后，才能销毁谁投了哪一封票的底档。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Member], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(one.pk): one for one in people}
        self.fields["voters"].choices = [(pk, one.name) for pk, one in self.people.items()]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """UserError for a line that cannot be read."""
        given = self.cleaned_data
        kind = KINDS[given["kind"]]
        lines = [line.strip() for line in given["lines"].splitlines() if line.strip()]
        questions = tuple(
            Question(f"q{n}", line[:200], kind.choices, line[:60] if kind.persons else "")
            for n, line in enumerate(lines, start=1)
        )
        decides = kind.rule != "appraisal"
        return Plan(
            given["title"], questions, self._categories(), kind.rule, "yes" if decides else "",
            (given["seats"] or 0) if kind.rule == "election" else 0, given["opens_at"], given["closes_at"],
            given["objection_days"],
        )  # fmt: skip

    def _categories(self) -> tuple[Category, ...]:
        rows = [line.split() for line in self.cleaned_data["categories"].splitlines() if line.strip()]
        if any(len(row) > 2 for row in rows):
            raise UserError("category-line", "类别一行只写名称和权重，中间空一格：{line}", line=" ".join(rows[0])[:40])
        found = tuple(Category(f"c{n}", *row) for n, row in enumerate(rows, start=1))
        return found or (Category("voters", "投票人"),)

    def roll(self, plan: Plan) -> list[Person]:
        first = plan.categories[0].slug
        chosen = [self.people[pk] for pk in self.cleaned_data["voters"]]
        slugs = {one.label: one.slug for one in plan.categories}
        found = [Person(one.name, first, one.pk) for one in chosen]
        for row in (line.split() for line in self.cleaned_data["others"].splitlines() if line.strip()):
            if len(row) > 2 or (len(row) == 2 and row[1] not in slugs):
                raise UserError("other-line", "“{line}”没有看懂，请写成：姓名 类别。", line=" ".join(row)[:40])
            found.append(Person(row[0], slugs[row[1]] if len(row) == 2 else plan.categories[-1].slug))
        return found


def initial_of(plan: Plan, roll: Sequence[Person]) -> dict[str, Any]:
    """The form's fields as a draft has them."""
    labels = {one.slug: one.label for one in plan.categories}
    plain = len(plan.categories) == 1
    return {
        "title": plan.title, "kind": kind_of(plan), "lines": "\n".join(one.text for one in plan.questions),
        "seats": plan.seats or None,
        "voters": [str(one.member) for one in roll if one.member is not None],
        "categories": "" if plain else "\n".join(f"{one.label} {one.weight}" for one in plan.categories),
        "others": "\n".join(
            one.name if plain else f"{one.name} {labels[one.category]}" for one in roll if one.member is None
        ),
        "opens_at": plan.opens_at and timezone.localtime(plan.opens_at),
        "closes_at": plan.closes_at and timezone.localtime(plan.closes_at),
        "objection_days": plan.objection_days,
    }  # fmt: skip


class OfficialsForm(forms.Form):
    """Who watches, in the order of their turns, and who counts papers."""

    first = forms.ChoiceField(label=gettext_lazy("第一监票人（总监票人）"))
    second = forms.ChoiceField(label=gettext_lazy("第二监票人"))
    third = forms.ChoiceField(label=gettext_lazy("第三监票人"), required=False)
    teller_one = forms.ChoiceField(label=gettext_lazy("计票人"), required=False)
    teller_two = forms.ChoiceField(
        label=gettext_lazy("计票人"),
        required=False,
        help_text=gettext_lazy("有人投纸质票才要：两人各自清点，数字一致才算。"),
    )

    def __init__(self, *args: Any, people: Sequence[Member], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(one.pk): one for one in people}
        for field in self.fields.values():
            field.choices = [("", "—"), *((pk, one.name) for pk, one in self.people.items())]  # type: ignore[attr-defined]

    def _chosen(self, *names: str) -> list[Member]:
        return [self.people[self.cleaned_data[name]] for name in names if self.cleaned_data[name]]

    def scrutineers(self) -> list[Member]:
        return self._chosen("first", "second", "third")

    def tellers(self) -> list[Member]:
        return self._chosen("teller_one", "teller_two")


class CloseForm(forms.Form):
    present = forms.IntegerField(
        label=gettext_lazy("实到人数"), required=False, min_value=0, max_value=100_000,
        help_text=gettext_lazy("到会的有表决权人数。不填，按已投票人数计。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class PapersForm(forms.Form):
    """A teller's count of one pool: papers that came back, and for each line its choices, abstained, invalid."""

    def __init__(self, *args: Any, questions: Sequence[Question], **more: Any) -> None:
        super().__init__(*args, **more)
        self.questions = questions
        self._number("collected", gettext_lazy("收回张数"))
        for place, question in enumerate(questions):
            for choice in question.choices:
                self._number(f"q{place}-{choice.slug}", choice.label)
            self._number(f"q{place}-.abstained", gettext_lazy("弃权"))
            self._number(f"q{place}-.invalid", gettext_lazy("无效"))

    def _number(self, name: str, label: Any) -> None:
        self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100_000, initial=0)

    def rows(self) -> list[tuple[Question, list[Any]]]:
        """For the page: each question with its controls."""
        return [
            (question, [self[name] for name in self.fields if name.startswith(f"q{place}-")])
            for place, question in enumerate(self.questions)
        ]

    def count(self) -> dict[str, Any]:
        given = self.cleaned_data
        tallies = [
            {
                "votes": {choice.slug: given[f"q{place}-{choice.slug}"] for choice in question.choices},
                "abstained": given[f"q{place}-.abstained"],
                "invalid": given[f"q{place}-.invalid"],
            }
            for place, question in enumerate(self.questions)
        ]
        return {"collected": given["collected"], "tallies": tallies}


class QuestionnaireForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    scale = forms.ChoiceField(
        label=gettext_lazy("选项"),
        choices=[
            ("appraisal", gettext_lazy("好、较好、一般、差")),
            ("content", gettext_lazy("满意、比较满意、一般、不满意")),
        ],
    )
    lines = forms.CharField(
        label=gettext_lazy("选择题"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("一行一题。要自己定选项的，题目后面用竖线隔开，如：集中学习放在哪天｜周一｜周五。"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("写文字的题"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一行一题，如：您的意见建议。没有可不填。"),
    )  # fmt: skip
    everybody = forms.BooleanField(label=gettext_lazy("本级及下属的全体党员"), required=False)
    voters = forms.MultipleChoiceField(
        label=gettext_lazy("或选答题的党员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    slips = forms.IntegerField(
        label=gettext_lazy("另印答题条（张）"), min_value=0, max_value=5000, required=False,
        help_text=gettext_lazy("发给群众、服务对象等没有账号的人，不写姓名，扫码作答，一张答一次。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Member], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = people
        self.fields["voters"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]

    def questions(self) -> tuple[Question, ...]:
        given = self.cleaned_data
        found: list[Question] = []
        for line in filter(str.strip, given["lines"].splitlines()):
            text, *own = (part.strip() for part in line.replace("｜", "|").split("|"))
            choices = tuple(Choice(f"c{n}", label[:60]) for n, label in enumerate(own, start=1))
            found.append(Question(f"q{len(found) + 1}", text[:200], choices if own else SCALES[given["scale"]]))
            if len(own) == 1:
                raise UserError("ask-one-choice", "“{text}”只写了一个选项，至少要两个。", text=text[:30])
        for line in filter(str.strip, given["words"].splitlines()):
            found.append(Question(f"q{len(found) + 1}", line.strip()[:200], ()))
        return tuple(found)


def initial_of_questions(
    title: str, questions: Sequence[Question], members: Sequence[int], slips: int
) -> dict[str, Any]:
    """The form's fields as a draft has them."""
    plain = {choices: slug for slug, choices in SCALES.items()}
    asked = [one for one in questions if one.choices]
    scale = next((plain[one.choices] for one in asked if one.choices in plain), "appraisal")
    lines = [
        one.text if one.choices == SCALES[scale] else "｜".join([one.text, *(choice.label for choice in one.choices)])
        for one in asked
    ]
    return {
        "title": title, "scale": scale, "lines": "\n".join(lines),
        "words": "\n".join(one.text for one in questions if not one.choices),
        "voters": [str(pk) for pk in members], "slips": slips,
    }  # fmt: skip
