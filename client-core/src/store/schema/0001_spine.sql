-- The phone's store, version 1. One row per change; everything else is derived from
-- `records.base` + `changes` and can be rebuilt.

create table meta (
    key text primary key,
    value blob not null
) strict, without rowid;

create table records (
    record blob primary key,
    kind text not null,
    -- the actor this phone writes with in this record; random, new after a rebuild
    actor blob not null,
    -- a saved document that `changes` continue; null while only changes exist
    base blob,
    -- 1 once the server said that this record is no longer ours to see
    left_scope integer not null default 0
) strict, without rowid;

create table changes (
    id integer primary key,
    record blob not null references records,
    hash blob not null,
    bytes blob not null,
    -- 'unsent', 'confirmed' (in the server's log) or 'held' (waiting for a supervisor)
    state text not null,
    unique (record, hash)
) strict;

create index changes_unsent on changes (state, id) where state <> 'confirmed';

-- What the person meant, for every change that has no final verdict: replayed when an earlier
-- one is refused.
create table outbox (
    change integer primary key references changes on delete cascade,
    edit text not null,
    made_at integer not null
) strict;

create table authors (
    record blob not null,
    actor blob not null,
    user blob not null,
    device blob,
    primary key (record, actor)
) strict, without rowid;

-- Edits the server will never take, kept until the person has dealt with them.
create table refused (
    id integer primary key,
    record blob not null,
    edit text not null,
    code text not null,
    path text not null,
    made_at integer not null
) strict;

-- Lists and search, derived from the documents.
create table jobs (
    id integer primary key,
    record blob not null unique,
    number text not null,
    title text not null,
    customer text not null,
    site text not null,
    stage text not null,
    level text not null,
    priority text not null,
    mode text not null,
    due_at integer,
    plan_start_at integer,
    lead blob,
    mine integer not null,
    open_conflicts integer not null,
    updated_at integer not null,
    -- lower-case text of everything searchable
    haystack text not null
) strict;

-- rowid = jobs.id
create virtual table job_search using fts5 (haystack, tokenize = 'trigram');

create table dossiers (
    record blob primary key,
    name text not null,
    address text not null
) strict, without rowid;

create table people (
    user blob primary key,
    name text not null,
    role text not null
) strict, without rowid;

pragma user_version = 1;
