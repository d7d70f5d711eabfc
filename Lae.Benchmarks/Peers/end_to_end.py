"""A Langevin autoencoder on MNIST in PyTorch, from the files to the test bound: the peer of the row `end-to-end` of `Lae.Benchmarks -- peers`.

usage: python3 end_to_end.py VARIANT THREADS TRAIN_IMAGES TEST_IMAGES EPOCHS

VARIANT is lae-as-written or lae-kept-gradient of autoencoders.py. Prints the bound with q = N(f(x), 0.05^2 I), in nats for each image, after every epoch.
"""

import gzip
import math
import sys

import numpy
import torch
from autoencoders import BATCH, WORKS


def images(path):
    raw = gzip.open(path).read()
    return torch.from_numpy(numpy.frombuffer(raw, numpy.uint8, offset=16).copy()).reshape(-1, 784)


def main(variant, threads, train, test, epochs):
    torch.set_num_threads(int(threads))
    torch.manual_seed(2)
    train, test = images(train), images(test)
    model, step, _ = WORKS[variant]("")
    width = 0.05
    for _ in range(int(epochs)):
        for rows in torch.randperm(len(train)).split(BATCH):
            step(train[rows].float() * (2 / 255) - 1)
        total = 0.0
        with torch.no_grad():
            for rows in test.split(BATCH):
                x = rows.float() * (2 / 255) - 1
                mean = model.features(x) @ model.last.t()
                z = mean + width * torch.randn_like(mean)
                divergence = 0.5 * (mean.square() + width**2 - 1).sum(1) - mean.shape[1] * math.log(width)
                total += (model.likelihood.energy(x, model.decoder(z)) + divergence).sum().item()
        print(total / len(test), flush=True)


main(*sys.argv[1:])
