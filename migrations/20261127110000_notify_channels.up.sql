-- Which channels there are is said by their descriptors (notify::channels): a new one needs no migration.

alter table im_receivers drop constraint im_receivers_im_type_check;
alter table im_receivers add constraint im_receivers_im_type_check check (im_type ~ '^[a-z][a-z0-9_]{0,31}$');
alter table im_receivers drop constraint im_receivers_transport_check;
alter table im_receivers add constraint im_receivers_transport_check check (transport ~ '^[a-z][a-z0-9_]{0,31}$');
alter table im_receivers drop constraint im_receivers_destination_check;
alter table im_receivers add constraint im_receivers_destination_check
    check (transport <> 'bot' or destination_id is not null);
-- the credentials of a receiver are sealed under its im_type
alter table configurations drop constraint if exists configurations_type_check;
alter table configurations add constraint configurations_type_check check (config_type ~ '^[a-z][a-z0-9_]{0,31}$');
