"""Static files under names that carry their content's hash, so that browsers may keep them for good.

css/portal.css and js/portal.js are contents pages: plain imports of the small files beside them, which a browser can
read as they are. Collected for serving, each becomes one file, so that a page costs one request for each. So does a
module that stands in MODULES, with every module it imports.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

CONTENTS_PAGES = ("css/portal.css", "js/portal.js")
MODULES = ("js/features/chat/room.js",)

_CSS_IMPORT = re.compile(r'^@import url\("([^"]+)"\) layer\((\w+)\);$', re.MULTILINE)
_JS_IMPORT = re.compile(r'^import "\./([^"]+)"$', re.MULTILINE)
_JS_NAMED_IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./([\w-]+)\.js"$', re.MULTILINE)
_JS_EXPORT = re.compile(r"^export ((?:async )?(?:class|const|function) (\w+))", re.MULTILINE)
_JS_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")
_CSS_AROUND = re.compile(r"\s*([{};,])\s*")


def one_file(name: str, read: Callable[[str], str]) -> str:
    """The contents page with every file it imports written into it: each style sheet in its layer, each script in
    a block of its own."""
    folder = PurePosixPath(name).parent

    def sheet(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{ {read(str(folder / found[1]))} }}"

    def script(found: re.Match[str]) -> str:
        return "{\n" + read(str(folder / found[1])) + "}"

    if name.endswith(".css"):
        return _without_air(_CSS_IMPORT.sub(sheet, read(name)))
    return _JS_IMPORT.sub(script, read(name))


def one_module(name: str, read: Callable[[str], str]) -> str:
    """The module with all that it imports from its folder: each once, after what it needs, its names its own."""
    folder = PurePosixPath(name).parent
    order: dict[str, str] = {}

    def add(stem: str) -> None:
        if stem in order:
            return
        text = read(f"{folder / stem}.js")
        for found in _JS_NAMED_IMPORT.finditer(text):
            add(found[2])
        order[stem] = text

    add(PurePosixPath(name).stem)
    return "".join(_wrapped(stem, text) for stem, text in order.items())


def _wrapped(stem: str, text: str) -> str:
    exported = ", ".join(found[2] for found in _JS_EXPORT.finditer(text))
    text = _JS_NAMED_IMPORT.sub(lambda found: f"const {found[1]} = {_name_of(found[2])}", text)
    text = _JS_COMMENT_LINE.sub("", _JS_EXPORT.sub(r"\1", text))
    return f"const {_name_of(stem)} = (() => {{\n{text}return {{ {exported} }}\n}})()\n"


def _name_of(stem: str) -> str:
    return "module_" + stem.replace("-", "_")


def _without_air(css: str) -> str:
    return _CSS_AROUND.sub(r"\1", _CSS_SPACE.sub(" ", _CSS_COMMENT.sub("", css))).strip()


class _Written:
    """Stands in for the storage a contents page came from, and answers with the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, name: str) -> ContentFile:
        return ContentFile(self.text.encode(), name=name)


class HashedAssets(CompressedManifestStaticFilesStorage):
    """Hash the imports between our ES modules as well (off by default in Django), and join what belongs together."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        whole = {name: (_Written(one_file(name, read)), name) for name in CONTENTS_PAGES if name in paths}
        modules = {name: (_Written(one_module(name, read)), name) for name in MODULES if name in paths}
        yield from super().post_process({**paths, **whole, **modules}, *args, **kwargs)

    def compress_files(self, paths: Iterable[str]) -> Iterator[Any]:
        """Pages ask for hashed names alone."""
        return super().compress_files(set(paths) & set(self.hashed_files.values()))
