"""Every text of the console is there in Chinese, and every number in both languages: what lupdate finds below ui/ is
held against resources/translations. `./dev translate` adds what is new; a person fills it in.
"""

import pathlib
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import common

FOLDER = "resources/translations"
LANGUAGES = {"zh_CN": [], "en": ["-pluralonly"]}


def lupdate():
    """The program of Qt 6; Debian keeps it out of the path."""
    beside = pathlib.Path("/usr/lib/qt6/bin/lupdate")
    return str(beside) if beside.exists() else shutil.which("lupdate")


def messages(path):
    """{(context, source, comment): (state, forms)} of a .ts file."""
    found = {}
    for context in ElementTree.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            key = (context.findtext("name"), message.findtext("source"), message.findtext("comment") or "")
            found[key] = (translation.get("type", ""), forms)
    return found


def places(text):
    """%1, %2 … and %n that a text has."""
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at] == "%" and text[at + 1] in "123456789n"}


def findings(root):
    root = pathlib.Path(root)
    program = lupdate()
    if program is None:
        return [f"{FOLDER}: lupdate is missing; ./dev build installs it"]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for language, options in LANGUAGES.items():
            name = f"{FOLDER}/chancery_{language}.ts"
            if not (root / name).exists():
                found.append(f"{name}: missing")
                continue
            wanted = pathlib.Path(folder) / f"{language}.ts"
            subprocess.run(
                [program, str(root / "ui"), "-I", str(root), "-ts", str(wanted), "-locations", "none", "-source-language", "en",
                 "-target-language", language, *options], check=True, capture_output=True)
            have = messages(root / name)
            for (context, source, comment), (_, _) in messages(wanted).items():
                state, forms = have.pop((context, source, comment), ("missing", []))
                if state in ("missing", "unfinished") or not all(forms):
                    found.append(f"{name}: {context}: not translated: {source!r}")
                elif not options and any(places(form) != places(source) for form in forms):
                    found.append(f"{name}: {context}: other places than the source: {source!r}")
            found += [f"{name}: {context}: no longer used: {source!r}" for context, source, _ in have]
    return found


def _ts(language, inner):
    return (f'<?xml version="1.0"?><TS version="2.1" language="{language}">'
            f"<context><name>A</name>{inner}</context></TS>")


def _case(title, zh, expected, en=""):
    return (title, {
        "ui/A.cpp": 'struct A : QObject { Q_OBJECT QString a() { return tr("Open %1"); } };\n',
        f"{FOLDER}/chancery_zh_CN.ts": _ts("zh_CN", zh),
        f"{FOLDER}/chancery_en.ts": _ts("en", en),
    }, expected)


_GOOD = "<message><source>Open %1</source><translation>打开 %1</translation></message>"
CASES = [
    _case("complete", _GOOD, None),
    _case("new text", "", "not translated: 'Open %1'"),
    _case("unfinished", _GOOD.replace("<translation>", '<translation type="unfinished">'), "not translated"),
    _case("empty", _GOOD.replace("打开 %1", ""), "not translated"),
    _case("lost place", _GOOD.replace("打开 %1", "打开"), "other places"),
    _case("left over", _GOOD + _GOOD.replace("Open %1", "Shut"), "no longer used: 'Shut'"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
