"""The benchmark for a machine with a GPU runs on one without, so that it is ready for the day."""

import json

from tests.bench_gpu import main

TINY = ["--layers", "1", "--width", "64", "--rows", "1", "2", "--turns", "1"]


def test_it_tells_paces_and_bounds(capsys, tmp_path):
    main([*TINY, "--folder", str(tmp_path), "--json"])

    told = json.loads(capsys.readouterr().out)

    assert set(told["tokens_per_second"]) == {"1", "2"}
    assert all(each["engine"] > 0 for each in told["tokens_per_second"].values())
    assert 0 < told["share_of_bandwidth"] < 1
    assert not list(tmp_path.iterdir())
