-- How documents are classified: a row for each subject, class of subjects, genre and column a document has, for each document
-- it interprets, for how soon it is to be interpreted and until when it is valid, with the unit that counts it and the day it
-- was disclosed while everybody may read it. Derived, like the document's own row. So a list of
-- what is public in a class is read in its order from an index, whatever else there is.
create table if not exists document_class (
  region bigint not null,
  document text not null,
  kind text not null,
  key text not null,
  unit text not null,
  published_on text,
  primary key (region, document, kind, key)
);

create index if not exists document_class_public on document_class (region, kind, key, published_on, document) where published_on is not null;
create index if not exists document_class_unit on document_class (region, unit, kind, key, published_on, document) where published_on is not null;
create index if not exists document_class_key on document_class (region, kind, key, document);
