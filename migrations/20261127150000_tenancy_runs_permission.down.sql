-- `issues:read` covers runs again.
update membership_nodes set permissions = array_remove(permissions, 'runs:read')
    where 'issues:read' = any (permissions);
