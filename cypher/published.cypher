// name: published
// parameters: risk_step
// Count and sum what stands, to be compared with what should; texts by length, times and reals cut to whole numbers.
CALL () {
  MATCH (n:Number)
  RETURN count(n) AS numbers, sum(n.out_calls) AS out_calls, sum(n.in_calls) AS in_calls, sum(n.callees) AS callees,
         sum(n.callers) AS callers, sum(n.first_seen % 1000003 + 2 * (n.last_seen % 1000003)) AS number_times,
         sum(toInteger(floor(n.risk / $risk_step)) * size(n.verdict)) AS risks,
         sum(size(n.key) + 2 * size(n.operator) + 3 * size(n.number) + 5 * size(n.kind)
             + 7 * coalesce(size(n.country), 0) + 11 * coalesce(size(n.line_type), 0)
             + 13 * coalesce(size(n.carrier), 0) + 17 * size(n.role) + 19 * coalesce(size(n.fraud_type), 0)
             + 23 * coalesce(size(n.campaign), 0)) AS number_texts
}
CALL () {
  MATCH ()-[r:CALLED]->()
  RETURN count(r) AS edges, sum(r.calls) AS calls, sum(r.answered) AS answered, sum(r.talk_ms) AS talk_ms,
         sum(r.night_calls) AS night_calls,
         sum(r.first_seen % 1000003 + 2 * (r.last_seen % 1000003)) AS call_times
}
CALL () {
  MATCH (c:Campaign)
  RETURN count(c) AS campaigns, sum(c.members) AS campaign_members, sum(c.victims) AS campaign_victims
}
CALL () {
  MATCH ()-[m:MEMBER_OF]->()
  RETURN count(m) AS members, sum(toInteger(m.risk * 1000)) AS member_risks
}
CALL () {
  MATCH ()-[t:TARGETS]->()
  RETURN count(t) AS victims, sum(t.callers) AS victim_callers, sum(t.calls) AS victim_calls
}
CALL () {
  MATCH ()-[l:LINKED]->()
  RETURN count(l) AS links, sum(l.shared) AS shared, sum(toInteger(l.weight * 1000000)) AS weights
}
RETURN {numbers: numbers, out_calls: out_calls, in_calls: in_calls, callees: callees, callers: callers,
        number_times: number_times, risks: risks, number_texts: number_texts, edges: edges, calls: calls,
        answered: answered, talk_ms: talk_ms, night_calls: night_calls, call_times: call_times, campaigns: campaigns,
        campaign_members: campaign_members, campaign_victims: campaign_victims, members: members,
        member_risks: member_risks, victims: victims, victim_callers: victim_callers, victim_calls: victim_calls,
        links: links, shared: shared, weights: weights}
