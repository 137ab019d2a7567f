from django.urls import path

from zhibu.handbook import views

app_name = "handbook"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/file/<slug:format>/", views.export, name="export"),
    path("<str:code>/record/<int:pk>/<slug:format>/", views.record, name="record"),
    path("<str:code>/duty/", views.duty, name="duty"),
]
