const age = 'RFC 9111 §5.1: an Age that is not a number is ignored, and the first of several applies'
const close = 'the suite counts any response without its own counter, such as 502, as served from the cache'

/** Required tests of `http-cache-tests` 0.4.5 (2020, for RFC 7234) that contradict RFC 9111, with the reason. */
export const outdatedTests: Readonly<Record<string, string>> = {
  'age-parse-nonnumeric': age,
  'age-parse-negative': age,
  'age-parse-float': age,
  'age-parse-prefix-twoline': age,
  'age-parse-dup-0': age,
  'age-parse-dup-0-twoline': age,
  'age-parse-dup-old': age,
  'age-parse-parameter': age,
  'age-parse-numeric-parameter': age,
  'stale-close-must-revalidate': close,
  'stale-close-proxy-revalidate': close,
  'stale-close-no-cache': close,
  'stale-close-s-maxage=2': close,
  '304-etag-update-response-Content-Type':
    'RFC 9111 §3.2: fields that describe the stored body are not updated',
  '304-etag-update-response-ETag':
    'RFC 9111 §4.3.4: a 304 with another strong validator is about another response',
}
