from django.urls import path

from zhibu.tasks import views

app_name = "tasks"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/due/", views.due, name="due"),
    path("<str:code>/new/", views.new, name="new"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/part/", views.part, name="part"),
]
