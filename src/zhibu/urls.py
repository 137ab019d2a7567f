"""One line a stage; each stage has its own urls.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhibu.web.urls")),
    path("org/", include("zhibu.org.urls")),
    path("notices/", include("zhibu.notices.urls")),
    path("calendar/", include("zhibu.reminders.urls")),
    path("duties/", include("zhibu.duties.urls")),
    path("activities/", include("zhibu.activities.urls")),
    path("ledger/", include("zhibu.ledger.urls")),
    path("tasks/", include("zhibu.tasks.urls")),
    path("plans/", include("zhibu.plans.urls")),
    path("meetings/", include("zhibu.meetings.urls")),
    path("rectify/", include("zhibu.rectify.urls")),
    path("corpus/", include("zhibu.corpus.urls")),
    path("scoring/", include("zhibu.scoring.urls")),
    path("reports/", include("zhibu.reports.urls")),
    path("review/", include("zhibu.review.urls")),
    path("api/v1/", include("zhibu.api.urls")),
    path("", include("zhibu.checking.urls")),
    path("disclosure/", include("zhibu.disclosure.urls")),
    path("", include("zhibu.disclosure.public_urls")),
    path("handbook/", include("zhibu.handbook.urls")),
    path("ballots/", include("zhibu.ballots.urls")),
    path("vote/", include("zhibu.ballots.public_urls")),
]

handler400 = "zhibu.web.views.bad_request"
