"""What the fields of records are called, in tables and lists of articles."""

from typing import Final

# What people and databases call the fields of a record, in small letters.
_ALIASES: Final = {
    "title": (
        "title headline header heading hl titel überschrift schlagzeile titre "
        "titular título titulo titolo kop заголовок название tytuł başlık 标题 見出し"
    ),
    "text": (
        "text body content article fulltext full_text full-text story maintext "
        "article_text artikel inhalt volltext texte contenu corps texto contenido "
        "cuerpo conteúdo testo contenuto corpo tekst inhoud текст содержание treść "
        "metin 正文 本文"
    ),
    "date": (
        "date published publication_date pubdate published_at published_date "
        "publishdate datum erscheinungsdatum date_publication fecha data дата tarih "
        "日期"
    ),
    "author": (
        "author authors byline creator autor autoren verfasser auteur auteurs autore "
        "autores автор yazar 作者"
    ),
    "source": (
        "source publication publisher newspaper outlet journal medium quelle zeitung "
        "site site_name fuente fonte bron krant источник издание kaynak 来源"
    ),
    "url": "url link href permalink web_url",
    "id": "id article_id record_id doc_id guid an accession_number",
}
FIELD_NAMES: Final = {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()
}


def simplify_name(name: str) -> str:
    """A name of a field in small letters, its words joined.

    Example:
        >>> simplify_name(" Full Text")
        'full_text'
    """
    return "_".join(name.replace("\ufeff", "").strip(" \"'").lower().split())


def read_columns(text: str) -> dict[str, str]:
    """Fields by the columns that hold them, as a user writes them.

    Args:
        text: Pairs of field and column, such as `title=headline,text=body`.

    Raises:
        ValueError: It is no such list, or names a field that there is not.

    Example:
        >>> read_columns("title=Headline, text=Full Text")
        {'headline': 'title', 'full_text': 'text'}
    """
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    for field, _, column in pairs:
        if field.strip() not in _ALIASES or not simplify_name(column):
            raise ValueError(text)
    return {simplify_name(column): field.strip() for field, _, column in pairs}
