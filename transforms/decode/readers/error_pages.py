"""Documents that hold no news but what a database says in its place."""

import re
from typing import Final

ERROR_MOST_CHARS: Final = 1_500
_SAYS: Final = re.compile(
    r"""(?ix)
    session\s(?:has\s)?(?:expired|timed\s?out|ended)
    | (?:no|0)\s(?:documents?|results?|articles?|records?|stories|items)\s
      (?:were\s|was\s|have\sbeen\s|are\s)?(?:found|available|selected|match)
    | (?:your\s)?search\s(?:returned|found|has)\s(?:no|0)\s
    | did\snot\s(?:match|return)\sany\s(?:documents?|results?|articles?)
    | access\s(?:is\s|has\sbeen\s)?denied | not\sauthori[sz]ed\sto\s(?:view|access)
    | (?:please\s)?(?:log|sign)\s?in\sto\s(?:continue|view|access|read)
    | \b(?:403\sforbidden|404\s(?:error|not\sfound)|50[0234]\s\w+\s\w+)\b
    | (?:an?\s(?:unexpected\s|internal\s)?|system\s)error\s(?:has\s)?occurred
    | unable\sto\s(?:process|complete|display)\s(?:your|the)\s(?:request|document)
    | request\s(?:could\snot|cannot)\sbe\s(?:processed|completed)
    | document\s(?:is\s)?no\slonger\savailable
    | sitzung\s(?:ist\s)?abgelaufen | keine\s(?:treffer|dokumente|ergebnisse|artikel)
    | (?:votre\s)?session\sa\sexpir[ée] | aucun\s(?:document|r[ée]sultat|article)
    | (?:su\s)?sesi[óo]n\sha\s(?:caducado|expirado) | no\sse\shan?\sencontrado
    | geen\s(?:resultaten|artikelen|documenten)\sgevonden | sessie\s(?:is\s)?verlopen
    | ничего\sне\sнайдено | доступ\sзапрещ[её]н | сессия\sистекла
    """
)


def find_error(text: str) -> str | None:
    r"""What a short text says in place of news, null where it says no such thing.

    Example:
        >>> find_error("Example Search\nYour session has expired. Please log in.")
        'session has expired'
    """
    said = _SAYS.search(text) if len(text) <= ERROR_MOST_CHARS else None
    return " ".join(said[0].split()) if said else None
