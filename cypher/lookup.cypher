// name: lookup
// parameters: keys
// Give the numbers of these keys, those that exist, in any order, as one list: a record each costs thrice.
MATCH (n:Number)
USING INDEX n:Number(key)
WHERE n.key IN $keys
RETURN collect([n.operator, n.number, n.kind, n.country, n.line_type, n.carrier, n.first_seen, n.last_seen,
                n.out_calls, n.in_calls, n.callees, n.callers, n.risk, n.verdict, n.role, n.fraud_type, n.campaign])
