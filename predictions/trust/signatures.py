"""Ed25519 signatures under checkpoints, as C2SP signed notes; needs the extra ``sign``.

A key is one line of text, in the form that Go's ``note`` package uses: the private one begins ``PRIVATE+KEY+``, the
public one is ``name+id+base64``. A ledger's key is named as its checkpoints are, by their origin, so that a signature
under one ledger's name says nothing of another's.
"""

from __future__ import annotations

import os
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any, NamedTuple

from predictions.errors import InvalidValue, import_extra, short_repr
from predictions.storage.checkpoints import TEXT_LIMIT, Head, read_checkpoint, read_heads, split_heads
from predictions.storage.files import free_place, new_file, path_of
from predictions.text_files import read_text, unmarked

ED25519 = b"\x01"
MOST_SIGNATURES = 100
KEY_LIMIT = 1_000
NO_KEY = "this is no private key; `keygen` makes one, which begins PRIVATE+KEY+"

_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class PublicKey(NamedTuple):
    """The key that checks signatures; give its text to anybody who is to check yours."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Return four bytes that tell this key from others with the same name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.raw).decode()}"


class PrivateKey(NamedTuple):
    """The key that signs; anybody who has its text can sign in its name."""

    name: str
    seed: bytes

    @property
    def public(self) -> PublicKey:
        """Return the key that checks what this one signed."""
        return PublicKey(self.name, _signer(self).public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """Return the key as one line, to keep in a file that nobody else can read."""
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{b64encode(ED25519 + self.seed).decode()}"

    def __repr__(self) -> str:
        return f"PrivateKey({self.name!r})"


def make_key(name: str) -> PrivateKey:
    """Make a new private key with that name, which for a ledger is its ``head().origin``."""
    return PrivateKey(_checked_name(name), os.urandom(32))


def new_key(path: str | os.PathLike[str], name: str) -> str:
    """Write a new private key into a new file that only its owner can read, and return the public key's text."""
    key = make_key(name)
    with new_file(free_place(path)) as unnamed:
        unnamed.write_text(f"{key.text}\n", encoding="utf-8")
    return str(key.public)


def key_in(path: str | os.PathLike[str]) -> PrivateKey:
    """Read the private key in the file that :func:`new_key` wrote."""
    refused = f"cannot read the key {short_repr(path)}"
    try:
        file = path_of(path)
    except InvalidValue as error:
        raise InvalidValue(f"{refused}: {error}") from None
    return read_private_key(read_text(file, KEY_LIMIT, refused=refused, too_long=NO_KEY))


def read_private_key(text: str) -> PrivateKey:
    """Read a private key from its text; InvalidValue for any other text, which the message does not repeat."""
    parts = unmarked(text).strip().split("+", 4) if isinstance(text, str) and len(text) <= KEY_LIMIT else []
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise InvalidValue(NO_KEY)
    key = PrivateKey(_checked_name(parts[2]), _key_bytes(parts[4]))
    # Otherwise, after a slip in copying the text, signatures would be by a key that nobody knows.
    if key.public.id.hex() != parts[3]:
        raise InvalidValue(
            f"the private key of {short_repr(key.name)} is damaged: it does not fit its id {short_repr(parts[3])}"
        )
    return key


def read_public_key(text: str) -> PublicKey:
    """Read a public key from its text; InvalidValue for any other text.

    >>> read_public_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").name
    'PeterNeumann'
    """
    parts = unmarked(text).strip().split("+", 2) if isinstance(text, str) and len(text) <= KEY_LIMIT else []
    if len(parts) != 3 or parts[:2] == ["PRIVATE", "KEY"]:
        raise InvalidValue("this is no public key; it reads name+id+base64, as `keygen` prints it")
    key = PublicKey(_checked_name(parts[0]), _key_bytes(parts[2]))
    if key.id.hex() != parts[1]:
        raise InvalidValue(
            f"the public key of {short_repr(key.name)} is damaged: it does not fit its id {short_repr(parts[1])}"
        )
    return key


def sign_note(text: str, key: PrivateKey) -> str:
    """Return the text with an empty line and a signature after it; InvalidValue for text that no note can have."""
    if not text.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", text) or not _utf8(text):
        raise InvalidValue("a note ends with a new line, and has no other control character in it")
    signature = _signer(key).sign(text.encode())
    return f"{text}\n— {key.name} {b64encode(key.public.id + signature).decode()}\n"


