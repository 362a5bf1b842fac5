"""Inline icons, drawn once from the lucide package and kept."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django.utils.safestring import SafeString
from lucide import IconDoesNotExist

_SVG = "http://www.w3.org/2000/svg"


@cache
def icon_svg(name: str, css: str = "icon") -> SafeString:
    """The icon as a decoration: its meaning is always written beside it. Raises IconDoesNotExist."""
    try:
        drawing = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314 (the package's own files)
    except KeyError:
        raise IconDoesNotExist(f"The icon {name!r} does not exist.") from None
    for node in drawing.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
    own = {"width": "20", "height": "20", "class": css, "aria-hidden": "true", "stroke-width": "1.8"}
    drawing.attrib.update(own)
    return SafeString("".join(line.strip() for line in ElementTree.tostring(drawing, encoding="unicode").splitlines()))


@cache
def _drawings() -> ZipFile:
    """All of lucide's drawings. Its own tag opens the file anew for each icon, which takes longer than most pages."""
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))
