"""Sizes at which a reader loses the thread: a .cpp over 600 lines, a function over 70, a line over 100 columns.

Debts are listed in sizes.txt with their present size and may only shrink: an entry fails when the size grew, when it
became smaller (lower the entry), and when it is no longer needed (delete it). Lines have no list.
"""

import pathlib
import re

import common

LIST = "tests/checks/sizes.txt"
MAX_FILE, MAX_FUNCTION, MAX_COLUMNS = 600, 70, 100
SCOPE = re.compile(r"^\s*(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b|^\s*template\s*<[^{}]*>\s*(?:class|struct|union)\b")
# A macro that stands alone on its line, as Q_DECLARE_METATYPE(X) does, is no part of what follows.
MACRO = re.compile(r"^[A-Z][A-Z0-9_]*\(.*\)[ \t]*$", re.MULTILINE)
NAME = re.compile(r"([~\w]+(?:::[~\w]+)*|operator\s*[^\s\w(]+)\s*\($")


def name_before(head, opening):
    """The name in front of the parameter list whose '(' stands at `opening`."""
    match = NAME.search(head[: opening + 1])
    return match.group(1) if match else "?"


def functions(text):
    """(name, first line, lines) of every function body that stands in a namespace or a class."""
    code = common.code_only(text)
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.MULTILINE)
    code = MACRO.sub(lambda m: " " * len(m.group()), code)
    found, stack, start = [], [], 0
    inside = 0  # depth within a function or an initialiser
    parentheses = 0
    for at, c in enumerate(code):
        if c in "([":
            parentheses += 1
        elif c in ")]":
            parentheses -= 1
        elif c == "{":
            head = code[start:at]
            if inside or parentheses > 0:
                inside += 1
                stack.append(("inner", 0, ""))
            elif SCOPE.search(head) and "(" not in re.sub(r"\b(?:alignas|__attribute__)\s*\([^)]*\)", "", head):
                stack.append(("scope", 0, ""))
                start = at + 1
            else:
                # A body, or a braced initialiser: only a body follows a parameter list.
                # clang-format puts a space before a body and none between a member and its initialiser.
                opening = head.find("(")
                kind = "function" if opening >= 0 and re.search(r"[^=,\s]\s+$", head) else "other"
                inside += 1
                first = start + len(head) - len(head.lstrip())
                stack.append((kind, first, name_before(head, opening) if kind == "function" else ""))
        elif c == "}" and stack:
            kind, first, name = stack.pop()
            if kind != "scope":
                inside -= 1
            if kind == "function":
                line = code.count("\n", 0, first) + 1
                found.append((name, line, code.count("\n", first, at) + 1))
            if kind in ("scope", "function"):
                start = at + 1
        elif c == ";" and not inside and parentheses == 0:
            start = at + 1
        elif c == ":" and not inside and re.search(r"\b(?:public|private|protected|slots|signals)\s*$", code[start:at]):
            start = at + 1
    return found


def read_list(root):
    path = pathlib.Path(root) / LIST
    debts, wrong = {}, []
    if not path.exists():
        return debts, wrong
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 3 or not words[2].isdigit():
            wrong.append(f"{LIST}:{number}: expected 'path file|function-name lines'")
            continue
        debts[(words[0], words[1])] = int(words[2])
    return debts, wrong


def judge(name, what, line, size, limit, debts, found):
    debt = debts.pop((name, what), None)
    where = f"{name}:{line}: {what}"
    if size <= limit:
        if debt is not None:
            found.append(f"{where} has {size} lines now: delete its entry in {LIST}")
    elif debt is None:
        found.append(f"{where} has {size} lines, more than {limit}")
    elif size > debt:
        found.append(f"{where} has {size} lines, its debt in {LIST} is {debt} and may only shrink")
    elif size < debt:
        found.append(f"{where} has {size} lines now: lower its entry in {LIST}")


