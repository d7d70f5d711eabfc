#!/usr/bin/env python3
"""Writes large.csv beside this file: 100,000 rows of 20 predictors in units from 1 to 20 and an outcome y, always the same.
The log odds of y are -1 + sum_j b_j z_j, z_j = (x_j - 10 j)/j standard normal and b_j = 0.3 ((j mod 5) - 2).
Usage: python3 generate.py [rows]"""
import math
import os
import random
import sys

rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
draw = random.Random(1)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "large.csv")
with open(path, "w", encoding="ascii") as file:
    file.write("y," + ",".join(f"x{j}" for j in range(1, 21)) + "\n")
    for _ in range(rows):
        z = [draw.gauss(0, 1) for _ in range(20)]
        log_odds = -1 + sum(0.3 * (j % 5 - 2) * value for j, value in enumerate(z, 1))
        y = 1 if draw.random() < 1 / (1 + math.exp(-log_odds)) else 0
        file.write(f"{y}," + ",".join(f"{j * value + 10 * j:.6f}" for j, value in enumerate(z, 1)) + "\n")
print(path)
