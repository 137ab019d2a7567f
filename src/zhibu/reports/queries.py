"""What report pages and the compose command ask."""

from __future__ import annotations

from zhibu.org.models import Organization


def superior_name(organization: Organization) -> str:
    """The body a report is addressed to: the one above, by its short name; the body itself at the top of the tree."""
    above = Organization.objects.get_parent(organization)
    return (above.short_name or above.name) if above else organization.name
