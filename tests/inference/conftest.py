import pytest

from tests.inference.tiny_model import make_model_dir


@pytest.fixture(scope="session")
def tiny_dir(tmp_path_factory):
    return make_model_dir(tmp_path_factory.mktemp("tiny"))
