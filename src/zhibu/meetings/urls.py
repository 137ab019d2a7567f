from django.urls import path

from zhibu.meetings import views

app_name = "meetings"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/new/", views.new, name="new"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/change/", views.change, name="change"),
    path("<str:code>/<int:pk>/minutes/", views.minutes, name="minutes"),
    path("<str:code>/<int:pk>/files/<int:file>/", views.material, name="material"),
]
