from pathlib import Path
from typing import Any

from numba.core import config

from predictive_scoring.explain.treeshap import compiling
from predictive_scoring.explain.treeshap.compiling import _sources, compiled
from predictive_scoring.explain.treeshap.kernel import contribute


def test_what_is_compiled_is_kept_where_there_is_a_file():
    assert type(contribute._cache).__name__ == "_Kept"
    assert _sources() in contribute._cache._cache_file._index_name


def test_another_source_of_the_package_is_another_name(tmp_path, monkeypatch):
    before = _sources()
    for file in Path(compiling.__file__).parent.glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(compiling, "__file__", str(tmp_path / "compiling.py"))
    assert _sources() == before
    (tmp_path / "lanes.py").write_text("# other lanes\n")
    assert _sources() != before


def test_where_nothing_can_be_kept_each_process_compiles_anew():
    namespace: dict[str, Any] = {}
    exec("def double(x):\n    return 2 * x", namespace)  # noqa: S102  (of no file)
    double = compiled(namespace["double"])
    assert type(double._cache).__name__ == "NullCache"
    assert double(21) == 42


def test_a_kept_copy_that_is_damaged_is_compiled_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    assert compiled(_triple)(14) == 42
    kept = list(tmp_path.rglob("*.nb?"))
    assert len(kept) == 2
    for file in kept:
        file.write_bytes(file.read_bytes()[:10])
    assert compiled(_triple)(14) == 42
    assert compiled(_triple)(14.0) == 42.0


def test_a_full_disk_does_not_fail_what_is_compiled(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile._save_data", full)
    assert compiled(_triple)(14) == 42


def _triple(x):
    return 3 * x
