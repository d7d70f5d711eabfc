#!/usr/bin/env python3
"""Writes rows-<rows>.npy beside this file, float32 [rows, 16], always the same: x = W z + 0.5 e with 4 latents z and noise e, all standard normal.
Usage: python3 generate.py [rows]     (default 2,000,000 rows, 128 MB)"""
import array
import os
import random
import sys

rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
columns, latents = 16, 4
draw = random.Random(1)
loadings = [[draw.gauss(0, 1) for _ in range(latents)] for _ in range(columns)]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"rows-{rows}.npy")
header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
header = header.ljust(128 - 10 - 1) + "\n"
with open(path, "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode("ascii"))
    for start in range(0, rows, 10_000):
        values = array.array("f")
        for _ in range(min(10_000, rows - start)):
            z = [draw.gauss(0, 1) for _ in range(latents)]
            values.extend(sum(w * value for w, value in zip(row, z)) + 0.5 * draw.gauss(0, 1) for row in loadings)
        if sys.byteorder == "big":
            values.byteswap()
        values.tofile(file)
print(path)
