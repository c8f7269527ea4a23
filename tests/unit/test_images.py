"""Pictures: upright, small, without the camera's notes; what is no picture is refused."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from deliberate.kernel import images
from deliberate.kernel.filetypes import BadFile, FileType
from deliberate.kernel.images import read_picture

RED, BLUE = (220, 20, 20), (20, 20, 220)


def saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    """Return the picture as a file."""
    out = io.BytesIO()
    picture.save(out, file_format, **options)
    return out.getvalue()


def two_colours(width: int, height: int) -> Image.Image:
    """Return a picture whose upper half is red and whose lower half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (0, height // 2, width, height))
    return picture


def notes() -> Image.Exif:
    """Return what a telephone writes: turned by 90 degrees, its maker, the place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telefon Anny"
    exif.get_ifd(0x8825)[2] = (52.0, 13.0, 48.0)
    return exif


def promised_png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says how large it is going to be."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    body = b"IDAT" + zlib.compress(b"\x00")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk
        + struct.pack(">I", len(body) - 4)
        + body
        + struct.pack(">I", zlib.crc32(body))
    )


def promised_jpeg(width: int, height: int) -> bytes:
    """Return a small JPEG whose frame header says that it is large."""
    small = saved(two_colours(8, 8), "JPEG")
    frame = small.index(b"\xff\xc0") + 5
    return small[:frame] + struct.pack(">HH", height, width) + small[frame + 4 :]


@pytest.mark.parametrize(
    ("file_format", "kind"),
    [("JPEG", FileType.JPEG), ("PNG", FileType.PNG), ("WEBP", FileType.WEBP)],
)
def test_a_picture_is_turned_upright_and_loses_its_notes(file_format: str, kind: FileType) -> None:
    sent = saved(two_colours(80, 40), file_format, exif=notes(), icc_profile=b"Profil Anny")

    picture = read_picture(sent)

    assert (picture.width, picture.height, picture.type) == (40, 80, kind)
    assert b"Ann" not in picture.content
    with Image.open(io.BytesIO(picture.content)) as shown:
        assert shown.size == (40, 80)
        assert not shown.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & shown.info.keys()
        right, left = (
            shown.convert("RGB").getpixel((35, 40)),
            shown.convert("RGB").getpixel((5, 40)),
        )
    # Turned by 90 degrees to the right, what was above is on the right.
    assert right == pytest.approx(RED, abs=40)
    assert left == pytest.approx(BLUE, abs=40)


def test_texts_inside_a_png_are_left_out() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Anna")
    texts.add_itxt("XML:com.adobe.xmp", "Anna")

    assert b"Anna" not in read_picture(saved(two_colours(4, 4), "PNG", pnginfo=texts)).content


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("sent", "kept"),
    [((3200, 1000), (1600, 500)), ((1601, 5), (1600, 5)), ((1600, 20), (1600, 20))],
)
def test_a_wide_picture_is_made_narrower(
    file_format: str, sent: tuple[int, int], kept: tuple[int, int]
) -> None:
    picture = read_picture(saved(two_colours(*sent), file_format))

    assert (picture.width, picture.height) == kept


def test_the_picture_of_a_telephone_is_taken_though_it_has_24_megapixels() -> None:
    sent = saved(Image.new("RGB", (5712, 4284), RED), "JPEG", quality=30)

    assert read_picture(sent).width == images.MAX_WIDTH


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_kind_of_png_is_taken_and_keeps_its_transparency(mode: str) -> None:
    picture = read_picture(saved(Image.new(mode, (8, 8)), "PNG"))

    with Image.open(io.BytesIO(picture.content)) as shown:
        assert shown.has_transparency_data is (mode in {"LA", "RGBA"})


def test_colours_for_print_become_colours_for_the_screen() -> None:
    picture = read_picture(saved(Image.new("CMYK", (8, 8)), "JPEG"))

    with Image.open(io.BytesIO(picture.content)) as shown:
        assert shown.mode == "RGB"


def test_of_a_moving_picture_the_first_frame_stays() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    sent = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)

    with Image.open(io.BytesIO(read_picture(sent).content)) as shown:
        assert not shown.is_animated
        assert shown.convert("RGB").getpixel((4, 4))[0] > 180


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", images.NO_PICTURE),
        (b"GIF89a\x01\x00\x01\x00", images.NO_PICTURE),
        (saved(two_colours(4, 4), "GIF"), images.NO_PICTURE),
        (saved(two_colours(4, 4), "TIFF"), images.NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", images.NO_PICTURE),
        (saved(two_colours(400, 400), "JPEG")[:900], images.NO_PICTURE),
        (promised_png(100, 100), images.NO_PICTURE),
        (promised_png(100, 100) + b"\x00\x00\x00\x01IDA\x00", images.NO_PICTURE),
        (promised_jpeg(8_000, 6_000), images.TOO_MANY_PIXELS),
        (promised_png(30_000, 30_000), images.TOO_MANY_PIXELS),
        (promised_png(4_000, 4_000), images.TOO_MANY_PIXELS),
        (b"\x00" * (images.MOST_BYTES + 1), images.TOO_BIG),
    ],
)
def test_what_is_no_picture_for_us(data: bytes, message: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_picture(data)

    assert refused.value.message == message


WHOLE = [saved(two_colours(16, 16), file_format) for file_format in ("JPEG", "PNG", "WEBP")]


@given(st.sampled_from(WHOLE), st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_a_picture_or_is_refused(whole: bytes, at: int, damage: bytes) -> None:
    at %= len(whole)
    damaged = whole[:at] + damage + whole[at + len(damage) :]

    try:
        picture = read_picture(damaged)
    except BadFile:
        return
    assert picture.content
