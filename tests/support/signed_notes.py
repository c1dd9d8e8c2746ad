"""Signed notes: the sample of the reference implementation, and one of ours."""

from __future__ import annotations

from hashlib import sha256

from predictions import Head
from predictions.trust.signatures import PrivateKey, sign_head

# The example of golang.org/x/mod/sumdb/note, the implementation that the C2SP specification was written after.
SAMPLE_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAMPLE_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
SAMPLE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SAMPLE = (
    f"{SAMPLE_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)
HEAD = Head(214, sha256(b"root").digest(), "0123456789abcdef" * 2)
KEY = PrivateKey(HEAD.origin, sha256(b"a seed for tests").digest())
NOTE = sign_head(HEAD, KEY)
