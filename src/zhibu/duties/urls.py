from django.urls import path

from zhibu.duties import views

app_name = "duties"
urlpatterns = [
    path("<str:code>/", views.regulations, name="regulations"),
    path("<str:code>/local/", views.local, name="local"),
    path("<str:code>/local/new/", views.local_new, name="local_new"),
    path("<str:code>/local/<int:pk>/end/", views.local_end, name="local_end"),
    path("<str:code>/<str:slug>/", views.regulation, name="regulation"),
    path("<str:code>/<str:slug>/<str:key>/", views.duty, name="duty"),
]
