-- Default partitions go while the server runs (docs/adr/0020-retention.md): its reconciler gives every row in them a month first.
-- Here is nothing to do but to remember that the way down must bring them back.
select 1;
