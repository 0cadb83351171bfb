"""What a use case can tell a person has a template in the console's other languages: every reason of an error, finding or
cause, and every id given to say(), in the rooms that the console browses ledgers with, stands in ui/models/SentenceIds*.cpp
(the translations check then asks for the translation). And the other way round: no template for what nobody says.
"""

import pathlib
import re

import common

ROOMS = ["src/" + room for room in (
    "base", "wire", "crypto", "store", "identity", "policy", "protocol", "channel", "verify", "index", "usecase")]
TABLE = "ui/models/SentenceIds.cpp"
TABLES = "ui/models/SentenceIds*.cpp"
SUBJECTS = "src/channel/Subjects.cpp"
ID = r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"'
# Where an id stands: in front of its sentence or of an error's, as a reason, or as one of two in a say().
PLACES = [
    rf"\b(?:makeError\(\s*(?:[\w:]*StatusCode::)?\w+|say\(|refuse\(|invalid\(|noText\(),?\s*{ID}",
    rf"\{{\s*[\w:.]+,\s*{ID},\s*(?:fmt::format|\")",
    rf"\breason = {ID}",
    rf"\bid = {ID}",
    rf"\bid = [^;]*?\? {ID} : {ID}",
    rf"\b(?:form|content|add)\([^;()]*?,\s*{ID},\s*\"",
]


def said(root):
    """{id: file} of what the rooms tell."""
    found = {}
    for name in common.files(root, ROOMS, [".cpp", ".h"]):
        text = common.text_of(root, name)
        for place in PLACES:
            for match in re.finditer(place, text):
                for one in match.groups():
                    found.setdefault(one, name)
        if name == SUBJECTS:
            for subject in re.findall(r'Subject\{"([A-Z_]+)"', text):
                for kind in ("ADDED", "REMOVED", "CHANGED"):
                    found[f"CHANGE.{subject}_{kind}"] = name
    return found


def findings(root):
    root = pathlib.Path(root)
    tables = "".join(table.read_text(encoding="utf-8") for table in root.glob(TABLES))
    known = set(re.findall(r'"Sentences",\s*"([^"]+)"', tables))
    told = said(root)
    rooms = "".join(common.text_of(root, name) for name in common.files(root, ROOMS, [".cpp", ".h"]))
    found = [f"{name}: {one} is told, but {TABLE} has no template for it" for one, name in told.items() if one not in known]
    found += [f"{TABLE}: {one} is told nowhere" for one in known if one not in told and f'"{one}"' not in rooms]
    return found


def _case(title, code, table, expected):
    return (title, {"src/usecase/A.cpp": code, TABLE: f'QT_TRANSLATE_NOOP("Sentences", "{table}")'}, expected)


CASES = [
    _case("known", 'makeError(StatusCode::kInternal, "NO_WAY", "there is none")', "NO_WAY", None),
    _case("error", 'makeError(StatusCode::kInternal, "NO_ROAD", "there is none")', "NO_WAY", "NO_ROAD is told"),
    _case("sentence", 'return say("LOST", "it is lost");', "NO_WAY", "LOST is told"),
    _case("choice", 'x.id = a ? "ONE" : "TWO";', "ONE", "TWO is told"),
    _case("left over", 'return say("LOST", "it is lost");', "GONE", "GONE is told nowhere"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
