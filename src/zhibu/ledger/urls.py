from django.urls import path

from . import views

app_name = "ledger"
urlpatterns = [
    path("<str:code>/", views.month, name="month"),
    path("<str:code>/below/", views.rollup, name="rollup"),
    path("<str:code>/snapshots/", views.snapshots, name="snapshots"),
    path("<str:code>/snapshots/<int:pk>/", views.snapshot, name="snapshot"),
    path("<str:code>/snapshots/<int:pk>/file/", views.download, name="download"),
    path("<str:code>/<int:year>/", views.year, name="year"),
    path("<str:code>/<int:year>/by/<str:slug>/", views.by_regulation, name="by_regulation"),
    path("<str:code>/<int:year>/<str:slug>/<str:key>/<str:period>/", views.cell, name="cell"),
]
