import asyncio

import pytest

from tests.tools.scores.customers import LEAVES, customers
from tools.scores.fitting import fit
from tools.scores.model import Model


@pytest.fixture(scope="session")
def model() -> Model:
    """Fitted on 400 customers, once."""
    return asyncio.run(fit(customers(400), LEAVES, seed=3))
