-- The code by which an applicant finds the own request (查询码): only its digest. Not derived from the journal.
create table if not exists query_code (
  region bigint not null,
  digest text not null,
  request text not null,
  second text not null,
  failed bigint not null,
  locked_until bigint,
  primary key (region, digest)
);

create index if not exists query_code_request on query_code (region, request);
