-- Runs are read by a permission of their own; whoever could read issues at a node could read their runs, and goes on.
update membership_nodes set permissions = permissions || '{runs:read}'
    where 'issues:read' = any (permissions) and not 'runs:read' = any (permissions);
