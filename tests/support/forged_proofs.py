"""Proofs that were changed after they were made, or made by somebody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from predictions import Head
from predictions.storage.canonical import encode
from predictions.storage.merkle import inclusion_proof, leaf_hash, root
from predictions.trust.proofs import Placed, Proof


def changed(text: str, act: Callable[[dict[str, Any]], object]) -> str:
    said = json.loads(text)
    act(said)
    return json.dumps(said)


FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "an index": lambda said: said["record"].update(index=4),
    "an index past the end": lambda said: said["record"].update(index=10**9),
    "a negative index": lambda said: said["record"].update(index=-1),
    "an index that is true": lambda said: said["record"].update(index=True),
    "an index as text": lambda said: said["record"].update(index="5"),
    "a content": lambda said: said["record"].update(content=said["record"]["content"].replace("revision", "Revision")),
    "a space in the content": lambda said: said["record"].update(content=said["record"]["content"] + " "),
    "no content": lambda said: said["record"].update(content=None),
    "half a character": lambda said: said["record"].update(content="\ud800"),
    "a shorter salt": lambda said: said["record"].update(salt=said["record"]["salt"][:-2]),
    "a salt moved to the content": lambda said: said["record"].update(
        salt=said["record"]["salt"][:-2], content="{" + said["record"]["content"]
    ),
    "a salt in capitals": lambda said: said["record"].update(salt="A" * 32),
    "a path cut": lambda said: said["record"]["path"].pop(),
    "a path begun later": lambda said: said["record"]["path"].pop(0),
    "a path longer": lambda said: said["record"]["path"].append("ab" * 32),
    "a path twice": lambda said: said["record"]["path"].insert(0, said["record"]["path"][0]),
    "a path turned round": lambda said: said["record"]["path"].reverse(),
    "a path of a million": lambda said: said["record"].update(path=["ab" * 32] * 10_000),
    "a path of numbers": lambda said: said["record"].update(path=[1, 2]),
    "no path": lambda said: said["record"].pop("path"),
    "another part": lambda said: said["record"].update(note="hello"),
    "the record as its seal": lambda said: said.update(seal=said["record"]),
    "the seal as the record": lambda said: said.update(record={**said["seal"], "index": said["record"]["index"]}),
    "no seal": lambda said: said.pop("seal"),
    "another format": lambda said: said.update(format="prediction-ledger-proof/2"),
    "another size": lambda said: said.update(checkpoint=said["checkpoint"].replace("\n", "\n1", 1)),
    "another root": lambda said: said.update(checkpoint=said["checkpoint"][:-10] + "AAAAAAAA=\n"),
    "a checkpoint in short": lambda said: said.update(checkpoint="25:" + "ab" * 32),
    "a checkpoint with more lines": lambda said: said.update(checkpoint=said["checkpoint"] + "more\n"),
    "no checkpoint": lambda said: said.update(checkpoint=None),
    "more": lambda said: said.update(also=1),
}


def forged(contents: list[str]) -> Proof:
    """A proof of the first content, sealed by the last, under a head made for it."""
    leaves = [leaf_hash(bytes(16), content.encode()) for content in contents]
    head = Head(len(leaves), root(leaves), "0" * 32)
    placed = [
        Placed(n, bytes(16), content, tuple(inclusion_proof(leaves, n))) for n, content in enumerate(contents)
    ]  # fmt: skip
    return Proof(head, placed[0], placed[-1])


GOOD = encode({"record": "event", "slug": "a", "title": "A"})
SEAL = encode({"record": "seal", "index": 1, "first": 0, "number": 1})
NO_SEALS = [
    GOOD, encode({"record": "seal", "index": 0, "first": 0}), encode({"record": "seal", "index": 1, "first": 1}),
    encode({"record": "seal", "index": 1}), encode({"record": "seal", "index": "1", "first": 0}),
]  # fmt: skip
