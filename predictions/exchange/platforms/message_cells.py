"""The cells that messages show of a platform's questions, made only when a message needs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from predictions.exchange.questions import Question


class CellsInMessages(Mapping[int, Mapping[str, object]]):
    """The cells that a message shows of a question that cannot be recorded, by row."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = {question.row: question for question in questions}

    def __getitem__(self, row: int) -> Mapping[str, object]:
        question, verdict = self._questions[row], self._questions[row].verdict
        return {
            "key": question.id, "text": question.text, "opens_on": question.opens_on, "deadline": question.deadline,
            **({"outcome": str(verdict.outcome), "known_on": verdict.known_on} if verdict else {}),
        }  # fmt: skip

    def __iter__(self) -> Iterator[int]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)
