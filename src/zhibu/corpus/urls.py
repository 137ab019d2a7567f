from django.urls import path

from zhibu.corpus import views

app_name = "corpus"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/add/", views.add, name="add"),
    path("<str:code>/rebuild/", views.rebuild, name="rebuild"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/title/", views.rename, name="rename"),
    path("<str:code>/<int:pk>/remove/", views.remove, name="remove"),
]
