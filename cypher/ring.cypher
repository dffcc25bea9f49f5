// name: ring
// parameters: campaign
// Show a ring: its members, the links that tie them, and the victims whom at least two of them called.
MATCH (c:Campaign {id: $campaign})
USING INDEX c:Campaign(id)
CALL (c) {
  MATCH (n:Number)-[m:MEMBER_OF]->(c)
  WITH n, m
  ORDER BY m.risk DESC, n.key
  RETURN collect({number: n.number, role: m.role, risk: m.risk}) AS members
}
CALL (c) {
  MATCH (c)<-[:MEMBER_OF]-(a:Number)-[l:LINKED {campaign: c.id}]->(b:Number)
  WITH a, l, b
  ORDER BY l.weight DESC, a.key, b.key, l.reason
  RETURN collect({a: a.number, b: b.number, reason: l.reason, weight: l.weight, shared: l.shared}) AS links
}
CALL (c) {
  MATCH (c)-[t:TARGETS]->(v:Number)
  WHERE t.callers > 1
  WITH v, t
  ORDER BY t.callers DESC, t.calls DESC, v.key
  RETURN collect({number: v.number, callers: t.callers, calls: t.calls}) AS shared_victims
}
RETURN c.name AS name, c.fraud_type AS fraud_type, c.risk AS risk, members, links, shared_victims
