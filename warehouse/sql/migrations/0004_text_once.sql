-- Texts are stored once: a document as its segments, a body by the pieces of its own.
-- `warehouse.database.migration_texts_once` fills both from what is set aside here, and drops it.
ALTER TABLE main.dim_document RENAME TO document_before_4;
ALTER TABLE main.article_text RENAME TO article_text_before_4;
ALTER TABLE main.fact_occurrence RENAME TO fact_occurrence_before_4;
