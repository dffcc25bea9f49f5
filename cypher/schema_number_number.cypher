// name: schema_number_number
// parameters: none
// Let analysts find a number without knowing its operator.
CREATE INDEX ringfence_number_number IF NOT EXISTS FOR (n:Number) ON (n.number)
