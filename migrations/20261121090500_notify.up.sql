-- Where teams are told, and what they were told.

create table im_receivers (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    name text not null,
    receiver_im text not null,
    im_type text not null,
    -- how the platform is reached: bot (Slack Web API, Lark app) or webhook; credentials are in configurations
    transport text not null,
    destination_id text,
    -- told of issues whose alerts name no receiver
    is_default boolean not null default false,
    status text not null default 'active',
    last_delivered_at timestamptz,
    last_failed_at timestamptz,
    last_error text,
    consecutive_failures integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint im_receivers_pkey primary key (org_id, id),
    constraint im_receivers_receiver_im_key unique (org_id, receiver_im),
    constraint im_receivers_name_check check (char_length(name) between 1 and 255),
    constraint im_receivers_receiver_im_check check (receiver_im ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$'),
    constraint im_receivers_im_type_check check (im_type in ('slack', 'lark')),
    constraint im_receivers_transport_check check (transport in ('bot', 'webhook')),
    constraint im_receivers_destination_check check (transport = 'webhook' or destination_id is not null),
    constraint im_receivers_status_check check (status in ('active', 'inactive'))
);
call isolate_tenant('im_receivers');

-- One message in one channel about one subject, edited as the subject changes.
create table im_messages (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    receiver_id uuid not null,
    subject_type text not null,
    subject_id uuid not null,
    -- how the platform names the message: Slack channel and ts, Lark message_id
    external_ref jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint im_messages_pkey primary key (org_id, id),
    constraint im_messages_receiver_subject_key unique (org_id, receiver_id, subject_id),
    constraint im_messages_receiver_fkey foreign key (org_id, receiver_id)
        references im_receivers (org_id, id) on delete cascade
);
-- who already shows a message about a subject
create index im_messages_subject_id_idx on im_messages (org_id, subject_id);
call isolate_tenant('im_messages');

-- One state of a message that a receiver is told of.
create table deliveries (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    message_id uuid not null,
    receiver_id uuid not null,
    -- the event that is told; a second reaction to it adds nothing
    event_id uuid not null,
    card jsonb not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    error text,
    created_at timestamptz not null,
    delivered_at timestamptz,
    constraint deliveries_pkey primary key (org_id, id),
    constraint deliveries_message_event_key unique (org_id, message_id, event_id),
    constraint deliveries_message_fkey foreign key (org_id, message_id)
        references im_messages (org_id, id) on delete cascade,
    constraint deliveries_status_check check (status in ('pending', 'delivered', 'failed')),
    constraint deliveries_delivered_check check ((status = 'delivered') = (delivered_at is not null))
);
-- the log of one receiver, newest first
create index deliveries_receiver_id_idx on deliveries (org_id, receiver_id, id desc);
call isolate_tenant('deliveries');
