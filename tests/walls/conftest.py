"""The filled world of the permission matrix for the walks along every route, and real servers."""

from tests.serving import live_portal, servers, serving
from tests.test_permissions import there

__all__ = ["live_portal", "servers", "serving", "there"]
