"""ULA and MALA on a logistic regression in PyTorch, one chain in float64: the peer of `Lae.Benchmarks -- logistic`.

usage: python3 logistic.py DATA ROWS COLUMNS THREADS

DATA holds X [ROWS, COLUMNS] and then y [ROWS] as little-endian float64. The priors are N(0, 10^2). Every line of standard input, `KERNEL WORK STEPS STEP_SIZE SEED` with KERNEL one of
ula, mala, is answered by a line of JSON: the seconds of the loop alone, the mean of each coefficient and the share of accepted proposals. WORK is one of
    analytic   log density and gradient by formulas, noise drawn at each step
    autograd   the gradient by differentiation of the log density, noise drawn at each step
    least      by formulas, without the log density in ULA, the noise of all steps drawn in one call
"""

import json
import math
import random
import sys
import time

import torch

path, rows, columns, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
data = torch.from_file(path, size=rows * (columns + 1), dtype=torch.float64)
X = data[: rows * columns].reshape(rows, columns).clone()
y = data[rows * columns :].clone()
XT = X.t().contiguous()
XTy = XT.mv(y)
precision = 1.0 / 100.0


def log_density(u):
    logits = X.mv(u)
    return torch.dot(logits, y) - torch.nn.functional.softplus(logits).sum() - 0.5 * precision * torch.dot(u, u)


def gradient(u):
    return torch.addmv(torch.add(XTy, u, alpha=-precision), XT, torch.sigmoid(X.mv(u)), alpha=-1)


def value_and_gradient(u):
    logits = X.mv(u)
    value = torch.dot(logits, y) - torch.nn.functional.softplus(logits).sum() - 0.5 * precision * torch.dot(u, u)
    return value, torch.addmv(torch.add(XTy, u, alpha=-precision), XT, torch.sigmoid(logits), alpha=-1)


def automatic(u):
    u = u.detach().requires_grad_(True)
    value = log_density(u)
    (slope,) = torch.autograd.grad(value, u)
    return value.detach(), slope


def draw(steps, h, least):
    """The normals of step k, as a function of k."""
    scale = math.sqrt(2 * h)
    if least:
        noise = torch.randn(steps, columns, dtype=torch.float64).mul_(scale)
        return lambda k: noise[k]
    return lambda k: torch.randn(columns, dtype=torch.float64).mul_(scale)


def ula(work, steps, h, draws):
    slope_at = {"analytic": lambda u: value_and_gradient(u)[1], "autograd": lambda u: automatic(u)[1], "least": gradient}[work]
    u = torch.zeros(columns, dtype=torch.float64)
    noise = draw(steps, h, work == "least")
    for k in range(steps):
        u = torch.add(u, slope_at(u), alpha=h).add_(noise(k))
        draws[k] = u
    return 1.0


def mala(work, steps, h, draws):
    evaluate = automatic if work == "autograd" else value_and_gradient
    u = torch.zeros(columns, dtype=torch.float64)
    value, slope = evaluate(u)
    noise = draw(steps, h, work == "least")
    accepted = 0
    for k in range(steps):
        proposal = torch.add(u, slope, alpha=h).add_(noise(k))
        new_value, new_slope = evaluate(proposal)
        ratio = (
            new_value
            - value
            - 0.5 * torch.dot(proposal - u, slope + new_slope)
            + h / 4 * (torch.dot(slope, slope) - torch.dot(new_slope, new_slope))
        )
        if math.log(1.0 - random.random()) < ratio.item():
            u, value, slope = proposal, new_value, new_slope
            accepted += 1
        draws[k] = u
    return accepted / steps


print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    kernel, work, steps, h, seed = line.split()
    torch.manual_seed(int(seed))
    random.seed(int(seed))
    draws = torch.empty(int(steps), columns, dtype=torch.float64)
    run = ula if kernel == "ula" else mala
    with torch.set_grad_enabled(work == "autograd"):
        began = time.perf_counter()
        acceptance = run(work, int(steps), float(h), draws)
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "mean": draws.mean(0).tolist(), "acceptance": acceptance}), flush=True)
