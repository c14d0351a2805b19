-- Records as a table with an index beside it. In a tree sorted by its key, a row that is larger
-- than a page's share is read to its end each time it is compared: to look up the heads of one
-- record was to read whole documents.
create table records_apart (
    record blob not null primary key,
    kind text not null,
    -- the actor this phone writes with in this record; random, new after a rebuild
    actor blob not null,
    -- 1 once the server said that this record is no longer ours to see, 2 if it is here by hand
    -- and not the office's to show us yet
    left_scope integer not null default 0,
    -- 1 while its bytes do not add up and a whole one is waited for
    damaged integer not null default 0,
    -- concatenated hashes of what the server is known to have
    heads blob not null default x'',
    -- the server's word on `attest_heads`
    attest blob,
    attest_heads blob,
    -- whose phone it was taken from by hand
    taken_from text,
    base_digest text,
    -- a saved document that `changes` continue; null while only changes exist. Last, because it
    -- is large: whoever reads what stands before it does not read it.
    base blob
) strict;
insert into records_apart (record, kind, actor, left_scope, damaged, heads, attest, attest_heads,
                           taken_from, base_digest, base)
    select record, kind, actor, left_scope, damaged, heads, attest, attest_heads, taken_from,
           base_digest, base
    from records;
drop table records;
alter table records_apart rename to records;
create index records_left on records (record) where left_scope = 1;
create index records_damaged on records (record) where damaged = 1;
create index records_taken on records (record, taken_from) where taken_from is not null;
create index records_of_catalog on records (record) where kind = 'catalog';
