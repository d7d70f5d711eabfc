"""Generated images of CLAE, LAE and VAE: Frechet distance, precision and recall in the features of a classifier that Lae trains on the same data.

    dotnet build -c Release Lae.Host
    python3 experiments/generation/run.py

2 data sets x 3 models x 3 seeds. It writes docs/generation.md and docs/images/generation-*.png.
"""
import argparse
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import running

MODELS = ["vae", "lae", "clae"]
SEEDS = [1, 2, 3]
FIGURES = ["frechetDistance", "precision", "recall", "classifierAccuracy"]
TITLE = {"fashion": "Fashion-MNIST, the embedded subset of 5,000 and 1,000 images", "mnist": "MNIST, all of it"}


def main():
    given = running.options(argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter), "generation").parse_args()
    given.runs.mkdir(parents=True, exist_ok=True)
    cells = [(name, model, seed) for name in TITLE for seed in SEEDS for model in MODELS]

    def folder(name, model, seed):
        return given.runs / f"{name}-{model}-{seed}"

    def one(cell):
        name, model, seed = cell
        return running.figures(given, folder(*cell), HERE / f"{name}-{model}.json", seed, FIGURES)

    found = running.in_parallel(given, cells, one)
    lines = [
        "# Generated images", "",
        "Written by `python3 experiments/generation/run.py`. As many mean images at draws of the prior as there are test images, beside the test images, in the last hidden layer of a classifier that is trained on the same data: squared Fréchet distance (lower is better), precision and",
        "recall (k = 3; higher is better). All models have the same networks, latents, optimiser and epochs; LAE and CLAE infer by 30 Gauss-Newton transitions a batch, which makes a step of theirs nine or ten times as long as one of the VAE (90 and 105 ms where that takes 10, one thread, Fashion subset). Means over the seeds 1, 2, 3 with",
        "sample standard deviations.", ""]
    for name, title in TITLE.items():
        lines += [f"## {title}", "", "| model | Fréchet distance | precision | recall | reconstruction error |", "|---|---|---|---|---|"]
        for model in MODELS:
            of = [found[name, model, seed] for seed in SEEDS]
            lines.append(f"| {model.upper()} | " + " | ".join(running.spread([one[figure] for one in of]) for figure in [*FIGURES[:3], "reconstructionError"]) + " |")
        for model in MODELS:
            shutil.copy(folder(name, model, SEEDS[0]) / "samples.png", running.ROOT / "docs" / "images" / f"generation-{name}-{model}.png")
        pictures = [f"![{model.upper()}](images/generation-{name}-{model}.png)" for model in MODELS]
        lines += ["", f"The first samples of seed {SEEDS[0]}, none chosen:", "", "| " + " | ".join(model.upper() for model in MODELS) + " |", "|" + "---|" * len(MODELS), "| " + " | ".join(pictures) + " |"]
        entries = [json.loads(line) for seed in SEEDS for line in (folder(name, "clae", seed) / "metrics.jsonl").read_text().splitlines()]
        energies = {key: [entry[key] for entry in entries] for key in ("energyOfData", "energyOfSamples")}
        lines += [
            "", f"The classifier's own test accuracy is {found[name, 'vae', 1]['classifierAccuracy']:.3f}. Over the whole of the three runs of the CLAE the mean energy of posterior samples was in [{min(energies['energyOfData']):.2f}, {max(energies['energyOfData']):.2f}] nats,"
            f" that of prior samples in [{min(energies['energyOfSamples']):.2f}, {max(energies['energyOfSamples']):.2f}].", ""]
    given.document.write_text("\n".join(lines).rstrip() + "\n")
    print(given.document)


main()
