// name: sweep_victims
// parameters: v, batch_rows
// Remove targets that another publish wrote.
MATCH ()-[x:TARGETS]->()
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
