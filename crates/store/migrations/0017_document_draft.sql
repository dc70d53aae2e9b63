-- Drafts of documents (拟稿): nothing of them stands in the table of documents before they are signed.
create table if not exists document_draft (
  region bigint not null,
  id text not null,
  unit text not null,
  category text not null,
  title text not null,
  attribute text not null,
  stage text not null,
  drafted_on text not null,
  document text not null,
  version bigint not null,
  primary key (region, id),
  unique (region, document),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists document_draft_drafted on document_draft (region, drafted_on, id);
create index if not exists document_draft_unit_drafted on document_draft (region, unit, drafted_on, id);
