"""What most of these tests begin with."""

import pytest
from flask import Flask

from tests import make


@pytest.fixture
def tenant(app: Flask) -> int:
    """Give Lubowierz."""
    return make.municipality(app)
