import { LarderError } from '../errors'

/** Maximum depth of a value that is copied or turned into bytes: far below what the stack of any engine allows. */
export const maxNesting = 500

export function nestedTooDeeply(): LarderError {
  return new LarderError(
    'UNSERIALIZABLE_VALUE',
    `The value is nested too deeply: at most ${maxNesting} levels, of which a Map, a Set, an error or an instance takes up to four. Store it as a flat list, or as a text.`,
  )
}
