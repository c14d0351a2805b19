-- What is being typed and not saved yet. Beside the record and never part of it; here, because all
-- that people write is sealed at rest.
create table drafts (
    -- a record, or a word for one that does not exist yet
    record text not null,
    path text not null,
    text text not null,
    primary key (record, path)
) strict, without rowid;
