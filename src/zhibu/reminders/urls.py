from django.urls import path

from zhibu.reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("<int:pk>-<str:token>.ics", views.feed, name="feed"),
]
