/** The database of a simulation: a version per item, and time for everything it does. */
export interface Source {
  /** Reads the version at some moment while it takes its time. */
  read(item: number, wait: Wait): Promise<number>
  /** Resolves when the next version is committed, and a little later than it can be read. */
  commit(item: number, wait: Wait): Promise<number>
}

/** Waits, in the time of the process that asks. */
export type Wait = (ms: number) => Promise<void>

/** The longest that reading or committing takes, in ms. */
export const slowestSource = 300

export function createSource(items: number, random: () => number): Source {
  const versions: number[] = Array.from({ length: items }, () => 0)
  /** Mostly quick, sometimes slow. */
  const duration = () => (random() < 0.2 ? slowestSource : 30) * random()
  return {
    async read(item, wait) {
      await wait(duration() / 2)
      const version = versions[item] ?? 0
      await wait(duration() / 2)
      return version
    },
    async commit(item, wait) {
      await wait(duration() / 2)
      const version = (versions[item] ?? 0) + 1
      versions[item] = version
      await wait(duration() / 4)
      return version
    },
  }
}
