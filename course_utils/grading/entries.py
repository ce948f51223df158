"""The files that came: a folder or a zip file, read without unpacking anything to disk.

Whatever is wrong with one file (a link, a lock, a path that climbs, a bomb) becomes the problem of
that file; nothing is raised, and nothing outside the folder or the zip file is read.
"""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from course_utils.errors import GradingError
from course_utils.language import gettext as _

LARGEST = 20 * 2**20
"""The largest notebook that is read, in bytes."""

_LARGEST_ZIP = 64 * 2**20  # of a zip file inside another, in bytes
_MOST_FILES = 20_000  # in one zip file
_DEEPEST = 3  # zip files in zip files: the class's, the student's, one more
_NOT_HANDED_IN = re.compile(r"(?i)^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|~\$)")
_ZIP_FAULTS = (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError)


class UnreadableError(Exception):
    """A file that cannot be read; the message says why, for the instructor."""


@dataclass(frozen=True)
class Entry:
    """A file that came.

    Attributes:
        path: where it was in the folder or zip file; a zip file counts as a folder.
        read: gives its bytes, at most :data:`LARGEST`; raises :class:`UnreadableError`.
        time: when it was last changed, by the machine's clock; None if not known.
        problem: why it cannot be read, if that shows from outside.
        disk: the file itself, if it is not in a zip file.
    """

    path: PurePosixPath
    read: Callable[[], bytes]
    time: datetime | None = None
    problem: str = ""
    disk: Path | None = None


def entries(source: Path) -> list[Entry]:
    """List the files in a folder or a zip file, or the one file that was given, in order of path.

    What is in a zip file has the zip file's name as its folder; in ``source`` itself, it has not.

    Raises:
        GradingError: there is nothing at ``source``, or it is a damaged zip file.
    """
    if source.is_dir():
        found = list(_in_folder(source))
    elif source.is_file():
        found = [_on_disk(source.resolve(), PurePosixPath(_clean(source.name)))]
        if source.suffix.lower() == ".zip":
            (of_class,), found = found, list(_expanded(found[0], 1))
            if problem := next((e.problem for e in found if e.path == of_class.path), ""):
                raise GradingError(f"{source.name}: {problem}.")
            found = [_without_first(entry) for entry in found]
    else:
        raise GradingError(_("There is nothing at {path}.").format(path=source))
    found.sort(key=lambda entry: str(entry.path))
    return found


def is_handed_in(path: PurePosixPath) -> bool:
    """Tell whether a student meant to hand a file in: not a system's or an editor's own file."""
    return not any(_NOT_HANDED_IN.match(part) for part in path.parts)


def _in_folder(folder: Path) -> Iterator[Entry]:
    for place, folders, files in os.walk(folder, onerror=None):
        for name in [
            *files,
            *(each for each in folders if os.path.islink(os.path.join(place, each))),
        ]:
            path = Path(place, name)
            entry = _on_disk(path, PurePosixPath(_clean(path.relative_to(folder).as_posix())))
            if is_handed_in(entry.path):
                yield from _expanded(entry, 1)
        for name in folders:
            path = Path(place, name)
            if not os.path.islink(path) and not os.access(path, os.R_OK | os.X_OK):
                where = PurePosixPath(_clean(path.relative_to(folder).as_posix()))
                yield _unreadable(where, _("the folder may not be opened"))


def _on_disk(path: Path, shown: PurePosixPath) -> Entry:
    try:
        found = path.lstat()
    except OSError as error:
        return _unreadable(shown, _why(error))
    if stat.S_ISLNK(found.st_mode):
        return _unreadable(shown, _("it is a link to another file"))
    if not stat.S_ISREG(found.st_mode):
        return _unreadable(shown, _("it is no ordinary file"))
    return Entry(shown, _reader(path), _time(found), disk=path)


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        # Between lstat and open a file may become a link or a pipe: neither is followed.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        flags |= getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(path, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise UnreadableError(_("it is no ordinary file"))
                return _bounded(file.read(LARGEST + 1), LARGEST)
        except OSError as error:
            raise UnreadableError(_why(error)) from None

    return read


def _expanded(entry: Entry, depth: int) -> Iterator[Entry]:
    """Yield the files in a zip file, or a file that is none as it is."""
    if entry.problem or entry.path.suffix.lower() != ".zip":
        yield entry
        return
    if depth > _DEEPEST:
        yield _unreadable(entry.path, _("it is a zip file in too many others"), entry.time)
        return
    try:
        inside = list(_in_zip(entry, depth))
    except UnreadableError as error:
        inside = [_unreadable(entry.path, str(error), entry.time)]
    except _ZIP_FAULTS:
        inside = [_unreadable(entry.path, _("it is no zip file, or a damaged one"), entry.time)]
    yield from inside or [_unreadable(entry.path, _("the zip file is empty"), entry.time)]


def _in_zip(entry: Entry, depth: int) -> Iterator[Entry]:
    def opened() -> zipfile.ZipFile:
        # Anew for each file: a class has more zip files than a process may hold open.
        return zipfile.ZipFile(entry.disk or io.BytesIO(entry.read()))

    with opened() as archive:
        infos = archive.infolist()
    if len(infos) > _MOST_FILES:
        raise UnreadableError(_("there are too many files in the zip file"))
    for info in infos:
        if info.is_dir():
            continue
        name = _clean(_name(info).replace("\\", "/"))
        parts = [part for part in name.split("/") if part not in ("", ".")]
        path = entry.path.joinpath(*(part for part in parts if part != ".."))
        if not parts or (not is_handed_in(PurePosixPath(*parts)) and ".." not in parts):
            continue
        if ".." in parts or name.startswith("/") or re.match(r"^[A-Za-z]:", name):
            yield _unreadable(path, _("its path climbs out of the zip file"), _zip_time(info))
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield _unreadable(path, _("it is a link to another file"), _zip_time(info))
        else:
            inner = Entry(path, _zip_reader(opened, info), _zip_time(info))
            yield from _expanded(inner, depth + 1)


def _zip_reader(
    opened: Callable[[], zipfile.ZipFile], info: zipfile.ZipInfo
) -> Callable[[], bytes]:
    limit = _LARGEST_ZIP if info.filename.lower().endswith(".zip") else LARGEST

    def read() -> bytes:
        try:
            if info.flag_bits & 0x1:
                raise UnreadableError(_("the zip file asks for a password"))
            with (
                opened() as archive,
                archive.open(info) as file,
            ):  # what the directory says of a size may be a lie
                return _bounded(file.read(limit + 1), limit)
        except (*_ZIP_FAULTS, zlib.error, lzma.LZMAError):
            raise UnreadableError(_("it is damaged in the zip file")) from None

    return read


def _name(info: zipfile.ZipInfo) -> str:
    """Undo what zipfile takes for the encoding of names that Korean Windows or a Mac wrote."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _clean(name: str) -> str:
    """A Mac writes 한 as three characters; a name that is no text at all stays readable."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))


def _bounded(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise UnreadableError(_("it is larger than {size} MB").format(size=limit // 2**20))
    return content


def _unreadable(path: PurePosixPath, problem: str, time: datetime | None = None) -> Entry:
    def read() -> bytes:
        raise UnreadableError(problem)

    return Entry(path, read, time, problem)


def _without_first(entry: Entry) -> Entry:
    return replace(entry, path=PurePosixPath(*(entry.path.parts[1:] or entry.path.parts)))


def _why(error: OSError) -> str:
    return _("it cannot be opened ({reason})").format(reason=error.strerror or type(error).__name__)


def _time(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(int(found.st_mtime)).astimezone()


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
