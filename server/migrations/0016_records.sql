-- Records as a table with an index beside it. In a tree sorted by its key, a row that is larger
-- than a page's share is read to its end each time it is compared: a sync for which nothing was
-- new read the whole of every record of its phone.
create table records_apart (
    tenant blob not null references tenants (id),
    record blob not null,
    kind text not null,
    opened_by blob not null,
    last_seq integer not null,
    -- Concatenated change hashes, sorted.
    heads blob not null,
    snapshot_seq integer not null,
    tail_bytes integer not null,
    -- Automerge document up to `snapshot_seq`; later changes are in the log. Last, because it is
    -- large: whoever reads what stands before it does not read it.
    snapshot blob not null,
    primary key (tenant, record)
) strict;
insert into records_apart (tenant, record, kind, opened_by, last_seq, heads, snapshot_seq,
                           tail_bytes, snapshot)
    select tenant, record, kind, opened_by, last_seq, heads, snapshot_seq, tail_bytes, snapshot
    from records;
drop table records;
alter table records_apart rename to records;
create index records_of_catalog on records (tenant) where kind = 'catalog';
