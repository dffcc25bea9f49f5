/** Every GraphQL document of the page. Pages and graphs stay far below the limits of the server. */

export const STATS = `query Stats {
  stats {
    window { from to } asOf totalCalls numbers totalFraudDetected suspicious activeCampaigns alerts alertsCounted
    answerStateInferred store run
  }
}`;

export const CAMPAIGNS = `query Campaigns($filter: CampaignFilter, $first: Int!, $after: String) {
  campaigns(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { id name fraudType status risk memberCount victims velocity firstSeen lastSeen } }
  }
}`;

const MEMBER_PAGE = `totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { role risk since number { id number operator verdict } } }`;

export const CAMPAIGN = `query Campaign($id: ID!, $members: Int!, $limit: Int!) {
  campaign(id: $id) {
    __typename
    ... on NotFound { message }
    ... on Campaign {
      id name fraudType status risk memberCount victims affected density velocity firstSeen lastSeen
      window { from to }
      members(first: $members) { ${MEMBER_PAGE} }
      events { at knownAt kind version added removed others }
      graph(limit: $limit) {
        totalNodes totalEdges isTruncated
        nodes { id number operator hop role verdict risk x y }
        edges { source target kind reason weight calls answered seconds }
      }
    }
  }
}`;

export const MEMBERS = `query Members($id: ID!, $first: Int!, $after: String) {
  campaign(id: $id) {
    __typename
    ... on NotFound { message }
    ... on Campaign { members(first: $first, after: $after) { ${MEMBER_PAGE} } }
  }
}`;

const NUMBER = `id number operator kind country region lineType carrier carrierSource verdict risk riskBasis role fraudType firstSeen lastSeen
    outCalls inCalls callees callers
    window { from to }
    campaign { id name }
    evidence { feature value unit typical contribution text }`;

export const LOOKUP = `query Lookup($number: String!) {
  lookup(number: $number) {
    __typename
    ... on PhoneNumber { ${NUMBER} }
    ... on NoData { number message }
    ... on InvalidNumber { number message }
  }
}`;

export const NUMBER_BY_ID = `query NumberById($id: ID!) {
  node(id: $id) {
    __typename
    ... on PhoneNumber { ${NUMBER} }
  }
}`;

export const ALERT_STREAM = `subscription Alerts($after: Int) {
  alertStream(after: $after) {
    __typename
    ... on AlertEvent { seq alert { id severity title description number campaign fraudType risk asOf createdAt } }
    ... on IngestWarning { seq message takenAt }
    ... on Discontinuity { from to dropped }
  }
}`;
