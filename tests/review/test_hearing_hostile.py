"""What nobody should send to the pages of the meeting, the ballot and the letter: refused or taken, never broken."""

from __future__ import annotations

import pytest

from tests.review.heard import presented

NASTY = ("甲\x00乙", "²", "9" * 30, "-1", "长" * 20_000, "0001-01-01", "")
FORMS = {
    "hearing/": {"act": "arrange", "version": "1", "day": "2026-01-25", "place": "三楼", "minutes": "8"},
    "hearing/?": {"act": "present", "version": "1", "leaders": "1", "public": "2"},
    "ballot/": {
        "version": "1", "label-1": "群众", "weight-1": "1", "names-1": "群众甲", "items": "", "share-good": "100",
        "share-fair": "80", "share-average": "60", "share-poor": "0",
    },
    "grades/": {"act": "publish", "until": ""},
    "{entry}/letter/": {"act": "send", "version": "1", "opinion": "好", "problems": "党课太少", "asks": "改"},
    "hearing/notes/{entry}/": {"act": "save", "verb": "question", "speaker": "甲", "text": "问", "key": "w"},
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_no_value_breaks_a_page(cast, as_, path):
    cycle, entry, leader = presented(cast)
    client = as_(leader)
    address = f"/review/GW/{cycle.pk}/{path.format(entry=entry.pk)}"
    for name in FORMS[path]:
        for value in NASTY:
            answer = client.post(address, FORMS[path] | {name: value})
            assert answer.status_code < 500, (name, value[:10])
            assert b"\x00" not in answer.content


@pytest.mark.parametrize("path", ["hearing/?entry=", "hearing/screen/?p="])
def test_no_question_of_an_address_breaks_a_page(cast, as_, path):
    cycle, _entry, leader = presented(cast)
    for value in NASTY:
        assert as_(leader).get(f"/review/GW/{cycle.pk}/{path}{value[:50]}").status_code == 200
