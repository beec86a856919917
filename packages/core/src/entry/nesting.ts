import { LarderError } from '../errors'

/** Maximum depth of a value that is copied or turned into bytes: far below what the stack of any engine allows. */
export const maxNesting = 500

export function nestedTooDeeply(): LarderError {
  return new LarderError(
    'UNSERIALIZABLE_VALUE',
    `The value is nested more than ${maxNesting} levels deep. Store it as a flat list, or as a text.`,
  )
}
