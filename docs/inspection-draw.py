#!/usr/bin/env python3
"""Draws an inspection's sample again: inspection-draw.py FRAME SEED METHOD SIZE prints the records in their order.

FRAME is what `terrace inspection frame ID` prints, or - for the input. METHOD is proportional, equal or risk.
The frame's digest goes to the error output: compare it with the one that was kept before the seed was given.
"""
import hashlib
import sys
import unicodedata
from collections import defaultdict


def rank(record, tickets):
    return min(hashlib.sha256(f"{seed}\0{record}\0{k}".encode()).digest() for k in range(1, tickets + 1)), record


def shares(sizes):
    if method == "equal":
        turns = sorted((turn, at) for at, n in enumerate(sizes) for turn in range(n))[:size]
        return [sum(1 for turn in turns if turn[1] == at) for at in range(len(sizes))]
    one = int(size >= len(sizes))
    rest, whole = size - one * len(sizes), max(sum(sizes) - one * len(sizes), 1)
    given = [one + rest * (n - one) // whole for n in sizes]
    largest = sorted(range(len(sizes)), key=lambda at: (-(rest * (sizes[at] - one) % whole), at))
    more = largest[: size - sum(given)]
    return [n + (at in more) for at, n in enumerate(given)]


path, seed, method, size = sys.argv[1], unicodedata.normalize("NFC", sys.argv[2]), sys.argv[3], int(sys.argv[4])
frame = (sys.stdin if path == "-" else open(path, encoding="ascii")).read()
print("frame", hashlib.sha256(frame.encode()).hexdigest(), file=sys.stderr)
strata = defaultdict(list)
for stratum, record, _, weight in map(str.split, frame.splitlines()):
    strata[stratum if method != "risk" else ""].append(rank(record, int(weight) if method == "risk" else 1))
sample = [sorted(strata[name]) for name in sorted(strata)]
for ranked, share in zip(sample, shares([len(ranked) for ranked in sample])):
    print("\n".join(record for _, record in ranked[:share]), end="\n" if share else "")
