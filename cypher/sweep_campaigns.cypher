// name: sweep_campaigns
// parameters: v, batch_rows
// Remove campaigns that another publish wrote.
MATCH (x:Campaign)
WHERE x.v IS NULL OR x.v <> $v
CALL (x) {
  DETACH DELETE x
} IN TRANSACTIONS OF $batch_rows ROWS
