-- One row per counted claim at its span: who says how many of what.
CREATE TABLE IF NOT EXISTS main.fact_quantity (
    article_key BIGINT NOT NULL,
    document_key BIGINT NOT NULL,
    char_start BIGINT NOT NULL,
    char_end BIGINT NOT NULL,
    exact VARCHAR NOT NULL,
    quantity_type VARCHAR NOT NULL,
    value_low DOUBLE,
    value_high DOUBLE,
    is_approximate BOOLEAN NOT NULL,
    unit VARCHAR,
    currency VARCHAR,
    is_negated BOOLEAN NOT NULL,
    speaker VARCHAR,
    speaker_start BIGINT,
    speaker_end BIGINT,
    place_key BIGINT NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.fact_quantity IS
    'One row per counted claim at its span: who says how many of what. Claims that '
    'contradict each other stand side by side.';
COMMENT ON COLUMN main.fact_quantity.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_quantity.document_key IS
    'Document that the span is in, dim_document.';
COMMENT ON COLUMN main.fact_quantity.char_start IS
    'First character of the span, counted from 0 in dim_document.text.';
COMMENT ON COLUMN main.fact_quantity.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN main.fact_quantity.exact IS 'The span as it stands in the document.';
COMMENT ON COLUMN main.fact_quantity.quantity_type IS
    'killed, injured, detained, missing, displaced, evacuated, troops, protesters, '
    'money, power, energy, oil, gas, other.';
COMMENT ON COLUMN main.fact_quantity.value_low IS
    'Least number that the words allow, null for up to and the like.';
COMMENT ON COLUMN main.fact_quantity.value_high IS
    'Greatest number that the words allow, null for at least and the like.';
COMMENT ON COLUMN main.fact_quantity.is_approximate IS 'About, nearly, dozens.';
COMMENT ON COLUMN main.fact_quantity.unit IS
    'Unit of power, energy, oil, gas, or of a price; null where things are counted.';
COMMENT ON COLUMN main.fact_quantity.currency IS 'ISO 4217, of money alone.';
COMMENT ON COLUMN main.fact_quantity.is_negated IS 'It is said that there were none.';
COMMENT ON COLUMN main.fact_quantity.speaker IS
    'Who says so, as named there; null where the article itself does.';
COMMENT ON COLUMN main.fact_quantity.speaker_start IS
    'First character of the speaker''s name in the same document, null for none.';
COMMENT ON COLUMN main.fact_quantity.speaker_end IS 'End of that name, exclusive.';
COMMENT ON COLUMN main.fact_quantity.place_key IS
    'Where it is said to be, dim_place; 0: not told.';
COMMENT ON COLUMN main.fact_quantity.run_key IS 'Run that found it.';
