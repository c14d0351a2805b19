-- Evacuation files of colleagues that this phone carries to the office.

create table parcels (
    id integer primary key,
    -- SHA-256 of the file: taken in twice, it is carried once
    digest text not null unique,
    -- empty once the office has it
    file blob not null,
    person text not null,
    made_at integer not null,
    edits integer not null,
    taken_at integer not null,
    -- when the office took it, by its clock; null while it waits
    delivered_at integer,
    -- how many changes the office did not accept
    refused integer not null default 0,
    -- why the office did not take it, as a message id
    problem text
) strict;
