"""Tables of the way in: the activation code of a person who has no password, or has forgotten it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.tables import Base


class ActivationCode(Base):
    """A person's one code; a newer one takes its place. Only a keyed hash is here. made_by: a person's id."""

    __tablename__ = "activation_codes"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
