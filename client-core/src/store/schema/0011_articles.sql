-- The knowledge base, to be listed and found. The connection to a job is made when it is asked for.
create table articles (
    record blob primary key,
    title text not null,
    category text not null,
    equipment text not null,
    -- lower-case text of everything else in it
    haystack text not null
) strict, without rowid;
