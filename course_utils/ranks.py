"""tiktoken with no network: the rank files that ship with the course, put where tiktoken looks.

A rank file is the table of byte merges that an encoding consists of. tiktoken downloads it when it
is not in its cache; here it is unpacked from the package into a cache folder of the course's own,
and tiktoken is pointed at that folder. tiktoken still verifies the SHA-256 itself. A cache folder
that the user has set is read, and never written or changed.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from course_utils.files import write_whole

if TYPE_CHECKING:
    from tiktoken import Encoding

# The SHA-256 of each file, as tiktoken_ext.openai_public expects it. Checked here first, because
# tiktoken answers a damaged file by deleting it and downloading.
PACKAGED = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
_URL = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_VARIABLES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")  # in tiktoken's order

_lock = RLock()


def use_packaged_ranks() -> None:
    """Let every later call of tiktoken in this process find the packaged rank files.

    Sets ``TIKTOKEN_CACHE_DIR`` of this process, unless the user has set a cache folder. After it
    ``tiktoken.get_encoding("o200k_base")`` and ``"cl100k_base"`` work with no network. The first
    call on a machine unpacks the files (about 0.2 s); later ones check them.
    """
    with _lock:
        if not any(variable in os.environ for variable in _VARIABLES):
            os.environ["TIKTOKEN_CACHE_DIR"] = str(_folder())


@cache
def get_encoding(name: str) -> Encoding:
    """The encoding of that name, like ``tiktoken.get_encoding``, with no network if it is packaged.

    Packaged are ``cl100k_base`` and ``o200k_base``; any other goes tiktoken's own way, which may be
    a download. Raises tiktoken's ValueError for a name that it does not know.
    """
    import tiktoken

    if name not in PACKAGED:
        return tiktoken.get_encoding(name)
    with _lock:
        use_packaged_ranks()
        if _sound(_cache_in_use() / _key(name), name):
            return tiktoken.get_encoding(name)
        with _cache_set_to(_folder()):
            return tiktoken.get_encoding(name)


def _cache_in_use() -> Path:
    return Path(next(os.environ[name] for name in _VARIABLES if name in os.environ))


@contextmanager
def _cache_set_to(folder: Path) -> Iterator[None]:
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before


def _folder() -> Path:
    """The course's own cache folder, with every packaged file in it, whole."""
    import platformdirs

    own = platformdirs.user_cache_path("chat-completions-course") / "tiktoken"
    try:
        return _filled(own)
    except OSError:  # a home that cannot be written to, or a full disk
        return _filled(Path(_spare().name))


@cache
def _spare() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="chat-completions-course-")


def _filled(folder: Path) -> Path:
    for name in PACKAGED:
        path = folder / _key(name)
        if not _sound(path, name):
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, _unpacked(name))
    return folder


def _key(name: str) -> str:
    """The file name under which tiktoken looks for an encoding in its cache."""
    return hashlib.sha1(_URL.format(name).encode()).hexdigest()


def _sound(path: Path, name: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == PACKAGED[name]
    except OSError:
        return False


def _unpacked(name: str) -> str:
    packed = files("course_utils") / "data" / f"{name}.tiktoken.xz"
    return lzma.decompress(packed.read_bytes()).decode("ascii")  # base64 and ranks, a line each
