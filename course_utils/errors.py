"""The errors that ``course_utils`` raises, in one tree: catch :class:`CourseError` for all of them.

Each message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations


class CourseError(Exception):
    """The root of every error that the course raises itself."""


class UnknownModelError(CourseError):
    """A model name that the catalogue does not know."""


class UnknownPriceError(CourseError):
    """A model whose price genai-prices does not know."""


class ConnectError(CourseError):
    """No server could be chosen or reached: a bad address, an unreadable ``.env``, no key."""


class BudgetError(CourseError):
    """A spending cap that is not an amount, or a client whose money nobody counts."""


class PortInUseError(CourseError):
    """The port that the practice server was asked to listen on is taken."""


class LanguageError(CourseError):
    """A language that the course does not speak."""


class MessageError(CourseError):
    """A message that is not something the API takes, or that cannot be counted."""


class ConversationError(CourseError):
    """A turn that cannot be taken now, or a conversation that does not fit its token budget."""


class ConversationFileError(ConversationError):
    """A conversation file that cannot be written, or not read back: cut off, or something else."""


class LessonError(CourseError):
    """A prediction, a quiz or a script that is used in a way that cannot work."""


class WidgetError(CourseError):
    """A widget that is asked for what it cannot do now, such as a second turn during a reply."""


class NotebookError(CourseError):
    """A lesson that cannot be found or read, that does not run, or whose links are out of date."""


class RecordingError(CourseError):
    """A file of recorded exchanges that cannot be read or written."""


class ExerciseError(CourseError):
    """A task that there is not, or an exercise that cannot be released or checked."""


class GradingError(CourseError):
    """A class that cannot be graded: a folder, roster, deadline or policy that cannot be used."""
