"""What the learner meets on the lesson site: settings, the page around the lesson, Vietnamese, locked notebooks."""

import html
import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hocvu.course import Term
from hocvu.errors import AuthoringError
from hocvu.publishing.glossary import explain_terms_in_markdown
from hocvu.publishing.pyodide_bundle import PRELOADED, SiteError

KERNEL_PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
MEMORY = ["memoryStorageDriver"]
SECRETS = ("### BEGIN HIDDEN TESTS", "### BEGIN SOLUTION")
LOCALE = "vi_VN"


def lite_config(extension: Path, lesson_files: str, lock_url: str) -> dict[str, Any]:
    """Return jupyter-lite.json: nothing is kept on the machine, nothing comes from elsewhere, little is shown."""
    shown = read_json(extension / "settings.json")
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"lockFileURL": lock_url, "packages": list(PRELOADED)},
    }
    # People share office PCs: with storage in memory a lesson is always the server's, and nobody reads another's.
    storage = {f"{kind}StorageDrivers": MEMORY for kind in ("contents", "settings", "workspaces")}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Học vụ AI",
            "appUrl": "./notebooks",
            "enableMemoryStorage": True,
            "faviconUrl": f"./{lesson_files}/icon.svg",
            "litePluginSettings": {KERNEL_PLUGIN: kernel},
            **storage,
            **shown,
        },
    }


def prepare_notebook(source: Path, glossary: Mapping[str, Term]) -> dict[str, Any]:
    """Return a released notebook ready for the site; raises AuthoringError if it still holds answers."""
    notebook: dict[str, Any] = read_json(source)
    for place, cell in enumerate(notebook.get("cells", [])):
        text = "".join(cell["source"])
        if any(secret in text for secret in SECRETS):
            raise AuthoringError(f"{source}, cell {place + 1}: still holds answers. Publish the released notebook.")
        is_learners = bool(cell["metadata"].get("nbgrader", {}).get("solution"))  # optional code: written here
        cell["metadata"] = {**cell["metadata"], "editable": is_learners, "deletable": False}
        if cell["cell_type"] == "markdown":
            explained = explain_terms_in_markdown(text, glossary, f"{source}, cell {place + 1}")
            cell["source"] = explained.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    kernelspec = {"name": "python", "display_name": "Python", "language": "python"}
    notebook["metadata"] = {**notebook.get("metadata", {}), "kernelspec": kernelspec}
    return notebook


def dress_page(extension: Path, site: Path, lesson_files: str, portal: str) -> None:
    """Rewrite notebooks/index.html: Vietnamese, with our bar and gate there from the first paint."""
    page = site / "notebooks/index.html"
    text = page.read_text(encoding="utf-8")
    base = f"../{lesson_files}"
    parts = (extension / "page.html").read_text(encoding="utf-8")
    parts = parts.replace("{{portal}}", html.escape(portal)).replace("{{files}}", base)
    sheets = "".join(f'<link rel="stylesheet" href="{base}/{name}.css">\n' for name in ("fonts", "lesson", "widgets"))
    sheets += f'<link rel="icon" type="image/svg+xml" href="{base}/icon.svg">\n'
    gate = f'<script type="module" src="{base}/gate.js"></script>\n'
    text = replace_once(text, "<html>", '<html lang="vi">')
    text = replace_between(text, "<title>", "</title>", "Học vụ AI")
    text = replace_between(text, 'name="Description" content="', '"', "Bài học của khóa Học vụ AI.")
    text = replace_once(text, "</head>", f"{sheets}</head>")
    start, end = text.index('<div id="jupyterlite-loading-indicator"'), text.index("<noscript>")
    text = text[:start] + parts + gate + text[end:]
    start, end = text.rindex("<noscript>"), text.rindex("</noscript>")
    page.write_text(text[:start] + text[end + len("</noscript>") :], encoding="utf-8")


def write_translations(extension: Path, site: Path) -> None:
    """Write JupyterLab's Vietnamese texts, completed by our own where the language pack has none."""
    pack = importlib.util.find_spec(f"jupyterlab_language_pack_{LOCALE}")
    if pack is None or pack.origin is None:
        raise SiteError("The Vietnamese language pack is missing: pip install '.[author]'.")
    folder = site / "api/translations"
    folder.mkdir(parents=True, exist_ok=True)
    catalogues = Path(pack.origin).parent / "locale" / LOCALE / "LC_MESSAGES"
    own = read_json(extension / f"{LOCALE}.json")
    names = {path.stem for path in catalogues.glob("jupyterlab*.json")} | {"notebook"} | set(own)
    data = {}
    for name in sorted(names):
        path = catalogues / f"{name}.json"
        data[name] = {**(read_json(path) if path.is_file() else {}), **own.get(name, {})}
    names_shown = {LOCALE: {"displayName": "Vietnamese", "nativeName": "Tiếng Việt"}}
    write_json(folder / "all.json", {"data": names_shown, "message": ""})
    write_json(folder / f"{LOCALE}.json", {"data": data, "message": ""})


def replace_once(text: str, old: str, new: str) -> str:
    """Return text with its one `old` replaced; another JupyterLite than ours fails here, not in a browser."""
    if text.count(old) != 1:
        raise SiteError(f"notebooks/index.html: expected {old!r} once. Is jupyterlite-core the locked version?")
    return text.replace(old, new)


def replace_between(text: str, before: str, after: str, new: str) -> str:
    replace_once(text, before, before)
    start = text.index(before) + len(before)
    return text[:start] + new + text[text.index(after, start) :]


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True), encoding="utf-8")
