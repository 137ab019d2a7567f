from django.urls import path

from zhibu.scoring import round_views, views

app_name = "scoring"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/ask/", views.ask, name="ask"),
    path("<str:code>/begin/", views.begin, name="begin"),
    path("<str:code>/schemes/", views.schemes, name="schemes"),
    path("<str:code>/schemes/<slug:slug>/", views.scheme, name="scheme"),
    path("<str:code>/schemes/<slug:slug>/file/", views.file, name="file"),
    path("<str:code>/schemes/<slug:slug>/adapt/", views.adapt, name="adapt"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/", round_views.show, name="round"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/weights/", round_views.weights, name="weights"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/opinions/", round_views.opinions, name="opinions"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/order/", round_views.order, name="order"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/before/", round_views.before, name="before"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/table.<str:form>", round_views.table, name="table"),
    path("<str:code>/rounds/<slug:slug>/<int:year>/trial/<str:body>/", round_views.trial, name="trial"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/gaps/", views.gaps, name="gaps"),
    path("<str:code>/<int:pk>/verify/", views.verify, name="verify"),
    path("<str:code>/<int:pk>/sheet/", views.sheet, name="sheet"),
    path("<str:code>/<int:pk>/sheet.<str:form>", views.paper, name="paper"),
]
