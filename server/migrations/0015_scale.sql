-- More of what is asked without reading everything that an organisation has.

-- What the clocks of jobs need of a dossier. JSON: its terms, and whose they are; null where the
-- customer has none of its own.
alter table dossiers add column terms text;
update dossiers
set terms = json_object('name', name, 'contract', coalesce(content ->> '$.contract', ''),
                        'contract_until', content -> '$.contract_until',
                        'levels', json(coalesce(content -> '$.levels', '{}')),
                        'service', json(coalesce(content -> '$.service', '{}')))
where coalesce(content -> '$.levels', '{}') <> '{}' or coalesce(content -> '$.service', '{}') <> '{}';
create index dossiers_with_terms on dossiers (tenant, name, record, terms)
    where terms is not null;

-- Who has a record, which is asked at every change: narrow enough that nothing else is read, and
-- never by going through everything that the organisation's people have.
drop index visibility_of_record;
create index visibility_of_record on visibility (tenant, record, left_seq);

-- The jobs that were opened because a fault was back, by when.
create index facts_following on service_facts (tenant, opened_at, follows)
    where follows is not null;
