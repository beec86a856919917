import { run } from '../../src/run'
import { type FakeOptions, fakeTerminal } from './terminal'

/** What a command line came to. */
export interface Ran {
  readonly code: number
  readonly output: string
  readonly hints: string
}

/** Runs a command line in this process. Of the environment it sees the server and the name of the cache. */
export async function larder(url: string, argv: readonly string[], options?: FakeOptions): Promise<Ran> {
  const out = fakeTerminal(options)
  const code = await run(argv, { REDIS_URL: url, LARDER_NAME: 'shop' }, out)
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
