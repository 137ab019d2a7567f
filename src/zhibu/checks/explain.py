"""The rules explained: a list, one rule, and the page docs/rules/README.md."""

from __future__ import annotations

from zhibu.checks.engine import Rule, all_rules, chosen
from zhibu.checks.output.text import NAMES
from zhibu.errors import UserError

FAMILIES = {"ST": "结构", "FA": "事实", "WO": "文字", "OR": "原创", "RE": "整改"}
MEANING = (
    "一条提示只说“这个地方值得再看一眼”：在哪里、看到什么、为什么、可以怎么改。改不改，由写的人和审的人决定。",
    "它不是对人的评价，不说文字是谁写的、怎么写成的。错误、警告、提示只说有多要紧，不折成分数，也不相加。",
    "没有提示不等于没有问题：程序只认得已有的规则，读不懂意思，会看漏，也会看错。",
    "与别处相同的段落，只说在哪里也有、有多少。谁先写的、该不该，由人打开两处来看；没有哪个比例会自动得出结论。",
    "确有理由保留的可以豁免，写明理由、姓名和日期。在命令行里校核，不保存也不上传任何内容。",
)
"""What a finding means and what it does not."""
CONFIDENCE = {"certain": "确定", "likely": "多半", "hint": "供参考"}


def listing() -> str:
    """One line a rule: code, severity, slug, label; what is off by default or needs facts says so."""
    return "\n".join(
        f"{rule.code}  {NAMES[rule.severity]}  {rule.slug:<28} {rule.label}{_notes(rule)}" for rule in all_rules()
    )


def _notes(rule: Rule) -> str:
    needed = (
        ("需要 --facts", rule.needs_facts),
        ("需要 --corpus", rule.needs_corpus),
        ("需要 --last-findings", rule.needs_last_findings),
        ("默认不用", not rule.default),
    )
    notes = [word for word, on in needed if on]
    return f"（{'，'.join(notes)}）" if notes else ""


def explanation(word: str) -> str:
    """A rule's page in plain text. UserError when the word names no single rule."""
    found = chosen([word])
    if len(found) != 1:
        raise UserError("unknown-rule", "没有“{word}”这条规则。用 zhibu check --list 查看全部规则。", word=word)
    rule = found[0]
    return (
        f"{rule.code} {rule.slug}：{rule.label}{_notes(rule)}\n"
        f"程度：{NAMES[rule.severity]}；把握：{CONFIDENCE[rule.confidence]}\n\n{_plain(rule.explanation)}\n\n"
        f"为什么：{rule.why.message}\n怎么改：{rule.fix.message}\n\n{MEANING[0]}{MEANING[2]}"
    )


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def page() -> str:
    """docs/rules/README.md, whole."""
    lines = ["# 校核规则", "", "本页由 `python scripts/rules_page.py` 根据规则本身生成，请勿手改。", ""]
    lines += ["## 怎样看待一条提示", "", *(f"- {sentence}" for sentence in MEANING), ""]
    lines += [
        "“程度”说有多要紧，“把握”说规则自己有多大把握；没有别的权重。每条规则用到的界限（字数、比例、次数）写在它的说明里，"
        "用到的词在 `src/zhibu/checks/wording/`，一个单位可以用 `.zhibu.toml` 增减。比对时各段话的分量怎样算，见"
        "[比对的做法](../how-comparison-works.md)；各条规则在试写的文章上对了多少，见[查准率](../precision.md)。",
        "",
        "## 全部规则",
        "",
    ]
    lines += ["| 代码 | 名称 | 程度 | 把握 | 说明 |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| [{r.code}](#{r.code.lower()}) | `{r.slug}` | {NAMES[r.severity]} | {CONFIDENCE[r.confidence]} "
        f"| {r.label}{_notes(r)} |"
        for r in all_rules()
    ]
    for family, name in FAMILIES.items():
        rules = [rule for rule in all_rules() if rule.code.startswith(family)]
        if rules:
            lines += ["", f"## {family} {name}"]
        for rule in rules:
            lines += [
                "",
                f'<a id="{rule.code.lower()}"></a>',
                f"### {rule.code} {rule.label}",
                "",
                _plain(rule.explanation),
            ]
            lines += ["", f"- 为什么：{rule.why.message}", f"- 怎么改：{rule.fix.message}"]
    return "\n".join(lines) + "\n"
