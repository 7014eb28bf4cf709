"""Real files as designers and phones make them, and some that mean harm."""

import io
import struct
import zlib

import ezdxf
import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

from portal.storage import Refused

register_heif_opener()
RED, SKY = (200, 40, 40), (220, 236, 250)
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825


def ending(make):
    """The code of the sentence that `make` ended with, or "shown"."""
    try:
        made = make()
    except Refused as refused:
        return refused.code
    return "shown" if made else "nothing"


def plan(path, *, text="平面布置图", size=(11400, 8600), more=None, fmt="asc"):
    """A flat in millimetres with a wall, a hatch and a Chinese title in a Windows font that is not here."""
    document = ezdxf.new("R2010")
    document.styles.new("宋体", dxfattribs={"font": "simsun.ttc"})
    model = document.modelspace()
    width, height = size
    model.add_lwpolyline([(0, 0), (width, 0), (width, height), (0, height)], close=True)
    if text:
        model.add_mtext(text, dxfattribs={"char_height": 900, "style": "宋体", "insert": (800, 6000)})
    if more:
        more(document, model)
    document.saveas(path, fmt=fmt)
    return path


def nested_blocks(path, levels=6, copies=10):
    """A few kilobytes that unfold to copies**levels lines."""
    document = ezdxf.new("R2010")
    for level in range(levels):
        block = document.blocks.new(f"B{level}")
        for index in range(copies):
            if level:
                block.add_blockref(f"B{level - 1}", (index, level))
            else:
                block.add_line((index, 0), (index, 1))
    document.modelspace().add_blockref(f"B{levels - 1}", (0, 0))
    document.saveas(path)
    return path


def pdf(path, pages=1, size=(1191, 842), content=b"0.8 0.1 0.1 rg 20 20 300 200 re f"):
    """A PDF of empty-looking A3 sheets with one red rectangle, written by hand so that any size is possible."""
    kids = " ".join(f"{4 + index} 0 R" for index in range(pages))
    box = f"/MediaBox [0 0 {size[0]} {size[1]}]"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()]
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects += [f"<< /Type /Page /Parent 2 0 R {box} /Contents 3 0 R >>".encode()] * pages
    path.write_bytes(_numbered(objects))
    return path


def pdf_with_image(path, side, filler=b"\x00"):
    """A small PDF whose one picture unfolds to side² grey pixels."""
    packer = zlib.compressobj(9)
    row = filler * side
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    image = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (side, side, len(packed), packed)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Length 25 >>\nstream\n800 0 0 800 0 0 cm /I Do\nendstream",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 800] /Contents 3 0 R "
        b"/Resources << /XObject << /I 5 0 R >> >> >>",
        image,
    ]
    path.write_bytes(_numbered(objects))
    return path


def photographs(path, pages):
    """A PDF of scanned pages: noise, which is slow to draw and to pack."""
    document = pdfium.PdfDocument.new()
    noise = Image.effect_noise((1600, 1100), 90).convert("RGB")
    packed = io.BytesIO()
    noise.save(packed, "JPEG")
    for _ in range(pages):
        page = document.new_page(1191, 842)
        image = pdfium.PdfImage.new(document)
        image.load_jpeg(io.BytesIO(packed.getvalue()))
        image.set_matrix(pdfium.PdfMatrix().scale(1191, 842))
        page.insert_obj(image)
        page.gen_content()
    document.save(path)
    return path


def photo(path, form, orientation=6, size=(400, 300)):
    """A photo with a red upper edge as the sensor saw it, the telephone's name and the place where it was taken."""
    image = Image.new("RGB", size, SKY)
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 4), fill=RED)
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = orientation, "TELEPHONE-7"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 12.0, 1.0), 3: "E", 4: (121.0, 28.0, 2.0)})
    image.save(path, form, exif=exif.tobytes(), quality=90)
    return path


def pixel_bomb(path, side=30000):
    """A PNG of side² pixels in about 100 kB, written row by row."""
    packer = zlib.compressobj(9)
    row = b"\x00" + bytes(side // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b""))
    return path


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _numbered(objects):
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
