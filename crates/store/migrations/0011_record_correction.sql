-- Requests to correct a record about oneself (更正, 条例第四十一条), which table three does not count.
create table if not exists record_correction (
  region bigint not null,
  id text not null,
  unit text not null,
  channel text not null,
  record text not null,
  stage text not null,
  received_on text not null,
  decided_on text,
  outcome text,
  told_on text,
  personal text,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists record_correction_received on record_correction (region, received_on, id);
create index if not exists record_correction_unit_received on record_correction (region, unit, received_on, id);

-- A document is also named by its index number (索引号).
create index if not exists document_index_number on document (region, index_number) where index_number is not null;
