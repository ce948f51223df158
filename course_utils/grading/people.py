"""Who handed a file in: the names that learning platforms give to files, and the class's roster."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.errors import GradingError
from course_utils.grading.decode import text_of
from course_utils.grading.model import Person
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _

_COLUMNS = {
    "name": ("student", "name", "full name", "student name", "성명", "전체 이름", "학생", "이름"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name", "성"),
    "email": ("email address", "email", "e-mail", "이메일 주소", "이메일"),
    "id": ("sis user id", "student id", "id number", "sid", "학번", "id", "아이디"),
    "login": ("sis login id", "login", "login id", "username", "사용자 아이디"),
    "moodle": ("identifier", "식별자"),
    "section": ("section",),
    "language": ("language", "언어"),
    "submitted": ("submitted", "last modified (submission)"),
}
_PARTICIPANT = re.compile(r"^\D*?(\d+)$")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST_HANGUL, _SHORTEST_LATIN = 2, 5  # of a name that is looked for inside a file's name


@dataclass(frozen=True)
class Sender:
    """What the name of a file or folder says of who handed it in.

    Attributes:
        name: the part that names the student.
        canvas: the number of the user, if Canvas named the file.
        moodle: the number of the participant, if Moodle did.
        late: whether Canvas calls it late.
        dated: whether the file's own time can be when it was handed in; Canvas does not keep it.
    """

    name: str
    canvas: str = ""
    moodle: str = ""
    late: bool = False
    dated: bool = field(default=True, compare=False)

    @property
    def person(self) -> Person:
        """The student, as far as the name tells."""
        key = self.canvas or self.moodle or self.name
        return Person(key, self.name, canvas=self.canvas, moodle=self.moodle)


class Roster:
    """The students of a class.

    Args:
        people: in the order of the class's list.
        columns: what the list's own columns are called.
    """

    def __init__(self, people: Iterable[Person] = (), columns: Iterable[str] = ()) -> None:
        self.people = list(people)
        self.columns = list(columns)
        self._by_id: dict[str, list[Person]] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in self.people:
            for each in {*_ids(person)}:
                self._by_id.setdefault(each, []).append(person)
            for each in {*_spellings(person.name)}:
                self._by_name.setdefault(each, []).append(person)

    def find(self, sender: Sender) -> Person | None:
        """Find who a sender is: by number, e-mail address, id, and then by name.

        Returns None when nobody fits, or more than one.
        """
        for number, attribute in ((sender.canvas, "canvas"), (sender.moodle, "moodle")):
            if number and any(getattr(person, attribute) for person in self.people):
                return _one([each for each in self.people if getattr(each, attribute) == number])
        words = [*_EMAIL.findall(sender.name), *re.split(r"[\s_\-.,()]+", sender.name), sender.name]
        by_id = [each for word in words if word for each in self._by_id.get(_plain(word), ())]
        if by_id:
            return _one(by_id)
        whole = _plain(sender.name)
        return _one(self._by_name.get(whole, [])) or _one(self._within(whole))

    def _within(self, whole: str) -> list[Person]:
        """Those whose name is part of a text; 김서 is not, where 김서연 is."""
        found = {name for name in self._by_name if _telling(name) and name in whole}
        longest = {name for name in found if not any(name != one and name in one for one in found)}
        return [person for name in longest for person in self._by_name[name]]


def sender(name: str, shape: str) -> Sender | None:
    """Read a name as a platform gives it; None if it is not of that shape.

    Args:
        name: of a file or a folder.
        shape: ``"canvas"``, ``"moodle"`` or ``"classroom"``.
    """
    found = _SHAPES[shape].match(name)
    if found is None:
        return None
    if shape == "canvas":
        return Sender(found["name"], canvas=found["user"], late=bool(found["late"]), dated=False)
    return Sender(found["name"].strip(), moodle=found["user"] if shape == "moodle" else "")


def shape_of(names: Iterable[str]) -> str:
    """Tell which platform named these files or folders: nearly all must have its shape.

    Returns ``"canvas"``, ``"moodle"``, ``"classroom"``, or ``""`` for none of them.
    """
    given = list(names)
    for shape, pattern in _SHAPES.items():
        fitting = sum(bool(pattern.match(name)) for name in given)
        if fitting and fitting >= 0.8 * len(given):
            return shape
    return ""


_SHAPES = {
    # Full Name_12345_assignsubmission_file_/03.ipynb, or with the file's name behind it
    "moodle": re.compile(r"^(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<file>.*)$"),
    # lastfirst_LATE_userid_submissionid_file.ipynb
    "canvas": re.compile(
        r"^(?P<name>[^_]+)_(?:(?P<late>LATE)_)?(?P<user>\d+)_\d{3,}_(?P<file>.+)$"
    ),
    # Full Name - file.ipynb
    "classroom": re.compile(r"^(?P<name>[^\W\d_].*?) - (?P<file>.+)$"),
}


def read_roster(path: Path) -> Roster:
    """Read a class's list: a CSV file from Canvas, Moodle or Google Classroom, or your own.

    Columns are found by name: name (or first and last name), e-mail, id, language. Canvas's
    exported gradebook and Moodle's grading worksheet are understood as they are.

    Raises:
        GradingError: the file cannot be read, names nobody, or names a student twice.
    """
    try:
        text, _encoding = text_of(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GradingError(
            _("The roster {file} cannot be read: {reason}").format(file=path.name, reason=error)
        ) from None
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text.lstrip()), delimiter=delimiter)
    columns = [name.strip() for name in rows.fieldnames or []]
    rows.fieldnames = columns
    where = _places(columns)
    people: dict[str, Person] = {}
    for row in rows:
        values = {name: (row.get(name) or "").strip() for name in columns}
        person = _person(values, where)
        if person is None:
            continue
        if people.setdefault(person.key, person).row != person.row:
            raise GradingError(
                _("The roster {file} has {student} twice, with different data.").format(
                    file=path.name, student=person.key
                )
            )
    if not people:
        raise GradingError(
            _(
                "The roster {file} names nobody: it needs a first line with the names of its "
                "columns, such as name, id, email."
            ).format(file=path.name)
        )
    return Roster(people.values(), columns)


def _places(columns: list[str]) -> dict[str, str]:
    """Which of the file's columns holds what."""
    known = {column.casefold(): column for column in columns}
    found = {}
    for what, names in _COLUMNS.items():
        if column := next((known[name] for name in names if name in known), None):
            found[what] = column
    if "id" in known and ({"sis user id", "sis login id", "section"} & set(known)):
        found["canvas"] = known["id"]
        found["id"] = known.get("sis user id", known["id"])
    if "성" in known and "이름" in known:
        found["first"] = known["이름"]
    if "first" in found and "last" in found:
        found.pop("name", None)
    return found


