"""Runs of `lae` for the experiments: one that is finished is not done again, one that was killed goes on. Standard library only."""
import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "Lae.Host" / "bin" / "Release" / "net10.0" / "lae.dll"


def options(parser, document):
    """The options that all experiments have."""
    parser.add_argument("--runs", type=pathlib.Path, default=ROOT / "runs" / document, help="where the run folders are")
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM, help="lae.dll; build it with: dotnet build -c Release Lae.Host")
    parser.add_argument("--jobs", type=int, default=2, help="runs at the same time, of one thread each")
    parser.add_argument("--threads", type=int, default=1, help="threads of a run; no number changes a bit")
    parser.add_argument("--document", type=pathlib.Path, default=ROOT / "docs" / f"{document}.md", help="what is written")
    return parser


def lae(given, *arguments):
    """Calls the program; ends with its message if it fails."""
    done = subprocess.run(["dotnet", given.program, *map(str, arguments), "--threads", str(given.threads)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"lae {' '.join(map(str, arguments))}\n{done.stderr}")


def differs(asked, stored, path):
    """The first key of a configuration that a run has otherwise, or None. Keys that are not asked for have defaults, and may be anything."""
    if isinstance(asked, dict) and isinstance(stored, dict):
        return next((found for key in asked if (found := differs(asked[key], stored.get(key), f"{path}:{key}"))), None)
    return None if asked == stored else path


def figures(given, folder, config, seed, wanted, *settings):
    """Trains and evaluates, as far as that is not done; the test figures by name. Ends where the folder has a run of another model."""
    metrics = folder / "metrics.json"
    if (folder / "config.json").exists():
        other = differs(json.loads(config.read_text())["Model"], json.loads((folder / "config.json").read_text())["Model"], "Model")
        if other:
            sys.exit(f"{folder}: {other} is not that of {config}: move the folder away")
    if not metrics.exists():
        if (folder / "config.json").exists():
            lae(given, "--resume", folder)
        else:
            lae(given, "train", "--config", config, "--seed", seed, "--out", folder, *settings)
    missing = [name for name in wanted if name not in json.loads(metrics.read_text())["test"]]
    if missing:
        lae(given, "evaluate", "--run", folder, "--only", ",".join(missing))
    return json.loads(metrics.read_text())["test"]


def in_parallel(given, cells, one):
    """A result for each cell, in a dictionary."""
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        return dict(zip(cells, pool.map(one, cells)))


def spread(values, digits=3):
    """Mean and sample standard deviation over seeds."""
    return f"{statistics.fmean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"
