import { responseNames, unruledNames } from '@larder/core'

/** A matcher that leaves out responses: whether one may be stored is decided by the response itself. */
export const ofFunctions = `cache_function!~"${responseNames}"`

/** A matcher that leaves out requests that no rule is for: they are not meant to be cached, and are counted as misses. */
export const withRule = `cache_function!~"${unruledNames}"`
