"""What a browser sends for a well filled-in meeting, to be changed by each test."""

import re

MINUTES = (
    "会议听取了支部委员会一季度工作报告。岑若溪汇报了党员学习情况，提出学习要同水质监测的实际问题结合起来。"
    "温汝舟认为汛期值班与学习时间有冲突，建议错开安排。经讨论，会议同意对二季度学习计划作相应调整，并明确了责任人。"
)


def filled(cast, **changes):
    """POST data of a complete general meeting on 5 March 2025; all nine present. None leaves a key out."""
    data = {
        "title": "一季度党员大会",
        "held": "2025-03-05",
        "starts": "15:00",
        "ends": "16:30",
        "place": "二楼会议室",
        "chair": str(cast.members[0].pk),
        "recorder": str(cast.members[2].pk),
        "agenda": "听取支委会一季度工作报告",
        "minutes": MINUTES,
        "resolution-0-text": "调整二季度学习计划",
        "resolution-0-owner": str(cast.members[2].pk),
        "resolution-0-due": "2025-04-10",
        "studied": "",
        "act": "save",
    }
    for member in cast.members:
        data[f"presence-{member.pk}"] = "present"
        data[f"reason-{member.pk}"] = ""
    data.update(changes)
    return {key: value for key, value in data.items() if value is not None}


def save(client, address, data):
    """Post, and post again with the fingerprint of the warnings shown: 保存, then 仍然保存."""
    answer = client.post(address, data)
    seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    return client.post(address, {**data, "seen": seen[1]}) if seen else answer
