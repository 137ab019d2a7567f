from django.urls import path

from zhibu.rectify import import_views, list_views, views

app_name = "rectify"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/below/", views.below, name="below"),
    path("<str:code>/new/", views.new, name="new"),
    path("<str:code>/import/", import_views.take_in, name="import"),
    path("<str:code>/lists/<str:which>/", list_views.lists, name="lists"),
    path("<str:code>/lists/<str:which>.<str:form>", list_views.export, name="export"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
]
