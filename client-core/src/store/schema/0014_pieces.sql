-- Pieces of photos and files that came with a colleague's evacuation file, sealed to the office.
-- Their bytes lie beside the database; they go once the office has the records that name them.

alter table parcels add column pieces integer not null default 0;
create table pieces (
    parcel integer not null references parcels (id),
    -- counted from the first in the file, whose order they keep
    place integer not null,
    bytes integer not null,
    -- the office has it: the bytes need not be kept
    sent integer not null default 0,
    -- not to be tried again before, and why, as a message id
    retry_at integer not null default 0,
    problem text,
    primary key (parcel, place)
) strict, without rowid;
