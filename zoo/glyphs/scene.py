"""One glyph picture: a character in a cluttered, badly lit, blurred scene.

A picture is drawn at twice its size and reduced at the end. Every random
choice comes from the generator that the caller hands in, in a fixed order,
so the same generator state and label give the same bytes. Arrays in here are
float64 in 0..1 with shape [height, width, channels] unless said otherwise.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from zoo.glyphs.fonts import FONT_FILES, has_marked_zero

LABELS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIZE = 32  # pixels, width and height of a finished picture
CANVAS = 2 * SIZE
LINE_WIDTH = 4 * SIZE  # pixels, a line of three characters before the perspective step
LUMINANCE = (0.299, 0.587, 0.114)


def draw_picture(
    rng: np.random.Generator, label: int, fonts: list[ImageFont.FreeTypeFont]
) -> np.ndarray:
    """Draws the character LABELS[label]; returns uint8 [3, 32, 32].

    `fonts` are those of load_fonts(). One number per picture, its hardness in
    0..1, scales all the disturbances, so a split holds easy and hard pictures.
    """
    hardness = rng.random()
    paper = rng.uniform(0.05, 0.95, 3)
    ink = pick_ink(rng, paper, hardness)
    scene = add_clutter(rng, make_background(rng, paper, hardness), hardness)
    mask = place(rng, draw_line(rng, label, fonts), hardness)
    scene += mask[:, :, None] * (ink - scene)
    scene = add_strokes(rng, scene, hardness)
    scene *= make_light(rng, hardness)[:, :, None]
    scene = reduce_blurred(scene, rng.uniform(0.0, 0.4 + 1.6 * hardness))
    scene += rng.normal(0.0, 0.01 + 0.07 * hardness * rng.random(), scene.shape)
    return to_bytes(scene).transpose(2, 0, 1)


def to_bytes(scene: np.ndarray) -> np.ndarray:
    """Rounds 0..1 to 0..255, clipping what lies outside."""
    return np.rint(np.clip(scene, 0.0, 1.0) * 255.0).astype(np.uint8)


def luminance(colour: np.ndarray) -> float:
    """Perceived brightness, 0..1, of one RGB colour."""
    red, green, blue = (float(part) for part in colour)
    return LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue


def pick_ink(rng: np.random.Generator, paper: np.ndarray, hardness: float) -> np.ndarray:
    """Draws colours until one stands out from the paper."""
    contrast = 0.45 - 0.26 * hardness
    while True:
        ink = rng.uniform(0.0, 1.0, 3)
        if abs(luminance(ink) - luminance(paper)) >= contrast:
            return ink


def make_ramp(rng: np.random.Generator) -> np.ndarray:
    """A ramp in a random direction over the canvas, [CANVAS, CANVAS] in -1..1."""
    angle = rng.uniform(0.0, 2.0 * math.pi)
    axis = (np.arange(CANVAS) - (CANVAS - 1) / 2) / (CANVAS / 2)
    ramp = math.cos(angle) * axis[None, :] + math.sin(angle) * axis[:, None]
    return np.clip(ramp, -1.0, 1.0)


def make_background(rng: np.random.Generator, paper: np.ndarray, hardness: float) -> np.ndarray:
    """Paper with a colour gradient and soft stains."""
    tint = rng.uniform(-0.15, 0.15, 3) * (0.3 + hardness)
    stains = rng.uniform(-1.0, 1.0, (6, 6, 3)) * 0.16 * hardness
    soft = Image.fromarray(to_bytes(0.5 + stains)).resize(
        (CANVAS, CANVAS), Image.Resampling.BICUBIC
    )
    background = paper + make_ramp(rng)[:, :, None] * tint
    return background + np.asarray(soft) / 255.0 - 0.5


def add_clutter(rng: np.random.Generator, scene: np.ndarray, hardness: float) -> np.ndarray:
    """Blends ellipses, boxes and lines into the scene, behind the character."""
    for _ in range(int(rng.integers(0, 2 + int(5 * hardness)))):
        stamp = Image.new("L", (CANVAS, CANVAS), 0)
        left, top = rng.uniform(-0.2, 0.9, 2) * CANVAS
        width, height = rng.uniform(0.15, 0.7, 2) * CANVAS
        draw_shape(
            ImageDraw.Draw(stamp), int(rng.integers(3)), (left, top, left + width, top + height)
        )
        colour = rng.uniform(0.0, 1.0, 3)
        opacity = rng.uniform(0.1, 0.2 + 0.35 * hardness)
        scene = scene + opacity * (np.asarray(stamp) / 255.0)[:, :, None] * (colour - scene)
    return scene


def draw_shape(
    draw: ImageDraw.ImageDraw, kind: int, box: tuple[float, float, float, float]
) -> None:
    """Fills an ellipse (0) or a box (1), or draws the box's diagonal (2)."""
    if kind == 0:
        draw.ellipse(box, fill=255)
    elif kind == 1:
        draw.rectangle(box, fill=255)
    else:
        draw.line(box, fill=255, width=4)


