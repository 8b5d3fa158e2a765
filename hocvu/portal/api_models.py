"""The shapes of the JSON API that learners' browsers use, and of every error, as OpenAPI shows them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator


class ErrorDetail(BaseModel):
    code: str = Field(description="stable, for programs")
    message: str = Field(description="Vietnamese, for people")
    items: dict[str, str] | None = Field(None, description="what is wrong, per item")


class ErrorAnswer(BaseModel):
    ok: Literal[False] = False
    error: ErrorDetail


class Token(BaseModel):
    token: str
    person: str = Field(description="whose token it is; a page of somebody else must not use it")


class Limits(BaseModel):
    """How often an assignment with work scenarios may be handed in, and whether now."""

    may_submit: bool
    left: int = Field(description="attempts left in this period, with the one under way")
    max_attempts: int
    gap_hours: str = Field(description="hours between two attempts, as people read them")
    when: str = Field(description="from when on, on a Vietnamese clock; empty: now, or never in this period")


class DraftAnswer(BaseModel):
    ok: Literal[True] = True
    assignment: str
    version: str
    seed: int
    answers: dict[str, Any]
    saved_at: str | None
    attempt: int
    revisions: dict[str, int] = Field(description="how often each item has been changed; send them back as `base`")
    confidence: dict[str, int] = Field(description="how sure the learner is, 1 to 5; never graded")
    limits: Limits | None = Field(description="of work scenarios, which need `declared`; null: hand in at any time")


Step = Annotated[int, Field(ge=1, le=5)]


class DraftChanges(BaseModel):
    """Items to change; null deletes an answer, items not named stay as they are.

    A web page sends its form's fields instead of answers: `fields` of the items named in `items`.
    """

    answers: dict[str, Any] = Field(default_factory=dict)
    items: list[str] = Field(default_factory=list)
    fields: dict[str, list[str]] = Field(default_factory=dict)
    confidence: dict[str, Step | None] = Field(default_factory=dict, description="how sure the learner is, not graded")
    base: dict[str, int] | None = Field(None, description="the revision of each item that this window last saw")
    page: str = Field("", max_length=64, description="the window's own name, sent along with `base`")
    attempt: int | None = Field(None, description="the attempt this window shows; another one is refused with 409")

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not self.model_fields_set & {"answers", "items", "confidence"}:
            raise ValueError("answers, items or confidence is needed")
        return self


class Overwritten(BaseModel):
    """What another window had saved at `saved_at`; null: it had deleted the answer."""

    answer: Any
    saved_at: str


class Saved(BaseModel):
    ok: Literal[True] = True
    saved_at: str
    revisions: dict[str, int] | None = Field(
        default=None, description="of the items just saved; only if `base` was sent"
    )
    overwrite: dict[str, Overwritten] | None = Field(default=None, description="answers of other windows that gave way")


class Submission(BaseModel):
    """Answers to hand in; without them the saved draft is handed in."""

    answers: dict[str, Any] | None = None
    declared: bool = Field(False, description="the learner says that the work scenarios in it are their own work")


class ReceiptAnswer(BaseModel):
    id: str
    submitted_at: str
    sha256: str


class Submitted(BaseModel):
    ok: Literal[True] = True
    receipt: ReceiptAnswer
    points: float | None = Field(description="null: stored, not graded yet")
    max_points: float
    result_url: str


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return FastAPI's `responses` for these statuses, all of the one error shape."""
    return {status: {"model": ErrorAnswer} for status in statuses}
