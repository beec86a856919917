/** How often the time is looked at, in ms. */
const step = 10

/** Something that was done, and how much time of its own the process had for it, in ms. */
export interface Measured<T> {
  readonly value: T
  readonly took: number
}

/**
 * Measures work by the time that this process had: on an idle machine that is the time on the wall. While others keep the
 * process from running, it neither waits nor works, and none of its timers can fall due: of such a gap no more counts
 * than two steps, or what the process computed in it.
 */
export async function measureOwnTime<T>(work: () => Promise<T>): Promise<Measured<T>> {
  let took = 0
  let last = look()
  const count = () => {
    const next = look()
    took += Math.min(next.wall - last.wall, Math.max(2 * step, next.computed - last.computed))
    last = next
  }
  const timer = setInterval(count, step)
  try {
    const value = await work()
    count()
    return { value, took }
  } finally {
    clearInterval(timer)
  }
}

/** The time on the wall and the time this process has computed, in ms. */
function look() {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now(), computed: (user + system) / 1_000 }
}
