import { Bench } from 'tinybench'

/** Calls per iteration of tinybench, so that its own overhead is negligible. */
const batch = 1_000

/** Calls per second of one caller that awaits each call, over `time` ms. */
export async function callsPerSecond(call: (index: number) => unknown, time: number): Promise<number> {
  const bench = new Bench({ time, warmup: false, iterations: 2 })
  let index = 0
  bench.add('calls', async () => {
    for (const end = index + batch; index < end; index += 1) await call(index)
  })
  await bench.run()
  return (batch * 1_000) / meanOf(bench)
}

function meanOf(bench: Bench): number {
  const result = bench.tasks[0]?.result
  if (result !== undefined && 'latency' in result) return result.latency.mean
  throw result !== undefined && 'error' in result ? result.error : new Error('tinybench returned no result.')
}
