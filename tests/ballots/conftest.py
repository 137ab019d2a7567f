import pytest


@pytest.fixture
def here(client):
    """Pages are asked for on this machine, as over HTTPS elsewhere."""
    client.defaults["SERVER_NAME"] = "localhost"
    return client


@pytest.fixture
def as_here(here, as_):
    return as_
