"""A made-up local duty: each branch holds a test once a month."""

from datetime import date

from zhibu.duties.services import lay_down_duty

DATA = {
    "label": "每月一测",
    "subject": ["branch"],
    "text": "每月至少组织1次学习测试",
    "strength": "at-least",
    "confidence": "P",
    "at_least": {"count": 1, "per": "month", "of": ["test"]},
}


def lay_down(cast, since=date(2025, 1, 1), until=None, **changes):
    values = {
        "document": "关于开展学习测试的通知", "origin": "青禾县县直机关工委", "number": "青工发〔2025〕3号",
        "since": since, "until": until, "data": {**DATA, **changes},
    }  # fmt: skip
    return lay_down_duty(cast.clerk, cast.committee, values)
