-- Until when a document is valid (有效期), where it says so.
create table if not exists validity_period (
  region bigint not null,
  document text not null,
  until text not null,
  primary key (region, document)
);

create index if not exists validity_period_until on validity_period (region, until, document);
