"""The catalogues of translations: extract messages, merge them into each .po, compile the .mo.

``make messages`` does all three. The formats are those of GNU gettext, so that every editor of
translations can be used; what is read and written of them is what our catalogues hold.
"""

from __future__ import annotations

import ast
import difflib
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "helpdesk_tui"
SOURCES = (
    "app.py",
    "cli",
    "domain/setting",
    "screens",
    "widgets",
)
"""Where texts for people stand."""
PLURALS: Mapping[str, str] = {
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "sv": "nplurals=2; plural=(n != 1);",
    "pt_BR": "nplurals=2; plural=(n > 1);",
}
"""The languages there are catalogues of, and their plural forms."""
KEY_CONTEXT = "key"
"""Context of the words in the footer: `open` is what a key does there, not a state."""

_ACTION = re.compile(r"[a-z-]+\.[a-z0-9-]+")
_CLOSE = 0.8
"""How alike two messages are for the translation of one to be worth a look for the other."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text of the program and its translation."""

    id: str
    plural: str = ""
    context: str = ""
    files: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    """Its translation, one text per plural form; empty where there is none."""
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return what a message is known by."""
        return self.context, self.id


@dataclass(slots=True)
class _Finder:
    """Collects the messages of one file."""

    file: str
    found: list[Message] = field(default_factory=list)
    told: set[ast.expr] = field(default_factory=set)
    """Marks inside of a row of the key table, whose place says what their texts are."""

    def walk(self, tree: ast.Module) -> None:
        if "/domain/" in self.file:
            self._settings(tree)
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.AnnAssign):
                self._table(node)

    def _call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        texts = [_text(each) for each in node.args]
        if node in self.told:
            return
        if name == "_" and texts:
            self._add(texts[0])
        elif name == "N_" and node.args:
            context = next((_text(each.value) for each in node.keywords), "")
            for text in _texts(node.args[0]):
                self._add(text, context=context)
        elif name == "pgettext" and len(texts) > 1:
            self._add(texts[1], context=texts[0])
        elif name == "ngettext" and len(texts) > 1:
            self._add(texts[0], plural=texts[1])
        elif "widgets/keys" in self.file and (name == "Key" or _ACTION.fullmatch((*texts, "")[0])):
            self._key(node, texts)

    def _settings(self, tree: ast.Module) -> None:
        """Take what settings and their values mean: the domain marks nothing itself."""
        for statement in tree.body:
            if isinstance(statement, ast.Expr):
                continue
            for node in ast.walk(statement):
                texts = node.args if isinstance(node, ast.Call) else []
                values = node.values if isinstance(node, ast.Dict) else []
                for each in texts:
                    self._add(text if " " in (text := _text(each)) else "")
                for each in values:
                    self._add(_text(each) if each is not None else "")

    def _table(self, node: ast.AnnAssign) -> None:
        """Take the texts of a table whose type says that they are marked."""
        kind = node.annotation.value if isinstance(node.annotation, ast.Subscript) else None
        name = kind.id if isinstance(kind, ast.Name) else ""
        if name in ("Marked", "MarkedKeys"):
            context = KEY_CONTEXT if name == "MarkedKeys" else ""
            for text in _texts(node.value):
                self._add(text, context=context)

    def _key(self, node: ast.Call, texts: list[str]) -> None:
        """Take the words of a row of the key table, marked or not."""
        marks = [each for each in node.args if isinstance(each, ast.Call) and each.args]
        self.told.update(marks)
        texts = [
            _text(each.args[0]) if each in marks and isinstance(each, ast.Call) else text
            for each, text in zip(node.args, texts, strict=True)
        ]
        if len(texts) > 3:
            self._add(texts[2], context=KEY_CONTEXT)
            self._add(texts[3])
            for keyword in node.keywords:
                if keyword.arg == "series":
                    self._add(_text(keyword.value))

    def _add(self, text: str, *, plural: str = "", context: str = "") -> None:
        if text:
            self.found.append(Message(text, plural, context, (self.file,)))


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr | None) -> Iterator[str]:
    """Return the texts of a table: values of mappings, items of sequences, arguments of rows."""
    match node:
        case ast.Constant(value=str(text)):
            # names of actions and addresses stand in tables beside their words
            if not _ACTION.fullmatch(text) and not text.startswith("https://"):
                yield text
        case ast.Dict():
            for value in node.values:
                yield from _texts(value)
        case ast.Tuple() | ast.List():
            for item in node.elts:
                yield from _texts(item)
        case ast.Call():
            for argument in (*node.args, *(each.value for each in node.keywords)):
                yield from _texts(argument)
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)


def source_files() -> list[Path]:
    """Return the files that hold texts for people."""
    found: list[Path] = []
    for name in SOURCES:
        path = PACKAGE / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path for path in found if "demo" not in path.parts]


def messages_of(source: str, file: str) -> list[Message]:
    """Return the marked texts of one file, in their order."""
    finder = _Finder(file)
    finder.walk(ast.parse(source))
    return finder.found


def extract() -> list[Message]:
    """Return the messages of the program, each once, with the files it stands in."""
    found: dict[tuple[str, str], Message] = {}
    for path in source_files():
        for message in messages_of(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()):
            known = found.get(message.key, message)
            files = tuple(dict.fromkeys((*known.files, *message.files)))
            found[message.key] = replace(known, files=files, plural=known.plural or message.plural)
    return list(found.values())


def merge(program: Iterable[Message], catalogue: Iterable[Message]) -> list[Message]:
    """Return the program's messages with the translations there are.

    What the program says no longer goes; its translation is proposed, as fuzzy, for a new message
    that is nearly the same.
    """
    wanted = list(program)
    held = {each.key: each for each in catalogue}
    ids = {each.key for each in wanted}
    free = {each.id: each for each in held.values() if each.key not in ids and any(each.forms)}
    merged = []
    for message in wanted:
        known = held.get(message.key)
        if known is not None and bool(known.plural) == bool(message.plural):
            merged.append(replace(message, forms=known.forms, fuzzy=known.fuzzy))
            continue
        near = difflib.get_close_matches(message.id, free, 1, _CLOSE) if free else []
        like = free[near[0]] if near else None
        fits = like is not None and bool(like.plural) == bool(message.plural)
        merged.append(
            replace(message, forms=like.forms, fuzzy=True) if like is not None and fits else message
        )
    return merged


# the written form ----------------------------------------------------------------------------

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"((?:[^"\\]|\\.)*)"')


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)


def forms_of(language: str) -> int:
    """Return how many plural forms a language has."""
    return int(PLURALS[language].partition("=")[2].partition(";")[0])


def header(language: str) -> str:
    """Return the head of a catalogue."""
    return (
        f"Project-Id-Version: helpdesk-tui\nLanguage: {language}\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {PLURALS[language]}\n"
    )


def write_po(language: str, messages: Iterable[Message]) -> str:
    """Return a catalogue as the text of a .po file."""
    lines = ['msgid ""', 'msgstr ""']
    lines += [_quoted(line) for line in header(language).splitlines(keepends=True)]
    for message in messages:
        lines += ["", *(f"#: {file}" for file in message.files)]
        marks = ["fuzzy"] if message.fuzzy else []
        marks += ["python-brace-format"] if "{" in message.id else []
        lines += [f"#, {', '.join(marks)}"] if marks else []
        lines += [f"msgctxt {_quoted(message.context)}"] if message.context else []
        lines.append(f"msgid {_quoted(message.id)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            forms = message.forms or ("",) * forms_of(language)
            lines += [f"msgstr[{place}] {_quoted(form)}" for place, form in enumerate(forms)]
        else:
            lines.append(f"msgstr {_quoted((*message.forms, '')[0])}")
    return "\n".join(lines) + "\n"


def read_po(text: str) -> list[Message]:
    """Return the messages of a .po file, without its head and without obsolete ones."""
    found: list[Message] = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.splitlines()]
        parts: dict[str, str] = {}
        name = ""
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                continue
            name = match[1] or name
            parts[name] = parts.get(name, "") + _plain(match[2])
        if not parts.get("msgid"):
            continue
        forms = tuple(text for name, text in parts.items() if name.startswith("msgstr"))
        files = tuple(line[3:] for line in lines if line.startswith("#: "))
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        found.append(
            Message(
                parts["msgid"],
                parts.get("msgid_plural", ""),
                parts.get("msgctxt", ""),
                files,
                forms if any(forms) else (),
                fuzzy,
            )
        )
    return found


def compile_mo(language: str, messages: Iterable[Message]) -> bytes:
    """Return a catalogue as a .mo file: what is translated, and nothing that is only proposed."""
    texts = {"": header(language)}
    for message in messages:
        if message.fuzzy or not message.forms or not all(message.forms):
            continue
        start = f"{message.context}\x04" if message.context else ""
        end = f"\0{message.plural}" if message.plural else ""
        texts[f"{start}{message.id}{end}"] = "\0".join(message.forms)
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    keys, values = b"", b""
    places: list[tuple[int, int, int, int]] = []
    for key, value in pairs:
        places.append((len(key), len(keys), len(value), len(values)))
        keys, values = keys + key + b"\0", values + value + b"\0"
    first = 28 + 16 * len(pairs)
    table = b"".join(struct.pack("<2I", size, first + at) for size, at, *_ in places)
    table += b"".join(struct.pack("<2I", size, first + len(keys) + at) for *_, size, at in places)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + table + keys + values


# the files -----------------------------------------------------------------------------------


def po_file(language: str) -> Path:
    """Return where the catalogue of a language stands."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "helpdesk.po"


def main() -> int:
    """Bring every catalogue up to date and say what each still lacks."""
    program = extract()
    for language in PLURALS:
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        held = read_po(path.read_text("utf-8")) if path.exists() else []
        messages = merge(program, held)
        path.write_text(write_po(language, messages), "utf-8")
        path.with_suffix(".mo").write_bytes(compile_mo(language, messages))
        left = sum(not each.forms for each in messages)
        fuzzy = sum(each.fuzzy for each in messages)
        sys.stdout.write(
            f"{language}: {len(messages)} messages, {left} to translate, {fuzzy} to look at\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
