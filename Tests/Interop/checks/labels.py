"""Codes on labels: what is drawn is read by zxing-cpp, and what others draw, turn, blur and print is read by `stamp verify`."""

import base64
import json
import shutil
import subprocess
from io import BytesIO

import program
import segno
import zxingcpp
from PIL import Image, ImageFilter
from report import equal

ELEMENTS = "(01)09506000134352(10)ABC123(21)%s(17)261231"


def stamp(serial: str) -> str:
    """A code as formats.md section 5 writes it; its signature is of nobody, which reading does not ask."""
    signature = base64.b32encode(bytes(range(72))).decode().rstrip("=")
    return f"HTTPS://ID.EXAMPLE.CN/01/09506000134352/10/ABC123/21/{serial}?17=261231&S={signature}"


def pictures(image: Image.Image):
    """The picture as cameras and scanners bring it."""
    paper = Image.new("L", (image.width * 2, image.height * 2), 225)
    paper.paste(image, (image.width // 2, image.height // 2))
    yield "as it is", image
    for angle in (7, 33, 45, 90, 121, 200, 301):
        yield f"turned by {angle} degrees", paper.rotate(angle, Image.Resampling.BICUBIC, fillcolor=225)
    for radius in (0.8, 1.2):
        yield f"blurred by {radius}", paper.filter(ImageFilter.GaussianBlur(radius))
    for factor in (0.75, 1.37, 2.6):
        size = (round(paper.width * factor), round(paper.height * factor))
        yield f"scaled by {factor}", paper.resize(size, Image.Resampling.BICUBIC)
    tilted = (0, 0, 30, paper.height, paper.width - 20, paper.height - 40, paper.width, 0)
    yield "tilted", paper.transform(paper.size, Image.Transform.QUAD, tilted, Image.Resampling.BICUBIC)


def read_by_zxing(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def elements_read(path) -> str:
    """The elements that `stamp verify` finds in a picture; the verdict is unknownKey, since the key is nobody's."""
    found = program.output("stamp", "verify", path, "--json")
    assert found, f"{path.name}: nothing was read"
    return json.loads(found)["identity"]["elements"]


def check_drawn(folder) -> None:
    text = stamp("K7Q2M9X4T8WZ")
    file = folder / "stamp.png"
    for level in "LMQH":
        for resolution in (300, 600):
            size = ("--module-width", "0.25", "--dpi", resolution)
            program.run("stamp", "qr", text, "--format", "png", "--level", level, *size, "-o", file)
            equal(read_by_zxing(Image.open(file)), [text], f"level {level} at {resolution} dpi")
            file.unlink()


def check_pictures(folder) -> None:
    text = stamp("K7Q2M9X4T8WZ")
    file = folder / "plain.png"
    program.run("stamp", "qr", text, "--format", "png", "--module-width", "0.25", "-o", file)
    for name, picture in pictures(Image.open(file).convert("L")):
        for ending in ("png", "jpg"):
            changed = folder / f"changed.{ending}"
            picture.save(changed, quality=60)
            equal(elements_read(changed), ELEMENTS % "K7Q2M9X4T8WZ", f"{name}, {ending}")
    file.unlink()


def check_others(folder) -> None:
    file = folder / "other.png"
    for mask in range(8):
        for level in "lmqh":
            serial = f"M{mask}{level.upper()}"
            code = segno.make(stamp(serial), error=level, mask=mask, boost_error=False, micro=False)
            buffer = BytesIO()
            code.save(buffer, kind="png", scale=4)
            file.write_bytes(buffer.getvalue())
            equal(elements_read(file), ELEMENTS % serial, f"segno's, mask {mask}, level {level}")


def check_sheet(folder) -> None:
    assert shutil.which("pdftoppm"), "pdftoppm is missing: scripts/setup test"
    texts = [stamp(f"S{number:05}") for number in range(30)]
    (folder / "lot.txt").write_text("\n".join(texts) + "\n")
    sheet = folder / "lot.pdf"
    size = ("--columns", "5", "--rows", "6", "--module-width", "0.4")
    program.run("stamp", "qr", folder / "lot.txt", "--format", "pdf", *size, "-o", sheet)
    subprocess.run(["qpdf", "--check", sheet], check=True, capture_output=True, timeout=60)
    page = folder / "page"
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", sheet, page], check=True, timeout=60)
    equal(sorted(read_by_zxing(Image.open(folder / "page.png"))), sorted(texts), "the codes of the printed page")


def check(report, world) -> None:
    folder = world.directory / "labels"
    folder.mkdir()
    for name, section in (
        ("our pictures are read by zxing-cpp", check_drawn),
        ("turned, blurred, scaled and tilted ones are read by us", check_pictures),
        ("every mask and level of segno is read by us", check_others),
        ("a printed page is read by zxing-cpp", check_sheet),
    ):
        with report(name):
            section(folder)
