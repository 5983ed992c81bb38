"""Walks through all mechanisms under all light rules at random, with everything that must hold looked at after each step.

``--steps 100000 --seed N``. Prints steps, lives, moves by kind, refusals, how many stages and acts were reached, those that were not, and the
time. Ends with 1 where something does not hold (the seed and the last moves are told) or where a stage or an act was never reached.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from luoshi.loop.light import LIGHT_RULES
from luoshi.loop.rules import mechanisms
from tests.loop.walking import walk


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun, known = perf_counter(), mechanisms()
    found = walk(known, LIGHT_RULES, options.steps, options.seed)
    seconds = perf_counter() - begun
    stages, acts = sum(len(one.stages) for one in known), sum(len(one.acts) for one in known)
    missing = found.missing(known)
    shut = sum(" act " in one for one in missing)
    print(f"mechanisms: {len(known)} under {len(LIGHT_RULES)} light rules, seed {options.seed}")
    print(f"steps: {found.steps} in {found.lives} lives, {found.refusals} refusals")
    print(f"moves: {sum(found.moves.values())} ({', '.join(f'{kind} {count}' for kind, count in found.moves.most_common())})")
    print(f"reached: {stages - len(missing) + shut} of {stages} stages, {acts - shut} of {acts} acts")
    for one in missing:
        print(f"never reached: {one}")
    print(f"time: {seconds:.0f} s, {1000 * seconds / found.steps:.1f} ms a step")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
