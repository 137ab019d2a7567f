from django.contrib.auth.views import LogoutView
from django.urls import path

from zhibu.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.Password.as_view(), name="password"),
    path("language/", views.language, name="language"),
    path("help/", views.help, name="help"),
    path("bodies/", views.bodies, name="bodies"),
    path("enter/<str:code>/", views.enter, name="enter"),
]
