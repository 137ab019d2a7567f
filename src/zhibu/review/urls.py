from django.urls import path

from zhibu.review import (
    archive_views,
    entry_views,
    grading_views,
    hearing_views,
    letter_views,
    prereview_views,
    season_views,
)

app_name = "review"
urlpatterns = [
    path("<str:code>/", season_views.index, name="index"),
    path("<str:code>/new/", season_views.new, name="new"),
    path("<str:code>/<int:pk>/", season_views.board, name="board"),
    path("<str:code>/<int:pk>/edit/", season_views.edit, name="edit"),
    path("<str:code>/<int:pk>/plan/", season_views.plan, name="plan"),
    path("<str:code>/<int:pk>/reporters/", season_views.reporters, name="reporters"),
    path("<str:code>/<int:pk>/order/", season_views.order, name="order"),
    path("<str:code>/<int:pk>/course/<slug:act>/", season_views.course, name="course"),
    path("<str:code>/<int:pk>/hearing/", hearing_views.show, name="hearing"),
    path("<str:code>/<int:pk>/hearing/screen/", hearing_views.screen, name="screen"),
    path("<str:code>/<int:pk>/hearing/notes/<int:entry>/", hearing_views.note, name="note"),
    path("<str:code>/<int:pk>/hearing/correct/<int:remark>/", hearing_views.correct, name="correct"),
    path("<str:code>/<int:pk>/ballot/", grading_views.ballot, name="ballot"),
    path("<str:code>/<int:pk>/grades/", grading_views.grades, name="grades"),
    path("<str:code>/<int:pk>/letters/", letter_views.index, name="letters"),
    path("<str:code>/<int:pk>/<int:entry>/letter/", letter_views.show, name="letter"),
    path("<str:code>/<int:pk>/<int:entry>/letter.<str:form>", letter_views.file, name="letter_file"),
    path("<str:code>/<int:pk>/archive/", archive_views.index, name="archive"),
    path("<str:code>/<int:pk>/archive/<int:package>.zip", archive_views.package, name="package"),
    path("<str:code>/due/", entry_views.due, name="due"),
    path("<str:code>/<int:pk>/<int:entry>/", entry_views.entry, name="entry"),
    path("<str:code>/<int:pk>/<int:entry>/text/<int:number>/", entry_views.text, name="text"),
    path("<str:code>/<int:pk>/<int:entry>/text/<int:number>/file/", entry_views.file, name="file"),
    path("<str:code>/<int:pk>/<int:entry>/text/<int:number>/<slug:claim>/", entry_views.evidence, name="evidence"),
    path("<str:code>/<int:pk>/<int:entry>/changed/<int:number>/", entry_views.changed, name="changed"),
    path("<str:code>/<int:pk>/<int:entry>/read/", prereview_views.read, name="read"),
    path("<str:code>/<int:pk>/<int:entry>/sources/", prereview_views.sources, name="sources"),
    path("<str:code>/<int:pk>/<int:entry>/sources/<slug:kind>-<int:key>/", prereview_views.source, name="source"),
]