def open_note(note: str, key: PublicKey) -> str:
    """Return the text of a note if *key* signed it; InvalidValue if it did not, or if the note was changed.

    Signatures by other keys are ignored, as the specification asks.
    """
    if len(note) > TEXT_LIMIT or re.search(r"[\x00-\x09\x0b-\x1f]", note) or not _utf8(note):
        raise InvalidValue("this is no signed note: it is too long, or has control characters in it")
    # Split from the end: the text of a note may have empty lines, its signatures may not.
    text, divider, signatures = note.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    matches = [_SIGNATURE.fullmatch(line) for line in lines]
    if not divider or not signatures.endswith("\n") or not 0 < len(lines) <= MOST_SIGNATURES or not all(matches):
        raise InvalidValue("this is no signed note: signature lines, '— name base64', follow an empty line at its end")
    with_name = [_signature(match[2], key.id) for match in matches if match is not None and match[1] == key.name]
    by_key = [signature for signature in with_name if signature is not None]
    if not by_key:
        raise InvalidValue(f"the note is not signed by {short_repr(str(key))}")
    for signature in by_key:
        if not _verifies(key, signature, f"{text}\n".encode()):
            raise InvalidValue(
                f"the signature of {short_repr(key.name)} is not good: the note was changed, or not theirs"
            )
    return f"{text}\n"


def sign_head(head: Head, key: PrivateKey) -> str:
    """Sign the head's checkpoint; InvalidValue for a key that is not named as this ledger's checkpoints are."""
    if key.name != head.origin:
        raise InvalidValue(f"the key {short_repr(key.name)} is not this ledger's, which would be named {head.origin}")
    return sign_note(head.checkpoint(), key)


def open_head(note: str, key: PublicKey) -> Head:
    """Return the head in a signed checkpoint; InvalidValue unless *key* signed it and has the name of its ledger."""
    head = read_checkpoint(open_note(note, key))
    if head.origin != key.name:
        raise InvalidValue(f"the checkpoint is of {head.origin}, and signed by the key of {short_repr(key.name)}")
    return head


def signed_heads(value: object, key: str | None) -> tuple[tuple[Head, ...], tuple[str, ...]]:
    """Read heads as :func:`read_heads` does, and return them with remarks on their signatures.

    If *key*, the text of a public key, is given, each head must be signed by it; InvalidValue if one is not.
    """
    texts = split_heads(value)
    heads = read_heads(texts)
    if key is not None:
        public = read_public_key(key)
        for text in texts:
            open_head(str(text), public)
        return heads, (f"the signature under the head is good, by the key {public.id.hex()}",)
    if any("\n\n— " in str(text) for text in texts):
        return heads, ("the signature under the head was not checked: that takes the signer's public key",)
    return heads, ()


def _checked_name(name: str) -> str:
    """Return the name of a key; InvalidValue for one that a signature line cannot hold."""
    if not isinstance(name, str) or not _KEY_NAME.fullmatch(name) or not _utf8(name):
        raise InvalidValue(f"{short_repr(name)} is no name of a key; it has no space, plus or control character")
    return name


def _key_bytes(text: str) -> bytes:
    """Return the 32 bytes of a key, which come after a byte for Ed25519."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 33 or raw[:1] != ED25519 or b64encode(raw).decode() != text:
        raise InvalidValue("the key is damaged, or is not of the kind Ed25519")
    return raw[1:]


def _signature(text: str, key_id: bytes) -> bytes | None:
    """Return the signature if it is by the key with that id, else None."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise InvalidValue(f"{short_repr(text)} is no base64 of a signature") from None
    return raw[4:] if raw[:4] == key_id else None


def _signer(key: PrivateKey) -> Any:
    return _ed25519().Ed25519PrivateKey.from_private_bytes(key.seed)


def _verifies(key: PublicKey, signature: bytes, text: bytes) -> bool:
    """Return whether the signature under the text is by that key."""
    public = _ed25519().Ed25519PublicKey.from_public_bytes(key.raw)
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _ed25519() -> Any:  # a module
    return import_extra("cryptography.hazmat.primitives.asymmetric.ed25519", "signatures need", "sign")


def _utf8(text: str) -> bool:
    """Return whether a text can be written as UTF-8; half a character cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
