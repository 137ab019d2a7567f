"""The form for a new record: works, rejects, requires the right person, works without script."""

from tests.activities.entering import filled
from zhibu.activities.models import Activity
from zhibu.org.models import JournalEntry

ADDRESS = "/activities/GW-01/record/general-meeting/"


def test_it_records_a_meeting_with_everyone_present(cast, as_):
    client = as_(cast.secretary)
    page = client.get(f"{ADDRESS}?date=2025-03-05").content.decode()
    assert "闻知远" in page
    assert "2025年3月党员大会" in page

    answer = client.post(ADDRESS, filled(cast))

    activity = Activity.objects.get()
    assert answer["Location"] == f"/activities/GW-01/{activity.pk}/"
    assert (activity.entitled, activity.present, activity.attended) == (8, 8, 9)
    assert activity.lacks == []
    assert JournalEntry.objects.filter(verb="record", object_id=str(activity.pk)).exists()
