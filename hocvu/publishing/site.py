"""The lesson site: every lesson a page whose Python runs in the learner's own browser, wholly self-hosted."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from hocvu.course import Term
from hocvu.publishing.cache import PACKED, mark_used, sweep_cache
from hocvu.publishing.learner_wheel import trim_wheel
from hocvu.publishing.lite_page import dress_page, lite_config, prepare_notebook, write_json, write_translations
from hocvu.publishing.pyodide_bundle import (
    LOCK_NAME,
    Report,
    SiteError,
    Sources,
    compile_wheels,
    digest_files,
    fresh_folder,
    last_line,
    lock_entry,
    make_bundle,
    name_by_content,
    read_lock,
)
from hocvu.settings import Settings

EXTENSION = Path(__file__).parent / "labextension"
FONTS = {"be-vietnam-pro": ("400", "600", "700"), "noto-sans-mono": ("400",)}
SUBSETS = ("vietnamese", "latin-ext", "latin")

# What must go with every file of the site. Notebook outputs may hold scripts, hence the wide script-src; what
# matters is that nothing leaves for another host. Never add COOP/COEP: with them the kernel fails on most starts.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True)
class SiteReport:
    """What was built: where, from how many notebooks, how large, in what time."""

    output: Path
    notebooks: int
    files: int
    size_mb: float
    seconds: float


def build_site(
    settings: Settings,
    notebooks: Mapping[str, Path],
    wheel: Path,
    *,
    output: Path,
    report: Report,
    glossary: Mapping[str, Term] = MappingProxyType({}),
) -> SiteReport:
    """Build the static site at `output`, replacing an older one only when the new one is complete.

    notebooks: path on the site ("01-ai-quanh-ta/lesson.ipynb") to the released notebook. wheel: a wheel of hocvu;
    only its learner's part is published. Raises SiteError, AuthoringError.
    """
    started = time.monotonic()
    npm, cache = settings.root / "node_modules", (settings.var / "cache").resolve()
    extensions = Path(sys.prefix) / "share/jupyter/labextensions"
    kernel = extensions / "@jupyterlite/pyodide-kernel-extension"
    bundle = make_bundle(Sources(npm / "pyodide", kernel / "static/pypi", cache), report)
    new = fresh_folder(output.resolve().with_name(output.name + ".new"))
    with tempfile.TemporaryDirectory(prefix="stage-", dir=cache) as scratch:
        stage = fresh_folder(Path(scratch) / "site")
        lock_url = stage_python(bundle, wheel, npm / "pyodide", stage, report)
        lesson_files = stage_extension(npm, stage)
        stage_notebooks(notebooks, stage / "contents", glossary)
        write_json(stage / "jupyter-lite.json", lite_config(EXTENSION, lesson_files, lock_url))
        run_lite(stage, new, [stage / "extension", kernel, extensions / "@jupyter-widgets/jupyterlab-manager"], report)
    write_translations(EXTENSION, new)
    dress_page(EXTENSION, new, lesson_files, settings.portal)
    swap(new, output.resolve())
    sweep_cache(cache, datetime.now(UTC))
    files = [path for path in output.rglob("*") if path.is_file()]
    size_mb = sum(path.stat().st_size for path in files) / 1e6
    return SiteReport(output, len(notebooks), len(files), size_mb, time.monotonic() - started)


def packed_folder(site: Path) -> Path:
    """Return where the server keeps packed copies of the site's files."""
    return site.parent / "cache" / PACKED


def stage_python(bundle: Path, wheel: Path, pyodide: Path, stage: Path, report: Report) -> str:
    """Put Pyodide, all wheels and the lock naming them into the stage; return the lock's address on the site."""
    folder = stage / "static/pyodide"
    shutil.copytree(bundle, folder)
    kept = compiled_wheel(trim_wheel(wheel, stage), pyodide, bundle, report)
    ours = name_by_content(Path(shutil.copyfile(kept, folder / kept.name)))
    lock = read_lock(folder / LOCK_NAME)
    lock["packages"]["hocvu"] = lock_entry(lock, ours)
    write_json(folder / LOCK_NAME, lock)
    # The address changes with the content, so that no browser pairs an old lock with new wheels.
    return f"static/pyodide/{LOCK_NAME}?v={digest_files([folder / LOCK_NAME])}"


