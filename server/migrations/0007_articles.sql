-- One row per article of the knowledge base. Read model.
create table articles (
    tenant blob not null,
    record blob not null,
    title text not null,
    category text not null,
    equipment text not null,
    withdrawn integer not null,
    updated_at integer not null,
    content text not null,
    primary key (tenant, record)
) strict, without rowid;
