/** Matches the beginning of the names under which responses are counted: `http/GET /products/:id`, `http 2/*`. */
const responses = '(.+/)?http( [0-9]+)?/'

/** A matcher that leaves out responses: whether one may be stored is decided by the response itself. */
export const ofFunctions = `cache_function!~"${responses}.*"`

/** A matcher that leaves out requests that no rule is for: they are not meant to be cached, and are counted as misses. */
export const withRule = `cache_function!~"${responses}[*]"`
