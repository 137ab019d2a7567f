"""What needs no log-in."""

from django.urls import path

from zhibu.disclosure import public_views as views

app_name = "public"
urlpatterns = [
    path("public/<str:code>/", views.index, name="index"),
    path("public/<str:code>/suggest/", views.suggest, name="suggest"),
    path("public/<str:code>/<int:pk>/", views.show, name="show"),
    path("public/<str:code>/<int:pk>/file/<int:file_pk>/", views.file, name="file"),
    path("receipt/", views.receipt, name="receipt"),
    path("wall/<str:key>/", views.wall, name="wall"),
]
