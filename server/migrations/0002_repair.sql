-- Repair: how a server that was restored from a backup knows it, and what came back.

-- One row for each time the server opened this database. The newest is also in the mark beside
-- the database, which a restored database does not know.
create table incarnations (
    id blob primary key,
    began_at integer not null
) strict;

create table restores (
    id integer primary key,
    -- The incarnation that noticed, and when.
    incarnation blob not null references incarnations (id),
    noticed_at integer not null,
    -- 'mark-ahead', 'mark-unknown', 'mark-missing', or 'phone': a phone proved it.
    noticed_by text not null,
    -- Rows of all logs together: as the mark remembers them (null when it does not), and as the
    -- database had them.
    rows_before integer,
    rows_found integer not null
) strict;

-- Changes that the log had lost and a phone has brought back.
create table hand_backs (
    tenant blob not null references tenants (id),
    seq integer not null,
    record blob not null,
    hash blob not null,
    -- The phone that had kept it.
    device blob not null,
    received_at integer not null,
    primary key (tenant, seq)
) strict, without rowid;
create index hand_backs_of_device on hand_backs (device);

-- A desk actor is used by the incarnation that made it and by no other: one that was restored
-- does not know which numbers of an older actor are taken.
alter table actors add column incarnation blob;
