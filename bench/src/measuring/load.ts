/** How many calls a second so many callers reach, each of whom awaits one call after the other, for `time` ms. */
export async function loadPerSecond(
  call: (at: number) => unknown,
  { callers, time }: { readonly callers: number; readonly time: number },
): Promise<number> {
  const start = performance.now()
  const end = start + time
  let calls = 0
  async function caller(): Promise<void> {
    while (performance.now() < end) {
      const at = calls
      calls += 1
      await call(at)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return (calls * 1_000) / (performance.now() - start)
}