def draw_line(
    rng: np.random.Generator, label: int, fonts: list[ImageFont.FreeTypeFont]
) -> Image.Image:
    """The character between two neighbours, as a mask [CANVAS, LINE_WIDTH].

    The character's bounding box is centred; a neighbour stands on either side
    mostly, and is cut off later by the picture's edge.
    """
    index = int(rng.integers(len(fonts)))
    line = Image.new("L", (LINE_WIDTH, CANVAS), 0)
    left, _, right, _ = draw_character(line, fonts[index], index, LABELS[label], LINE_WIDTH / 2)
    for side in (-1, 1):
        neighbour = LABELS[int(rng.integers(len(LABELS)))]
        gap = rng.uniform(2.0, 10.0)
        if rng.random() < 0.85:
            reach = (right - left + character_width(fonts[index], neighbour)) / 2 + gap
            draw_character(line, fonts[index], index, neighbour, LINE_WIDTH / 2 + side * reach)
    return line


def character_width(font: ImageFont.FreeTypeFont, character: str) -> int:
    """Width of the inked part in pixels."""
    left, _, right, _ = font.getbbox(character)
    return right - left


def draw_character(
    line: Image.Image, font: ImageFont.FreeTypeFont, font_index: int, character: str, centre: float
) -> tuple[float, float, float, float]:
    """Draws one character with its bounding box centred on x = centre; returns that box."""
    left, top, right, bottom = font.getbbox(character)
    x = round(centre - (left + right) / 2)
    y = round((line.height - top - bottom) / 2)
    draw = ImageDraw.Draw(line)
    draw.text((x, y), character, font=font, fill=255)
    box = (x + left, y + top, x + right, y + bottom)
    if character == "0" and not has_marked_zero(FONT_FILES[font_index]):
        draw_slash(draw, box)
    return box


def draw_slash(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float]) -> None:
    """Strikes a zero through, so that it is no letter O."""
    left, top, right, bottom = box
    inset_x, inset_y = 0.2 * (right - left), 0.2 * (bottom - top)
    draw.line((left + inset_x, bottom - inset_y, right - inset_x, top + inset_y), fill=255, width=4)


def place(rng: np.random.Generator, line: Image.Image, hardness: float) -> np.ndarray:
    """Turns, slants, scales, shifts and tilts the line; returns a mask [CANVAS, CANVAS].

    Pillow wants the way back, from a point (u, v) of the picture, measured
    from its middle, to the line: a linear map divided by 1 + g u + h v.
    """
    spread = 0.3 + 0.7 * hardness
    angle = rng.uniform(-0.5, 0.5) * spread  # radians
    slant = rng.uniform(-0.35, 0.35) * spread
    stretch = 1.0 + rng.uniform(-0.3, 0.3) * spread
    zoom = rng.uniform(0.9 - 0.25 * hardness, 1.5 - 0.2 * hardness)
    shift_u, shift_v = rng.uniform(-8.0, 8.0, 2) * spread  # pixels of the canvas
    g, h = rng.uniform(-0.008, 0.008, 2) * spread  # per pixel
    cos, sin = math.cos(angle) / zoom, math.sin(angle) / zoom
    a, b = stretch * (cos - slant * sin), stretch * (sin + slant * cos)
    d, e = -sin, cos
    coefficients = centred_perspective(
        (a, b, -a * shift_u - b * shift_v), (d, e, -d * shift_u - e * shift_v), (g, h), line.size
    )
    placed = line.transform(
        (CANVAS, CANVAS), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    return np.asarray(placed) / 255.0


def centred_perspective(
    to_x: tuple[float, float, float],
    to_y: tuple[float, float, float],
    tilt: tuple[float, float],
    line_size: tuple[int, int],
) -> tuple[float, ...]:
    """Rewrites a map between points measured from the middles into Pillow's eight coefficients.

    In:   x = (a u + b v + c) / (1 + g u + h v), y with (d, e, f) alike.
    Out:  the same with points measured from the upper left corners.
    """
    g, h = tilt
    middle_x, middle_y = line_size[0] / 2, line_size[1] / 2
    half = CANVAS / 2
    constant = 1.0 - half * (g + h)
    rows = []
    for (p, q, r), middle in ((to_x, middle_x), (to_y, middle_y)):
        p, q = p + middle * g, q + middle * h
        rows += [p, q, r + middle - half * (p + q)]
    return tuple(value / constant for value in (*rows, g, h))


def add_strokes(rng: np.random.Generator, scene: np.ndarray, hardness: float) -> np.ndarray:
    """Draws up to three thin opaque lines across the picture, over the character."""
    count = int(rng.integers(0, 1 + round(2 * hardness), endpoint=True))
    for _ in range(count):
        stamp = Image.new("L", (CANVAS, CANVAS), 0)
        start, end = rng.uniform(0.0, CANVAS, 2)
        across = (0.0, start, CANVAS, end) if rng.random() < 0.5 else (start, 0.0, end, CANVAS)
        ImageDraw.Draw(stamp).line(across, fill=255, width=int(rng.integers(2, 5)))
        colour = rng.uniform(0.0, 1.0, 3)
        scene = scene + (np.asarray(stamp) / 255.0)[:, :, None] * (colour - scene)
    return scene


def make_light(rng: np.random.Generator, hardness: float) -> np.ndarray:
    """Brightness over the canvas, [CANVAS, CANVAS], brighter on one side."""
    exposure = 1.0 + rng.uniform(-0.4, 0.25) * hardness
    return exposure * (1.0 + make_ramp(rng) * rng.uniform(0.0, 0.5) * hardness)


def reduce_blurred(scene: np.ndarray, radius: float) -> np.ndarray:
    """Blurs by a radius in canvas pixels, then halves the size."""
    blurred = Image.fromarray(to_bytes(scene)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(blurred.reduce(CANVAS // SIZE)) / 255.0
