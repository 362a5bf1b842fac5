"""What a name looks like, whatever letters it is written with. Pure: nobody passes for staff, or for somebody else."""

import re
import unicodedata

# Letters of other alphabets, and of phonetics, that readers take for Latin ones.
_LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԜҺаеѕіјкорсухһԁԛԝӏьвмнтгпΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχγωηıłøđħɑɡᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ0134578",
    "abesijkmhopctyxwhaesijkopcyxhdqwlbbmhtrnabezhikmnoptyxabeiknoptyxywnilodhagabcdefghijklmnoprstuvwyzoleastb",
)
_BETWEEN = re.compile(r"[\s.’'\-ʼ]+")
# Long enough that no other word has them inside; the short ones count as words of their own.
_OFFICES = ("administrator", "moderator", "facilitator", "therapist", "counselor", "counsellor", "formermember")
_SHORT_OFFICES = ("admin", "staff", "support", "doctor", "dr", "nurse", "clinic", "portal")
_TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}
_NO_SIGHT = "\u115f\u1160\u3164\uffa0"  # letters that show nothing
_TURNING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def skeleton(name: str) -> str:
    """One spelling for all names that look alike: without accents, gaps and case; i, l and 1 are the same."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return _BETWEEN.sub("", bare.translate(_LOOKS).casefold()).replace("i", "l")


def sounds_like_staff(name: str) -> bool:
    """Whether somebody could take this name for a role here."""
    whole = skeleton(name)
    words = {skeleton(word) for word in _BETWEEN.split(name)}
    return any(skeleton(office) in whole for office in _OFFICES) or any(
        skeleton(office) + more in words for office in _SHORT_OFFICES for more in ("", "s")
    )


def mixes_alphabets(name: str) -> bool:
    """Whether one word has letters of several alphabets: no name does, and tricks do."""
    return any(len(_alphabets(word)) > 1 for word in name.split())


def shows(name: str) -> bool:
    """Whether every letter can be seen."""
    return not set(name) & set(_NO_SIGHT)


def without_turning(text: str) -> str:
    """Without the signs that turn the direction of what follows, or show nothing at all."""
    return _TURNING.sub("", text)


def _alphabets(word: str) -> set[str]:
    found = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()} - {"MODIFIER"}
    return {"TOGETHER" if one in _TOGETHER else one for one in found}
