"""Our JupyterLab extension for instructors, put where a JupyterLab server looks for extensions."""

import shutil
from pathlib import Path

_HERE = Path(__file__).parent
NAME = "hocvu-workshop"
_SHARED = ("frozen.js", "radios.js")  # what the lesson site's extension does in the same way


def stage_workshop(into: Path) -> Path:
    """Write the extension below `into` and return `into`, for LabApp.extra_labextensions_path."""
    target = into / NAME
    shutil.copytree(_HERE / "labextension_workshop", target, dirs_exist_ok=True)
    for name in _SHARED:
        shutil.copyfile(_HERE / "labextension" / "static" / name, target / "static" / name)
    return into
