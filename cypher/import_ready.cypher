// name: import_ready
// parameters: none
// Say that an imported graph may be read; to be run when the import has ended and constraints and indexes stand.
MATCH (m:Meta {id: 'ringfence'})
WHERE m.state = 'imported'
SET m.state = 'ready'
RETURN m.version
