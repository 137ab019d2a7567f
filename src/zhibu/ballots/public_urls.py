"""What is reached by the ballot's own name, without a log-in."""

from django.urls import path

from zhibu.ballots import public_views as views
from zhibu.ballots import questionnaire_views as asking

app_name = "vote"
urlpatterns = [
    path("ask/<str:uid>/", asking.ask, name="ask"),
    path("ask/<str:uid>/right/", asking.right, name="right"),
    path("ask/<str:uid>/answer/", asking.answer, name="answer"),
    path("<str:uid>/", views.booth, name="booth"),
    path("<str:uid>/send/", views.send, name="send"),
    path("<str:uid>/check/", views.check, name="check"),
    path("<str:uid>/screen/", views.screen, name="screen"),
    path("<str:uid>/list/", views.papers, name="papers"),
    path("<str:uid>/record/", views.record, name="record"),
]