def _person(values: Mapping[str, str], where: Mapping[str, str]) -> Person | None:
    def get(what: str) -> str:
        return values[where[what]] if what in where else ""

    first, last = get("first"), get("last")
    korean = bool(re.search("[가-힣]", first + last))
    name = get("name") or (last + first if korean else f"{first} {last}".strip())
    if name == "Points Possible":  # the second line of Canvas's gradebook
        return None
    number = _PARTICIPANT.match(get("moodle"))
    canvas, moodle = get("canvas"), number[1] if number else ""
    login, email = get("login"), get("email")
    key = get("id") or login or email or canvas or moodle or name
    if not key:
        return None
    language = get("language").casefold()[:2]
    return Person(
        key,
        name or key,
        email,
        canvas,
        moodle,
        login,
        get("submitted"),
        language if language in LANGUAGES else "",
        dict(values),
    )


def _ids(person: Person) -> Iterable[str]:
    """What names a person and nobody else: not a name."""
    local = person.email.partition("@")[0]
    for each in (person.key, person.email, local, person.login):
        if each and each != person.name:
            yield _plain(each)


def _spellings(name: str) -> Iterable[str]:
    """The ways in which a name is written: ``Doe, Jane``, ``Jane Doe``, ``doejane``."""
    last, comma, first = (part.strip() for part in name.partition(","))
    words = [first, last] if comma else name.split()
    yield _plain("".join(words))
    yield _plain("".join([*words[-1:], *words[:-1]]))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _telling(name: str) -> bool:
    shortest = _SHORTEST_HANGUL if re.search("[가-힣]", name) else _SHORTEST_LATIN
    return len(name) >= shortest


def _one(people: list[Person]) -> Person | None:
    return people[0] if people and all(each == people[0] for each in people) else None
