"""clang-format decides the layout of every .h and .cpp of ours (the version of Debian 12, with our .clang-format)."""

import pathlib
import re
import subprocess

import common

STYLE = pathlib.Path(__file__).resolve().parents[2] / ".clang-format"
WARNING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): code should be clang-formatted", re.MULTILINE)


def findings(root):
    names = common.files(root, ("src", "node", "ui", "tests"), common.CODE)
    found = []
    for start in range(0, len(names), 64):
        ran = subprocess.run(
            ["clang-format", f"--style=file:{STYLE}", "--dry-run", "--Werror", *names[start : start + 64]],
            cwd=root, capture_output=True, text=True, check=False)
        first = {}
        for name, line in WARNING.findall(ran.stderr):
            first.setdefault(name, line)
        found += [f"{name}:{line}: clang-format -i {name}" for name, line in first.items()]
        if ran.returncode != 0 and not first:
            found.append(f"{names[start]} …: clang-format says: {ran.stderr.strip()[:500]}")
    return found


CASES = [
    ("formatted", {"src/a/A.cpp": "int answer() {\n    return 42;\n}\n"}, None),
    ("two spaces", {"src/a/A.cpp": "int answer() {\n  return 42;\n}\n"}, "src/a/A.cpp:1: clang-format -i"),
    ("data of others", {"tests/data/x/A.cpp": "int  a;"}, None),
]

if __name__ == "__main__":
    common.main(findings, CASES)
