"""The filled world of the permission matrix for the walks along every route."""

from tests.test_permissions import there

__all__ = ["there"]
