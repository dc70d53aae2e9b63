-- Whose request it is, as a keyed digest of the identity: finds the requests of one applicant without opening any. Not
-- derived from the journal; goes with the personal record it is made from.
create table if not exists applicant (
  region bigint not null,
  request text not null,
  digest text not null,
  primary key (region, request)
);

create index if not exists applicant_digest on applicant (region, digest);
