import { type Clock, systemClock } from '@larder/core'
import { run } from '../../src/run'
import { type FakeOptions, fakeTerminal } from './terminal'

/** What a command line came to. */
export interface Ran {
  readonly code: number
  readonly output: string
  readonly hints: string
}

/** How a command line is run. */
export interface LarderOptions extends FakeOptions {
  readonly clock?: Clock
}

/** A thousand ms pass as one: a server that is there answers at once, however busy the machine is. */
export const slowClock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() / 1_000 }

/** Runs a command line in this process. Of the environment it sees the server and the name of the cache. */
export async function larder(
  url: string,
  argv: readonly string[],
  { clock, ...options }: LarderOptions = {},
): Promise<Ran> {
  const out = fakeTerminal(options)
  const code = await run(argv, { REDIS_URL: url, LARDER_NAME: 'shop' }, out, clock)
  return { code, output: out.output, hints: out.hints.join('\n') }
}

/** The same with `--json`: what each line holds. */
export async function larderJson(url: string, ...argv: string[]): Promise<unknown[]> {
  const { code, output, hints } = await larder(url, [...argv, '--json'])
  if (code !== 0) throw new Error(`Exit code ${code}: ${hints}${output}`)
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
