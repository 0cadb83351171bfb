"""What no file of the repository should say: paths of one machine, promises instead of work, waiting by the clock."""

import re

import common

# The words are put together here so that this file does not find itself.
WORDS = [
    ("path of a machine", re.compile(r"(?<![\w.}])/(?:" + "|".join(("work", "root", "farm", r"home/\w+")) + r")/"), ""),
    ("unfinished work", re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b"), ""),
    ("waiting by the clock", re.compile(
        r"\bsleep_(?:for|until)\b|\bQTest::q(?:Sleep|Wait)\s*\(|(?<![\w.])u?sleep\s*\(|\bnanosleep\s*\(|\bQThread::m?u?sleep"),
     "tests/"),
    ("a test that is passed over", re.compile(r"\bQSK" + r"IP\b|\bQEXPECT_" + r"FAIL\b"), "tests/"),
]
ENDINGS = (".h", ".cpp", ".txt", ".cmake", ".json", ".md", ".py", ".proto", ".sh", ".yaml", ".yml", ".svg", "dev", "run")


def findings(root):
    found = []
    for name in common.files(root, endings=ENDINGS):
        text = common.text_of(root, name)
        if name.endswith(common.CODE) and "tests/" in name:
            code = common.code_only(text)
        else:
            code = text
        for what, pattern, prefix in WORDS:
            if not name.startswith(prefix) or name == "tests/checks/text_check.py":
                continue
            # Comments may speak of waiting; only code waits.
            for number, line in enumerate((code if prefix else text).splitlines(), 1):
                match = pattern.search(line)
                if match:
                    found.append(f"{name}:{number}: {what}: {match.group().strip()}")
    return found


CASES = [
    ("plain", {"src/a/A.cpp": "int a;\n", "README.md": "build it\n"}, None),
    ("own folder names", {"src/a/A.cpp": '#include "src/framework/X.h"\n', "dev": "cd ./work/x\n"}, None),
    ("machine path", {"README.md": "see /" + "work/x\n"}, "README.md:1: path of a machine"),
    ("home path", {"src/a/A.cpp": "// from /" + "home/someone/x\n"}, "path of a machine"),
    ("hidden folders of ours", {".cmake/X.cmake": "set(x /" + "root/x)\n"}, "path of a machine"),
    ("promise", {"src/a/A.cpp": "// TO" + "DO: all\n"}, "unfinished work"),
    ("sleep", {"tests/src/a/ATest.cpp": "std::this_thread::sleep_for(x);\n"}, "waiting by the clock"),
    ("C sleep", {"tests/src/a/ATest.cpp": "    sleep(1);\n"}, "waiting by the clock"),
    ("waiting for an event", {"tests/src/a/ATest.cpp": "QTest::qWaitFor(done); // no sleep(1)\n"}, None),
    ("waiting in Qt", {"tests/src/a/ATest.cpp": "QTest::qWait(5);\n"}, "waiting by the clock"),
    ("passed over", {"tests/src/a/ATest.cpp": "QSK" + 'IP("no");\n'}, "passed over"),
    ("data of others", {"tests/data/x.md": "/" + "work/x TO" + "DO\n"}, None),
]

if __name__ == "__main__":
    common.main(findings, CASES)
