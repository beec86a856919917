/** The simulated database: a version number per item, and a latency for every operation. */
export interface Source {
  /**
   * Reads the version at some moment within the latency of the call. `lag`: read it from a replica, which is up to this
   * long behind, in ms.
   */
  readVersion(item: number, wait: Wait, lag: number): Promise<number>
  /** Commits the next version. Resolves some time after the version has become readable. */
  commitVersion(item: number, wait: Wait): Promise<number>
}

/** Waits for a time, in ms, of the calling process. */
export type Wait = (ms: number) => Promise<void>

/** The longest latency, in ms. */
const usuallySlowest = 300

/** `time`: virtual time, in ms. `slowest`: the longest latency, in ms. */
export function createSource(
  items: number,
  random: () => number,
  time: () => number,
  slowest = usuallySlowest,
): Source {
  /** When each version of each item was committed; the index is the version. */
  const commits: number[][] = Array.from({ length: items }, () => [0])
  /** Mostly short, in one of five calls long. */
  const drawDuration = () => (random() < 0.2 ? slowest : 30) * random()

  function versionAt(item: number, moment: number): number {
    const later = commits[item]?.findIndex((committedAt) => committedAt > moment) ?? 0
    return (later < 0 ? (commits[item]?.length ?? 1) : later) - 1
  }

  return {
    async readVersion(item, wait, lag) {
      await wait(drawDuration() / 2)
      const version = versionAt(item, Math.max(0, time() - lag * random()))
      await wait(drawDuration() / 2)
      return version
    },
    async commitVersion(item, wait) {
      await wait(drawDuration() / 2)
      const version = commits[item]?.push(time()) ?? 0
      await wait(drawDuration() / 4)
      return version - 1
    },
  }
}
