"""`make pictures`: the pictures in docs/images, from the demo's own results.

Needs the demo to have run, and chromium on the path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from predictive_scoring.cli.views import view
from predictive_scoring.config import load_config
from predictive_scoring.report import thresholds_plot_files
from predictive_scoring.runs.explain import explain
from predictive_scoring.runs.models import list_models
from predictive_scoring.runs.sla import Period, sla
from predictive_scoring.runs.wiring import open_registry, silent

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH = 84  # characters of the terminal

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #10161d; }}
pre {{ margin: 0; padding: 18px 22px; color: #d7dde3; font: 14px/1.32 "DejaVu Sans Mono", monospace; }}
</style><pre>{text}</pre>"""  # noqa: E501


def main() -> None:
    """Draw the report's first screen, the contract's pictures and one lead's waterfall."""
    config = load_config(ROOT / "configs" / "demo.yaml")
    version = list_models(config).versions[0]
    report = config.path(config.reports) / f"{version.name}-v{version.version}.html"
    IMAGES.mkdir(parents=True, exist_ok=True)
    screenshot(report, IMAGES / "report.png", 1200, 900)
    frontier("demo", "frontier.png")
    if (ROOT / "models" / "bpic2012").exists():  # after: train --config configs/bpic2012.yaml
        frontier("bpic2012", "frontier-bpic2012.png")
    ledger = sla(config, Period(month="2026-06"), {}, ("source",), "en", None, silent)
    screenshot(Path(ledger.page), IMAGES / "ledger.png", 1100, 1250)
    best = sys.argv[1] if len(sys.argv) > 1 else first_lead()
    for lang, name in (("en", "waterfall.png"), ("fr", "waterfall-fr.png")):
        terminal(view(explain(config, best, lang)), IMAGES / name)


def frontier(name: str, target: str) -> None:
    """Draw the rate that can be promised against the volume, for a company's champion."""
    config = load_config(ROOT / "configs" / f"{name}.yaml")
    registry = open_registry(config)
    bundle = registry.load(registry.require_champion())
    files = thresholds_plot_files(bundle.thresholds[0])
    (IMAGES / target).write_bytes(files["frontier.png"])


def first_lead() -> str:
    """Find the lead with the highest probability in the demo's store."""
    from predictive_scoring.sinks import open_reader

    config = load_config(ROOT / "configs" / "demo.yaml")
    with open_reader(config.path(config.scores)) as reader:
        found = reader.execute(
            "SELECT lead_id FROM lead_scores ORDER BY probability DESC, lead_id LIMIT 1"
        ).fetchone()
    return str(found[0]) if found else sys.exit("no scores: run make demo first")


def terminal(drawing: object, target: Path) -> None:
    """Take a picture of what a terminal shows."""
    console = Console(record=True, width=WIDTH, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.print(drawing)
    body = console.export_html(inline_styles=True, code_format="{code}")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE.format(text=body), encoding="utf-8")
        screenshot(page, target, 760, 20 * body.count("\n") + 40)


def screenshot(page: Path, target: Path, width: int, height: int) -> None:
    """Let chromium draw a local page."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("chromium is not there; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--hide-scrollbars", f"--user-data-dir={profile}",
                f"--window-size={width},{height}", f"--screenshot={target}", page.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


if __name__ == "__main__":
    main()
