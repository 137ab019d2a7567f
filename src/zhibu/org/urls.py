from django.urls import path

from zhibu.org import account_views, import_views, token_views, views

app_name = "org"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.found_root, name="found_root"),
    path("accounts/", account_views.index, name="accounts"),
    path("accounts/new/", account_views.choose, name="account_choose"),
    path("accounts/new/<int:pk>/", account_views.create, name="account_new"),
    path("accounts/<int:pk>/", account_views.account, name="account"),
    path("accounts/<int:pk>/reset/", account_views.reset, name="account_reset"),
    path("accounts/<int:pk>/lock/", account_views.lock, name="account_lock"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="token_revoke"),
    path("journal/", views.journal, name="journal"),
    path("<str:code>/", views.show, name="show"),
    path("<str:code>/found/", views.found, name="found"),
    path("<str:code>/edit/", views.edit, name="edit"),
    path("<str:code>/end/", views.end, name="end"),
    path("<str:code>/members/", views.members, name="members"),
    path("<str:code>/members/new/", views.member_new, name="member_new"),
    path("<str:code>/members/<int:pk>/", views.member, name="member"),
    path("<str:code>/members/<int:pk>/edit/", views.member_edit, name="member_edit"),
    path("<str:code>/members/<int:pk>/status/", views.status, name="status"),
    path("<str:code>/members/<int:pk>/cell/", views.cell, name="cell"),
    path("<str:code>/members/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("<str:code>/posts/", views.posts, name="posts"),
    path("<str:code>/posts/new/", views.post_new, name="post_new"),
    path("<str:code>/posts/<int:pk>/end/", views.post_end, name="post_end"),
    path("<str:code>/import/", import_views.upload, name="import"),
    path("<str:code>/import/form/", import_views.form, name="import_form"),
    path("<str:code>/import/<int:pk>/", import_views.batch, name="batch"),
    path("<str:code>/export/", import_views.export, name="export"),
    path("<str:code>/journal/", views.journal, name="journal"),
]
