"""Pictures in a room: a file from anybody made into one of ours, and where it is kept.

What comes in is never kept: it is decoded within bounds, turned upright, made small and written afresh as WebP, so that
neither the place it was taken at nor anything hidden in it survives. Files have random names and no way to them but a
message's own door.
"""

import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image, ImageOps

from portal.errors import Refusal

BYTES = 8 * 1024 * 1024
PIXELS = 24_000_000  # decoded: what a phone takes today
SIDE = 1600  # of what is kept
BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
LEFT_OVER = timedelta(days=1)  # a file without a row goes after this

Image.MAX_IMAGE_PIXELS = PIXELS  # more is refused while only the head of the file has been read


class NotAPicture(Refusal):
    code, message, status = "not_a_picture", "This is not a picture we can show. Choose a JPEG, PNG or WebP file.", 422


class PictureTooLarge(Refusal):
    code, message, status = "picture_too_large", "This picture is too large. Choose one of up to 8 megabytes.", 422


class NoWordsForPicture(Refusal):
    code, status = "no_words_for_picture", 422
    message = "Say in a few words what the picture shows, for people who cannot see it."


class PicturesOff(Refusal):
    code, message, status = "pictures_off", "This group does not share pictures.", 403


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture made ours, not yet kept."""

    webp: bytes
    width: int
    height: int
    alt: str


def fit(file: IO[bytes], size: int, *, alt: str) -> Fitted:
    """The picture in a file, as it may be kept. Raises NotAPicture, PictureTooLarge or NoWordsForPicture."""
    alt = " ".join(alt.split())
    if not alt:
        raise NoWordsForPicture
    if size > BYTES:
        raise PictureTooLarge
    given = file.read(BYTES + 1)
    if not given.startswith(BEGINNINGS) and not (given[:4] == b"RIFF" and given[8:12] == b"WEBP"):
        raise NotAPicture
    try:
        with Image.open(BytesIO(given), formats=["PNG", "JPEG", "WEBP"]) as came:
            if came.width * came.height > PIXELS:
                raise PictureTooLarge
            return _ours(came, alt)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge from None
    except (OSError, ValueError, SyntaxError, struct.error, EOFError):
        raise NotAPicture from None


def _ours(came: Image.Image, alt: str) -> Fitted:
    upright = ImageOps.exif_transpose(came)
    upright.thumbnail((SIDE, SIDE))
    drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    bare = Image.new(drawn.mode, drawn.size)  # a sheet without profile, comment or place
    bare.paste(drawn)
    out = BytesIO()
    bare.save(out, "WEBP", quality=80)
    return Fitted(out.getvalue(), bare.width, bare.height, alt)


def put(picture: Fitted) -> str:
    """Write the file; gives the name it has. Without a row that names it, it is swept away."""
    name = secrets.token_hex(16)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with path(name).open("xb") as file:
        path(name).chmod(0o600)
        file.write(picture.webp)
    return name


def folder() -> Path:
    """Where the files are."""
    return Path(settings.DATA_DIR) / "pictures"


def path(name: str) -> Path:
    """The file of this name."""
    return folder() / f"{name}.webp"


def drop(name: str) -> None:
    """Delete the file of this name. That it is gone already does no harm."""
    path(name).unlink(missing_ok=True)


def sweep(named: set[str], *, at: datetime) -> int:
    """Delete files that nothing names, once they are a day old; says how many."""
    gone = 0
    for file in folder().glob("*.webp") if folder().exists() else ():
        if file.stem not in named and file.stat().st_mtime < (at - LEFT_OVER).timestamp():
            file.unlink(missing_ok=True)
            gone += 1
    return gone
