"""Exports of Fatebook made for a test: questions with their forecasts, as getQuestions answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def question(key: str, title: str = "", *said: tuple[str, str, object], **fields: object) -> dict[str, Any]:
    """A yes-or-no question asked on 2026-03-01; who said what when are its forecasts."""
    forecasts = [
        {"forecast": None if chance is None else str(chance), "createdAt": made_at, "user": {"name": by}}
        for by, made_at, chance in said
    ]
    return {
        "id": key, "title": title or f"Does {key} come?", "type": "BINARY", "createdAt": "2026-03-01T08:00:00.000Z",
        "resolveBy": "2026-06-30T00:00:00.000Z", "resolution": None, "resolvedAt": None, "notes": None,
        "user": {"name": "Ann"}, "tags": [], "forecasts": forecasts, **fields,
    }  # fmt: skip


def resolved(outcome: str, at: str = "2026-07-01T09:30:00.000Z") -> dict[str, object]:
    """The fields of a question that came out so."""
    return {"resolution": outcome, "resolvedAt": at}


def write(folder: Path, *questions: dict[str, Any], name: str = "questions.json") -> Path:
    """The file of some questions."""
    path = folder / name
    path.write_text(json.dumps({"items": questions}), "utf-8")
    return path
