-- Values of the person signed in that no longer count, and what is written beside a signature.

-- One row for every value of ours that another one took the place of when two people wrote at
-- once; it stays until the person has dealt with it.
create table overruled (
    id integer primary key,
    record blob not null,
    path text not null,
    -- the rule that chose, or 'person'
    rule text not null,
    -- our value: the change that wrote it, as JSON, our clock
    mine blob not null,
    mine_value text not null,
    mine_at integer not null,
    -- the change that took its place, and the value that counts now
    winner blob not null,
    winner_value text not null,
    winner_user blob,
    winner_at integer not null,
    -- 1 once the person agreed; kept, so that the same news is not told twice
    agreed integer not null default 0,
    unique (record, path, mine, winner)
) strict;

-- Fields that others wrote beside a signature that binds.
alter table jobs add column late_edits integer not null default 0;
