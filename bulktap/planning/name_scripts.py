"""Letters of names in one form: without accents and national letters, and Cyrillic and Greek in Latin letters; pure."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from bulktap.model.plain_text import without_accents


class Script(Enum):
    """What tells whether two names can be compared letter by letter."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    EAST_ASIAN = "east-asian"
    KANA = "kana"
    HANGUL = "hangul"
    OTHER = "other"


_BLOCKS = (
    (0x0250, Script.LATIN), (0x0370, Script.OTHER), (0x0400, Script.GREEK), (0x0530, Script.CYRILLIC),
    (0x1100, Script.OTHER), (0x1200, Script.HANGUL), (0x1C80, Script.OTHER), (0x1C90, Script.CYRILLIC),
    (0x1D00, Script.OTHER), (0x1E00, Script.LATIN), (0x1F00, Script.LATIN), (0x2000, Script.GREEK),
    (0x2C60, Script.OTHER), (0x2C80, Script.LATIN), (0x2DE0, Script.OTHER), (0x2E00, Script.CYRILLIC),
    (0x3005, Script.OTHER), (0x3008, Script.EAST_ASIAN), (0x3040, Script.OTHER), (0x3100, Script.KANA),
    (0x3130, Script.OTHER), (0x3190, Script.HANGUL), (0x3400, Script.OTHER), (0xA000, Script.EAST_ASIAN),
    (0xA640, Script.OTHER), (0xA6A0, Script.CYRILLIC), (0xA720, Script.OTHER), (0xA800, Script.LATIN),
    (0xAC00, Script.OTHER), (0xD7B0, Script.HANGUL), (0xF900, Script.OTHER), (0xFB00, Script.EAST_ASIAN),
    (0xFB07, Script.LATIN), (0x20000, Script.OTHER), (0x32000, Script.EAST_ASIAN),
)  # fmt: skip
"""Where a block of Unicode ends, and the script of its letters."""

_NATIONAL = str.maketrans({
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    "ŋ": "n", "ŧ": "t", "ĸ": "k", "ə": "a", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
})  # fmt: skip
"""Letters that Unicode does not take apart."""

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ј": "j", "к": "k", "ќ": "kj", "л": "l", "љ": "lj", "м": "m", "н": "n",
    "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ў": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_ROMAN = str.maketrans(_CYRILLIC | _GREEK)
_PAIRS = (
    ("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("αι", "e"),
    ("ει", "i"), ("οι", "i"),
)  # fmt: skip

_HAN_FORMS = str.maketrans(
    "髙﨑邊邉齋齊斎澤廣濱國眞惠龍櫻嶋渡邨圓榮曾黃吳陳張劉楊趙孫馬鄭謝韓馮鄧蕭葉蘇呂蔣賈魏閻錢譚鄒陸龔萬賴戴顏偉麗華芳慶軍東鳳蘭雲紅寶貴強",
    "高崎辺辺斉斉斉沢広浜国真恵竜桜島渡村円栄曽黄吴陈张刘杨赵孙马郑谢韩冯邓萧叶苏吕蒋贾魏阎钱谭邹陆龚万赖戴颜伟丽华芳庆军东凤兰云红宝贵强",
)
"""Forms of one character: older and newer Japanese, traditional and simplified Chinese."""
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


_LONG_VOWELS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = (
    ("tsch", "ch"), ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("dt", "t"), ("ck", "k"),
    ("qu", "k"), ("sz", "sh"), ("cz", "ch"), ("tz", "ts"), ("x", "ks"), ("c", "k"), ("q", "k"), ("w", "v"), ("z", "s"),
    ("y", "i"), ("j", "i"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "ai"),
)  # fmt: skip
_LATER_H = re.compile(r"(?<!^)h")


def once(word: str) -> str:
    """Return a word in which no letter stands twice in a row."""
    return _TWICE.sub(r"\1", word)


def spelling_key(word: str) -> str:
    """Return a plain word without what spellings differ in: Mueller is Müller, Aase is Åse, Philipp is Philip."""
    for pair, letter in _LONG_VOWELS:
        word = word.replace(pair, letter)
    return once(word)


def sound_of(key: str) -> str:
    """Return a spelling key without what ears do not hear: Meyer is Maier, Yusuf is Jussuf."""
    for heard, letter in _SOUNDS:
        if heard in key:
            key = key.replace(heard, letter)
    return once(_LATER_H.sub("", key))


@lru_cache(maxsize=4096)
def script_of(letter: str) -> Script:
    """Return the script that a letter belongs to."""
    code = ord(letter)
    return next((script for end, script in _BLOCKS if code < end), Script.OTHER)


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Return a word of a name, in lower case, without accents and in one form of each letter."""
    if word.isascii():
        return word
    bare = unicodedata.normalize("NFC", without_accents(word))
    return bare.translate(_NATIONAL).translate(_HAN_FORMS).translate(_KATAKANA)


@lru_cache(maxsize=65_536)
def romanised(word: str) -> str:
    """Return a plain Cyrillic or Greek word in Latin letters."""
    for pair, letters in _PAIRS:
        word = word.replace(pair, letters)
    return word.translate(_ROMAN)
