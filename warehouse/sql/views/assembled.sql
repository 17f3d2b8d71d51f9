-- Grain: one cleaned title or body, made from the segment that its article starts.
-- Call as: assembled(segment.text, segment.char_start, body_runs, body_gaps).
CREATE OR REPLACE MACRO main.assembled(text, char_start, runs, gaps) AS
    array_to_string(
        list_transform(
            runs,
            lambda run, place:
            gaps[place] || substr(
                text, (run.char_start - char_start + 1)::BIGINT, run.length::BIGINT
            )
        ), ''
    ) || gaps[len(runs) + 1];
COMMENT ON MACRO main.assembled IS
    'Cleaned title or body of an appearance, from the segment that starts with it.';
