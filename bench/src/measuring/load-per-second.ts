/** Calls per second of `callers` concurrent callers, each awaiting one call after the other, over `time` ms. */
export async function loadPerSecond(
  call: (index: number) => unknown,
  { callers, time }: { readonly callers: number; readonly time: number },
): Promise<number> {
  const start = performance.now()
  const end = start + time
  let calls = 0
  async function runCaller(): Promise<void> {
    while (performance.now() < end) {
      const index = calls
      calls += 1
      await call(index)
    }
  }
  await Promise.all(Array.from({ length: callers }, runCaller))
  return (calls * 1_000) / (performance.now() - start)
}
