from django.urls import path

from zhibu.activities import views

app_name = "activities"
urlpatterns = [
    path("<str:code>/", views.index, name="index"),
    path("<str:code>/kinds/", views.kinds, name="kinds"),
    path("<str:code>/record/<slug:kind>/", views.record, name="record"),
    path("<str:code>/import/", views.import_, name="import"),
    path("<str:code>/import/template/", views.template, name="template"),
    path("<str:code>/import/<int:pk>/", views.batch, name="batch"),
    path("<str:code>/file/<int:pk>/", views.file, name="file"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/correct/", views.correct, name="correct"),
    path("<str:code>/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/<int:pk>/history/", views.history, name="history"),
]
