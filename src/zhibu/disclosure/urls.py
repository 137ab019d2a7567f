from django.urls import path

from zhibu.disclosure import board_views, draft_views, opinion_views, views

app_name = "disclosure"
urlpatterns = [
    path("<str:code>/", views.board, name="board"),
    path("<str:code>/queue/", views.queue, name="queue"),
    path("<str:code>/due/", views.due, name="due"),
    path("<str:code>/list/", views.listing, name="list"),
    path("<str:code>/archive/", views.archive, name="archive"),
    path("<str:code>/catalogue/", board_views.catalogue_page, name="catalogue"),
    path("<str:code>/ways/", board_views.ways, name="ways"),
    path("<str:code>/new/", draft_views.choose, name="choose"),
    path("<str:code>/new/<slug:slug>/", draft_views.draft, name="draft"),
    path("<str:code>/suggestions/", opinion_views.suggestions, name="suggestions"),
    path("<str:code>/suggestions/<int:pk>/answer/", opinion_views.answer, name="answer"),
    path("<str:code>/suggestions/<int:pk>/task/", opinion_views.take_up, name="take_up"),
    path("<str:code>/<int:pk>/", views.show, name="show"),
    path("<str:code>/<int:pk>/edit/", draft_views.edit, name="edit"),
    path("<str:code>/<int:pk>/step/", views.step, name="step"),
    path("<str:code>/<int:pk>/end/", views.end, name="end"),
    path("<str:code>/<int:pk>/poster/", views.poster, name="poster"),
    path("<str:code>/<int:pk>/file/<int:file_pk>/", views.file, name="file"),
]
