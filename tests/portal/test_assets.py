"""The style sheets and scripts as they are handed out: one file each, small, hashed."""

import json
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from portal.assets import MODULES, one_file, one_module

FILES = {
    "css/portal.css": '/* Contents. */\n@layer a, b;\n@import url("base.css") layer(a);\n'
    '@import url("parts/card.css") layer(b);\n',
    "css/base.css": "/* A reason; with { braces } */\nhtml {\n  color: red;\n}\n",
    "css/parts/card.css": '.card::before { content: "a b"; margin: 0 calc(1px + 2px); }\n',
    "js/portal.js": '// Both.\nimport "./one.js"\nimport "./two.js"\n',
    "js/one.js": "const link = 1\nfunction leave() {}\n",
    "js/two.js": "const link = 2\n",
}


def test_each_imported_sheet_stands_in_its_layer_without_comments() -> None:
    assert one_file("css/portal.css", FILES.__getitem__) == (
        '@layer a,b;@layer a{html{color: red;}}@layer b{.card::before{content: "a b";margin: 0 calc(1px + 2px);}}'
    )


def test_each_imported_script_keeps_its_names_to_itself() -> None:
    assert one_file("js/portal.js", FILES.__getitem__) == (
        "// Both.\n{\nconst link = 1\nfunction leave() {}\n}\n{\nconst link = 2\n}\n"
    )


def test_a_module_brings_along_what_it_imports_each_once_and_first() -> None:
    files = {
        "js/chat/room.js": 'import { Feed, LONG } from "./feed.js"\nimport { say } from "./words-of.js"\nsay(Feed)\n',
        "js/chat/feed.js": '// Why\nimport { say } from "./words-of.js"\nexport class Feed {}\nexport const LONG = 1\n',
        "js/chat/words-of.js": "const own = 1\nexport async function say() {}\n",
    }
    assert one_module("js/chat/room.js", files.__getitem__) == (
        "const module_words_of = (() => {\nconst own = 1\nasync function say() {}\nreturn { say }\n})()\n"
        "const module_feed = (() => {\nconst { say } = module_words_of\nclass Feed {}\nconst LONG = 1\n"
        "return { Feed, LONG }\n})()\n"
        "const module_room = (() => {\nconst { Feed, LONG } = module_feed\nconst { say } = module_words_of\nsay(Feed)\n"
        "return {  }\n})()\n"
    )


@pytest.fixture(scope="module")
def served() -> dict[str, Path]:
    """What collecting made of every file for the tests' own pages, by its own name."""
    hashed = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
    return {name: settings.STATIC_ROOT / path for name, path in hashed.items()}


def test_every_page_costs_one_style_sheet_and_one_script_within_the_budget(served: dict[str, Path]) -> None:
    css, js = served["css/portal.css"].read_text(), served["js/portal.js"].read_text()
    assert "@import" not in css
    assert "url(" not in css
    assert ".button-primary" in css
    assert not re.search(r"^import ", js, re.MULTILINE)
    assert len(brotli.compress(css.encode())) < 15_000
    asked_for = [served[name] for name in ("js/portal.js", *MODULES)]
    assert sum(len(brotli.compress(path.read_bytes())) for path in asked_for) < 25_000


def test_every_sheet_in_the_folder_is_in_the_contents_page() -> None:
    folder = Path("static/css")
    named = set(re.findall(r'@import url\("([^"]+)"\)', (folder / "portal.css").read_text()))
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.css")} - {"portal.css"} == named
