// name: published
// parameters: none
// Count and sum what stands, to be compared with what should.
CALL () {
  MATCH (n:Number)
  RETURN count(n) AS numbers, sum(n.out_calls) AS out_calls, sum(n.in_calls) AS in_calls
}
CALL () {
  MATCH ()-[r:CALLED]->()
  RETURN count(r) AS edges, sum(r.calls) AS calls, sum(r.answered) AS answered, sum(r.talk_ms) AS talk_ms,
         sum(r.night_calls) AS night_calls
}
CALL () {
  MATCH (c:Campaign)
  RETURN count(c) AS campaigns
}
CALL () {
  MATCH ()-[m:MEMBER_OF]->()
  RETURN count(m) AS members
}
CALL () {
  MATCH ()-[t:TARGETS]->()
  RETURN count(t) AS victims, sum(t.calls) AS victim_calls
}
CALL () {
  MATCH ()-[l:LINKED]->()
  RETURN count(l) AS links, sum(l.shared) AS shared
}
RETURN {numbers: numbers, out_calls: out_calls, in_calls: in_calls, edges: edges, calls: calls, answered: answered,
        talk_ms: talk_ms, night_calls: night_calls, campaigns: campaigns, members: members, victims: victims,
        victim_calls: victim_calls, links: links, shared: shared}
