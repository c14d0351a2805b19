-- What the office asks of a hundred thousand jobs, each question with an index of its own.

-- How urgent a job is among those of its stage: by severity as the fault levels have it, the worst
-- first, then by the promised time, those without one last.
alter table jobs add column severity integer not null default 4;
alter table jobs add column wanted_at integer not null default 9223372036854775807;
update jobs set
    severity = case level when 'critical' then 0 when 'major' then 1 when 'normal' then 2
                          when 'minor' then 3 else 4 end,
    wanted_at = coalesce(due_at, 9223372036854775807);
create index jobs_by_urgency on jobs (tenant, stage, severity, wanted_at, opened_at);
create index jobs_of_lead on jobs (tenant, lead, stage, severity, wanted_at, opened_at);
create index jobs_by_level on jobs (tenant, level, updated_at desc);
create index jobs_of_dossier on jobs (tenant, dossier, updated_at desc);
create index jobs_at_work on jobs (tenant, lead) where stage not in ('signed', 'archived');

-- Names without contents.
create index dossiers_by_name on dossiers (tenant, name);
create index records_of_catalog on records (tenant) where kind = 'catalog';
create index devices_of_tenant on devices (tenant, user);

-- Read model. Pairs of letters that follow each other in what a job is searched by, for words that
-- are too short for `job_search`: most Chinese ones are. Letters are numbers in hex here, so that
-- every letter is one for the tokenizer, too.
create virtual table job_search_pairs using fts5 (
    pairs, content = '', contentless_delete = 1, detail = none, prefix = '6', tokenize = 'ascii');
