"""What two arrays must agree in: a digest of their values, whatever the layout in memory and the byte order.

Bytes are taken in C order and native byte order. Padding never counts: structures are walked field by field, and of an
80-bit long double stored in 16 bytes only the 10 significant ones are used.
"""
import hashlib

import numpy as np


def sha256(array):
    """Hex digest of the values, or None for arrays that hold Python objects."""
    array = np.asarray(array)
    if array.dtype.hasobject:
        return None
    digest = hashlib.sha256()
    _feed(digest, array)
    return digest.hexdigest()


def native(dtype):
    """The same dtype in native byte order, fields included."""
    return dtype.newbyteorder("=")


def _feed(digest, array):
    if array.dtype.names is not None:
        for name in array.dtype.names:
            _feed(digest, array[name])
        return
    plain = np.ascontiguousarray(array).astype(native(array.dtype))
    raw = plain.tobytes("C")
    if plain.dtype.kind in "fc" and np.finfo(plain.dtype).nmant == 63:
        words = np.frombuffer(raw, np.uint8).reshape(-1, 16)
        raw = np.ascontiguousarray(words[:, :10]).tobytes()
    digest.update(raw)
