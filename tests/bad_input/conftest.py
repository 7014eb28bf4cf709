"""The furnished demo company, once for all these tests. It watches its SQLite file, so it runs on SQLite only."""

from __future__ import annotations

import os

import pytest

from tests.bad_input.forms import Company


@pytest.fixture(scope="package")
def company(tmp_path_factory):
    if os.environ.get("TEST_DATABASE") == "postgres":
        pytest.skip("whether something was half-saved is seen from the SQLite file")
    made = Company(tmp_path_factory.mktemp("company"))
    yield made
    made.close()
