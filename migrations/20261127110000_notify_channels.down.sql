-- The release before cannot tell anybody on a channel that it does not have.
delete from im_receivers where im_type not in ('slack', 'lark') or transport not in ('bot', 'webhook')
    or (transport <> 'webhook' and destination_id is null);
delete from configurations where config_type not in ('lark', 'slack', 'general');
alter table configurations drop constraint if exists configurations_type_check;
alter table configurations add constraint configurations_type_check check (config_type in ('lark', 'slack', 'general'));
alter table im_receivers drop constraint im_receivers_destination_check;
alter table im_receivers add constraint im_receivers_destination_check
    check (transport = 'webhook' or destination_id is not null);
alter table im_receivers drop constraint im_receivers_transport_check;
alter table im_receivers add constraint im_receivers_transport_check check (transport in ('bot', 'webhook'));
alter table im_receivers drop constraint im_receivers_im_type_check;
alter table im_receivers add constraint im_receivers_im_type_check check (im_type in ('slack', 'lark'));
