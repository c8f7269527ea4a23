"""Build static/build/ from static/css, static/js, the templates' icons and node_modules.

Run as ``python scripts/assets.py`` after ``npm ci --ignore-scripts``; ``make assets`` does both.
Every file is named by its content and kept for a year by browsers; manifest.json says which name
it has now. A second run with nothing changed does nothing. Only the build needs fontTools and
brotli: what it made travels in the wheel.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

try:
    import brotli
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont
except ImportError as error:
    raise SystemExit(f"{error.name} is missing: install requirements/assets.txt first.") from error

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILD = STATIC / "build"
VENDOR = STATIC / "vendor"
NODE = ROOT / "node_modules"
HTMX = NODE / "htmx.org" / "dist" / "htmx.min.js"
AXE = NODE / "axe-core" / "axe.min.js"
ICONS = NODE / "lucide-static" / "icons"
FONTS = NODE / "@fontsource-variable"

# Names that stand in no template: topics choose theirs in the database.
TOPIC_ICONS = (
    "accessibility",
    "book-open",
    "bus",
    "bike",
    "building-2",
    "coins",
    "dumbbell",
    "graduation-cap",
    "hand-helping",
    "heart-pulse",
    "house",
    "landmark",
    "leaf",
    "lightbulb",
    "map",
    "paw-print",
    "recycle",
    "shield",
    "tree-deciduous",
    "users",
)

POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
MARKS = "„”“’‘«»–—…•·№§°²³€×→←↑↓✓≈≤≥−\u00a0\u202f\u00ad"
LATIN = "".join(map(chr, range(0x20, 0x7F))) + "äöüßéèëçáíúàôîâêÄÖÜÉ" + POLISH + MARKS
CYRILLIC = "".join(map(chr, range(0x410, 0x450))) + "ЁЂЄІЇЎёєіїўҐґ’₴"
LANGUAGE_NAME = "Українська"  # in the header of every page
CYRILLIC_RANGE = "U+0400-045F,U+0490-0491,U+20B4"

# The licence reserves the fonts' names for unchanged copies; ours are cut, so they are renamed.
FAMILIES = (
    ("sans", "source-sans-3", "Deliberate Sans"),
    ("serif", "literata", "Deliberate Serif"),
)
WEIGHTS = (400, 700)
# Documents on paper hold names from anywhere, so all of these; screens load what a page needs.
PAPER_SCRIPTS = (
    "latin",
    "latin-ext",
    "cyrillic",
    "cyrillic-ext",
    "greek",
    "greek-ext",
    "vietnamese",
)
PAPER_LETTERS = "paper.json"
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum", "pnum"]

# How a template or a view names an icon; the first group is surely one, the second may be.
NAMED = re.compile(r"""\bicon(?:_name)?(?:\(|=)\s*["']([a-z0-9-]+)["']""")
QUOTED = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")


def main() -> None:
    for needed in (HTMX, AXE, ICONS, *(FONTS / package for _, package, _ in FAMILIES)):
        if not needed.exists():
            raise SystemExit(
                f"{needed.relative_to(ROOT)} is missing: run `npm ci --ignore-scripts` first."
            )
    icons = icon_names()
    stamp = digest(*(path.read_bytes() for path in inputs()), json.dumps(icons).encode(), length=32)
    stamp_file = BUILD / ".stamp"
    if stamp_file.is_file() and stamp_file.read_text() == stamp and (VENDOR / AXE.name).is_file():
        return
    try:
        build(icons)
        stamp_file.write_text(stamp)
    except OSError as error:
        raise SystemExit(f"static/build cannot be written: {error}") from error


def inputs() -> Iterator[Path]:
    yield Path(__file__)
    yield ROOT / "package-lock.json"
    yield from css_files()
    yield from js_files()


def css_files() -> list[Path]:
    return sorted((STATIC / "css").glob("*.css"))


def js_files() -> list[Path]:
    return sorted((STATIC / "js").glob("*.js"))


def build(icons: list[str]) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = build_fonts()
    faces = font_faces(manifest)
    manifest |= build_paper_fonts()
    styles = faces + "".join(minified_css(path.read_text()) for path in css_files())
    scripts = "".join(minified_js(path.read_text()) for path in js_files())
    texts = {
        "app.css": styles,
        "app.js": scripts,
        "htmx.js": HTMX.read_text(),
        "icons.svg": sprite(icons),
    }
    for name, text in texts.items():
        manifest[name] = write_hashed(name, text.encode())
    shutil.copyfile(AXE, VENDOR / AXE.name)
    (BUILD / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    remove_old(set(manifest.values()))
    report(manifest)


def digest(*parts: bytes, length: int = 10) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:length]


def write_hashed(name: str, content: bytes) -> str:
    """Write ``content`` and its compressed copies; return the name that carries its hash."""
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}.{digest(content)}.{suffix}"
    (BUILD / hashed).write_bytes(content)
    (BUILD / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    (BUILD / f"{hashed}.br").write_bytes(brotli.compress(content))
    return hashed


def remove_old(current: set[str]) -> None:
    for path in BUILD.iterdir():
        plain = path.name.removesuffix(".gz").removesuffix(".br")
        if plain not in current and path.name not in ("manifest.json", ".stamp"):
            path.unlink()


def report(manifest: Mapping[str, str]) -> None:
    sizes = {}
    for name, hashed in manifest.items():
        packed = BUILD / f"{hashed}.gz"
        sizes[name] = (packed if packed.is_file() else BUILD / hashed).stat().st_size
    first = sum(size for name, size in sizes.items() if "-uk" not in name and "paper" not in name)
    print(f"static/build: {len(manifest)} files, first visit {first / 1024:.1f} KB compressed")


# --- styles and scripts --------------------------------------------------------------------


def minified_css(text: str) -> str:
    """Take out comments and the space that means nothing. Strings stay as they are."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = re.split(r'("[^"]*")', text)
    for index in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[index])
        part = re.sub(r" ?([{};,>]) ?", r"\1", part)
        part = re.sub(r": ", ":", part)  # not before: ".a :is(.b)" is another selector
        parts[index] = part.replace(";}", "}")
    return "".join(parts).strip() + "\n"


def minified_js(text: str) -> str:
    """Take out indentation and lines that are comments; no text of ours spans two lines."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


# --- icons ---------------------------------------------------------------------------------


def icon_names() -> list[str]:
    """Return the names of all icons in use.

    In a template every quoted word that is an icon's name counts: names travel through macros and
    tuples. A word too many costs 200 bytes, one too few a hole in a page.
    """
    known = {path.stem for path in ICONS.glob("*.svg")}
    found = set(TOPIC_ICONS)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        check_names(path, text, known)
        found |= known & set(QUOTED.findall(text))
    for path in sorted((ROOT / "deliberate").rglob("*.py")):
        text = path.read_text()
        check_names(path, text, known)
        found |= set(NAMED.findall(text))
    return sorted(found)


def check_names(path: Path, text: str, known: set[str]) -> None:
    for name in NAMED.findall(text):
        if name not in known:
            raise SystemExit(f"{path.relative_to(ROOT)}: Lucide has no icon “{name}”.")


def sprite(names: list[str]) -> str:
    symbols = []
    for name in names:
        text = (ICONS / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        if inner is None:
            raise SystemExit(f"lucide-static: {name}.svg has no <svg>.")
        shapes = re.sub(r"\s+", " ", inner.group(1)).replace(" />", "/>").replace("> <", "><")
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
            f"{shapes.strip()}</symbol>"
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


# --- fonts ---------------------------------------------------------------------------------


def build_fonts() -> dict[str, str]:
    """Cut the fonts; a file is named by what it is made from, so it is cut once."""
    made_from = digest(Path(__file__).read_bytes(), (ROOT / "package-lock.json").read_bytes())
    manifest = {}
    # The header's language switch is in the sans.
    polish = {
        "sans": (("latin", "latin-ext", "cyrillic"), LATIN + LANGUAGE_NAME),
        "serif": (("latin", "latin-ext"), LATIN),
    }
    for short, package, family in FAMILIES:
        for name, scripts, letters in (
            (short, *polish[short]),
            (f"{short}-uk", ("cyrillic",), CYRILLIC),
        ):
            hashed = f"{name}.{made_from}.woff2"
            if not (BUILD / hashed).is_file():
                files = [
                    FONTS / package / "files" / f"{package}-{script}-wght-normal.woff2"
                    for script in scripts
                ]
                cut_font(files, letters, family, BUILD / hashed)
            manifest[f"{name}.woff2"] = hashed
    return manifest


def build_paper_fonts() -> dict[str, str]:
    """Write the sans as two fixed weights for typeset documents, and which letters they have.

    What typesets takes no variable font, and refuses a tagged document with a letter it lacks.
    """
    made_from = digest(Path(__file__).read_bytes(), (ROOT / "package-lock.json").read_bytes())
    package, family = next(
        (package, family) for short, package, family in FAMILIES if short == "sans"
    )
    names = {f"paper-{weight}.ttf": f"paper-{weight}.{made_from}.ttf" for weight in WEIGHTS}
    names[PAPER_LETTERS] = f"paper.{made_from}.json"
    if all((BUILD / name).is_file() for name in names.values()):
        return names
    folder = FONTS / package / "files"
    files = [folder / f"{package}-{script}-wght-normal.woff2" for script in PAPER_SCRIPTS]
    codes = sorted({code for path in files for code in TTFont(path).getBestCmap()})
    for weight in WEIGHTS:
        font = cut(files, "".join(map(chr, codes)))
        font = instantiateVariableFont(font, {"wght": weight})
        rename(font, family)
        font.save(BUILD / names[f"paper-{weight}.ttf"])
    (BUILD / names[PAPER_LETTERS]).write_text(json.dumps(ranges(codes)))
    return names


def ranges(codes: list[int]) -> list[list[int]]:
    """Return sorted code points as pairs of first and last."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def cut_font(files: list[Path], letters: str, family: str, target: Path) -> None:
    """Write one variable font with ``letters`` only, weights from 400 to 700."""
    font = cut(files, letters)
    rename(font, family)
    font.flavor = "woff2"
    font.save(target)


def cut(files: list[Path], letters: str) -> TTFont:
    """Return the parts of a font as one, with ``letters`` only."""
    options = subset.Options(
        layout_features=FEATURES, notdef_outline=True, hinting=False, glyph_names=False
    )
    options.drop_tables += ["vhea", "vmtx", "VVAR"]  # for lines that run downwards
    whole = None
    for path in files:
        font = TTFont(path, recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(font)
        font = instantiateVariableFont(font, {"wght": WEIGHTS})
        whole = font if whole is None else joined(whole, font)
    whole.flavor = None
    return whole


def joined(base: TTFont, more: TTFont) -> TTFont:
    """Add to ``base`` the letters it lacks.

    Both are parts of one font, so measures and axes agree. Without HVAR the widths follow from
    gvar, which has them too. Pairs across the two were not kerned before either.
    """
    for font in (base, more):
        if "HVAR" in font:
            del font["HVAR"]
    taken = base.getBestCmap()
    part = f"part{len(base.getGlyphOrder())}"  # both may have a glyph of one name
    new_names = {name: f"{part}.{name}" for name in more.getGlyphOrder()}
    added = [name for name in more.getGlyphOrder() if name != ".notdef"]
    base.setGlyphOrder(base.getGlyphOrder() + [new_names[name] for name in added])
    for name in added:
        glyph = more["glyf"][name]
        if glyph.isComposite():
            for component in glyph.components:
                component.glyphName = new_names[component.glyphName]
        base["glyf"].glyphs[new_names[name]] = glyph
        base["hmtx"].metrics[new_names[name]] = more["hmtx"].metrics[name]
        base["gvar"].variations[new_names[name]] = more["gvar"].variations.get(name, [])
    for table in base["cmap"].tables:
        if table.isUnicode():
            for code, name in more.getBestCmap().items():
                if code not in taken:
                    table.cmap[code] = new_names[name]
    return base


def rename(font: TTFont, family: str) -> None:
    names = font["name"]
    postscript = family.replace(" ", "")
    new = {1: family, 3: f"1.0;{postscript}", 4: family, 6: postscript, 16: family, 25: postscript}
    for record in list(names.names):
        if record.nameID in new:
            record.string = new[record.nameID]
        elif record.nameID == 7:  # trademark
            names.names.remove(record)


def font_faces(manifest: Mapping[str, str]) -> str:
    rules = []
    for short, _, family in FAMILIES:
        for name, extent in ((short, ""), (f"{short}-uk", f"unicode-range:{CYRILLIC_RANGE};")):
            rules.append(
                f'@font-face{{font-family:"{family}";src:url({manifest[f"{name}.woff2"]})'
                f' format("woff2");font-weight:{WEIGHTS[0]} {WEIGHTS[1]};{extent}'
                "font-display:swap}"
            )
    # The first file again under another name: for the one Ukrainian word of Polish pages.
    rules.append(
        f'@font-face{{font-family:"Deliberate Sans Word";src:url({manifest["sans.woff2"]})'
        f' format("woff2");font-weight:{WEIGHTS[0]} {WEIGHTS[1]};font-display:swap}}'
    )
    return "\n".join(rules) + "\n"


if __name__ == "__main__":
    sys.exit(main())
