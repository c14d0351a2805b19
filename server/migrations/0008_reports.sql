-- What the office counts and lists by period, and what phones say of themselves.

-- Read model. One narrow row per job, in the order of opening: `jobs` carries whole contents, and
-- counting a quarter must not read them.
create table service_facts (
    tenant blob not null,
    -- As in `jobs`.
    opened_at integer not null,
    record blob not null,
    -- Until when it is an open point: solved or filed then; the largest integer while it is open.
    open_until integer not null,
    updated_at integer not null,
    customer text not null,
    equipment text not null,
    category text not null,
    level text not null,
    outcome text not null,
    lead blob,
    lead_name text not null,
    dossier blob,
    due_at integer,
    assigned_at integer,
    -- The first sign of somebody at work on it, and when the fault was gone.
    responded_at integer,
    recovered_at integer,
    -- The job whose fault is back; and whether a follow-up call said that this one's is.
    follows blob,
    is_back integer not null,
    -- 1 to 5: at the sign-off that binds, and in the latest follow-up call.
    satisfaction integer,
    called_at integer,
    call_satisfaction integer,
    -- Promises with a time that were decided, and those of them that were kept in it.
    promises integer not null,
    promises_kept integer not null,
    -- Whether programs or settings were changed, so that a backup belongs to it; and when
    -- somebody looked into that and ticked it off.
    modified integer not null,
    backup_checked_at integer,
    primary key (tenant, opened_at, record)
) strict, without rowid;
create unique index facts_of_record on service_facts (tenant, record);
create index facts_by_end on service_facts (tenant, open_until, opened_at);
create index facts_by_follows on service_facts (tenant, follows) where follows is not null;
create index facts_by_call on service_facts (tenant, called_at) where called_at is not null;
create index jobs_by_follow_up on jobs (tenant, follow_up_due_at)
    where follow_up_due_at is not null;

-- What a phone said of itself in its latest request. Not read model.
create table device_reports (
    device blob primary key references devices (id),
    -- Server clock.
    reported_at integer not null,
    -- How far the phone's clock was ahead of the server's.
    clock_ahead_ms integer not null,
    -- Null from here on: an app that does not say.
    app_version text,
    unsent_changes integer,
    unsent_jobs integer,
    unsent_files integer,
    -- When the oldest sign-off that has not been received was signed, by the phone's clock.
    unsent_signature_at integer,
    storage_free_bytes integer
) strict, without rowid;
