/** A choice other than the first alternative: the number of the question, and the alternative chosen. */
export type Deviation = readonly [question: number, alternative: number]

/** Answers the questions of one run, and remembers how many alternatives each of them had. */
export interface Choices {
  /** Chooses one of `alternatives`, numbered from 0. */
  choose(alternatives: number): number
  /** The number of alternatives of each question asked so far. */
  readonly asked: readonly number[]
}

/** Chooses the first alternative of every question, except where a deviation says otherwise. */
export function createChoices(deviations: readonly Deviation[]): Choices {
  const alternativeOf = new Map(deviations)
  const asked: number[] = []
  return {
    choose(alternatives) {
      asked.push(alternatives)
      return alternativeOf.get(asked.length - 1) ?? 0
    },
    asked,
  }
}

/** The runs that differ from this one by one more deviation, later than all that it has. Each run has one such parent. */
export function deviateOnce(deviations: readonly Deviation[], asked: readonly number[]): Deviation[][] {
  const first = (deviations.at(-1)?.[0] ?? -1) + 1
  const found: Deviation[][] = []
  for (let question = first; question < asked.length; question += 1)
    for (let alternative = 1; alternative < (asked[question] ?? 1); alternative += 1)
      found.push([...deviations, [question, alternative]])
  return found
}
