"""The cast stands: database, tree and accounts work on whichever database the run uses."""

from zhibu.org.models import Organization


def test_the_cast_is_a_tree(cast):
    assert [body.code for body in Organization.objects.order_by("path")] == ["GW", "GW-01", "GW-01-1", "GW-02"]
    assert Organization.objects.get_parent(cast.cell) == cast.branch
