import { Bench } from 'tinybench'

/** Calls in one run of tinybench, so that its own work between two runs is lost in theirs. */
const batch = 1_000

/** How many calls a second one after the other reach, each awaited, for `time` ms. */
export async function callsPerSecond(call: (at: number) => unknown, time: number): Promise<number> {
  const bench = new Bench({ time, warmup: false, iterations: 2 })
  let at = 0
  bench.add('calls', async () => {
    for (const end = at + batch; at < end; at += 1) await call(at)
  })
  await bench.run()
  return (batch * 1_000) / meanOf(bench)
}

function meanOf(bench: Bench): number {
  const result = bench.tasks[0]?.result
  if (result !== undefined && 'latency' in result) return result.latency.mean
  throw result !== undefined && 'error' in result ? result.error : new Error('Nothing was measured.')
}
