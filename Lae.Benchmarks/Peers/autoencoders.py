"""Training steps of autoencoders in PyTorch: peers of `Lae.Benchmarks -- peers`.

usage: python3 autoencoders.py WORK VARIANT THREADS DATA

DATA: images as float32 levels in [-1, 1], rows of 784 numbers (dense) or of 3,072 (convolutional). One unit is one training step on 100 of them, in turn.
"""

import math
import sys

import torch
from torch import nn
from torch.nn import functional as F
from turns import serve

BATCH, IMAGES, TRANSITIONS = 100, 1000, 2


def dense(sizes, last):
    layers = []
    for before, after in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(before, after), nn.LayerNorm(after), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *last)


def orthogonal(module):
    if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.orthogonal_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class DiscretizedLogistic(nn.Module):
    """-log p(x | mean) of 256 levels in [-1, 1], summed over all columns; the scale is a parameter."""

    def __init__(self):
        super().__init__()
        self.raw = nn.Parameter(torch.zeros(()))

    def energy(self, x, mean):
        inverse = F.softplus(self.raw).sqrt()
        high, low = (x - mean + 1 / 255) * inverse, (x - mean - 1 / 255) * inverse
        inside = -torch.log(torch.clamp(torch.sigmoid(high) - torch.sigmoid(low), min=torch.finfo(x.dtype).eps))
        return torch.where(x > 0.999, F.softplus(low), torch.where(x < -0.999, F.softplus(-high), inside)).flatten(1).sum(1)


class LangevinAutoencoder(nn.Module):
    """784-1024-1024-1024-8 and back, plain amortized Langevin dynamics on the last layer with an accept test for the batch."""

    def __init__(self):
        super().__init__()
        self.features = dense([784, 1024, 1024, 1024], [])
        self.decoder = dense([8, 1024, 1024, 1024], [nn.Linear(1024, 784)])
        self.likelihood = DiscretizedLogistic()
        self.apply(orthogonal)
        self.last = nn.init.orthogonal_(torch.empty(8, 1024))

    def energy(self, x, z):
        return (self.likelihood.energy(x, self.decoder(z)) + 0.5 * z.square().sum(1)).sum()


def log_density(at, mean, variance):
    return -((at - mean).square().sum()) / (2 * variance)


def langevin_as_written(extra):
    """Two gradients for each proposal, and the accepted one is not kept; the energy of every state is differentiated for the parameters through the graph that is there. As the authors do, with one more proposal that does not count."""
    model, eta = LangevinAutoencoder(), 1e-6
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    decided = {"accepted": 0, "done": 0}

    def transition(x, h, last):
        last = last.detach().requires_grad_()
        energy = model.energy(x, F.linear(h, last))
        (slope,) = torch.autograd.grad(energy, last, retain_graph=True)
        mean = last.detach() - eta * slope
        proposal = (mean + math.sqrt(2 * eta) * torch.randn_like(mean)).requires_grad_()
        new_energy = model.energy(x, F.linear(h.detach(), proposal))
        (new_slope,) = torch.autograd.grad(new_energy, proposal)
        ratio = energy - new_energy + log_density(last, proposal - eta * new_slope, 2 * eta) - log_density(proposal, mean, 2 * eta)
        accept = bool(torch.rand(()) < ratio.exp())
        decided["accepted"] += accept
        decided["done"] += 1
        return (proposal if accept else last).detach(), energy

    def step(x):
        h = model.features(x)
        last = model.last
        if extra:
            last, _ = transition(x, h, last)
        total = 0
        for _ in range(TRANSITIONS):
            last, energy = transition(x, h, last)
            total = total + energy / BATCH
        model.last = last
        loss = total / TRANSITIONS
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return model, step, lambda: {"acceptance": decided["accepted"] / decided["done"]}


def langevin_kept():
    """One gradient for each proposal: energy and gradient of the state are kept; then the parameters by the energies of the states after each transition."""
    model, eta = LangevinAutoencoder(), 1e-6
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    decided = {"accepted": 0, "done": 0}
    network = [*model.decoder.parameters(), *model.likelihood.parameters()]

    def evaluate(x, h, last):
        last = last.detach().requires_grad_()
        energy = model.energy(x, F.linear(h, last))
        (slope,) = torch.autograd.grad(energy, last)
        return energy.detach(), slope

    def step(x):
        h = model.features(x)
        held, last, states = h.detach(), model.last, []
        for parameter in network:
            parameter.requires_grad_(False)
        energy, slope = evaluate(x, held, last)
        for _ in range(TRANSITIONS):
            mean = last - eta * slope
            proposal = mean + math.sqrt(2 * eta) * torch.randn_like(mean)
            new_energy, new_slope = evaluate(x, held, proposal)
            ratio = energy - new_energy + log_density(last, proposal - eta * new_slope, 2 * eta) - log_density(proposal, mean, 2 * eta)
            if torch.rand(()) < ratio.exp():
                last, energy, slope = proposal, new_energy, new_slope
                decided["accepted"] += 1
            decided["done"] += 1
            states.append(last)
        for parameter in network:
            parameter.requires_grad_(True)
        model.last = last
        loss = sum(model.energy(x, F.linear(h, state)) for state in states) / (TRANSITIONS * BATCH)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return model, step, lambda: {"acceptance": decided["accepted"] / decided["done"]}


