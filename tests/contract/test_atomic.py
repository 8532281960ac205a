"""Promise 8: old scores or new, never a mix, however a run ends.

A writer process loops over runs whose every number tells which run it is of; it is killed at
random instants while a reader process looks at the store all the time.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from predictive_scoring.sinks import open_reader

KILLS = 50
READY = "ready"

# Run k has 600 + k leads, all with the probability k / 1000, and k % 4 quarantined rows. It hands
# over its last lead, whom no run before had, and L00000, whom the first run has handed over.
WRITER = """
import itertools, os, sys
from datetime import UTC, datetime
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet

from predictive_scoring.errors import StoreError
from predictive_scoring.records import Contributions, ScoreBatch, ScoreRun
from predictive_scoring.sinks import open_reader, writing

NAMES, GROUPS = ("a", "b", "c"), ("fit", "time")


def batch(k, first, rows):
    p = k / 1000
    margin = float(np.log(p / (1 - p)))
    values = np.full((rows, 3), k / 3.0)
    reason = {"feature": "a", "observed": str(k), "contribution": 1.0, "points": 1.0}
    struct = pa.struct([("feature", pa.string()), ("observed", pa.string()),
                        ("contribution", pa.float64()), ("points", pa.float64())])
    return ScoreBatch(
        lead_id=pa.array([f"L{first + i:05d}" for i in range(rows)]),
        account_id=pa.nulls(rows, pa.string()), market=pa.nulls(rows, pa.string()),
        as_of=pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * rows, pa.timestamp("us", "UTC")),
        probability=np.full(rows, p),
        contributions=Contributions(margin - k, values, NAMES),
        groups=np.full((rows, 2), k / 2.0),
        reasons=pa.array([[reason]] * rows, pa.list_(struct)),
        sentences={"en": pa.array([[f"run {k}"]] * rows)},
        threshold=np.full(rows, k / 1000), tier=pa.array(["mql"] * rows),
        criteria=pa.array([[{"name": "size", "met": True, "observed": str(k)}]] * rows),
        criteria_met=np.ones(rows, bool),
    )


def score(path, k, phase, wait):
    run = ScoreRun(f"run-{k}", "m", str(k), "b", "d", datetime(2026, 1, 1, tzinfo=UTC),
                   NAMES, GROUPS, ("en",))
    set_aside = pa.table({"table_name": pa.array(["leads"] * (k % 4), pa.string()),
                          "file": pa.array(["f"] * (k % 4), pa.string()),
                          "line": pa.array(range(k % 4), pa.int64()),
                          "reason": pa.array([str(k)] * (k % 4), pa.string()),
                          "record": pa.array(["r"] * (k % 4), pa.string())})
    os.pwrite(phase, b"s", 0)
    with writing(path, run, wait) as writer:
        for first in range(0, 600, 200):
            writer.write(batch(k, first, 200))
        writer.write(batch(k, 600, k))
        os.pwrite(phase, b"c", 0)
        mqls = ["L00000", f"L{599 + k:05d}"]
        why = pa.array([[("en", str(k))]] * 2, pa.map_(pa.string(), pa.string()))
        writer.commit({"closed": k}, set_aside,
                      pa.table({"lead_id": mqls, "owner": ["o", "o"], "why": why}))


def newest(path):
    if not path.exists():
        return 0
    with open_reader(path) as connection:
        return connection.execute("SELECT count(*) FROM score_runs").fetchone()[0]


