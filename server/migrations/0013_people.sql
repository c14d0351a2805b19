-- The audit log numbered and chained, the browsers of the console, passwords for once.

-- The last entry of the organisation's audit log and its digest; written with every entry.
alter table tenants add column audit_last integer not null default 0;
alter table tenants add column audit_chain blob not null
    default x'0000000000000000000000000000000000000000000000000000000000000000';

-- Place in the organisation's log, without gaps; entries of before get theirs, and their
-- digests, when the database is opened.
alter table audit add column number integer;
-- With what: a phone, a browser (their ids), a program, the command line; and its name then.
alter table audit add column tool text not null default '';
alter table audit add column tool_id blob not null default x'00000000000000000000000000000000';
alter table audit add column tool_name text not null default '';
-- SHA-256 over the digest before, the number and the entry.
alter table audit add column chain blob;
drop index audit_of_tenant;
create unique index audit_by_number on audit (tenant, number);
create index audit_by_time on audit (tenant, at);
create index audit_by_person on audit (tenant, who, number);
create index audit_about_person on audit (tenant, about, number);
create index audit_by_tool on audit (tenant, tool_id, number);
create index audit_without_digest on audit (id) where chain is null;
-- A slip of the program's own cannot change what was written either.
create trigger audit_is_never_changed before update on audit when old.chain is not null
begin
    select raise(abort, 'the audit log is only added to');
end;
create trigger audit_is_never_shortened before delete on audit
begin
    select raise(abort, 'the audit log is only added to');
end;

-- A browser at a desk, as its cookie names it: not who sits there, but that it is the same one.
create table browsers (
    tenant blob not null references tenants (id),
    user blob not null references users (id),
    id blob not null,
    -- The family: chrome, edge, firefox, safari, other.
    name text not null,
    first_seen_at integer not null,
    last_seen_at integer not null,
    primary key (tenant, user, id)
) strict, without rowid;
alter table sessions add column browser blob;

-- Two phones, or two browsers, of one account that were in use at the same time. The smaller id
-- comes first.
create table used_together (
    tenant blob not null references tenants (id),
    user blob not null references users (id),
    one blob not null,
    other blob not null,
    noticed_at integer not null,
    primary key (tenant, user, one, other)
) strict, without rowid;

-- Until when the password given by the administrator can be used; null for one's own.
alter table users add column one_time_until integer;
