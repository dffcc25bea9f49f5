// name: sweep_members
// parameters: v, batch_rows
// Remove memberships that another publish wrote.
MATCH ()-[x:MEMBER_OF]->()
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
