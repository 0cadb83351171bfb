"""Every Debian package that ./dev installs is explained in docs/dependencies.md, and the other way round."""

import re

import common

DOCUMENT = "docs/dependencies.md"


def findings(root):
    listed = set()
    for block in re.findall(r"<<'LIST'\n(.*?)\nLIST\n", common.text_of(root, "dev"), re.DOTALL):
        listed |= {line.split()[0] for line in block.splitlines()}
    explained = set()
    for line in common.text_of(root, DOCUMENT).splitlines():
        if line.startswith("|"):
            explained |= set(re.findall(r"`([a-z0-9.+-]+)`", line.split("|")[1]))
    return [f"dev: {name} is not explained in {DOCUMENT}" for name in sorted(listed - explained)] + [
        f"{DOCUMENT}: {name} is not installed by ./dev" for name in sorted(explained - listed)]


_DEV = "cat <<'LIST'\ncmake   build\nlibgrpc++-dev   calls\nLIST\n"
CASES = [
    ("equal", {"dev": _DEV, DOCUMENT: "| `cmake` `libgrpc++-dev` | why `other` |\n"}, None),
    ("not explained", {"dev": _DEV, DOCUMENT: "| `cmake` | why |\n"}, "libgrpc++-dev is not explained"),
    ("not installed", {"dev": _DEV, DOCUMENT: "| `cmake` `libgrpc++-dev` `qt` | why |\n"}, "qt is not installed"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
