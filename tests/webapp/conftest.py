import pytest

from tests.switch.world import dynamodb, tables, world
from tests.webapp.site import Visitor, make_ready, make_site

__all__ = ["dynamodb", "tables", "world"]


@pytest.fixture
def site(world):
    return make_site(world)


@pytest.fixture
def visitor(site):
    return Visitor(site.app)


@pytest.fixture
def host(site):
    signed_in = Visitor(site.app)
    signed_in.sign_in()
    return signed_in


@pytest.fixture
def ready(world):
    return make_ready(world)
