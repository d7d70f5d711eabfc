"""Normals, Langevin dynamics on Gaussians and on logistic regressions in PyTorch: peers of `Lae.Benchmarks -- peers`.

usage: python3 sampling.py WORK VARIANT THREADS [DATA]

One unit is one call or one transition of all chains. The Gaussian has 100 dimensions: diagonal with precisions 1 + i/10, dense with the same eigenvalues after a reflection. Chains start from its law.
"""

import math
import sys

import torch
from turns import serve

work, variant, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)
CHAINS, DIMENSION = 1000, 100
ULA_STEP, MALA_STEP = 0.01, 0.03


def normals(dtype):
    out = torch.empty(CHAINS, DIMENSION, dtype=dtype)

    def advance(units):
        for _ in range(units):
            torch.randn(CHAINS, DIMENSION, out=out)

    return advance, lambda: {"meanSquare": out.double().square().mean().item()}


def eigenvalues():
    return 1 + torch.arange(DIMENSION, dtype=torch.float32) / 10


def dense_precision():
    v = torch.ones(DIMENSION, dtype=torch.float64) / math.sqrt(DIMENSION)
    reflection = torch.eye(DIMENSION, dtype=torch.float64) - 2 * torch.outer(v, v)
    return (reflection * eigenvalues().double() @ reflection).float(), reflection.float()


def exact_start(dense):
    x = torch.randn(CHAINS, DIMENSION) / eigenvalues().sqrt()
    return x @ dense_precision()[1] if dense else x


def mean_energy(x, precision):
    product = x @ precision if precision.dim() == 2 else x * precision
    return ((product * x).sum() / x.numel()).item()


def ula_diagonal():
    precision, x, noise = eigenvalues(), exact_start(False), torch.empty(CHAINS, DIMENSION)
    h, scale = ULA_STEP, math.sqrt(2 * ULA_STEP)

    def in_place(units):
        for _ in range(units):
            x.addcmul_(x, precision, value=-h).add_(noise.normal_(), alpha=scale)

    def script(x, precision, noise, h: float, scale: float, units: int):
        for _ in range(units):
            x.mul_(1 - h * precision).add_(noise.normal_(), alpha=scale)

    if variant == "in place":
        return in_place, lambda: {"meanEnergy": mean_energy(x, precision)}
    compiled = torch.jit.script(script)
    return lambda units: compiled(x, precision, noise, h, scale, units), lambda: {"meanEnergy": mean_energy(x, precision)}


def ula_dense():
    precision, _ = dense_precision()
    state = {"x": exact_start(True)}
    noise, spare = torch.empty(CHAINS, DIMENSION), torch.empty(CHAINS, DIMENSION)
    h, scale = ULA_STEP, math.sqrt(2 * ULA_STEP)

    def analytic(units):
        x, other = state["x"], spare
        for _ in range(units):
            torch.addmm(x, x, precision, alpha=-h, out=other)
            other.add_(noise.normal_(), alpha=scale)
            x, other = other, x
        state["x"] = x.clone()

    def autograd(units):
        x = state["x"]
        for _ in range(units):
            x.requires_grad_(True)
            (slope,) = torch.autograd.grad(0.5 * ((x @ precision) * x).sum(), x)
            x = x.detach().add(slope, alpha=-h).add_(noise.normal_(), alpha=scale)
        state["x"] = x

    def script(x, precision, noise, h: float, scale: float, units: int):
        for _ in range(units):
            x = torch.addmm(x, x, precision, alpha=-h).add_(noise.normal_(), alpha=scale)
        return x

    def scripted(compiled):
        def advance(units):
            state["x"] = compiled(state["x"], precision, noise, h, scale, units)

        return advance

    advance = {"in place": lambda: analytic, "autograd": lambda: autograd, "script": lambda: scripted(torch.jit.script(script))}[variant]()
    return advance, lambda: {"meanEnergy": mean_energy(state["x"].detach(), precision)}


def mala_steps(x, evaluate, h, figures):
    """MALA that keeps value and gradient of the state. evaluate(x) gives log density [chains] and gradient [chains, d]."""
    state = {"x": x, "at": evaluate(x), "accepted": torch.zeros(x.shape[0], dtype=x.dtype), "done": 0}
    scale = math.sqrt(2 * h)
    noise, uniform = torch.empty_like(x), torch.empty(x.shape[0], dtype=x.dtype)

    def advance(units):
        x, (value, slope) = state["x"], state["at"]
        for _ in range(units):
            proposal = torch.add(x, slope, alpha=h).add_(noise.normal_(), alpha=scale)
            new_value, new_slope = evaluate(proposal)
            total = slope + new_slope
            ratio = new_value - value - 0.5 * ((proposal - x) * total).sum(1) + h / 4 * ((slope - new_slope) * total).sum(1)
            accept = uniform.uniform_().log_() < ratio
            column = accept.unsqueeze(1)
            x = torch.where(column, proposal, x)
            slope = torch.where(column, new_slope, slope)
            value = torch.where(accept, new_value, value)
            state["accepted"] += accept
        state["x"], state["at"] = x, (value, slope)
        state["done"] += units

    return advance, lambda: {**figures(state["x"]), "acceptance": state["accepted"].mean().item() / state["done"]}