def loop(path, phase, wait=60.0, step=1):
    for k in itertools.count(newest(path) + 1):
        score(path, k, phase, wait)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    phase = os.open(path.with_name("phase"), os.O_RDWR | os.O_CREAT)
    if len(sys.argv) > 2:  # one run, and no more
        score(path, int(sys.argv[2]), phase, 60.0)
        sys.exit()
    print("ready", flush=True)
    for _ in sys.stdin:  # a line starts a writer; forking spares the imports
        child = os.fork()
        if child == 0:
            try:
                loop(path, phase)
            except BaseException as error:  # the parent fails the test on it
                print(f"\\nwriter failed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)
"""

READER = """
import sys, time
from pathlib import Path

from predictive_scoring.sinks import open_reader

sys.path.insert(0, sys.argv[2])
from whole import problems

path, looks, seen = Path(sys.argv[1]), 0, set()
print("ready", flush=True)
while not path.with_name("stop").exists():
    if not path.exists():
        continue
    with open_reader(path) as connection:
        found, current = problems(connection)
    if found:
        print(found, flush=True)
        sys.exit(1)
    looks += 1
    seen.add(current)
    time.sleep(0.03)
print(looks, len(seen), flush=True)
"""

WHOLE = '''
def problems(connection):
    """What is wrong with the state seen, and the number of the current run (0: none)."""
    one = lambda query: connection.execute(query).fetchone()
    runs = connection.execute("SELECT run_id, scored, excluded['closed'], quarantined, current "
                              "FROM score_runs ORDER BY scored_at").fetchall()
    current = [run for run in runs if run[4]]
    if not runs:
        total = one("SELECT (SELECT count(*) FROM lead_scores) + (SELECT count(*) FROM audit) "
                    "+ (SELECT count(*) FROM lead_score_history) "
                    "+ (SELECT count(*) FROM handovers)")
        return ("scores without a run" if total != (0,) else ""), 0
    if len(current) != 1 or current[0] != runs[-1]:
        return f"current runs {current} of {runs}", 0
    k = int(current[0][0].removeprefix("run-"))
    if k != len(runs) or current[0][1:4] != (600 + k, k, k % 4):
        return f"run {k}: {current}", k
    for table in ("lead_scores", "lead_score_history"):
        row = one(f"SELECT count(*), count(DISTINCT lead_id), min(probability), max(probability), "
                  f"min(model_version), max(model_version), min(percentile), max(percentile), "
                  f"min(reasons[1].observed), max(reasons[1].observed), "
                  f"min(group_contributions['fit']), max(group_contributions['fit']) "
                  f"FROM {table} WHERE run_id = 'run-{k}'")
        n, p = 600 + k, k / 1000
        if row != (n, n, p, p, str(k), str(k), 50.0, 50.0, str(k), str(k), k / 2, k / 2):
            return f"{table} of run {k}: {row}", k
    if one("SELECT count(*) FROM lead_scores") != (600 + k,):
        return f"leads of other runs beside run {k}", k
    row = one("SELECT min(sentences['en'][1]), max(sentences['en'][1]), "
              "min(list_sum(contributions)), max(list_sum(contributions)) FROM lead_scores")
    if row[:2] != (f"run {k}", f"run {k}") or max(abs(k - row[2]), abs(k - row[3])) > 1e-9:
        return f"parts of run {k}: {row}", k
    if one("SELECT count(*) FROM lead_score_history") != (sum(600 + i for i in range(1, k + 1)),):
        return f"history beside run {k}", k
    if one(f"SELECT count(*), count(*) FILTER (reason = '{k}' AND run_id = 'run-{k}') "
           "FROM quarantine") != (k % 4, k % 4):
        return f"quarantine beside run {k}", k
    handed = connection.execute("SELECT lead_id, run_id, round(1000 * probability), why['en'] "
                                "FROM handovers ORDER BY lead_id").fetchall()
    expected = [(f"L{599 + i:05d}", f"run-{i}", i, str(i)) for i in range(1, k + 1)]
    if handed != [("L00000", "run-1", 1, "1"), *expected]:
        return f"handovers of run {k}: {handed}", k
    if one("SELECT sum(handed_over) FROM score_runs") != (k + 1,):
        return f"counts of handovers beside run {k}", k
    if one("SELECT min(tier), max(criteria[1].observed), max(threshold) FROM lead_scores") != (
            "mql", str(k), k / 1000):
        return f"the contract's part of run {k}", k
    if one("SELECT count(*) FROM audit") != (k,):
        return f"audit beside run {k}", k
    return "", k
'''


@pytest.fixture
def scripts(tmp_path):
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name, text in {"writer": WRITER, "reader": READER, "whole": WHOLE}.items():
        (folder / f"{name}.py").write_text(text)
    (tmp_path / "store").mkdir()
    return folder


@contextmanager
def python(*arguments):
    """A Python process with pipes, said to be ready; ended with the block at the latest."""
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if line.strip() != READY:
            pytest.fail(process.communicate()[1])
        yield process
    finally:
        process.kill()
        process.communicate()


def state(path: Path, scripts: Path):
    """The number of the current run, after checking that the state is whole."""
    namespace: dict[str, Any] = {}
    exec((scripts / "whole.py").read_text(), namespace)  # noqa: S102 - this file's own text
    if not path.exists():
        return 0
    with open_reader(path) as connection:
        found, current = namespace["problems"](connection)
    assert not found, found
    return current


def test_atomic_under_kill(tmp_path, scripts):
    path = tmp_path / "store" / "scores.duckdb"
    phase, chance = path.with_name("phase"), random.Random(8)  # noqa: S311 - no secret
    killed, last, commit_takes = {"s": 0, "c": 0}, 0, 0.0
    with (
        python(scripts / "reader.py", path, scripts) as reader,
        python(scripts / "writer.py", path) as writer,
    ):
        for number in range(KILLS):
            phase.write_text("s")
            print(file=writer.stdin, flush=True)
            child = int(writer.stdout.readline())
            if number == 10:  # on this machine, now
                commit_takes = seconds_of_a_commit(phase)
            elif number > 10 and number % 2:  # at any instant of the commit, or just after it
                until(lambda: phase.read_text() == "c")
                time.sleep(chance.uniform(0, 1.5 * commit_takes))
            else:  # at any instant from the start; the first kills meet no store yet
                time.sleep(chance.uniform(0, 0.15 if number < 10 else 0.5))
            os.kill(child, signal.SIGKILL)
            assert int(writer.stdout.readline()) == signal.SIGKILL, writer.communicate()[1]
            killed[phase.read_text() or "s"] += 1  # "": killed while it wrote the letter
            now = state(path, scripts)
            assert now >= last
            last = now
        path.with_name("stop").touch()
        out, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, out + errors
    looks, seen = map(int, out.split())
    assert min(killed.values()) >= 5, killed
    assert last >= 3  # runs that came through; fewer on a busy machine
    assert looks >= 20
    assert seen >= 3


def seconds_of_a_commit(phase):
    """The mean of three, watched in a writer that goes on and on."""
    took = 0.0
    for _ in range(3):
        until(lambda: phase.read_text() == "c")
        start = time.monotonic()
        until(lambda: phase.read_text() == "s")
        took += time.monotonic() - start
    return took / 3


def test_atomic_rerun_changes_nothing(tmp_path, scripts):
    path = tmp_path / "store" / "scores.duckdb"
    for k in (1, 2):
        subprocess.run([sys.executable, scripts / "writer.py", path, str(k)], check=True)
    before = contents(path)

    subprocess.run([sys.executable, scripts / "writer.py", path, "2"], check=True)

    assert contents(path) == before
    assert state(path, scripts) == 2


def test_atomic_with_two_writers_at_once(tmp_path, scripts):
    path = tmp_path / "store" / "scores.duckdb"
    subprocess.run([sys.executable, scripts / "writer.py", path, "1"], check=True)

    both = [subprocess.Popen([sys.executable, scripts / "writer.py", path, "2"]) for _ in range(2)]

    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert state(path, scripts) == 2


def test_atomic_two_runs_at_once_hand_a_lead_over_once(tmp_path, scripts):
    path = tmp_path / "store" / "scores.duckdb"

    both = [subprocess.Popen([sys.executable, scripts / "writer.py", path, k]) for k in "12"]

    assert [process.wait(timeout=60) for process in both] == [0, 0]
    handed = [table for (_, name), table in contents(path).items() if name == "handovers"]
    assert len(handed[0]) == 3  # L00000 once, and each run's own


def until(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the writer does not get on"
        time.sleep(0.001)


def contents(path: Path):
    with open_reader(path) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall()
        return {
            (schema, name): sorted(
                map(repr, connection.execute(f'FROM {schema}."{name}"').fetchall())
            )
            for schema, name in tables
        }
