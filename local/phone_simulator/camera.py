"""The phone's camera: the text of the QR code in a picture."""

import io
from pathlib import Path

import zxingcpp
from PIL import Image

from local.phone_simulator.errors import UnreadableCode

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
SPOILED = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
"""What Pillow raises for a file that is missing, no picture, broken or absurdly large."""


def read_qr(picture: bytes | Path) -> str:
    """Return the text of the one QR code in a picture, given as a file's path or content.

    Raises UnreadableCode for a file that is no picture, a picture without a QR code, and one with several.
    """
    texts = {code.text for code in zxingcpp.read_barcodes(_seen(picture), formats=QR)}
    if len(texts) != 1:
        raise UnreadableCode(f"the picture must show one QR code, it shows {len(texts)}")
    return texts.pop()


def _seen(picture: bytes | Path) -> Image.Image:
    try:
        with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
            drawing = image.convert("RGBA")
    except SPOILED as broken:
        raise UnreadableCode("there is no picture to read a code from") from broken
    paper = Image.new("RGBA", drawing.size, "white")
    return Image.alpha_composite(paper, drawing).convert("L")
