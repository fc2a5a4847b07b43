-- Up to where events were handed to the outside, by the name of the stream that has them. The one process that leads moves it.
create table feed_cursors (
    name text primary key,
    txid xid8 not null,
    event_id uuid not null,
    moved_at timestamptz not null
);
