// name: sweep_numbers
// parameters: v, batch_rows
// Remove numbers that another publish wrote.
MATCH (x:Number)
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DETACH DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
