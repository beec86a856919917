import { builtInClassOf } from './exact-class'
import { maxNesting, nestedTooDeeply } from './nesting'

/** A part of a value, and the path to it: `.owner.price`; empty for the value itself. */
export interface Part {
  readonly path: string
  readonly part: unknown
}

/**
 * The first part of a value that passes the test, the value itself included. Looks into records, class instances, arrays,
 * Map and Set, at each object once. `isOpaque`: the parts of such an object are not looked at.
 * @throws LarderError `UNSERIALIZABLE_VALUE` for a value that is nested too deeply.
 */
export function findPart(
  value: unknown,
  test: (part: unknown) => boolean,
  isOpaque: (part: object) => boolean,
): Part | undefined {
  const seen = new Set<unknown>()

  function search(part: unknown, depth: number): Part | undefined {
    if (test(part)) return { path: '', part }
    if (typeof part !== 'object' || part === null || seen.has(part)) return undefined
    if (depth === maxNesting) throw nestedTooDeeply()
    seen.add(part)
    if (isOpaque(part)) return undefined
    for (const [step, inner] of partsOf(part)) {
      const found = search(inner, depth + 1)
      if (found !== undefined) return { path: step + found.path, part: found.part }
    }
    return undefined
  }

  return search(value, 0)
}

function partsOf(value: object): readonly (readonly [step: string, part: unknown])[] {
  const builtIn = builtInClassOf(value)
  if (builtIn === 'View') return []
  const toStep = (name: string) => (builtIn === 'Array' ? `[${name}]` : `.${name}`)
  const fields = Object.entries(value).map(([name, part]) => [toStep(name), part] as const)
  return [...fields, ...itemsOf(value, builtIn).map((item) => ['{}', item] as const)]
}

function itemsOf(value: object, builtIn: string | undefined): readonly unknown[] {
  const items: unknown[] = []
  if (builtIn === 'Set') Set.prototype.forEach.call(value, (item) => void items.push(item))
  if (builtIn === 'Map') Map.prototype.forEach.call(value, (item, key) => void items.push(key, item))
  return items
}
