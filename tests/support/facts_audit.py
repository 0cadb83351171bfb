#!/usr/bin/env python3
"""Shows that every fact of facts.json is checked: makes one fact false at a time and runs the tests, which must fail.

Usage: facts_audit.py BUILD_FOLDER [--bft] [--each N] [--only PREFIX]

A fact stands for its kind: the path with list positions left out. Of each kind N rows (2 unless told) are made false,
picked at random with a fixed seed. Prose (notes, meanings, the wording of foreign error messages) is not a fact about
the bytes; of an error only whether there is one counts, so it is turned into null and back.
"""
import argparse
import copy
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

PROSE = re.compile(r"(\.(note|meaning|how|made_with|set|intent|comment|label|envelope_note)$)|(\.(message|info)$)")
ERRORS = re.compile(r"(error|undecodable|_refused)$")


def kinds_of(facts):
    """Path without list positions -> list of concrete paths to leaves (an empty list is a leaf)."""
    kinds = {}

    def walk(value, path, kind):
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                walk(inner, path + (key,), f"{kind}.{key}")
        elif isinstance(value, list) and value:
            for position, inner in enumerate(value):
                walk(inner, path + (position,), kind + "[]")
        else:
            kinds.setdefault(kind, []).append(path)

    walk(facts, (), "")
    return kinds


def falsified(value, kind):
    if ERRORS.search(kind):
        return "made up error" if value is None else None
    if value is None:
        return "made up"
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        if re.fullmatch(r"[0-9a-f]+", value) and len(value) > 8:
            return value[:-1] + ("0" if value[-1] != "0" else "1")
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
            return "2001" + value[4:]
        return value + "x"
    return ["made up"] if isinstance(value, list) else {"made_up": 1}


def replaced(facts, path, kind):
    changed = copy.deepcopy(facts)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = falsified(inner[path[-1]], kind)
    return changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--bft", action="store_true")
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    data = pathlib.Path(__file__).resolve().parents[1] / "data" / "vectors"
    source = data / ("bft/facts.json" if options.bft else "facts.json")
    variable = "CHANCERY_TEST_BFT_FACTS" if options.bft else "CHANCERY_TEST_FACTS"
    facts = json.loads(source.read_text())
    programs = []
    for name in ("protocol", "identity", "policy", "channel", "verify"):
        program = pathlib.Path(options.build) / "tests" / f"test_{name}"
        if program.exists():
            programs.append(program)
    chance = random.Random(7)
    missed = []
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "facts.json")
        for kind, places in sorted(kinds_of(facts).items()):
            if PROSE.search(kind) or not kind.startswith(options.only):
                continue
            for place in chance.sample(places, min(options.each, len(places))):
                with open(path, "w") as out:
                    json.dump(replaced(facts, place, kind), out)
                tried += 1
                noticed = False
                # The program that noticed last is likely to notice the next of the same section.
                for program in list(programs):
                    run = subprocess.run([program], env={**os.environ, variable: path}, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, check=False)
                    if run.returncode != 0:
                        noticed = True
                        programs.remove(program)
                        programs.insert(0, program)
                        break
                if not noticed:
                    missed.append((kind, place))
                    print("not noticed:", kind, place, flush=True)
    print(f"{tried} facts made false, {tried - len(missed)} noticed, {len(missed)} not")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
