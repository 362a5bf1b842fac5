"""A picture somebody has on their device."""

from io import BytesIO
from os import urandom

from PIL import Image


def _drawn(size: tuple[int, int], kind: str) -> bytes:
    out = BytesIO()
    Image.frombytes("RGB", size, urandom(3 * size[0] * size[1])).save(out, kind)  # noise: it gets no smaller on its way
    return out.getvalue()


A_LAKE = {"name": "IMG_0001.png", "mimeType": "image/png", "buffer": _drawn((400, 300), "PNG")}
