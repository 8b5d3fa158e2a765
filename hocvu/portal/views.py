"""Pages: Jinja templates with autoescape on, the header of the logged-in person, Vietnamese words for numbers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hocvu.portal import csrf, words
from hocvu.portal.assets import asset_url
from hocvu.portal.score_table import pairs, show_cell
from hocvu.records.roles import ROLE_NAMES

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    points=words.points,
    percent=words.percent,
    exact_percent=words.exact_percent,
    when=words.vietnam_time,
    day=words.vietnam_day,
    number=words.item_number,
    level_label=words.level_label,
    sentence=words.sentence,
    cell=show_cell,
    pairs=pairs,
    trusted=Markup,  # only for HTML that our own code made and escaped
)
_environment.globals.update(
    asset=asset_url,
    role_names=ROLE_NAMES,
    kind_names=words.KIND_NAMES,
)


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """Return a page. `me` is the logged-in person or None; `csrf_token` fits their session."""
    log_in = getattr(request.state, "log_in", None)
    values = {
        "me": log_in.person if log_in else None,
        "csrf_token": csrf.make_token(log_in.session.csrf) if log_in else "",
        "here": request.url.path,
        **(context or {}),
    }
    return HTMLResponse(_environment.get_template(template).render(values), status)
