-- What stands beside a signature, and the memory of settled conflicts. Both are read model.

-- Late edits beside the sign-offs that bind, for lists.
alter table jobs add column late_edits integer not null default 0;

-- One row for every conflict a person settled; the settling change's log row has who and when.
create table settlements (
    tenant blob not null,
    record blob not null,
    seq integer not null,
    path text not null,
    rule text not null,
    -- Every value there was, as JSON: value, change, chosen (counted until then).
    conflict_values text not null,
    -- What was written instead, as JSON.
    value text not null,
    change blob not null,
    primary key (tenant, record, seq, path)
) strict, without rowid;
