drop function forget_subject_keys(text, uuid[]);
drop table node_configurations;
drop function organization_ids();
drop function root_node(uuid);
