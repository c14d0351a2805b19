-- Photos and files on this phone. Their bytes lie beside the database, named by their hash; here
-- is what became of each. Hashes are lower-case hex, lengths in bytes.

create table files (
    sha256 text primary key,
    bytes integer not null,
    kept_at integer not null,
    -- the entry that names it; null until the edit that adds it is made
    record blob,
    attachment text,
    -- taken out again before it was sent
    removed integer not null default 0,
    -- how much of it the office has
    sent integer not null default 0,
    -- when all of it was on the office's disk, and when the office first had it on a page; by
    -- the server's clock
    received_at integer,
    seen_at integer,
    -- not to be tried again before, and why, as a message id
    retry_at integer not null default 0,
    problem text
) strict;
create index files_waiting on files (kept_at) where received_at is null;
create index files_of_record on files (record);
