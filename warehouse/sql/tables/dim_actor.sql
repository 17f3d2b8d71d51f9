-- One row per person or organisation that articles name; key 0 is the unknown one.
CREATE TABLE IF NOT EXISTS main.dim_actor (
    actor_key BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    aliases VARCHAR[]
);
COMMENT ON TABLE main.dim_actor IS
    'One row per person or organisation that articles name; key 0 is the unknown one.';
COMMENT ON COLUMN main.dim_actor.actor_key IS
    'Key of the actor, from its kind and name.';
COMMENT ON COLUMN main.dim_actor.name IS 'Usual English name, or the fullest printed.';
COMMENT ON COLUMN main.dim_actor.kind IS 'person or organisation.';
COMMENT ON COLUMN main.dim_actor.aliases IS
    'Other names, spellings, and abbreviations of it.';
