"""How a peer takes its turns: a hello as a line of JSON, then for every line of standard input, a number of units, the seconds that they took and the figures after them."""

import json
import sys
import time


def serve(version, advance, figures):
    """advance(units) does the work; figures() says what came of it, out of the timing."""
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        units = int(line)
        began = time.perf_counter()
        advance(units)
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "figures": figures()}), flush=True)
