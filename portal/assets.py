"""Static files under names that carry their content's hash, so that browsers may keep them for good.

css/portal.css and js/portal.js are contents pages: plain imports of the small files beside them, which a browser can
read as they are. Collected for serving, each becomes one file, so that a page costs one request for each.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

CONTENTS_PAGES = ("css/portal.css", "js/portal.js")

_CSS_IMPORT = re.compile(r'^@import url\("([^"]+)"\) layer\((\w+)\);$', re.MULTILINE)
_JS_IMPORT = re.compile(r'^import "\./([^"]+)"$', re.MULTILINE)
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


def _without_air(css: str) -> str:
    return _CSS_AROUND.sub(r"\1", _CSS_SPACE.sub(" ", _CSS_COMMENT.sub("", css))).strip()


class _Written:
    """Stands in for the storage a contents page came from, and answers with the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, name: str) -> ContentFile:
        return ContentFile(self.text.encode(), name=name)


class HashedAssets(CompressedManifestStaticFilesStorage):
    """Hash the imports between our ES modules as well (off by default in Django), and join the contents pages."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        whole = {name: (_Written(one_file(name, read)), name) for name in CONTENTS_PAGES if name in paths}
        yield from super().post_process({**paths, **whole}, *args, **kwargs)
