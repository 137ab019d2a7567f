"""The journal: who did what, when, for which body. `note` is called inside the transaction of the write itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account, JournalEntry, Organization

VERBS = {
    "add-member": _("登记党员"),
    "edit-member": _("修改党员资料"),
    "change-status": _("变更党员状态"),
    "receive-member": _("转入党员"),
    "move-to-cell": _("编入党小组"),
    "take-back-status": _("撤回状态变更"),
    "assign-post": _("任职"),
    "end-post": _("离任"),
    "found-organization": _("成立组织"),
    "edit-organization": _("修改组织资料"),
    "end-organization": _("撤销组织"),
    "import-roster": _("导入名册"),
    "import-activities": _("导入活动"),
    "undo-import": _("撤销导入"),
    "export-roster": _("导出名册"),
    "add-account": _("开设账号"),
    "reset-password": _("重设密码"),
    "lock-account": _("停用账号"),
    "unlock-account": _("恢复账号"),
    "make-token": _("新建访问令牌"),
    "revoke-token": _("作废访问令牌"),
    "record": _("记录活动"),
    "correct": _("更正活动"),
    "withdraw": _("撤回活动"),
    "lay-down-duty": _("下达任务"),
    "end-duty": _("停止任务"),
    "explain": _("说明原因"),
    "snapshot": _("固定台账快照"),
    "start-report": _("起草述职报告"),
    "save-report": _("保存述职报告"),
    "keep-version": _("保存版本"),
    "restore-version": _("恢复版本"),
    "keep-aside": _("另存未采用的文字"),
    "refresh-report": _("更新报告数据"),
    "add-claim": _("引用台账数据"),
    "waive-finding": _("保留校核意见"),
    "unwaive-finding": _("取消保留校核意见"),
    "export-report": _("导出述职报告"),
    "make-cycle": _("拟订述职评议"),
    "change-cycle": _("修改述职评议"),
    "set-reporters": _("确定述职人员"),
    "set-order": _("调整发言次序"),
    "open-cycle": _("启动述职评议"),
    "pause-cycle": _("暂停述职评议"),
    "resume-cycle": _("继续述职评议"),
    "close-cycle": _("结束述职评议"),
    "reopen-cycle": _("重新开始述职评议"),
    "prepare-report": _("拟报述职报告"),
    "agree-report": _("审议述职报告"),
    "sign-report": _("签署述职报告"),
    "submit-report": _("提交述职报告"),
    "withdraw-report": _("撤回述职报告"),
    "return-report": _("退回述职报告"),
    "accept-report": _("通过述职报告"),
    "arrange-hearing": _("准备述职评议会"),
    "set-present": _("登记到会人员"),
    "begin-speaking": _("开始述职"),
    "presented": _("完成述职"),
    "note-down": _("记录评议发言"),
    "correct-note": _("更正评议发言"),
    "make-ballot": _("起草述职测评"),
    "take-ballot": _("计入述职测评"),
    "begin-grading": _("开始综合评价"),
    "season-graded": _("述职等次已定"),
    "save-letter": _("拟反馈意见"),
    "print-letter": _("导出反馈意见"),
    "send-letter": _("发出反馈意见"),
    "close-entries": _("整改办结"),
    "ask-package": _("导出述职评议档案"),
    "take-package": _("下载述职评议档案"),
    "print-overview": _("导出年度概览"),
    "print-protocol": _("导出计票记录"),
    "settle-comment": _("意见已落实"),
    "prepare-meeting": _("准备会议"),
    "change-meeting": _("修改会议安排"),
    "cancel-meeting": _("取消会议"),
    "ask-leave": _("会议请假"),
    "confirm-record": _("确认会议记录"),
    "export-handbook": _("导出工作手册"),
    "print-record": _("导出活动记录"),
    "draft-plan": _("拟订月计划"),
    "save-plan": _("修改月计划"),
    "approve-plan": _("通过月计划"),
    "settle-plan": _("小结月计划"),
    "found-origin": _("建立清单或活动"),
    "close-origin": _("结束清单或活动"),
    "found-team": _("设立临时党组织"),
    "change-people": _("调整参加人员"),
    "link-activities": _("关联活动记录"),
    "open-problem-list": _("建立问题清单"),
    "find-problems": _("登记问题"),
    "correct-problem": _("更正问题"),
    "take-back-problem": _("删去问题"),
    "explain-problem": _("写明问题原因"),
    "link-measure": _("关联整改措施"),
    "problem-again": _("确认问题再次出现"),
    "return-problem": _("退回整改"),
    "pass-on-problems": _("移交问题"),
    "print-problems": _("导出整改清单"),
    "add-channel": _("添加提醒方式"),
    "edit-channel": _("修改提醒方式"),
    "remove-channel": _("删除提醒方式"),
    "test-channel": _("测试提醒方式"),
    "confirm-channel": _("确认提醒方式"),
    "send-again": _("重新发送提醒"),
    "renew-calendar": _("生成日历订阅地址"),
    "stop-calendar": _("停用日历订阅地址"),
    "remind": _("到期提醒"),
    "task-give": _("任务立项"),
    "task-assign": _("确定任务责任人"),
    "task-progress": _("记任务进展"),
    "task-report": _("报告任务完成"),
    "task-return": _("退回任务"),
    "task-close": _("核实办结任务"),
    "task-move": _("调整任务时限"),
    "task-cancel": _("取消任务"),
    "write-scheme": _("改写评价办法"),
    "begin-evaluation": _("开始评价"),
    "answer-evaluation": _("填写自评"),
    "submit-evaluation": _("提交自评"),
    "return-evaluation": _("退回自评"),
    "verify-items": _("实地核实"),
    "finish-verification": _("完成核实"),
    "close-evaluation": _("定下评价结果"),
    "give-opinion": _("上级评定"),
    "take-in-votes": _("计入表决结果"),
    "freeze-evaluation": _("核定得分"),
    "set-level": _("定等次"),
    "publish-evaluation": _("公布评价结果"),
    "object-evaluation": _("提出异议"),
    "answer-objection": _("答复异议"),
    "reopen-evaluation": _("重新核定"),
    "export-evaluation": _("导出评价结果"),
    "export-round": _("导出评价总表"),
    "rank-on": _("启用名次"),
    "rank-off": _("停用名次"),
    "add-corpus-text": _("收入资料库"),
    "remove-corpus-text": _("移出资料库"),
    "rename-corpus-text": _("改资料标题"),
    "rebuild-corpus": _("重建资料库索引"),
    "draft-publication": _("起草公开事项"),
    "edit-publication": _("修改公开草稿"),
    "discard-publication": _("删除公开草稿"),
    "propose-publication": _("提出公开"),
    "review-publication": _("审核公开"),
    "give-back-publication": _("退回公开"),
    "approve-publication": _("审批公开"),
    "correct-publication": _("更正公开"),
    "take-down-publication": _("撤下公开"),
    "withdraw-publication": _("撤回公开"),
    "adopt-catalogue": _("确定公开目录"),
    "open-board": _("开放或关闭社会公开页"),
    "renew-wall": _("更换大屏链接"),
    "comment": _("提出意见建议"),
    "answer-comment": _("答复意见建议"),
    "draft-ballot": _("起草票决"),
    "change-ballot": _("修改票决"),
    "discard-ballot": _("删除票决草稿"),
    "name-officials": _("指定监票人、计票人"),
    "post-key": _("公布监票人公钥"),
    "seal-ballot": _("封存票决说明书"),
    "make-slips": _("印制投票条"),
    "open-ballot": _("开启投票"),
    "hand-out-paper": _("发纸质票"),
    "close-ballot": _("截止投票"),
    "post-layer": _("监票人拆封"),
    "count-papers": _("清点纸质票"),
    "publish-result": _("公布票决结果"),
    "void-ballot": _("作废票决"),
    "destroy-votes": _("销毁投票底档"),
    "draft-questionnaire": _("起草不记名问卷"),
    "change-questionnaire": _("修改不记名问卷"),
    "discard-questionnaire": _("删除不记名问卷草稿"),
    "open-questionnaire": _("开放不记名问卷"),
    "print-answer-slips": _("印制答题条"),
    "close-questionnaire": _("结束不记名问卷"),
    "export-answers": _("导出问卷结果"),
}
"""What the verbs are called; the stages above write some of them. A verb not listed shows as it is."""


def note(
    account: Account | None, organization: Organization | None, verb: str, obj: Model | None, summary: str, **data: Any
) -> JournalEntry:
    """Write one entry. `verb` is kebab-case (add-member); `summary` a Chinese sentence; `data` must fit JSON.

    The time is the clock's, not a caller's: an entry cannot be dated back. Without a transaction it refuses to write,
    as an entry must stand or fall with what it tells. Of a program that acted with a token, `data` names the token.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.note needs the transaction of the write it tells about")
    if isinstance(account, Account) and account.token is not None:
        data["token"] = {"key": account.token.key, "name": account.token.name}
    return JournalEntry.objects.create(
        organization=organization,
        at=timezone.now(),
        account=account if isinstance(account, Account) else None,
        verb=verb,
        object_type=obj._meta.model_name if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        summary=summary[:300],
        data=_plain(data),
    )


def _plain(value: Any) -> Any:
    """Dates as ISO text, mappings and lists through; anything else must be JSON already."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def entries(
    organization: Organization | None,
    *,
    who: str = "",
    verb: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """Entries of the body and of those below it (None: all), newest first.

    `who`: part of the name or log-in of who did it. `until` is the last day included.
    """
    found = JournalEntry.objects.all()
    if organization is not None:
        found = found.filter(organization__path__startswith=organization.path)
    if who:
        found = found.filter(Q(account__member__name__icontains=who) | Q(account__username__icontains=who))
    if verb:
        found = found.filter(verb=verb)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until) + timedelta(days=1))
    return found.select_related("account__member", "organization").order_by("-id")


EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


def _midnight(day: date) -> datetime:
    """The beginning of a day. The calendar's first and last days have none in every time zone: nothing is so old."""
    return timezone.make_aware(datetime.combine(min(max(day, EARLIEST), LATEST), time.min))
