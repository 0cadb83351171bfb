#!/usr/bin/env python3
"""Shows that every fact of facts.json is checked: makes one fact false at a time and runs tests until one fails.

Usage: facts_audit.py BUILD_FOLDER [--bft] [--each N] [--only PREFIX] [--jobs N]

A fact is one of a kind: its path with list positions left out, and whether it is null, true, false, empty or filled.
Of each kind up to N rows (2 unless told), evenly spread over the file, are made false. Only test classes that read
facts are run, one after the other until one fails: first the one that noticed the kind or its neighbours last, then
those whose sources name the keys on the way to the fact.

Wording of foreign programs (WORDING) is not compared letter by letter, but that there is some is a fact: it is emptied
and taken away. Prose (PROSE) says nothing about the bytes; it is counted and left alone. Both are listed with their
reasons in docs/testing.md.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

PROSE = re.compile(r"\.(note|meaning|how|made_with|set|intent|envelope_note)$")
WORDING = re.compile(r"\.(message|info)$|(error|undecodable|_refused)$")
MISSING = object()


def shape_of(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return "empty" if value in ("", [], {}) else "filled"


def kinds_of(facts):
    """(path without list positions, shape) -> concrete paths to leaves; an empty list or map is a leaf."""
    kinds = collections.defaultdict(list)

    def walk(value, path, kind):
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                walk(inner, path + (key,), f"{kind}.{key}")
        elif isinstance(value, list) and value:
            for position, inner in enumerate(value):
                walk(inner, path + (position,), kind + "[]")
        else:
            kinds[(kind, shape_of(value))].append(path)

    walk(facts, (), "")
    return kinds


def is_prose(kind):
    return bool(PROSE.search(kind))


def lies_about(value, kind):
    """Lies, each of which has to be noticed. One is a list of what to put in place of the fact: where the first happens
    to be true as well (a broken signature broken once more, a range that ends a little later) the next is tried."""
    if WORDING.search(kind):
        if value is None:
            return [["made up error"]]
        return [[""], [MISSING]] if isinstance(value, str) else [[None], [MISSING]]
    if value is None:
        return [["made up"]]
    if isinstance(value, bool):
        return [[not value]]
    if isinstance(value, (int, float)):
        return [[value + 1]]
    if isinstance(value, str):
        if re.fullmatch(r"[0-9a-f]+", value) and len(value) > 8:
            return [[value[:-1] + ("0" if value[-1] != "0" else "1"), ""]]
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
            return [["2001" + value[4:]]]
        return [[value + "x", value[:1] + "\u0001"]]
    return [[["made up"]]] if isinstance(value, list) else [[{"made_up": 1}]]


def spread(places, count):
    if count >= len(places):
        return places
    if count == 1:
        return [places[len(places) // 2]]
    return [places[i * (len(places) - 1) // (count - 1)] for i in range(count)]


def with_lie(facts, path, lie):
    """The text of the facts with one of them replaced; the facts themselves stay as they are."""
    inner = facts
    for step in path[:-1]:
        inner = inner[step]
    truth = inner[path[-1]]
    order = list(inner.items()) if isinstance(inner, dict) else None
    if lie is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = lie
    text = json.dumps(facts)
    if lie is MISSING and order is None:
        inner.insert(path[-1], truth)
    elif order is None:
        inner[path[-1]] = truth
    else:
        inner.clear()
        inner.update(order)
    return text


class Tests:
    """The test classes of a build that read facts at all, and what they say to other facts."""

    def __init__(self, build, folder, variable):
        self.folder = folder
        self.variable = variable
        self.seconds = {}
        self.sources = {}
        sources = pathlib.Path(__file__).resolve().parents[1] / "src"
        for program in sorted((pathlib.Path(build) / "tests").glob("test_*")):
            for source in sorted((sources / program.name[len("test_"):]).glob("*Test.cpp")):
                test = (program, source.stem)
                started = time.monotonic()
                if self.runs(test, "not facts") == "passed":
                    continue
                if self.runs(test, None) != "passed":
                    sys.exit(f"{program.name} {source.stem} fails already with the true facts")
                self.seconds[test] = time.monotonic() - started
                self.sources[test] = source.read_text()

    def likely(self, place):
        """All of them, first those whose source names most of the keys on the way, quick ones before slow ones."""
        keys = [f'"{step}"' for step in place if isinstance(step, str)]
        return sorted(self.seconds,
                      key=lambda test: (-sum(key in self.sources[test] for key in keys), self.seconds[test]))

    def runs(self, test, text):
        """passed, failed or hung."""
        environment = dict(os.environ)
        path = None
        if text is not None:
            handle, path = tempfile.mkstemp(dir=self.folder, suffix=".json")
            with os.fdopen(handle, "w") as out:
                out.write(text)
            environment[self.variable] = path
        limit = 60 + 10 * self.seconds.get(test, 60)
        try:
            done = subprocess.run([test[0], test[1]], env=environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False, timeout=limit)
            return "passed" if done.returncode == 0 else "failed"
        except subprocess.TimeoutExpired:
            return "hung"
        finally:
            if path is not None:
                os.unlink(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--bft", action="store_true")
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--only", default="", help="kinds that begin so, for example .chain.blocks")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    data = pathlib.Path(__file__).resolve().parents[1] / "data" / "vectors"
    source = data / ("bft/facts.json" if options.bft else "facts.json")
    variable = "CHANCERY_TEST_BFT_FACTS" if options.bft else "CHANCERY_TEST_FACTS"
    facts = json.loads(source.read_text())
    kinds = {kind: places for kind, places in kinds_of(facts).items() if kind[0].startswith(options.only)}
    prose = sorted({kind for kind, _ in kinds if is_prose(kind)})
    trials = [(kind, place, lie, describe(value_at(facts, place), lie))
              for (kind, _), places in kinds.items() if not is_prose(kind)
              for place in spread(places, options.each)
              for lie in lies_about(value_at(facts, place), kind)]
    with tempfile.TemporaryDirectory() as folder:
        return audit(options, facts, trials, prose, Tests(options.build, folder, variable))


def describe(truth, lie):
    return " or ".join("taken away" if one is MISSING else f"{truth!r:.60} -> {one!r:.60}" for one in lie)


def value_at(facts, place):
    for step in place:
        facts = facts[step]
    return facts


def audit(options, facts, trials, prose, tests):
    print("read by", ", ".join(name for _, name in tests.seconds), flush=True)
    first = {}  # who noticed last: by kind, and by where the kind stands
    missed = {}
    hung = []
    slowest = 0.0
    lock = threading.Lock()  # a lie stands in the facts for a moment

    def one(trial):
        kind, place, lie, _ = trial
        parent = kind.rpartition(".")[0]
        order = tests.likely(place)
        for likely in (first.get(parent), first.get(kind)):
            if likely in order:
                order.remove(likely)
                order.insert(0, likely)
        started = time.monotonic()
        for instead in lie:
            with lock:
                text = with_lie(facts, place, instead)
            for test in order:
                verdict = tests.runs(test, text)
                if verdict == "passed":
                    continue
                first[kind] = first[parent] = test
                return verdict, test, time.monotonic() - started
        return "missed", None, time.monotonic() - started

    started = time.monotonic()
    took = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (kind, place, _, how), (verdict, test, seconds) in zip(trials, pool.map(one, trials)):
            took.append(seconds)
            if verdict == "missed":
                missed.setdefault(kind, []).append(place)
                print("not noticed:", kind, "at", list(place), how, flush=True)
            elif verdict == "hung":
                hung.append(kind)
                print("hung:", kind, "at", list(place), test[1], flush=True)
            slowest = max(slowest, seconds)
    count = len(trials)
    quick = sum(1 for seconds in took if seconds < 1)
    print(f"\n{count} lies about {len({kind for kind, *_ in trials})} kinds of facts in "
          f"{time.monotonic() - started:.0f} s; {quick} noticed or not within 1 s, the slowest took {slowest:.1f} s")
    print(f"{count - sum(map(len, missed.values()))} noticed, {len(hung)} of them by a hanging test")
    print(f"prose, left alone: {', '.join(prose) or 'none'}")
    print(f"kinds not noticed: {len(missed)}")
    for kind, places in missed.items():
        print(f"  {kind} ({len(places)} of the lies)")
    return 1 if missed or hung else 0


if __name__ == "__main__":
    sys.exit(main())
