-- Grain: one word as it is searched for; null for one too common to be kept.
-- Call as: search_term('protesting'). Endings of English and Russian are cut off, in
-- the order of the patterns; the first of Russian is a verb's "oneself".
CREATE OR REPLACE MACRO main.search_stem_russian(word) AS
    lower(word)
        .regexp_replace('([аеиоуыэюя].+?)(?:ся|сь)$', '\1')
        .regexp_replace(
            '([аеиоуыэюя].*?)'
            || '(?:ивш|ывш|ующ|[ая]вш|ающ|яющ|ящ|ащ|анн|янн|енн)?'
            || '(?:ее|ие|ые|ое|ими|ыми|ей|ий|ый|ой|ем|им|ым|ом|его|ого|ему|ому|их|ых|'
            || 'ую|юю|ая|яя|ою|ею|ила|ыла|ена|ейте|уйте|ите|или|ыли|уй|ил|ыл|ен|ило|'
            || 'ыло|ено|ят|ует|уют|ит|ыт|ены|ить|ыть|ишь|ала|ана|аете|айте|али|ай|ал|'
            || 'ан|ает|ало|ано|ают|ать|аешь|яла|яли|ял|яет|яло|яют|ять|ете|ешь|ет|ут|'
            || 'ют|ивши|ывши|авши|ив|ыв|ав|ев|ов|иями|ями|ами|еи|ии|иям|ям|ием|ам|ах|'
            || 'иях|ях|ию|ью|ия|ья|а|е|и|й|о|у|ы|ь|ю|я)$',
            '\1'
        )
        .regexp_replace('([аеиоуыэюя].+)и$', '\1')
        .regexp_replace('([аеиоуыэюя].*[аеиоуыэюя].*)ость?$', '\1')
        .regexp_replace('(н)н$|ь$', '\1');
COMMENT ON MACRO main.search_stem_russian IS
    'A Russian word in lower case without its ending.';
CREATE OR REPLACE MACRO main.search_stem_english(word) AS
    lower(word)
        .regexp_replace('(ss|sh|ch|x|zz|^bus|^gas)es$', '\1')
        .regexp_replace('^(analy|cri|the)ses$', '\1sis')
        .regexp_replace('(.[^aeiouy])(?:ies|ied)$', '\1y')
        .regexp_replace('^([^aeiouy])ied$', '\1ie')
        .regexp_replace('([aeiouy].*[^aeisu]|[aeiouy].*[ea])s$', '\1')
        .regexp_replace('([aeiouy].*)(ed|ing)ly$', '\1\2')
        .regexp_replace('([aeiouy].*[^aeiouy]ee)(?:d|ing)$', '\1')
        -- One short syllable keeps its e: care is no car, and fired comes from fire.
        .regexp_replace('^([^aeiouy]*[aeiouy][^aeiouywx])(?:ed|ing)$', '\1e')
        .regexp_replace('([aeiouy].*[^e])(?:ed|ing)$', '\1')
        .regexp_replace('([aeiouy][^aeiouy]+[aeiouy].*[st])ion$', '\1')
        .regexp_replace(
            '([aeiouy].*[^aeiouy]{2}|[aeiouy][^aeiouy]+[aeiouy].*[^aeiouy])ly$',
            '\1'
        )
        .regexp_replace(
            '([aeiouy])(?:(b)b|(d)d|(g)g|(m)m|(n)n|(p)p|(r)r|(t)t)$',
            '\1\2\3\4\5\6\7\8\9'
        )
        .regexp_replace(
            '([aeiouy]+[^aeiouy]{2,}|[aeiouy]{2,}[^aeiouy]+'
            || '|[aeiouy][^aeiouy]+[aeiouy].*[^aeiouy])e$',
            '\1'
        )
        .regexp_replace('(.[^aeiouy])y$', '\1i');
COMMENT ON MACRO main.search_stem_english IS
    'An English word in lower case without its ending.';
CREATE OR REPLACE MACRO main.search_term(word) AS
    CASE
        WHEN word IN (
            'a', 'an', 'the', 'of', 'to', 'in', 'and', 'for', 'on', 'with', 'at',
            'by', 'from', 'as', 'is', 'was', 'were', 'are', 'be', 'been', 'has',
            'have', 'had', 'that', 'this', 'it', 'its', 'he', 'his', 'she', 'her',
            'they', 'their', 'not', 'but', 'or', 'which', 's', 't',
            'и', 'в', 'на', 'с', 'не', 'что', 'по', 'о', 'к', 'из', 'а', 'у', 'от',
            'за', 'как', 'для', 'он', 'это', 'его', 'до', 'но', 'же'
        ) THEN NULL
        WHEN regexp_matches(word, '[а-яё]')
            THEN md5_number_lower(
                main.search_stem_russian(replace(replace(word, '.', ''), 'ё', 'е'))
            )
        ELSE md5_number_lower(
            main.search_stem_english(strip_accents(replace(word, '.', '')))
        )
    END;
COMMENT ON MACRO main.search_term IS
    'What a word in lower case is searched by: the same for its English or Russian '
    'forms; null for one too common to be kept.';
