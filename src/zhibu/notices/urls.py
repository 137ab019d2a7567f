from django.urls import path

from zhibu.notices import channel_views, views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("count/", views.count, name="count"),
    path("read/", views.read_all, name="read_all"),
    path("sending/", views.sending, name="sending"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
    path("sent/", channel_views.sent, name="sent"),
    path("sent/<int:pk>/again/", channel_views.again, name="again"),
    path("channels/", channel_views.channels, name="channels"),
    path("channels/new/<slug:way>/", channel_views.new, name="new"),
    path("channels/<int:pk>/", channel_views.channel, name="channel"),
    path("channels/<int:pk>/test/", channel_views.try_out, name="try_out"),
    path("channels/<int:pk>/remove/", channel_views.remove, name="remove"),
    path("groups/<str:code>/", channel_views.channels, name="group_channels"),
    path("groups/<str:code>/sent/", channel_views.sent, name="group_sent"),
    path("groups/<str:code>/sent/<int:pk>/again/", channel_views.again, name="group_again"),
    path("groups/<str:code>/new/<slug:way>/", channel_views.new, name="group_new"),
    path("groups/<str:code>/<int:pk>/", channel_views.channel, name="group_channel"),
    path("groups/<str:code>/<int:pk>/test/", channel_views.try_out, name="group_try_out"),
    path("groups/<str:code>/<int:pk>/remove/", channel_views.remove, name="group_remove"),
]
