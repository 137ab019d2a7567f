from django.urls import path

from zhibu.ledger import rollup_views, snapshot_views, views

app_name = "ledger"
urlpatterns = [
    path("<str:code>/", views.month, name="month"),
    path("<str:code>/below/", rollup_views.rollup, name="rollup"),
    path("<str:code>/snapshots/", snapshot_views.snapshots, name="snapshots"),
    path("<str:code>/snapshots/<int:pk>/", snapshot_views.snapshot, name="snapshot"),
    path("<str:code>/snapshots/<int:pk>/file/", snapshot_views.download, name="download"),
    path("<str:code>/<int:year>/", views.year, name="year"),
    path("<str:code>/<int:year>/by/<str:slug>/", views.by_regulation, name="by_regulation"),
    path("<str:code>/<int:year>/<str:slug>/<str:key>/<str:period>/", views.cell, name="cell"),
]
