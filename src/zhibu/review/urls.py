from django.urls import path

from zhibu.review import views

app_name = "review"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/<int:pk>/", views.board, name="board"),
    path("<str:code>/<int:pk>/<int:entry>/", views.entry, name="entry"),
]
