-- Edits that wait for the office's decision, and more about those that were not accepted.

create table held (
    id integer primary key,
    record blob not null,
    hash blob not null,
    -- the change itself, in case the server is restored and loses it
    bytes blob not null,
    edit text not null,
    reason text not null,
    -- the job's, because the record may be gone by the time this is read
    title text not null,
    made_at integer not null,
    -- 1: to be sent once more
    again integer not null default 0,
    unique (record, hash)
) strict;

alter table refused add column title text not null default '';
alter table refused add column note text not null default '';
-- the change, of edits a person set aside: they may still be accepted
alter table refused add column hash blob;
