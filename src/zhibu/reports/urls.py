from django.urls import path

from zhibu.reports import season_views, source_views, views

app_name = "reports"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/new/", views.compose, name="compose"),
    path("<str:code>/between/<int:year>/", season_views.between, name="between"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/edit/", views.edit, name="edit"),
    path("<str:code>/<int:pk>/check/", views.check, name="check"),
    path("<str:code>/<int:pk>/recheck/", views.recheck, name="recheck"),
    path("<str:code>/<int:pk>/waive/", views.waive, name="waive"),
    path("<str:code>/<int:pk>/claims/", views.claim, name="claim"),
    path("<str:code>/<int:pk>/claims/<slug:claim>/", views.evidence, name="evidence"),
    path("<str:code>/<int:pk>/refresh/", views.refresh, name="refresh"),
    path("<str:code>/<int:pk>/versions/", views.versions, name="versions"),
    path("<str:code>/<int:pk>/versions/<int:number>/restore/", views.restore, name="restore"),
    path("<str:code>/<int:pk>/compare/", views.compare, name="compare"),
    path("<str:code>/<int:pk>/sources/", source_views.sources, name="sources"),
    path("<str:code>/<int:pk>/sources/<slug:kind>-<int:key>/", source_views.source, name="source"),
    path("<str:code>/<int:pk>/export/", views.exports, name="exports"),
    path("<str:code>/<int:pk>/export/<slug:format>/", views.export, name="export"),
]
