"""Whose address a request is said to come from, and how far that is believed."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhibu.http import ProxyMiddleware

NEAR, FAR = "127.0.0.1", "10.0.3.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        (NEAR, "203.0.113.5", "203.0.113.5"),
        (NEAR, "1.1.1.1, 203.0.113.5", "203.0.113.5"),  # what the visitor wrote himself stands in front
        (NEAR, "203.0.113.5, 10.0.3.7", "203.0.113.5"),  # through both proxies
        (NEAR, "2001:db8::5", "2001:db8::5"),
        (NEAR, "::ffff:203.0.113.5", "203.0.113.5"),
        (NEAR, "1.1.1.1, unknown", NEAR),
        (NEAR, "127.0.0.1", "127.0.0.1"),
        (NEAR, "", NEAR),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),  # no proxy of ours: not believed
        ("", "1.1.1.1", ""),
    ],
)
def test_behind_trusted_proxies(settings, peer, forwarded, believed):
    settings.PROXIES = (ip_network(NEAR), ip_network("10.0.3.0/24"))
    assert _seen(peer, forwarded) == believed


def test_nobody_is_believed_unless_named(settings):
    assert settings.PROXIES == ()
    assert _seen(NEAR, "203.0.113.5") == NEAR


def _seen(peer, forwarded):
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    ProxyMiddleware(lambda _request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]