def compiled_wheel(wheel: Path, pyodide: Path, bundle: Path, report: Report) -> Path:
    """Return our wheel compiled for the bundle's Python, from the cache if its content is known."""
    kept = bundle.with_name(f"{bundle.name}-hocvu") / wheel.name
    if not kept.is_file():
        compile_wheels([wheel], pyodide, shutil.which("node"), report)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wheel, kept)
    mark_used(kept.parent, kept)
    return kept


def stage_extension(npm: Path, stage: Path) -> str:
    """Put our JupyterLab extension and the fonts into the stage; return its folder of files on the site.

    The folder's name is a digest of its files: a browser never mixes two versions.
    """
    sources = sorted(path for path in (EXTENSION / "static").iterdir() if path.is_file())
    folder = f"static/{digest_files(sources)}"
    target = stage / "extension" / folder
    shutil.copytree(EXTENSION / "static", target)
    copy_fonts(npm, target)
    package = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    package["jupyterlab"]["_build"]["load"] = f"{folder}/remoteEntry.js"
    write_json(stage / "extension/package.json", package)
    return f"extensions/{package['name']}/{folder}"


def copy_fonts(npm: Path, target: Path) -> None:
    """Write fonts.css and the font files it names: Vietnamese and Latin letters, text and code."""
    rules: list[str] = []
    (target / "files").mkdir()
    for family, weight in ((family, weight) for family, weights in FONTS.items() for weight in weights):
        sheet = npm / "@fontsource" / family / f"{weight}.css"
        if not sheet.is_file():
            raise SiteError(f"{sheet} is not there. Run `npm ci` in the course root, then build the site again.")
        for rule in re.findall(r"@font-face \{.*?\}", sheet.read_text(encoding="utf-8"), re.DOTALL):
            name = re.findall(r"files/([\w-]+\.woff2)", rule)[0]
            if name.removeprefix(f"{family}-").removesuffix(f"-{weight}-normal.woff2") in SUBSETS:
                shutil.copyfile(sheet.parent / "files" / name, target / "files" / name)
                rules.append(re.sub(r", url\([^)]*\.woff\) format\('woff'\)", "", rule))
    (target / "fonts.css").write_text("\n".join(rules), encoding="utf-8")


def stage_notebooks(notebooks: Mapping[str, Path], contents: Path, glossary: Mapping[str, Term]) -> None:
    """Write the lessons as they are to be opened: locked cells, terms explained, no outputs, the browser's kernel."""
    contents.mkdir()
    for name, source in notebooks.items():
        target = contents / name
        if contents not in target.resolve().parents:
            raise SiteError(f"{name}: a notebook's place on the site must be a path like 01-ai-quanh-ta/lesson.ipynb.")
        target.parent.mkdir(parents=True, exist_ok=True)
        write_json(target, prepare_notebook(source, glossary))


def run_lite(stage: Path, output: Path, extensions: list[Path], report: Report) -> None:
    """Let jupyterlite put the site together from the staged parts."""
    report("Đang ráp trang bài học…")
    config = {
        "apps": ["notebooks"],
        "cache_dir": str(stage / "cache"),
        "contents": [str(stage / "contents")],
        "federated_extensions": [str(extension) for extension in extensions],
        "ignore_sys_prefix": True,
        "lite_dir": str(stage),
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(output),
    }
    write_json(stage / "jupyter_lite_config.json", {"LiteBuildConfig": config})
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    try:
        subprocess.run(command, check=True, timeout=600, capture_output=True, text=True, cwd=stage)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        reason = last_line(str(getattr(error, "stderr", "") or error))
        raise SiteError(
            f"jupyter lite build failed: {reason}. Install the extra `lite` as locked and try again."
        ) from error


def swap(new: Path, output: Path) -> None:
    """Put the finished site in its place; the old one is removed afterwards, with the packed copies of its files."""
    old = output.with_name(output.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    new.rename(output)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(packed_folder(output), ignore_errors=True)
