from django.urls import path

from zhibu.checking import rule_views, views

app_name = "checking"
urlpatterns = [
    path("check/", views.check, name="check"),
    path("check/compare/", views.compare, name="compare"),
    path("rules/", rule_views.rules, name="rules"),
    path("rules/meaning/", rule_views.meaning, name="meaning"),
    path("rules/<slug:code>/", rule_views.rule, name="rule"),
]
