"""Checks a proof without prediction-ledger: written from format.md, with the standard library only.

python verify_proof.py PROOF [HEAD]: PROOF is a JSON file; HEAD is size:root, or a file with that or a checkpoint in it.
Without a head you had from elsewhere, a good proof only shows that its maker has such a tree."""

import json
import sys
from base64 import b64decode, b64encode
from decimal import Decimal
from hashlib import sha256
from pathlib import Path


def need(true, what):
    if not true:
        raise ValueError(what)


def unhex(value, length):
    need(isinstance(value, str) and len(value) == 2 * length and not value.strip("0123456789abcdef"), "no hexadecimal")
    return bytes.fromhex(value)


def number(value):
    """A binary64 as ECMAScript writes it: with an exponent only below 1e-6 and from 1e21 on."""
    need(abs(value) < float("inf"), "a number is none")
    digits, _, exponent = repr(value + 0.0).partition("e")
    plain = not exponent or 1e-6 <= abs(value) < 1e21
    return format(Decimal(repr(value + 0.0)), "f").removesuffix(".0") if plain else f"{digits}e{int(exponent):+}"


def text(value):
    """Canonical JSON, RFC 8785: sorted keys, no white space, numbers as ECMAScript writes them; nothing is absent."""
    need(value not in (None, [], {}), "something absent is written")
    need(type(value) is not int or abs(value) < 2**53, "a whole number is not below 2**53")
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{text(value[key])}' for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def once(pairs):  # so that nobody reads another object than we
    need(len(dict(pairs)) == len(pairs), "a key is there twice")
    return dict(pairs)


def read_checkpoint(said):
    """Origin, size and root; signatures may follow an empty line, and are not checked here."""
    body, _, signatures = said.partition("\n\n")
    origin, size, root, *more = body.removesuffix("\n").split("\n")
    redacted = more[0].removeprefix("redacted ") if len(more) == 1 else "" if more else "1"
    need(redacted.isascii() and redacted.isdigit(), "more than 'redacted N', of a copy, under the root")
    need(all(line.startswith("— ") for line in signatures.splitlines()), "more than signatures under a checkpoint")
    need(origin.startswith("predictions.invalid/") and unhex(origin[20:], 16), "the origin is no ledger's")
    need(size.isascii() and size.isdigit() and str(int(size)) == size, "the size is no plain number")
    need(b64encode(raw := b64decode(root)).decode() == root and len(raw) == 32, "the root is not 32 bytes in base64")
    return origin, int(size), raw


def way_up(place, last, path):
    """The siblings on the way up from a place in a row that ends at *last*, and whether each stands on the left."""
    need(isinstance(path, list), "a path is a list")
    for sibling in path:
        need(last > 0, "a path is too long")
        yield unhex(sibling, 32), (on_the_left := place & 1 or place == last)
        while on_the_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    need(last == 0, "a path is too short")


def root_above(leaf, place, size, path):
    need(type(place) is int and type(size) is int and 0 <= place < size, "a leaf has no place in the tree")
    node = sha256(b"\0" + leaf).digest()
    for sibling, on_the_left in way_up(place, size - 1, path):
        node = sha256(b"\1" + (sibling + node if on_the_left else node + sibling)).digest()
    return node


def read_entry(said, size, root):
    """What an entry holds, once its path was found to lead to the root."""
    need(said.keys() == {"index", "salt", "content", "path"}, "an entry has other parts")
    content, leaf = said["content"], unhex(said["salt"], 16) + said["content"].encode()
    need(root_above(leaf, said["index"], size, said["path"]) == root, "an entry does not stand under the root")
    fields = json.loads(content, object_pairs_hook=once)
    need(isinstance(fields.get("record"), str) and text(fields) == content, "a content is not canonical")
    return fields


def check_inclusion(proof):
    need(proof.keys() == {"format", "checkpoint", "record", "seal"}, "a proof has other parts")
    head = read_checkpoint(proof["checkpoint"])
    _, seal = (read_entry(proof[part], *head[1:]) for part in ("record", "seal"))
    at, end = proof["record"]["index"], proof["seal"]["index"]
    need((seal["record"], seal.get("index")) == ("seal", end), "what is given as the seal is none")
    need(type(seal.get("first")) is int and seal["first"] <= at <= end, "the seal is not the one over the record")
    return head, f"entry {at}, recorded {seal.get('recorded_at')}: {proof['record']['content']}"


def check_consistency(proof):
    need(proof.keys() == {"format", "old", "new", "path"}, "a proof has other parts")
    (origin, old, first), head, path = read_checkpoint(proof["old"]), read_checkpoint(proof["new"]), proof["path"]
    need(origin == head[0] and 0 < old <= head[1], "the heads are of two ledgers, in the wrong order, or of nothing")
    if old == head[1]:
        need(path == [] and first == head[2], "the old head is no prefix")
    else:
        width = old & -old  # of the old tree's last perfect subtree, which the new one has as well
        one = two = first if old == width else unhex(path.pop(0), 32)
        for sibling, on_the_left in way_up((old - 1) // width, (head[1] - 1) // width, path):
            one = sha256(b"\1" + sibling + one).digest() if on_the_left else one
            two = sha256(b"\1" + (sibling + two if on_the_left else two + sibling)).digest()
        need((one, two) == (first, head[2]), "the old head is no prefix")
    return head, f"the first {old} entries are those of the old head"


def main(checks, path, given=None):
    proof = json.loads(Path(path).read_bytes(), object_pairs_hook=once)
    (origin, size, root), told = checks[proof["format"]](proof)
    if given is not None:
        if Path(given).is_file():
            given = (raw := Path(given).read_bytes()).decode(json.detect_encoding(raw)).strip()  # from Windows, too
        given = given.replace("\r\n", "\n")
        mine = read_checkpoint(given) if "\n" in given else (origin, int(given[:-65]), bytes.fromhex(given[-64:]))
        need(mine == (origin, size, root), "it holds for another head than the one given")
    whose = "as given" if given and "\n" in given else "as the proof says"
    print(f"ok: {ascii(told)[1:-1]}\nhead {size}:{root.hex()}, {'as' if given else 'none'} given; of {origin}, {whose}")


CHECKS = {"prediction-ledger-proof/1": check_inclusion, "prediction-ledger-consistency/1": check_consistency}
if __name__ == "__main__":
    try:
        main(CHECKS, *sys.argv[1:3] or sys.exit(__doc__))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as amiss:
        sys.exit(f"not ok: {amiss}")
