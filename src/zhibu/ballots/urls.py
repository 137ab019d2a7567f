from django.urls import path

from zhibu.ballots import official_views, views
from zhibu.ballots import questionnaire_views as asking

app_name = "ballots"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/new/", views.new, name="new"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/change/", views.change, name="change"),
    path("<str:code>/<int:pk>/officials/", views.officials, name="officials"),
    path("<str:code>/<int:pk>/roll/", views.roll, name="roll"),
    path("<str:code>/<int:pk>/slips/", views.slips, name="slips"),
    path("<str:code>/<int:pk>/protocol/<str:format>/", views.protocol, name="protocol"),
    path("<str:code>/<int:pk>/key/", official_views.key, name="key"),
    path("<str:code>/<int:pk>/mix/", official_views.mix, name="mix"),
    path("<str:code>/<int:pk>/before/", official_views.before, name="before"),
    path("<str:code>/<int:pk>/papers/<int:pool>/", official_views.papers, name="papers"),
    path("<str:code>/ask/new/", asking.new, name="ask-new"),
    path("<str:code>/ask/<int:pk>/", asking.show, name="ask"),
    path("<str:code>/ask/<int:pk>/change/", asking.change, name="ask-change"),
    path("<str:code>/ask/<int:pk>/slips/", asking.slips, name="ask-slips"),
    path("<str:code>/ask/<int:pk>/result/<str:format>/", asking.result, name="ask-result"),
]
