"""Arithmetic: a sum in figures or in words, computed exactly, with no eval."""

from __future__ import annotations

import ast
import re
from fractions import Fraction

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_LONGEST = 120
_MOST_BITS = 256  # of a power, and of any result: some 77 digits
_DECIMALS = 6
_N = r"(-?\d[\d,]*(?:\.\d+)?)"
# Words become signs, in this order. What is left must be a sum and nothing else.
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (rf"{_N}\s?의 {_N}\s?(?:%|퍼센트|프로)", r"(\1*\2/100)"),
        (rf"{_N}\s?(?:%|percent) of {_N}", r"(\1/100*\2)"),
        (rf"{_N}\s?([+-])\s?{_N}\s?(?:%|퍼센트)(?=\W*$)", r"\1\2\1*\3/100"),
        (rf"{_N}\s?[와과하고]+ {_N}\s?[을를] 더하면", r"\1+\2"),
        (rf"{_N}\s?에 {_N}\s?[을를] 더하면", r"\1+\2"),
        (rf"{_N}\s?에서 {_N}\s?[을를] 빼면", r"\1-\2"),
        (rf"{_N}\s?[와과에]+ {_N}\s?[을를] 곱하면", r"\1*\2"),
        (rf"{_N}\s?[을를] {_N}\s?으?로 나누면", r"\1/\2"),
        (rf"(?:the )?sum of {_N} and {_N}|add {_N} (?:and|to) {_N}", r"\1\3+\2\4"),
        (rf"(?:the )?product of {_N} and {_N}|multiply {_N} (?:by|and) {_N}", r"\1\3*\2\4"),
        (rf"subtract {_N} from {_N}", r"\2-\1"),
        (rf"divide {_N} by {_N}", r"\1/\2"),
        (rf"{_N}\s?의 {_N}\s?제곱", r"\1**\2"),
        (r"\s?의 제곱|\s?제곱|\s+squared", "**2"),
        (r"더하기|\bplus\b|＋", "+"),
        (r"빼기|\bminus\b|[−–]", "-"),
        (r"곱하기|\b(?:times|multiplied by)\b|×|·|(?<=\d)\s?x\s?(?=\d)", "*"),
        (r"나누기|\b(?:divided by|over)\b|÷", "/"),
        (r"\bto the power of\b|\^", "**"),
        (r"(?<=\d),(?=\d{3}\b)", ""),
        (r"(?<=\d)\s?%(?!\s*[\d(])", "/100"),
    )
)
_SUM = re.compile(
    r"^\W*?(?:(?:안녕하세요|hello|hi|please|so|and|그럼|그러면|can you|could you|what(?:'s|’s| is"
    r"|)|how much is"
    r"|calculate|compute|work out|solve|tell me|계산해 ?(?:줘|주세요|봐)?|다음을)[\s:,.!]+)*"
    r"(?P<sum>[-(\d][\d\s.()*/+-]*[*/+-][\d\s.()*/+-]*[\d)])"
    r"\s*(?:=|[은는이가을를])?[\s?=.,]*"
    r"(?:(?:얼마|뭐|몇|답|무엇|계산|결과|값|equals?|please|is|what"
    r"|how much)[^\d+*/]{0,16})?[\s?.!=]*$",
    re.IGNORECASE,
)
_PHONE_OR_DATE = re.compile(r"^\W*\d+(?:-\d+){2,}\W*$|^\W*\d+(?:/\d+){2,}\W*$|^\W*\d+(?:\.\d+){2,}")
_FIGURE = re.compile(r"\d")


class _TooLargeError(Exception):
    pass


def answer(prompt: Prompt) -> Reply | None:
    """Say what a sum comes to, that it cannot be had, or None when the text is no sum."""
    text = prompt.text
    if len(text) > _LONGEST or not _FIGURE.search(text) or _PHONE_OR_DATE.search(text):
        return None
    for pattern, sign in _WORDS:
        text = pattern.sub(sign, text)
    found = _SUM.search(text)
    if found is None:
        return None
    korean = prompt.language == "ko"
    try:
        value = computed(found["sum"])
    except SyntaxError:
        return None
    except ZeroDivisionError:
        return _no_zero_ko() if korean else _no_zero_en()
    except _TooLargeError:
        return _too_large_ko() if korean else _too_large_en()
    return _result_ko(value) if korean else _result_en(value)


def computed(expression: str) -> Fraction:
    """Return the exact value of an expression of + - * / ** and brackets.

    Raises:
        SyntaxError: it is none.
        ZeroDivisionError: it divides by zero.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (ValueError, MemoryError, RecursionError):
        raise SyntaxError(expression) from None
    return _value(tree.body)


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return _bounded(Fraction(str(node.value)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return _bounded(_combined(node.op, _value(node.left), _value(node.right)))
    raise SyntaxError(ast.dump(node))


def _combined(operator: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult):
        return left * right
    if isinstance(operator, ast.Div):
        return left / right
    if isinstance(operator, ast.Pow) and right.denominator == 1:
        return _power(left, int(right))
    raise SyntaxError("not one of + - * / ** with a whole exponent")


def _power(base: Fraction, exponent: int) -> Fraction:
    # The size is known before the power is computed, so that 9**9**9 costs nothing.
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits > 1 and bits * abs(exponent) > _MOST_BITS:
        raise _TooLargeError
    return base ** (exponent if bits > 1 else exponent % 2 or 2 * bool(exponent))


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise _TooLargeError
    return value


def _figures(value: Fraction) -> tuple[str, bool]:
    """Return a value in figures, and whether they are all of it."""
    rounded = round(value, _DECIMALS)
    whole, part = divmod(
        abs(rounded.numerator) * 10**_DECIMALS // rounded.denominator, 10**_DECIMALS
    )
    decimals = f"{part:0{_DECIMALS}}".rstrip("0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{whole}" + (f".{decimals}" if decimals else ""), rounded == value


def _result_ko(value: Fraction) -> Reply:
    figures, exact = _figures(value)
    about = "" if exact else "약 "
    ends = josa(figures, "이에요", "예요")
    return reply({f"답은 {about}{ends}.": 3, f"계산하면 {about}{ends}.": 2})


def _result_en(value: Fraction) -> Reply:
    figures, exact = _figures(value)
    about = "" if exact else "about "
    return reply({f"The answer is {about}{figures}.": 3, f"That makes {about}{figures}.": 2})


def _no_zero_ko() -> Reply:
    return reply({"0으로는 나눌 수 없어요.": 3, "0으로 나눈 값은 없어요.": 1})


def _no_zero_en() -> Reply:
    return reply({"Nothing can be divided by zero.": 3, "Division by zero has no result.": 1})


def _too_large_ko() -> Reply:
    return reply({"수가 너무 커서": 2, "너무 큰 수라서": 1}, " 여기서는 계산하지 않아요.")


def _too_large_en() -> Reply:
    return reply({"That number is too large": 2, "The result would be too large": 1}, " for me.")
