/**
 * Fields that describe the request they were made for, by their definition or by convention: the quota of its client
 * (draft-ietf-httpapi-ratelimit-headers), its id and its trace, and the time that it took (Server-Timing).
 */
const requestFields = new RegExp(
  `^(?:${[
    '(?:x-)?rate-?limit(?:-.+)?',
    '(?:x-)?(?:request|correlation|trace)-?id',
    'trace(?:parent|state|response)',
    'x-b3-.+',
    'x-amzn-(?:requestid|trace-id)',
    'x-cloud-trace-context',
    'server-timing',
    'x-response-time',
    'x-runtime',
  ].join('|')})$`,
)

/** Whether a response field describes one request, and says nothing to the next one. */
export function describesRequest(name: string): boolean {
  return requestFields.test(name)
}
