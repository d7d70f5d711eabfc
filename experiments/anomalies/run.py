"""Anomaly detection with one class held out of training: LAE, CLAE and VAE by `lae`, isolation forest by scikit-learn on the same arrays.

    dotnet build -c Release Lae.Host
    python3 experiments/anomalies/run.py --runs runs/anomalies --jobs 2

needs numpy and scikit-learn (Debian: python3-sklearn), 2 data sets x 10 classes x 3 seeds x 3 models. A run that is finished is not done again, and one that was killed goes on.
It writes docs/anomalies.md.
"""
import argparse
import functools
import gzip
import pathlib
import sys

import numpy
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import running

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = ROOT.parent / "shared" / "data"
MODELS = ["lae", "clae", "vae"]
FOREST = "isolation forest"
SEEDS = [1, 2, 3]
CLASSES = range(10)


def idx(path, dimensions):
    with gzip.open(path) as file:
        content = file.read()
    start = 4 + 4 * dimensions
    return numpy.frombuffer(content, numpy.uint8, offset=start)


@functools.cache
def images(name):
    pixels = {"digits": 64, "mnist": 784}[name]
    if name == "digits":
        x = idx(DATA / "digits8x8-images-idx3-ubyte.gz", 3).reshape(-1, pixels)
        y = idx(DATA / "digits8x8-labels-idx1-ubyte.gz", 1)
        test = numpy.zeros(len(y), bool)
        for digit in CLASSES:  # every fifth of each class, as Lae divides it
            test[numpy.flatnonzero(y == digit)[4::5]] = True
        return x[~test], y[~test], x[test], y[test]
    folder = DATA / "mnist"
    return (
        idx(folder / "mnist5000-train-images-idx3-ubyte.gz", 3).reshape(-1, pixels), idx(folder / "mnist5000-train-labels-idx1-ubyte.gz", 1),
        idx(folder / "mnist1000-test-images-idx3-ubyte.gz", 3).reshape(-1, pixels), idx(folder / "mnist1000-test-labels-idx1-ubyte.gz", 1))


def forest(name, digit, seed):
    x, y, test, labels = images(name)
    scores = -IsolationForest(random_state=seed).fit(x[y != digit]).score_samples(test)
    return {"averagePrecision": average_precision_score(labels == digit, scores), "auroc": roc_auc_score(labels == digit, scores)}


def lae(given, name, model, digit, seed):
    return running.figures(
        given, given.runs / f"{name}-{model}-{digit}-{seed}", HERE / f"{name}-{model}.json", seed, ["auroc", "averagePrecision"], f"--Data:HoldOut={digit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = running.options(parser, "anomalies").parse_args()
    given.runs.mkdir(parents=True, exist_ok=True)
    names = ["digits", "mnist"]
    cells = [(name, model, digit, seed) for name in names for digit in CLASSES for seed in SEEDS for model in [*MODELS, FOREST]]

    def one(cell):
        name, model, digit, seed = cell
        return forest(name, digit, seed) if model == FOREST else lae(given, name, model, digit, seed)

    found = running.in_parallel(given, cells, one)
    share = {name: [float(numpy.mean(images(name)[3] == digit)) for digit in CLASSES] for name in names}
    lines = [
        "# Anomaly detection, one class held out", "",
        "Written by `python3 experiments/anomalies/run.py`. Each class in turn is absent from training and is the anomalous one of the test part. A score is −log p(z) − log p(x | z) at the latent point after 20 transitions of MALA from the encoding,",
        "as `lae score` gives it: all models have the same networks, the same 50 epochs and the default settings, on both data sets. The isolation forest is scikit-learn's by its defaults, on the same arrays (levels of pixels). Means over the seeds 1, 2, 3 with sample standard",
        "deviations; higher is better. Chance is the share of the class in the test part for average precision, and 0.5 for the area under the receiver operating characteristic.", "",
        "A score by density finds what a model thinks improbable, and simple shapes are probable under models that never saw them: ones are found worse than by chance, by every density here and by the isolation forest on MNIST.", ""]
    title = {"digits": "UCI digits, 8 × 8 (1,797 images, every fifth of a class for the test)", "mnist": "MNIST, the subset of 5,000 and 1,000 images"}
    for name in names:
        lines += [f"## {title[name]}", ""]
        for figure, heading in (("averagePrecision", "average precision"), ("auroc", "area under the curve")):
            lines += [f"| {heading} | " + " | ".join(map(str, CLASSES)) + " | mean |", "|---|" + "---|" * 11]
            for model in [*MODELS, FOREST]:
                table = numpy.array([[found[name, model, digit, seed][figure] for seed in SEEDS] for digit in CLASSES])
                cell = [f"{row.mean():.3f} ± {row.std(ddof=1):.3f}" for row in table]
                means = table.mean(axis=0)
                lines.append(f"| {model.upper() if model != FOREST else model} | " + " | ".join(cell) + f" | **{means.mean():.3f}** ± {means.std(ddof=1):.3f} |")
            if figure == "averagePrecision":
                lines.append("| chance | " + " | ".join(f"{value:.3f}" for value in share[name]) + f" | {numpy.mean(share[name]):.3f} |")
            lines.append("")
    given.document.write_text("\n".join(lines).rstrip() + "\n")
    print(given.document)


main()
