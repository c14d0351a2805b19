-- The spine: organisations, people, phones; the log; what is derived from it.
--
-- Ids are 16-byte blobs (UUIDv7), hashes 32-byte blobs, times Unix ms by the server's clock
-- unless a column says otherwise. The nil id (16 zero bytes) in `visibility.user` means
-- everyone of the tenant. Tables below "read model" can be rebuilt from the log.

create table tenants (
    id blob primary key,
    name text not null,
    -- Last row of the log and its chain hash; written last in every append.
    last_seq integer not null default 0,
    chain blob not null
) strict;

create table users (
    id blob primary key,
    tenant blob not null references tenants (id),
    login text not null unique,
    name text not null,
    role text not null,
    phone text not null default '',
    language text not null default 'en',
    password_hash text not null,
    active integer not null default 1
) strict;
create index users_of_tenant on users (tenant, name);

create table devices (
    id blob primary key,
    tenant blob not null references tenants (id),
    user blob not null references users (id),
    -- Ed25519; one key is one installation of one person.
    public_key blob not null,
    name text not null,
    enrolled_at integer not null,
    last_seen_at integer not null,
    revoked_at integer,
    unique (user, public_key)
) strict;

create table sessions (
    id blob primary key,
    tenant blob not null references tenants (id),
    user blob not null references users (id),
    device blob references devices (id),
    kind text not null check (kind in ('phone', 'console')),
    -- The refresh token last used; the next one is derived from it, not stored.
    generation integer not null default 0,
    created_at integer not null,
    last_used_at integer not null,
    revoked_at integer
) strict;
create index sessions_of_user on sessions (user);

create table records (
    tenant blob not null references tenants (id),
    record blob not null,
    kind text not null,
    opened_by blob not null,
    last_seq integer not null,
    -- Concatenated change hashes, sorted.
    heads blob not null,
    -- Automerge document up to `snapshot_seq`; later changes are in the log.
    snapshot blob not null,
    snapshot_seq integer not null,
    tail_bytes integer not null,
    primary key (tenant, record)
) strict, without rowid;

-- The truth: append-only, gapless per tenant, each row chained to the one before.
create table log (
    tenant blob not null references tenants (id),
    seq integer not null,
    kind text not null check (kind in ('change', 'enter', 'leave')),
    record blob not null,
    -- Author of a change; for enter and leave the person it is about (nil: everyone).
    user blob not null,
    device blob,
    hash blob,
    actor blob,
    actor_seq integer,
    -- Clock of whoever wrote the change.
    written_at integer not null,
    received_at integer not null,
    body blob,
    chain blob not null,
    primary key (tenant, seq)
) strict;
create unique index log_by_hash on log (tenant, record, hash) where hash is not null;
create unique index log_by_actor on log (tenant, record, actor, actor_seq) where hash is not null;
create index log_of_record on log (tenant, record, seq);

-- Who an Automerge actor belongs to. No device: written at the desk.
create table actors (
    tenant blob not null references tenants (id),
    record blob not null,
    actor blob not null,
    user blob not null,
    device blob,
    primary key (tenant, record, actor)
) strict, without rowid;

-- Latest stay of each record in each person's sight.
create table visibility (
    tenant blob not null references tenants (id),
    user blob not null,
    record blob not null,
    entered_seq integer not null,
    left_seq integer,
    primary key (tenant, user, record)
) strict, without rowid;
create index visibility_of_record on visibility (tenant, record);

-- Changes that wait for a person: their author may no longer write that record.
create table held (
    tenant blob not null references tenants (id),
    record blob not null,
    hash blob not null,
    body blob not null,
    user blob not null,
    device blob not null,
    reason text not null,
    received_at integer not null,
    primary key (tenant, record, hash)
) strict;

-- Read model ---------------------------------------------------------------------------------

create table jobs (
    id integer primary key,
    tenant blob not null,
    record blob not null,
    number text not null,
    title text not null,
    customer text not null,
    site text not null,
    equipment text not null,
    category text not null,
    level text not null,
    priority text not null,
    mode text not null,
    source text not null,
    stage text not null,
    lead blob,
    lead_name text not null,
    dossier blob,
    opened_at integer not null,
    due_at integer,
    updated_at integer not null,
    finished_at integer,
    signed_at integer,
    open_conflicts integer not null,
    -- Whole content as JSON, as the field rules read it.
    content text not null,
    unique (tenant, record)
) strict;
create index jobs_by_update on jobs (tenant, updated_at desc);
create index jobs_by_stage on jobs (tenant, stage, updated_at desc);
create index jobs_by_source on jobs (tenant, source) where source <> '';

create virtual table job_search using fts5 (words, tokenize = 'trigram');

create table dossiers (
    tenant blob not null,
    record blob not null,
    name text not null,
    address text not null,
    updated_at integer not null,
    content text not null,
    primary key (tenant, record)
) strict, without rowid;

create table conflicts (
    tenant blob not null,
    record blob not null,
    path text not null,
    rule text not null,
    -- Every value as JSON: value, change, actor, at, chosen.
    conflict_values text not null,
    primary key (tenant, record, path)
) strict, without rowid;

create table signoffs (
    tenant blob not null,
    record blob not null,
    signoff blob not null,
    purpose text not null,
    outcome text not null,
    signatory text not null,
    statement blob not null,
    signature blob not null,
    drawing blob not null,
    signed_at integer not null,
    change blob not null,
    seq integer not null,
    -- What the server countersigned, as canonical JSON, and its signature in hex.
    receipt text not null,
    countersignature text not null,
    primary key (tenant, record, signoff)
) strict;
