import { maxNesting, nestedTooDeeply } from '../entry/nesting'
import { LarderError } from '../errors'

/** Maximum parts of a value: four million numbers or texts, or half a million objects. They fit into 512 MB of heap. */
const maxParts = 4_000_000

/** An object takes as much memory as this many small numbers. */
const partsOfObject = 8

/** Values of at most this many bytes cannot have too many parts: an object takes at least one byte. */
export const safeBytes = maxParts / partsOfObject

/** The parts of a value that is read from bytes, counted before it is created: a few bytes may stand for many objects. */
export class PartBudget {
  private parts = 0
  private depth = 0

  /** @throws LarderError `UNSERIALIZABLE_VALUE` for too many parts. */
  addParts(count: number): void {
    this.parts += count
    if (this.parts <= maxParts) return
    throw new LarderError(
      'UNSERIALIZABLE_VALUE',
      `The value has too many parts: at most ${maxParts} numbers and texts, or ${safeBytes} objects. Store it in pieces, or numbers as a typed array.`,
    )
  }

  addObject(): void {
    this.addParts(partsOfObject)
  }

  /** @throws LarderError `UNSERIALIZABLE_VALUE` for objects in too many others. */
  enter(): void {
    this.depth += 1
    if (this.depth > maxNesting) throw nestedTooDeeply()
  }

  leave(): void {
    this.depth -= 1
  }
}