def findings(root):
    debts, found = read_list(root)
    for name in common.files(root, ("src", "node", "ui", "tests"), common.CODE):
        text = common.text_of(root, name)
        lines = text.splitlines()
        found += [f"{name}:{number}: {len(line)} columns, more than {MAX_COLUMNS}"
                  for number, line in enumerate(lines, 1) if len(line) > MAX_COLUMNS]
        judge(name, "file", 1, len(lines), MAX_FILE, debts, found)
        longest = {}
        for function, line, size in functions(text):
            if size > longest.get(function, (0, 0))[1]:
                longest[function] = (line, size)
        for function, (line, size) in longest.items():
            judge(name, function, line, size, MAX_FUNCTION, debts, found)
    return found + [f"{LIST}: {name} {what} is not there any more" for name, what in debts]


def _function(name, lines):
    return f"int {name}(int a) {{\n" + "    ++a;\n" * (lines - 2) + "}\n"


_LONG = "namespace a {\n\n" + _function("Room::longOne", 71) + "\n}  // namespace a\n"
_METHOD = "class A {\npublic:\n    int method() const {\n" + "        f({1, 2}, [] { return 3; });\n" * 70 + "    }\n};\n"
_CONSTRUCTOR = "A::A(int a)\n    : m_a(a), m_b({a}), m_c{a} {\n" + "    ++m_a;\n" * 70 + "}\n"
_TABLE = "const std::map<int, int> kTable = {\n" + "    {f(1), 2},\n" * 100 + "};\n"
_ENUM = "enum class E {\n" + "    A,\n" * 100 + "};\n"
CASES = [
    ("70 lines", {"src/a/A.cpp": _function("fits", 70)}, None),
    ("71 lines", {"src/a/A.cpp": _LONG}, "src/a/A.cpp:3: Room::longOne has 71 lines, more than 70"),
    ("a method", {"src/a/A.h": _METHOD}, "src/a/A.h:3: method has 72 lines"),
    ("a constructor", {"src/a/A.cpp": _CONSTRUCTOR}, "A::A has 73 lines"),
    ("a table and an enumeration are no functions", {"src/a/A.cpp": _TABLE + _ENUM}, None),
    ("braces in comments and strings", {"src/a/A.cpp": 'const char* a = "{(";  // {{\nchar b = \'{\';\n' * 80}, None),
    ("digit separators", {"src/a/A.cpp": "int a = 1'000;\n" + _function("fits", 60) + "int b = 1'000;\n"}, None),
    ("a macro without semicolon", {"src/a/A.cpp": "Q_DECLARE_METATYPE(std::function<void(A&)>)\n" + "\n" * 99 + _function("fits", 9)}, None),
    ("600 lines", {"src/a/A.cpp": "int a;\n" * 600}, None),
    ("601 lines", {"src/a/A.cpp": "int a;\n" * 601}, "file has 601 lines"),
    ("100 columns of letters, not bytes", {"src/a/A.cpp": "//" + "ü" * 98 + "\n"}, None),
    ("101 columns", {"src/a/A.cpp": "int a;\n//" + "x" * 99 + "\n"}, "A.cpp:2: 101 columns"),
    ("a debt", {"src/a/A.cpp": _LONG, LIST: "src/a/A.cpp Room::longOne 71  # why\n"}, None),
    ("a grown debt", {"src/a/A.cpp": "int a;\n" * 700, LIST: "src/a/A.cpp file 699\n"}, "may only shrink"),
    ("a shrunken debt", {"src/a/A.cpp": _LONG, LIST: "src/a/A.cpp Room::longOne 90\n"}, "lower its entry"),
    ("a paid debt", {"src/a/A.cpp": "int a;\n", LIST: "src/a/A.cpp file 700\n"}, "delete its entry"),
    ("a lost debt", {LIST: "src/a/A.cpp file 700\n"}, "not there any more"),
    ("a bad entry", {LIST: "src/a/A.cpp 700\n"}, "expected 'path"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