def mala_dense():
    precision, _ = dense_precision()

    def analytic(x):
        product = x @ precision
        return -0.5 * (product * x).sum(1), product.neg_()

    def automatic(x):
        x = x.detach().requires_grad_(True)
        value = -0.5 * ((x @ precision) * x).sum(1)
        (slope,) = torch.autograd.grad(value.sum(), x)
        return value.detach(), slope

    return mala_steps(exact_start(True), analytic if variant == "analytic" else automatic, MALA_STEP, lambda x: {"meanEnergy": mean_energy(x, precision)})


def logistic(chains, columns, h):
    """N rows of DATA: X [rows, columns], then y [rows], float64; priors N(0, 10^2)."""
    count = 1000
    data = torch.from_file(sys.argv[4], size=count * (columns + 1), dtype=torch.float64)
    X, y = data[: count * columns].reshape(count, columns).clone(), data[count * columns :].clone()
    XT, prior = X.t().contiguous(), 1.0 / 100.0

    def density(u):
        logits = u @ XT
        return logits @ y - torch.nn.functional.softplus(logits).sum(1) - 0.5 * prior * u.square().sum(1)

    def automatic(u):
        u = u.detach().requires_grad_(True)
        value = density(u)
        (slope,) = torch.autograd.grad(value.sum(), u)
        return value.detach(), slope

    return mala_steps(torch.zeros(chains, columns, dtype=torch.float64), automatic, h, lambda u: {"mean": u.mean().item()})


def single_chain(columns, h):
    """One chain without a chain axis, as one writes it then."""
    count = 1000
    data = torch.from_file(sys.argv[4], size=count * (columns + 1), dtype=torch.float64)
    X, y = data[: count * columns].reshape(count, columns).clone(), data[count * columns :].clone()
    XT, XTy, prior = X.t().contiguous(), X.t().mv(y), 1.0 / 100.0

    def density(u):
        logits = X.mv(u)
        return torch.dot(logits, y) - torch.nn.functional.softplus(logits).sum() - 0.5 * prior * torch.dot(u, u)

    def automatic(u):
        u = u.detach().requires_grad_(True)
        value = density(u)
        (slope,) = torch.autograd.grad(value, u)
        return value.item(), slope

    def analytic(u):
        logits = X.mv(u)
        value = torch.dot(logits, y) - torch.nn.functional.softplus(logits).sum() - 0.5 * prior * torch.dot(u, u)
        return value.item(), torch.addmv(torch.add(XTy, u, alpha=-prior), XT, torch.sigmoid(logits), alpha=-1)

    evaluate = automatic if variant == "autograd" else analytic
    scale = math.sqrt(2 * h)
    start = torch.zeros(columns, dtype=torch.float64)
    state = {"u": start, "at": evaluate(start), "accepted": 0, "done": 0, "sum": torch.zeros(columns, dtype=torch.float64)}

    def advance(units):
        u, (value, slope) = state["u"], state["at"]
        for _ in range(units):
            proposal = u + h * slope + scale * torch.randn(columns, dtype=torch.float64)
            new_value, new_slope = evaluate(proposal)
            ratio = new_value - value - 0.5 * torch.dot(proposal - u, slope + new_slope).item() + h / 4 * (torch.dot(slope, slope) - torch.dot(new_slope, new_slope)).item()
            if math.log(1 - torch.rand(()).item()) < ratio:
                u, value, slope = proposal, new_value, new_slope
                state["accepted"] += 1
            state["sum"] += u
        state["u"], state["at"] = u, (value, slope)
        state["done"] += units

    return advance, lambda: {"mean": state["sum"].mean().item() / state["done"], "acceptance": state["accepted"] / state["done"]}


WORKS = {
    "normals-single": lambda: normals(torch.float32),
    "normals-double": lambda: normals(torch.float64),
    "ula-diagonal": ula_diagonal,
    "ula-dense": ula_dense,
    "ula-dense-autograd": ula_dense,
    "mala-dense": mala_dense,
    "mala-logistic": lambda: logistic(64, 25, 0.004),
    "mala-single-chain": lambda: single_chain(5, 0.004),
}
advance, figures = WORKS[work]()
serve(f"PyTorch {torch.__version__}", advance, figures)
