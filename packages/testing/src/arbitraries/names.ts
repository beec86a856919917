import fc, { type Arbitrary } from 'fast-check'

/** Keys of any well-formed characters, short enough to repeat within a run. */
export function arbitraryKey(): Arbitrary<string> {
  return fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'grapheme', maxLength: 20 }))
}

/** Tags, plain (`user`) and hierarchical (`user:42`). */
export function arbitraryTag(): Arbitrary<string> {
  const word = fc.stringMatching(/^[a-z]{1,3}$/)
  return fc
    .array(fc.oneof(fc.constantFrom('a', 'b', 'c'), word), { minLength: 1, maxLength: 3 })
    .map((words) => words.join(':'))
}

/** A link of the tag graph. */
export interface ArbitraryLink {
  readonly child: string
  readonly parent: string
}

/** Links between tags, without a cycle. */
export function arbitraryTagGraph(): Arbitrary<readonly ArbitraryLink[]> {
  const tags = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 2, maxLength: 8 })
  return tags.chain((names) => {
    const tagIndex = fc.nat({ max: names.length - 1 })
    // Every link points from a lower to a higher index, so there is no cycle.
    const link = fc.tuple(tagIndex, tagIndex).filter(([child, parent]) => child < parent)
    return fc
      .array(link, { maxLength: 12 })
      .map((links) =>
        links.map(([child, parent]) => ({ child: names[child] ?? '', parent: names[parent] ?? '' })),
      )
  })
}
