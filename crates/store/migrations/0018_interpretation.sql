-- What interprets which document (政策解读), and which documents are to be interpreted.
create table if not exists interpretation (
  region bigint not null,
  interpretation text not null,
  document text not null,
  form text not null,
  primary key (region, interpretation, document)
);

create index if not exists interpretation_document on interpretation (region, document, interpretation);

create table if not exists interpretation_plan (
  region bigint not null,
  document text not null,
  timing text not null,
  primary key (region, document)
);