class VariationalAutoencoder(nn.Module):
    def __init__(self, features, width, decoder, latents):
        super().__init__()
        self.features, self.decoder, self.likelihood = features, decoder, DiscretizedLogistic()
        self.mean, self.log_scale = nn.Linear(width, latents), nn.Linear(width, latents)
        self.apply(orthogonal)
        nn.init.zeros_(self.log_scale.weight)

    def loss(self, x):
        g = self.features(x)
        mean, log_scale = self.mean(g), self.log_scale(g)
        scale = log_scale.exp()
        z = mean + scale * torch.randn_like(mean)
        divergence = (0.5 * (mean.square() + scale.square() - 1) - log_scale).sum()
        return (divergence + self.likelihood.energy(x, self.decoder(z)).sum()) / BATCH


def trained(model, optimizer):
    def step(x):
        loss = model.loss(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return model, step, dict


def variational():
    model = VariationalAutoencoder(dense([784, 1024, 1024, 1024], []), 1024, dense([8, 1024, 1024, 1024], [nn.Linear(1024, 784)]), 8)
    return trained(model, torch.optim.SGD(model.parameters(), lr=1e-4))


def convolutional(variant):
    """32 x 32 x 3, two levels of 64 channels of stride 2, 256 units, 64 latents."""
    encoder = nn.Sequential(
        nn.Unflatten(1, (3, 32, 32)),
        nn.Conv2d(3, 64, 4, 2, 1), nn.GroupNorm(1, 64), nn.ReLU(inplace=True),
        nn.Conv2d(64, 64, 4, 2, 1), nn.GroupNorm(1, 64), nn.ReLU(inplace=True),
        nn.Flatten(), nn.Linear(4096, 256), nn.LayerNorm(256), nn.ReLU(inplace=True),
    )
    decoder = nn.Sequential(
        nn.Linear(64, 256), nn.LayerNorm(256), nn.ReLU(inplace=True),
        nn.Linear(256, 4096), nn.LayerNorm(4096), nn.ReLU(inplace=True), nn.Unflatten(1, (64, 8, 8)),
        nn.ConvTranspose2d(64, 64, 4, 2, 1), nn.GroupNorm(1, 64), nn.ReLU(inplace=True),
        nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Flatten(),
    )
    if variant == "channels last":
        encoder, decoder = encoder.to(memory_format=torch.channels_last), decoder.to(memory_format=torch.channels_last)
    model = VariationalAutoencoder(encoder, 256, decoder, 64)
    return trained(model, torch.optim.Adam(model.parameters(), lr=3e-4))


WORKS = {
    "lae-as-written": lambda variant: langevin_as_written(extra=True),
    "lae-two-gradients": lambda variant: langevin_as_written(extra=False),
    "lae-kept-gradient": lambda variant: langevin_kept(),
    "vae": lambda variant: variational(),
    "convolutional": convolutional,
}


def main(work, variant, threads, path):
    torch.set_num_threads(int(threads))
    torch.manual_seed(2)
    model, step, more = WORKS[work](variant)
    columns = 3072 if work == "convolutional" else 784
    images = torch.from_file(path, size=IMAGES * columns, dtype=torch.float32).reshape(IMAGES, columns).clone()
    record = {"steps": 0, "loss": 0.0}

    def advance(units):
        total = 0.0
        for _ in range(units):
            first = record["steps"] * BATCH % IMAGES
            total += step(images[first : first + BATCH])
            record["steps"] += 1
        record["loss"] = total / units

    def figures():
        count = sum(parameter.numel() for parameter in model.parameters()) + (model.last.numel() if hasattr(model, "last") else 0)
        return {"loss": record["loss"], "parameters": count, **more()}

    serve(f"PyTorch {torch.__version__}", advance, figures)


if __name__ == "__main__":
    main(*sys.argv[1:])
