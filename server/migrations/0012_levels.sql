-- Service levels: what the clocks of a job ask of it, and who was told when one of them was missed.

-- Read model. Filled anew when the database is opened, because the rows are gone.
delete from service_facts;
-- Whether somebody is to go there, and when somebody was there.
alter table service_facts add column on_site integer not null default 0;
alter table service_facts add column arrived_at integer;
-- When it was filed.
alter table service_facts add column closed_at integer;
-- JSON: the spans in which its clocks stand still.
alter table service_facts add column pauses text not null default '[]';
-- When the office learned of the end of each clock, server clock.
alter table service_facts add column response_learned_at integer;
alter table service_facts add column on_site_learned_at integer;
alter table service_facts add column recovery_learned_at integer;

-- Where notices of missed clocks are sent to; empty for nowhere.
alter table users add column mail text not null default '';

-- Who was told of what, when and by which way: the log of escalations, and what is still to be
-- sent. Not read model.
create table notices (
    -- Goes along with each attempt, so that whoever gets it twice can tell.
    id blob primary key,
    tenant blob not null references tenants (id),
    record blob not null,
    -- The cause: which clock, and when it was to end. Another end is another cause.
    clock text not null check (clock in ('hand_over', 'response', 'on_site', 'recovery')),
    due_at integer not null,
    -- Whether a phone that had not been heard of might have known better.
    uncertain integer not null,
    role text not null check (role in ('manager', 'executive')),
    way text not null check (way in ('console', 'mail', 'webhook')),
    -- Nobody in particular for a webhook.
    user blob references users (id),
    told_at integer not null,
    -- When it arrived: shown to its reader, or taken by the other side.
    arrived_at integer,
    attempts integer not null default 0,
    -- When to try next; null once it has arrived, was given up, or is only shown here.
    next_at integer,
    -- Why the last attempt failed.
    failure text not null default ''
) strict;
create unique index notices_once
    on notices (tenant, record, clock, due_at, role, way, ifnull(user, zeroblob(16)));
create index notices_by_time on notices (tenant, told_at);
create index notices_of_record on notices (tenant, record, told_at);
create index notices_to_send on notices (next_at) where next_at is not null;
create index notices_unseen on notices (user) where way = 'console' and arrived_at is null;
