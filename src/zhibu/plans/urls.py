from django.urls import path

from zhibu.plans import views

app_name = "plans"
urlpatterns = [
    path("in-charge/", views.charge, name="charge"),
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/new/", views.new, name="new"),
    path("<str:code>/burden/", views.burden_page, name="burden"),
    path("<str:code>/<int:pk>/", views.origin, name="origin"),
    path("<str:code>/month/<str:month>/", views.plan, name="plan"),
]
