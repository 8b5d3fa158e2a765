"""JupyterLab for instructors gets our own extension: it says when a question's kernel is gone and saves nothing."""

from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from hocvu.publishing.workshop_extension import stage_workshop

c = get_config()  # noqa: F821 (given by traitlets)

c.LabApp.extra_labextensions_path = [str(stage_workshop(Path(jupyter_runtime_dir()) / "hocvu-labextensions"))]
