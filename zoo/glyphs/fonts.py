"""The Debian fonts that the glyph pictures are drawn with.

Each file is named relative to /usr/share/fonts. A font is in the list only
when its digits are of full height, since old-style digits make 1 and I, or 0
and O, one and the same shape. MARKED_ZERO tells the fonts whose zero already
carries a slash or a dot; the others get a slash when they are drawn.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy
import PIL
from PIL import ImageFont, features

FONT_ROOT = Path("/usr/share/fonts")
RENDER_SIZE = 48  # pixels per em before the perspective step

# Debian package -> font files
FONTS: dict[str, list[str]] = {
    "fonts-dejavu-core": [
        "truetype/dejavu/DejaVuSans.ttf",
        "truetype/dejavu/DejaVuSans-Bold.ttf",
        "truetype/dejavu/DejaVuSansMono.ttf",
        "truetype/dejavu/DejaVuSansMono-Bold.ttf",
        "truetype/dejavu/DejaVuSerif.ttf",
        "truetype/dejavu/DejaVuSerif-Bold.ttf",
    ],
    "fonts-dejavu-extra": [
        "truetype/dejavu/DejaVuSans-Oblique.ttf",
        "truetype/dejavu/DejaVuSerif-Italic.ttf",
        "truetype/dejavu/DejaVuSansCondensed.ttf",
    ],
    "fonts-liberation": [
        "truetype/liberation/LiberationMono-Regular.ttf",
        "truetype/liberation/LiberationMono-Bold.ttf",
        "truetype/liberation/LiberationSans-Regular.ttf",
        "truetype/liberation/LiberationSans-BoldItalic.ttf",
        "truetype/liberation/LiberationSansNarrow-Bold.ttf",
        "truetype/liberation/LiberationSerif-Regular.ttf",
        "truetype/liberation/LiberationSerif-Bold.ttf",
        "truetype/liberation/LiberationSerif-Italic.ttf",
    ],
    "fonts-freefont-ttf": [
        "truetype/freefont/FreeMonoBold.ttf",
        "truetype/freefont/FreeSans.ttf",
        "truetype/freefont/FreeSansBold.ttf",
        "truetype/freefont/FreeSerif.ttf",
        "truetype/freefont/FreeSerifBoldItalic.ttf",
    ],
    "fonts-roboto-unhinted": [
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Black.ttf",
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Italic.ttf",
        "truetype/roboto/unhinted/RobotoCondensed-Bold.ttf",
    ],
    "fonts-lato": [
        "truetype/lato/Lato-Regular.ttf",
        "truetype/lato/Lato-Heavy.ttf",
        "truetype/lato/Lato-Italic.ttf",
    ],
    "fonts-open-sans": [
        "truetype/open-sans/OpenSans-Regular.ttf",
        "truetype/open-sans/OpenSans-ExtraBold.ttf",
        "truetype/open-sans/OpenSans-CondBold.ttf",
    ],
    "fonts-crosextra-carlito": [
        "truetype/crosextra/Carlito-Regular.ttf",
        "truetype/crosextra/Carlito-BoldItalic.ttf",
    ],
    "fonts-firacode": [
        "truetype/firacode/FiraCode-Regular.ttf",
        "truetype/firacode/FiraCode-Bold.ttf",
    ],
    "fonts-hack": [
        "truetype/hack/Hack-Regular.ttf",
        "truetype/hack/Hack-BoldItalic.ttf",
    ],
    "fonts-inconsolata": ["truetype/inconsolata/Inconsolata.otf"],
    "fonts-cantarell": [
        "opentype/cantarell/Cantarell-Regular.otf",
        "opentype/cantarell/Cantarell-ExtraBold.otf",
    ],
}

FONT_FILES: list[str] = [name for names in FONTS.values() for name in names]

MARKED_ZERO = {
    "DejaVuSansMono.ttf",
    "DejaVuSansMono-Bold.ttf",
    "LiberationMono-Regular.ttf",
    "LiberationMono-Bold.ttf",
    "FiraCode-Regular.ttf",
    "FiraCode-Bold.ttf",
    "Hack-Regular.ttf",
    "Hack-BoldItalic.ttf",
    "Inconsolata.otf",
}


def has_marked_zero(font_file: str) -> bool:
    """Whether the font's own zero differs from its letter O by a slash or dot."""
    return Path(font_file).name in MARKED_ZERO


def missing_packages() -> list[str]:
    """The Debian packages whose font files are not installed."""
    return [
        package
        for package, names in FONTS.items()
        if not all((FONT_ROOT / name).is_file() for name in names)
    ]


def load_fonts() -> list[ImageFont.FreeTypeFont]:
    """All fonts in the order of FONT_FILES, laid out without OpenType features."""
    missing = missing_packages()
    if missing:
        raise FileNotFoundError(f"fonts missing, install: apt-get install {' '.join(missing)}")
    return [
        ImageFont.truetype(str(FONT_ROOT / name), RENDER_SIZE, layout_engine=ImageFont.Layout.BASIC)
        for name in FONT_FILES
    ]


def renderer_versions() -> dict[str, str]:
    """Versions of everything that decides the pictures' bytes.

    "fonts" is one SHA-256 over the contents of all font files.
    """
    digest = hashlib.sha256()
    for name in FONT_FILES:
        digest.update((FONT_ROOT / name).read_bytes())
    return {
        "fonts": digest.hexdigest(),
        "freetype": str(features.version("freetype2")),
        "numpy": numpy.__version__,
        "pillow": PIL.__version__,
    }
