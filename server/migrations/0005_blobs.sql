-- Photos and files. Their bytes are files of their own in `blobs/`; here is which record names
-- which of them, and what became of them. Hashes are lower-case hex.

-- Read model: what the records name.
create table attachments (
    tenant blob not null,
    record blob not null,
    attachment blob not null,
    sha256 text not null,
    bytes integer not null,
    -- Who added it, by the record's own word; null when it does not say.
    added_by blob,
    primary key (tenant, record, attachment)
) strict, without rowid;
create index attachments_by_hash on attachments (tenant, sha256);

-- What has arrived. Not read model: a rebuild leaves it alone.
create table blobs (
    tenant blob not null references tenants (id),
    sha256 text not null,
    bytes integer not null,
    received_at integer not null,
    -- When somebody in the office first had it on a job's page.
    seen_at integer,
    primary key (tenant, sha256)
) strict, without rowid;

-- What is arriving: how long it will be. How much is here is the length of its file.
create table uploads (
    tenant blob not null references tenants (id),
    user blob not null,
    sha256 text not null,
    bytes integer not null,
    begun_at integer not null,
    primary key (tenant, user, sha256)
) strict, without rowid;
