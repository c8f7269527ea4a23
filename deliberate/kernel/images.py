"""Pictures that people add: checked, turned upright, made small, freed of the camera's notes."""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from deliberate.kernel.filetypes import BadFile, FileType
from deliberate.kernel.texts import N_

MOST_BYTES = 10 * 1024 * 1024
MAX_WIDTH = 1_600
# Decoded, a pixel takes three or four bytes. 12 million and a little: 4032 × 3024 of a telephone.
MOST_DECODED = 12_600_000
# A JPEG can be decoded at a half, a quarter or an eighth, so a larger one may come; not without
# end, because the progressive kind is held whole in memory before it is made smaller.
MOST_DECLARED = 26_000_000

TOO_BIG = N_("To zdjęcie jest za duże. Może mieć najwyżej 10 MB.")
TOO_MANY_PIXELS = N_("To zdjęcie ma za dużo punktów. Zmniejsz je do 12 megapikseli.")
NO_PICTURE = N_("Tego pliku nie da się odczytać jako zdjęcia. Przyjmujemy JPG, PNG i WEBP.")

# Every limit is ours and checked below; Pillow's own warns into the log at another number.
Image.MAX_IMAGE_PIXELS = None

_TYPES = {"JPEG": FileType.JPEG, "PNG": FileType.PNG, "WEBP": FileType.WEBP}
_SAVING: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as we keep and show it; ``content`` is never what was sent."""

    width: int
    height: int
    type: FileType
    content: bytes


def read_picture(data: bytes) -> Picture:
    """Return the picture upright, at most 1600 px wide, encoded anew in its own format.

    Nothing but the pixels is kept: no place, time, owner or preview. Of a moving picture the first
    frame stays. Raises BadFile, before any pixel is decoded where the size alone says no.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(TOO_BIG)
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_TYPES)) as opened:
            return _encoded(_upright(opened), str(opened.format))
    # All that Pillow raises for a broken file; it has no error of its own for most of it.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:
        raise BadFile(NO_PICTURE) from error


def _upright(opened: Image.Image) -> Image.Image:
    if opened.width * opened.height > MOST_DECLARED:
        raise BadFile(TOO_MANY_PIXELS)
    opened.draft(None, (MAX_WIDTH, MAX_WIDTH))  # heeded for JPEG only; changes what is decoded
    if opened.width * opened.height > MOST_DECODED:
        raise BadFile(TOO_MANY_PIXELS)
    ImageOps.exif_transpose(opened, in_place=True)  # in place: each copy may be 50 MB
    picture = _in_plain_mode(opened)
    if picture.width <= MAX_WIDTH:
        return picture
    height = max(1, round(picture.height * MAX_WIDTH / picture.width))
    return picture.resize((MAX_WIDTH, height), Image.Resampling.LANCZOS)


def _in_plain_mode(picture: Image.Image) -> Image.Image:
    """Return true colours, with transparency only where there was some."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _encoded(picture: Image.Image, file_format: str) -> Picture:
    picture.info = {}  # from here the writers of PNG and WebP would take profiles and notes
    out = io.BytesIO()
    picture.save(out, file_format, **_SAVING[file_format])
    return Picture(
        width=picture.width,
        height=picture.height,
        type=_TYPES[file_format],
        content=out.getvalue(),
    )
