// name: schema_number_risk
// parameters: none
// Let analysts order numbers by risk.
CREATE INDEX ringfence_number_risk IF NOT EXISTS FOR (n:Number) ON (n.risk)
