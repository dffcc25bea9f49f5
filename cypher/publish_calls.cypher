// name: publish_calls
// parameters: caller, callee, calls, answered, talk_ms, night_calls, first_seen, last_seen, v
// Write what ordered pairs of numbers had to do with each other, by columns of a batch. Give no row when overtaken.
MATCH (meta:Meta {id: 'ringfence', v: $v, state: 'publishing'})
CALL () {
  UNWIND range(0, size($caller) - 1) AS i
  MATCH (a:Number {key: $caller[i]})
  USING INDEX a:Number(key)
  MATCH (b:Number {key: $callee[i]})
  USING INDEX b:Number(key)
  MERGE (a)-[r:CALLED]->(b)
  SET r.calls = $calls[i], r.answered = $answered[i], r.talk_ms = $talk_ms[i], r.night_calls = $night_calls[i],
      r.first_seen = $first_seen[i], r.last_seen = $last_seen[i], r.seconds = $talk_ms[i] / 1000.0, r.v = $v
}
RETURN meta.v
