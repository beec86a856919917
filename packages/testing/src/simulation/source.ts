/** The simulated database: a version number per item, and a latency for every operation. */
export interface Source {
  /** Reads the version at some moment within the latency of the call. */
  readVersion(item: number, wait: Wait): Promise<number>
  /** Commits the next version. Resolves some time after the version has become readable. */
  commitVersion(item: number, wait: Wait): Promise<number>
}

/** Waits for a time, in ms, of the calling process. */
export type Wait = (ms: number) => Promise<void>

/** The longest latency, in ms. */
const slowestSource = 300

export function createSource(items: number, random: () => number): Source {
  const versions: number[] = Array.from({ length: items }, () => 0)
  /** Mostly short, in one of five calls long. */
  const drawDuration = () => (random() < 0.2 ? slowestSource : 30) * random()
  return {
    async readVersion(item, wait) {
      await wait(drawDuration() / 2)
      const version = versions[item] ?? 0
      await wait(drawDuration() / 2)
      return version
    },
    async commitVersion(item, wait) {
      await wait(drawDuration() / 2)
      const version = (versions[item] ?? 0) + 1
      versions[item] = version
      await wait(drawDuration() / 4)
      return version
    },
  }
}
