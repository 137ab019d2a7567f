app_name = "rectify"
urlpatterns: list[object] = []
