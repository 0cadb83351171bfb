"""What the checks share: listing our files, reading C++ without its comments and strings, and a main function.

A check is a module with `findings(root) -> list of sentences`, each naming a file, and `CASES`, small trees that show
that it can fail. `python3 x_check.py ROOT` judges a checkout; `python3 x_check.py --self-test` judges the check.
"""

import pathlib
import sys
import tempfile

CODE = (".h", ".cpp")
# Not ours to judge: data made by other programs, inputs of fuzz targets, build folders, hidden folders.
SKIPPED = ("tests/data/", "tests/fuzz/corpus/", "build")
HIDDEN_OF_OURS = (".cmake/", ".ci/")


def files(root, folders=None, endings=None):
    """Relative paths of our files, sorted; only below `folders`, only with `endings`, when these are given."""
    root = pathlib.Path(root)
    found = []
    pending = [root / folder for folder in folders] if folders else [root]
    while pending:
        folder = pending.pop()
        if not folder.is_dir():
            continue
        for entry in folder.iterdir():
            name = entry.relative_to(root).as_posix() + ("/" if entry.is_dir() else "")
            if name.startswith(SKIPPED) or entry.is_symlink():
                continue
            if name.startswith(".") and not name.startswith(HIDDEN_OF_OURS):
                continue
            if entry.is_dir():
                if entry.name != "__pycache__":
                    pending.append(entry)
            elif endings is None or name.endswith(tuple(endings)):
                found.append(name)
    return sorted(found)


def text_of(root, name):
    return (pathlib.Path(root) / name).read_text(encoding="utf-8", errors="replace")


def code_only(text):
    """C++ with comments, strings and characters blanked out; lines and columns stay where they are."""
    out = []
    at = 0
    end = len(text)

    def blank(stop):
        nonlocal at
        out.append("".join(c if c == "\n" else " " for c in text[at:stop]))
        at = stop

    while at < end:
        two = text[at : at + 2]
        if two == "//":
            stop = text.find("\n", at)
            blank(end if stop < 0 else stop)
        elif two == "/*":
            stop = text.find("*/", at + 2)
            blank(end if stop < 0 else stop + 2)
        elif two == 'R"' and not (at and (text[at - 1].isalnum() or text[at - 1] == "_")):
            opening = text.find("(", at)
            closing = ")" + text[at + 2 : opening] + '"'
            stop = text.find(closing, opening)
            blank(end if stop < 0 else stop + len(closing))
        elif text[at] == '"' or (text[at] == "'" and not (at and text[at - 1].isalnum())):
            # An apostrophe behind a digit or letter separates digits.
            quote = text[at]
            stop = at + 1
            while stop < end and text[stop] not in (quote, "\n"):
                stop += 2 if text[stop] == "\\" else 1
            blank(min(end, stop + 1))
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _self_test(findings, cases):
    failures = []
    for title, tree, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            found = findings(folder)
        if expected is None:
            if found:
                failures.append(f"{title}: expected nothing, got {found}")
        elif not any(expected in sentence for sentence in found):
            failures.append(f"{title}: expected '{expected}', got {found}")
    if not any(expected is None for _, _, expected in cases):
        failures.append("no case shows a tree that passes")
    if not any(expected is not None for _, _, expected in cases):
        failures.append("no case shows a tree that fails")
    return failures


def main(findings, cases):
    name = pathlib.Path(sys.argv[0]).stem.removesuffix("_check").replace("_", " ")
    if sys.argv[1:] == ["--self-test"]:
        found = _self_test(findings, cases)
        what = f"{len(cases)} cases"
    else:
        found = findings(sys.argv[1] if len(sys.argv) > 1 else ".")
        what = "ok"
    for sentence in found:
        print(sentence)
    print(f"{name}: {what if not found else str(len(found)) + ' findings'}")
    sys.exit(1 if found else 0)
