"""The shapes of what other systems read, as OpenAPI shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Level = Annotated[int, Field(ge=0, le=4)]


class Exact(BaseModel):
    """A shape without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class ScoreRow(Exact):
    """One person's score in one period, named by `period` and `staff_code`."""

    seq: int = Field(description="grows with every change of any score; keep the last one you have read")
    period: str
    staff_code: str
    unit: str = Field(description="unit code")
    coverage: Share = Field(description="share of graded items attempted")
    levels: dict[str, Level] = Field(description="competency code: level")
    band: Level = Field(description="0 = not enough data or below band 1")
    band_since: datetime | None = Field(description="when the band was reached")
    points: float
    max_points: float
    rule_version: str
    updated_at: datetime
    name: str | None = Field(None, description="this and the three below: only with fields=names")
    kind: str | None = None
    position: str | None = None
    department: str | None = None


class WithdrawnRow(Exact):
    """Forget the score of this `period` and `staff_code`. It may come again with a greater `seq`."""

    seq: int
    period: str
    staff_code: str
    unit: str = Field(description="code of the unit where it was")
    withdrawn: Literal[True]
    reason: Literal["moved", "left", "withdrawn"] = Field(description="moved: to a unit that you may not see, or may")
    updated_at: datetime


class ScoresAnswer(BaseModel):
    ok: Literal[True] = True
    scores: list[ScoreRow | WithdrawnRow]
    next_cursor: str = Field(description="where the next call goes on; the same as before when nothing is new")
    more: bool = Field(description="whether there is more to read now")


class EvidenceLine(Exact):
    """The best outcome of one item, and the attempt it came from."""

    item_id: str
    assignment: str
    module: str | None = Field(description="null: the item no longer counts")
    competency: str
    level: int
    kind: str
    share: Share
    points: float
    max_points: float
    achieved_at: datetime
    attempt_id: str
    attempt_no: int
    submitted_at: datetime
    answers_sha256: str = Field(description="of the answers as they were handed in")
    item_version: str = Field(description="version of the assignment that was answered")
    engine_version: str = Field(description="version of the grader")


class EvidenceAnswer(BaseModel):
    ok: Literal[True] = True
    period: str
    staff_code: str
    unit: str
    coverage: Share
    band: Level
    levels: dict[str, Level]
    rule_version: str = Field(description="empty: no score yet")
    evidence: list[EvidenceLine]


class UnitRow(Exact):
    """One unit, its own people only, not those below. Rates are null where too few people stand behind them."""

    code: str
    name: str
    bloc: str
    parent: str | None = Field(description="unit code; null: at the top, or outside what you may see")
    people: int
    started: Share | None = Field(description="share of people who have begun")
    participating: Share | None = Field(description="share with enough coverage, P of the rule")
    advanced: Share | None = Field(description="share in the rule's band or higher, A of the rule")


class UnitsAnswer(BaseModel):
    ok: Literal[True] = True
    period: str
    hidden_below: int = Field(description="units with fewer people show no rates")
    units: list[UnitRow]


class SnapshotAnswer(BaseModel):
    ok: Literal[True] = True
    id: str
    period: str
    kind: Literal["provisional", "final"]
    cutoff_at: datetime
    made_at: datetime
    people: int
    sha256: str = Field(description="of the manifest's bytes")
    manifest: str = Field(description="canonical JSON, exactly as signed; names the SHA-256 of every part")
    signature: str = Field(description="compact JWS (Ed25519) of the manifest")
    annexes: int = Field(description="later corrections")


class TokenAnswer(BaseModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = Field(description="seconds")
    scope: str = Field(description="what the token allows, with spaces between")


class OAuthError(BaseModel):
    """RFC 6749, section 5.2: the one place with an error shape of its own."""

    error: str
    error_description: str
