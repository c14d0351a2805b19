-- Held work is part of the log, is decided in the open, and its author is told. Also: when an
-- account was closed, which roles somebody had before, and who did what to accounts and phones.

-- The log learns two kinds of rows: work that is held (its body is the change, which is in no
-- record) and a decision on held work (its body says which, how and why).
create table log_of_all (
    tenant blob not null references tenants (id),
    seq integer not null,
    kind text not null check (kind in ('change', 'enter', 'leave', 'hold', 'decide')),
    record blob not null,
    -- Author of a change or of held work; who decided; for enter and leave the person it is
    -- about (nil: everyone).
    user blob not null,
    device blob,
    -- Only of changes that are in their record, as are actor and actor_seq.
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
insert into log_of_all (tenant, seq, kind, record, user, device, hash, actor, actor_seq,
                        written_at, received_at, body, chain)
    select tenant, seq, kind, record, user, device, hash, actor, actor_seq,
           written_at, received_at, body, chain from log;
drop table log;
alter table log_of_all rename to log;
create unique index log_by_hash on log (tenant, record, hash) where hash is not null;
create unique index log_by_actor on log (tenant, record, actor, actor_seq) where hash is not null;
create index log_of_record on log (tenant, record, seq);

-- Nothing was released that could have filled it.
drop table held;
create table held (
    tenant blob not null references tenants (id),
    -- Its row in the log, which has the change itself.
    seq integer not null,
    record blob not null,
    hash blob not null,
    user blob not null,
    device blob not null,
    -- The rights it was made with.
    role text not null,
    reason text not null,
    bytes integer not null,
    -- The latest decision's row in the log; null while it waits.
    decided_seq integer,
    primary key (tenant, seq),
    unique (tenant, record, hash)
) strict, without rowid;
create index held_waiting on held (tenant, seq) where decided_seq is null;
create index held_decided on held (device, decided_seq) where decided_seq is not null;

create table decisions (
    tenant blob not null references tenants (id),
    seq integer not null,
    record blob not null,
    -- Whose work was decided on, and by whom.
    author blob not null,
    decided_by blob not null,
    accepted integer not null,
    note text not null,
    changes integer not null,
    primary key (tenant, seq)
) strict, without rowid;
create index decisions_of_record on decisions (tenant, record, seq);

-- A phone whose cursor lies before `until_seq` could not know that this role had ended.
create table former_roles (
    tenant blob not null references tenants (id),
    user blob not null references users (id),
    role text not null,
    until_seq integer not null,
    primary key (tenant, user, until_seq)
) strict, without rowid;

alter table users add column left_at integer;

create table audit (
    id integer primary key,
    tenant blob not null references tenants (id),
    at integer not null,
    -- Who did it; nil at the command line.
    who blob not null,
    what text not null,
    -- To whom, and to what of theirs.
    about blob not null,
    detail text not null
) strict;
create index audit_of_tenant on audit (tenant, id);
