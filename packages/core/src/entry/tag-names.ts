import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'
import { checkTag } from './key'

/** One tag or several. */
export type TagNames = string | readonly string[]

/**
 * A copy of the list of tags in an option, an argument or the result of a function: a single tag is a list of one.
 *
 * @param caller - Where the tags were given, for error messages.
 * @throws LarderError `BAD_TAG` for anything else, and for an invalid tag in the list.
 */
export function toTagNames(caller: string, tags: TagNames): readonly string[] {
  const names = typeof tags === 'string' ? [tags] : tags
  if (!Array.isArray(names)) {
    throw new LarderError(
      'BAD_TAG',
      `${caller} takes a tag or a list of tags, such as 'user:42' or ['user:42', 'org:7']; got ${describeValue(tags)}.`,
    )
  }
  for (const tag of names) checkTag(tag)
  return [...names]
}
