// name: sweep_calls
// parameters: v, batch_rows
// Remove pairs that another publish wrote.
MATCH ()-[x:CALLED]->()
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
