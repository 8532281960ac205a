"""What holds for all files together: names, mirrors of tests, the lock, no code in models."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "predictive_scoring"

# Folders of tools, environments and runs: not the project's own files.
NOT_OURS = {"__pycache__", "build", "dist", "mlruns"}

# Written in two halves, so that this file does not name them either.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "pypi" + ".python.org",
    "conda" + ".anaconda.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
]
INDEX_OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]

CODE_LOADERS = {"pickle", "_pickle", "joblib", "cloudpickle", "dill", "skops", "shelve", "marshal"}
CODE_CALLS = {
    "eval", "exec", "compile", "__import__", "load_model", "unsafe_load", "full_load",
    "read_pickle", "to_pickle",
}  # fmt: skip
CODE_QUALIFIED = {"yaml.load", "yaml.load_all", "runpy.run_path", "runpy.run_module"}


def own_files(root: Path = ROOT) -> Iterator[Path]:
    """Files of the project: no environment, cache, hidden tool folder or output of a run."""
    for path in sorted(root.iterdir()):
        if path.is_file():
            yield path
        elif path.name in NOT_OURS or path.suffix == ".egg-info" or path == ROOT / "models":
            continue
        elif not path.name.startswith(".") or path.name == ".ci":
            yield from own_files(path)


def code_loading(source: str) -> list[str]:
    """Name every import or call through which a file could bring code into the program."""
    found = []
    tree = ast.parse(source)
    full_names = _full_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.partition(".")[0] in CODE_LOADERS]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] * (node.module.partition(".")[0] in CODE_LOADERS)
        elif isinstance(node, ast.Call):
            found += _loading_call(node, full_names)
    return found


def _full_names(tree: ast.Module) -> dict[str, str]:
    """Map each imported local name to what it stands for: {"pf": "mlflow.pyfunc"}."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.asname: a.name for a in node.names if a.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _loading_call(call: ast.Call, full_names: dict[str, str]) -> list[str]:
    first, _, rest = ast.unparse(call.func).partition(".")
    name = full_names.get(first, first) + (f".{rest}" if rest else "")
    allows_pickle = any(
        k.arg == "allow_pickle" and not (isinstance(k.value, ast.Constant) and not k.value.value)
        for k in call.keywords
    )
    # re.compile makes a pattern; only the builtin makes code.
    is_method = "." in name and name.rpartition(".")[2] in {"eval", "exec", "compile"}
    forbidden = name.rpartition(".")[2] in CODE_CALLS and not is_method
    return [name] if forbidden or name in CODE_QUALIFIED or allows_pickle else []


def test_bundle_no_code_loading() -> None:
    uses = {
        f"{path.relative_to(ROOT)}: {use}"
        for path in PACKAGE.rglob("*.py")
        for use in code_loading(path.read_text(encoding="utf-8"))
    }
    assert not uses


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "def late():\n    import joblib.numpy_pickle as j",
        "from cloudpickle import loads",
        "import yaml as y\ny.load(text)",
        "from yaml import load as read\nread(text)",
        "import yaml\nyaml.unsafe_load(text)",
        "import mlflow\nmlflow.pyfunc.load_model(uri)",
        "from mlflow.sklearn import load_model as get\nget(uri)",
        "from mlflow import pyfunc as pf\npf.load_model(uri)",
        "eval(text)",
        "exec(text)",
        "import builtins\n__import__(name)",
        "import pandas as pd\npd.read_pickle(path)",
        "import numpy as np\nnp.load(path, allow_pickle=True)",
    ],
)
def test_code_loading_is_seen(source: str) -> None:
    assert code_loading(source)


@pytest.mark.parametrize(
    "source",
    [
        "import yaml\nyaml.safe_load(text)",
        "import re\nre.compile('a')",
        "import numpy as np\nnp.load(path, allow_pickle=False)",
        "connection.execute('select 1')",
        "# import pickle",
    ],
)
def test_plain_code_is_left_alone(source: str) -> None:
    assert not code_loading(source)


def test_no_file_names_a_registry() -> None:
    named = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in own_files()
        for word in REGISTRY_HOSTS + INDEX_OPTIONS
        if word in path.read_bytes().decode("utf-8", errors="replace")
    }
    assert not named


def test_every_package_has_unit_tests() -> None:
    packages = {p.parent.relative_to(PACKAGE) for p in PACKAGE.glob("*/**/__init__.py")}
    tested = {p.parent for p in (ROOT / "tests" / "unit").rglob("test_*.py")}
    untested = {str(p) for p in packages if ROOT / "tests" / "unit" / p not in tested}
    assert not untested


def test_test_folders_are_no_packages() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_lock_holds_every_declared_package_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [Requirement(r) for r in sum(extras, start=project["dependencies"])]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    locked = {canonicalize_name(line.partition("==")[0]): line for line in lines}

    unhashed = [line for line in lines if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", line)]
    missing = [
        r.name
        for r in declared
        if canonicalize_name(r.name) not in locked
        or not r.specifier.contains(_version(locked[canonicalize_name(r.name)]))
    ]
    assert not unhashed
    assert not missing


def _version(line: str) -> str:
    return line.partition("==")[2].split()[0]
