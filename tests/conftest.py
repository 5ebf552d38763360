import gc
import json
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from models.embeddings import installed_weights

# The same examples in every run, so that a change is what makes a test fail; `--hypothesis-profile=default` looks for others.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leaves what is imported here, which stays to the end, out of the garbage collector's work.

    It would look through it again and again; and full collections, rarer the more there is, would find too late what tests
    leave behind: a Sophia that was opened and closed has her encoder until then.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.collect()
    gc.enable()
    return collected


@pytest.fixture(scope="session")
def light_weights(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The installed encoder without its layers: word vectors alone, for tests that start Sophia again and again.

    Answers are told by meaning in the evals and by the commands that the documentation shows.
    """
    installed = installed_weights()
    if installed is None:
        return None
    folder = tmp_path_factory.mktemp("light")
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).symlink_to(installed / name)
    config = json.loads((installed / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 0}), encoding="utf-8")
    return folder
