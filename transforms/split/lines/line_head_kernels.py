"""What the first bytes of a line allow it to be, so that few are searched for patterns.

Patterns that are sought at the beginning of a line begin with one of a few words, after
signs. The first bytes of those words stand here; a line that begins otherwise cannot
fit. Lines with other than ASCII there are not judged.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import ASCII
from transforms.text.line_kinds import SPLIT_KINDS

KindBits = npt.NDArray[np.uint32]

# Two to four bytes: small letters, signs, and "_" for a blank.
_BEGINNINGS: Final = {
    "source": (
        "sour orig firs via cour cred repr repu prov dist with from link url web perm "
        "full text http www this"
    ),
    "copyright": "copy all repr",
    "credits": ("addi furt repo edit writ comp tran prod text stor word by the_ abou"),
    "more": (
        "cont keep carr read full comp enti more clic see view lear to_ deta find watc "
        "shar twee prin e-ma emai save comm subs foll sign back top retu"
    ),
    "tags": (
        "tag keyw key topi cate file post rela labe hash more in_t reco see also you_ "
        "comp peop coun regi subj"
    ),
    "media": (
        "file stoc phot imag pict pic vide capt grap illu char map audi info tabl"
    ),
    "published": "publ post upda last firs crea date issu rele for_ modi file",
    "field_head": (
        "leng byli sect date head titl body high edit seri type colu page pg auth sour "
        "news publ pub pape jour word lang coun text full lead abst summ slug cate "
        "prio dek kick deck hd_ by_ wc_ pd_ et_ sn_ sc_ ed_ pg_ vol_ la_ cy_ lp_ td_ "
        "clm_ se_ hl_ ti_ au_ so_ py_"
    ),
    "field_title": "head titl subj hd hl ti",
    "field_body": "body text full stor lead arti cont lp td",
    "field_tail": (
        "load lang publ pub- docu subj orga comp tick indu pers peop geog stat coun "
        "city grap corr acce proq last issn copy data clas iden link jour entr inde "
        "desc reco note cont sour plac co_ in_ ns_ re_ ipd_ ipc_ pub_ an_ rf_ art_"
    ),
    "mast": "issu no nr vol edit prep comp dist circ",
    "cover": (
        "user date job_ docu clie sear narr cont resu quer data repo down requ prin "
        "time numb tota proj deli reci send expo save sort"
    ),
    "footer": (
        "end_ to_ unsu cont you_ this disc page p. for_ priv term no_ the_ opin view "
        "prin"
    ),
    "section": (
        "sect part chap cate topi rubr desk regi nati inte worl loca dome fore top "
        "othe brea gene late news poli busi econ spor cult arts scie tech heal educ "
        "crim cour law just ener oil powe cris secu conf unre defe mili gove offi misc "
        "soci opin comm edit lett feat anal mark fina envi disa acci elec parl dipl "
        "obit weat life trav euro asia afri amer midd in_b brie"
    ),
    "toc": (
        "tabl cont in_t toda main top head inde insi list summ arti docu agen over at_a"
    ),
    "end_mark": "end nnnn fin 30 xxx zzz mf 0- docu acce doc_ reco arti",
    "byline": "by writ repo stor auth von par por di",
    "dateline": (
        "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec"
    ),
    "word_count": "leng word size wc",
    "record": (
        "docu reco arti item stor repo leve doc news abst entr text file disp mess no "
        "numb nr begi star"
    ),
    "number": "no item stor",
    "agency": (
        "reut afp ap a.p. upi pti ians ani dpa efe ansa tass itar inte ria_ xinh kyod "
        "yonh bern anta irna kuna wam spa pap cp bloo cnn bbc rfe/ voa nhk aap akip "
        "tren kazi news agen staf wire"
    ),
}
# Signs before the first word, and digits that open it, which allow a kind as well.
_SIGNS: Final = {
    "copyright": "(",
    "tags": "#",
    "footer": "0123456789",
    "section": "=-*#~_>[",
    "dateline": "0123456789",
    "end_mark": "#",
    "word_count": "0123456789",
    "record": "0123456789#",
    "number": "0123456789#",
    "agency": "-*~([",
}
_NUMBER_BYTES: Final = 8  # within which the number of an item is closed
_NUMBER_ENDS: Final = tuple(b".)]:")
_LONG_S: Final = np.uint8(0xC5)  # the first byte of a sign that is an "s", too
_ALL_KINDS: Final = np.uint32((1 << len(SPLIT_KINDS)) - 1)
_BIT: Final = {kind: np.uint32(1 << bit) for bit, kind in enumerate(SPLIT_KINDS)}
_NUMBER, _CREDITS, _DATELINE = _BIT["number"], _BIT["credits"], _BIT["dateline"]
_THE: Final = int.from_bytes(b"the ", "little")
_WRITERS: Final = tuple(b"aw")  # "the author is", "the writer is"
_CAPITALS: Final = tuple(b"AZ")
_CAPITAL_SIGNS: Final = tuple(b".' -")  # beside capitals in the name of a place
_SLOTS: Final = 1 << 11
_SLOT_HASH: Final = 0x9E3779B1
_SLOT_SHIFT: Final = 32 - 11
_HASHED: Final = (1 << 32) - 1
_WINDOW: Final = 4
_SHORTEST_DATELINE: Final = 3
_CASE_BIT: Final = 32
_SPACE: Final = 32
# The same as bytes, without which the compiler would widen what it compares.
_CASE, _BLANK = np.uint8(_CASE_BIT), np.uint8(_SPACE)
_I, _S = np.uint8(ord("i")), np.uint8(ord("s"))
_HYPHEN, _COLON, _BAR = (np.uint8(ord(sign)) for sign in "-:_")
_BRACKET, _WIDE = np.uint8(ord("(")), np.uint8(ASCII)
KEYED_KINDS: Final = tuple(_BEGINNINGS)


def _fold_bytes() -> Offsets:
    """ASCII with small letters only, and every blank a space."""
    codes = np.arange(ASCII)
    is_capital = (codes >= ord("A")) & (codes <= ord("Z"))
    return np.where(codes <= _SPACE, _SPACE, codes | _CASE_BIT * is_capital)


def _sign_kinds() -> KindBits:
    found = np.zeros(ASCII, dtype=np.uint32)
    for kind, signs in _SIGNS.items():
        found[list(signs.encode())] |= _BIT[kind]
    return found


def _slot_of(key: int) -> int:
    return ((key * _SLOT_HASH) & _HASHED) >> _SLOT_SHIFT


_find_slot = numba.njit(cache=True, nogil=True)(_slot_of)


def _beginning_table() -> tuple[Offsets, KindBits]:
    """Beginnings as numbers, first byte lowest, and their kinds, by slot."""
    keys = np.zeros(_SLOTS, dtype=np.int64)
    kinds = np.zeros(_SLOTS, dtype=np.uint32)
    for kind, beginnings in _BEGINNINGS.items():
        for beginning in beginnings.split():
            key = int.from_bytes(beginning.replace("_", " ").encode(), "little")
            slot = _slot_of(key)
            while keys[slot] not in (0, key):
                slot = (slot + 1) % _SLOTS
            keys[slot] = key
            kinds[slot] |= _BIT[kind]
    return keys, kinds


_FOLDED: Final = _fold_bytes()
_SIGN_KINDS: Final = _sign_kinds()
_KEYS, _KINDS = _beginning_table()
_IS_WORD: Final = np.array([chr(code).isalnum() for code in range(ASCII)])


@numba.njit(cache=True, nogil=True)
def _look_up(key: int) -> np.uint32:
    slot = _find_slot(key)
    while _KEYS[slot] != 0 and _KEYS[slot] != key:
        slot = (slot + 1) % _SLOTS
    return np.uint32(_KINDS[slot])


@numba.njit(cache=True, nogil=True)
def _says_is(text: ByteArray) -> bool:
    """Whether " is " may stand in a line, as in "... is a reporter".

    Slices, so that the compiler compares many bytes at a time.
    """
    one, two, three, four = text[:-3], text[1:-2], text[2:-1], text[3:]
    found = False
    for place in range(len(four)):
        is_is = (three[place] | _CASE == _S) & (four[place] == _BLANK)
        begins = (one[place] == _BLANK) & (two[place] | _CASE == _I)
        found |= begins & (is_is | (three[place] == _LONG_S))
    return found


@numba.njit(cache=True, nogil=True)
def _is_capital(byte: int) -> bool:
    return _CAPITALS[0] <= byte <= _CAPITALS[1] or byte >= ASCII


@numba.njit(cache=True, nogil=True)
def _may_name_place(text: ByteArray) -> bool:
    """Whether a line may begin with a place and the dash or bracket behind it.

    A hyphen or a colon that touches letters counts only after a name in capitals.
    """
    if len(text) < _SHORTEST_DATELINE:
        return False
    if text[0] != _BRACKET and not _is_capital(text[0]):
        return False
    here, after = text[:-1], text[1:]
    is_apart, is_any = False, False
    for place in range(len(after)):
        byte = here[place]
        is_apart |= (byte == _BAR) | (byte == _BRACKET) | (byte >= _WIDE)
        is_dash = (after[place] == _HYPHEN) | (after[place] == _BLANK)
        is_apart |= (byte == _HYPHEN) & is_dash
        is_any |= (byte == _HYPHEN) | (byte == _COLON)
    is_large = _is_capital(text[1]) or text[1] in _CAPITAL_SIGNS
    return bool(is_apart or (is_any and is_large))


@numba.njit(cache=True, nogil=True)
def _read_beginning(data: ByteArray, start: int, end: int) -> np.uint32:
    """Kinds that the first word, and the signs before it, allow."""
    kinds = np.uint32(0)
    at = start
    while at < end and data[at] < ASCII:
        kinds |= _SIGN_KINDS[data[at]]
        if _IS_WORD[data[at]]:
            break
        at += 1
    window = 0
    for place in range(min(_WINDOW, end - at)):
        byte = data[at + place]
        if byte >= ASCII:
            return _ALL_KINDS
        window |= _FOLDED[byte] << (8 * place)
        if place:
            kinds |= _look_up(window)
    at += _WINDOW
    if window == _THE and at < end and data[at] | _CASE_BIT in _WRITERS:
        kinds |= _CREDITS
    return kinds


@numba.njit(cache=True, nogil=True)
def read_heads(data: ByteArray, starts: Offsets, ends: Offsets) -> KindBits:
    """Bits of the kinds in `KEYED_KINDS` that lines may be of by their beginning.

    A bit that is not set rules out the kind's patterns at the beginning of the line;
    one that is set rules out nothing.
    """
    found = np.zeros(len(starts), dtype=np.uint32)
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        kinds = _read_beginning(data, start, end)
        for at in range(start, min(start + _NUMBER_BYTES, end)):
            if data[at] in _NUMBER_ENDS:
                kinds |= _NUMBER
        if _says_is(data[start:end]):
            kinds |= _CREDITS
        if _may_name_place(data[start:end]):
            kinds |= _DATELINE
        found[row] = kinds
    return found
