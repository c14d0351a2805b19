-- Equipment and backups of all customers, asked after without reading a single dossier.

-- Read model. One narrow row per piece of equipment (信息资产) of a dossier.
create table assets (
    tenant blob not null,
    dossier blob not null,
    -- Its entry in the dossier.
    item blob not null,
    customer text not null,
    kind text not null,
    name text not null,
    model text not null,
    serial text not null,
    site text not null,
    place text not null,
    warranty_until integer,
    versions text not null,
    -- What it is searched by.
    words text not null generated always as (
        lower(customer || char(10) || kind || char(10) || name || char(10) || model || char(10) ||
              serial || char(10) || site || char(10) || place || char(10) || versions)) virtual,
    primary key (tenant, dossier, item)
) strict, without rowid;
create index assets_by_customer on assets (tenant, customer, name, dossier, item);
create index assets_by_kind on assets (tenant, kind, customer, name, dossier, item);
create index assets_by_warranty on assets (tenant, warranty_until)
    where warranty_until is not null;

insert into assets (tenant, dossier, item, customer, kind, name, model, serial, site, place,
                    warranty_until, versions)
select d.tenant, d.record, unhex(replace(e.key, '-', '')), d.name,
       coalesce(e.value ->> 'kind', ''), coalesce(e.value ->> 'name', ''),
       coalesce(e.value ->> 'model', ''), coalesce(e.value ->> 'serial', ''),
       coalesce(e.value ->> 'site', ''), coalesce(e.value ->> 'place', ''),
       e.value ->> 'warranty_until', coalesce(e.value ->> 'versions', '')
from dossiers d, json_each(d.content, '$.equipment') e;

-- Read model. One row per backup that stands, for the backup check.
create table backups (
    tenant blob not null,
    dossier blob not null,
    item blob not null,
    at integer not null,
    -- The job it was made on.
    job blob,
    -- Whether it has no version or no approval.
    lacks integer not null,
    primary key (tenant, dossier, item)
) strict, without rowid;
create index backups_of_job on backups (tenant, job) where job is not null;
create index backups_lacking on backups (tenant, at, dossier, item) where lacks;

insert into backups (tenant, dossier, item, at, job, lacks)
select d.tenant, d.record, unhex(replace(e.key, '-', '')), coalesce(e.value ->> 'at', 0),
       unhex(replace(nullif(e.value ->> 'job', ''), '-', '')),
       trim(coalesce(e.value ->> 'version', '')) = '' or e.value ->> 'approved_at' is null
from dossiers d, json_each(d.content, '$.backups') e
where not coalesce(e.value ->> 'removed', 0);
