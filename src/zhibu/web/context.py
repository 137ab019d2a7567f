from django.http import HttpRequest


def workbench(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs."""
    return {}
