// name: sweep_links
// parameters: v, batch_rows
// Remove links that another publish wrote.
MATCH ()-[x:LINKED]->()
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
