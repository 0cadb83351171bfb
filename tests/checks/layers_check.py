"""Which folder may include which: the allow-list in layers.txt, held against the include lines.

Fails on an arrow that is not listed, on a listed arrow that no file uses, on a cycle in the list, on an include that is
not written from the root of the checkout, and on a library that is not linked with every room it includes.
"""

import pathlib
import re

import common

LIST = "tests/checks/layers.txt"
TREES = ("src", "node", "ui")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def room_of(path):
    """src/policy/Policy.h → policy; node/peer/X.h → node/peer; generated messages → proto."""
    if path.endswith(".pb.h"):
        return "proto"
    parts = path.split("/")
    if parts[0] not in TREES or len(parts) < 3:
        return None
    return parts[1] if parts[0] == "src" else "/".join(parts[:2])


def read_list(root):
    """The allow-list as {room: set of rooms}, and what is wrong with its form."""
    path = pathlib.Path(root) / LIST
    allowed, wrong = {}, []
    if not path.exists():
        return {}, [f"{LIST}: missing"]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        room, colon, targets = line.partition(":")
        if not colon or room.strip() in allowed:
            wrong.append(f"{LIST}:{number}: expected 'folder: folders it may include', each folder once")
            continue
        allowed[room.strip()] = set(targets.split())
    return allowed, wrong


def cycles(allowed):
    """One sentence for each cycle that a depth-first walk closes."""
    found, done = [], set()

    def walk(room, trail):
        if room in trail:
            found.append(f"{LIST}: cycle {' → '.join(trail[trail.index(room):] + [room])}")
            return
        if room in done:
            return
        for target in sorted(allowed.get(room, ())):
            walk(target, trail + [room])
        done.add(room)

    for room in sorted(allowed):
        walk(room, [])
    return found


def linked(root, room):
    """The rooms that the folder's chancery_library call names, or None when there is no such call."""
    folder = room if "/" in room else f"src/{room}"
    path = pathlib.Path(root, folder, "CMakeLists.txt")
    call = re.search(r"chancery_(?:ui_)?library\(([^)]*)\)", path.read_text(encoding="utf-8")) if path.exists() else None
    if call is None:
        return None
    words = re.split(r"\b(?:FOREIGN|TYPES_OF)\b", call.group(1))[0].split()[1:]
    ours = {word for word in words if pathlib.Path(root, "src", word).is_dir()}
    return ours | {word.replace("_", "/", 1) for word in words if word.startswith(("ui_", "node_"))}


def findings(root):
    allowed, found = read_list(root)
    used = {}
    for name in common.files(root, TREES, common.CODE):
        room = room_of(name)
        if room is None:
            continue
        folder = pathlib.Path(root, name).parent
        for quoted, angled in INCLUDE.findall(common.text_of(root, name)):
            if quoted and not quoted.startswith(TREES) and (folder / quoted).exists():
                found.append(f'{name}: "{quoted}" is not written from the root')
            target = room_of(quoted or angled)
            if target is not None and target != room:
                used.setdefault((room, target), name)
    for (room, target), name in sorted(used.items()):
        if target not in allowed.get(room, ()):
            found.append(f"{name}: {room} → {target} is not listed in {LIST}")
    for room in sorted({room for room, _ in used}):
        targets = {target for source, target in used if source == room and target != "proto"}
        libraries = linked(root, room)
        for target in sorted(targets - libraries if libraries is not None else ()):
            found.append(f"{room}: includes {target} but its chancery_library does not name it")
    for room, targets in sorted(allowed.items()):
        for target in sorted(targets):
            if (room, target) not in used:
                found.append(f"{LIST}: {room} → {target} is listed but not used")
    return found + cycles(allowed)


def _tree(allow_list, **sources):
    return {LIST: allow_list, **{path.replace("__", "/") + ".h": text for path, text in sources.items()}}


BASE = '#include "src/base/Status.h"\n'
CASES = [
    ("listed and used", _tree("store: base  # why\n", src__store__A=BASE), None),
    ("own folder and system headers", _tree("", src__store__A='#include "src/store/B.h"\n#include <map>\n'), None),
    ("not listed", _tree("", src__store__A=BASE), "store → base is not listed"),
    ("not used", _tree("store: base wire\n", src__store__A=BASE), "store → wire is listed but not used"),
    (
        "cycle",
        _tree("a: b\nb: c\nc: a\n", src__a__A='#include "src/b/B.h"', src__b__B='#include "src/c/C.h"',
              src__c__C='#include "src/a/A.h"'),
        "cycle a → b → c → a",
    ),
    ("generated messages", _tree("", src__policy__A="#include <fabric/common/common.pb.h>\n"), "policy → proto is not"),
    ("node and ui rooms", _tree("ui/models: bridge\n", ui__models__A='#include "src/rpc/X.h"'), "ui/models → rpc"),
    ("not from the root", _tree("", src__a__A='#include "B.h"', src__a__B=""), "not written from the root"),
    (
        "linked",
        {**_tree("b: a\n", src__a__A="", src__b__B='#include "src/a/A.h"'),
         "src/b/CMakeLists.txt": "chancery_library(b a wire_messages FOREIGN x)"},
        None,
    ),
    (
        "not linked",
        {**_tree("b: a\n", src__a__A="", src__c__C="", src__b__B='#include "src/a/A.h"'),
         "src/b/CMakeLists.txt": "chancery_library(b c FOREIGN a)"},
        "b: includes a but",
    ),
    (
        "linked in node",
        {**_tree("node/b: node/a\n", node__a__A="", node__b__B='#include "node/a/A.h"'),
         "node/b/CMakeLists.txt": "chancery_library(node_b node_a)"},
        None,
    ),
    ("listed twice", _tree("a: b\na: c\n"), "each folder once"),
    ("no list", {"src/a/A.h": ""}, "missing"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
