import { describe, expect, test } from 'vitest'
import { commands } from '../src/commands'
import { run } from '../src/run'
import { fakeTerminal } from './support/terminal'

/** Nothing listens on port 1. */
const nowhere = { REDIS_URL: 'redis://someone:hidden@127.0.0.1:1', LARDER_NAME: 'shop' }

async function say(line: string, environment: Record<string, string> = nowhere) {
  const out = fakeTerminal()
  const code = await run(line.split(' ').filter(Boolean), environment, out)
  return { code, output: out.output, hints: out.hints.join('\n') }
}

describe('a command line that cannot be meant has exit code 2, and says what to write', () => {
  test.each([
    ['stat', 'There is no command "stat". Did you mean: larder stats'],
    ['frobnicate', 'There are: stats, keys, get, tags, invalidate, clear, watch, doctor.'],
    ['keys --patern x', 'There is no option --patern here. Did you mean: --pattern'],
    ['stats --cursor 1', 'There is no option --cursor here. See: larder stats --help'],
    ['keys --limit many', 'Write: --limit 100'],
    ['keys --limit 0', 'Write: --limit 100'],
    ['keys --limit', 'Write: --limit COUNT'],
    ['keys --pattern --all', "Write: --pattern 'user:*', or --pattern=--all"],
    ['keys --all=yes', '--all takes no value. Write: --all'],
    ['keys --all --cursor 0:1', 'Write either --all or --cursor'],
    ['get', 'Something is missing. Write: larder get KEY'],
    ['get a b', '"b" is too much. Write: larder get KEY'],
    ['invalidate', 'Write: larder invalidate TAG'],
    ['clear', 'Write: larder clear --yes'],
    ['watch', 'Write: larder watch --json'],
    ['watch --json --for ever', '--for is a duration. Write: --for 30s'],
    ['stats --url localhost:6379', 'Write: --url redis://127.0.0.1:6379'],
    ['stats --constructor', 'There is no option --constructor here.'],
  ])('%s', async (line, message) => {
    const { code, output, hints } = await say(line)
    expect(hints).toContain(message)
    expect({ code, output }).toEqual({ code: 2, output: '' })
  })

  test('without a URL or a name it says where they come from', async () => {
    expect(await say('stats', { LARDER_NAME: 'shop' })).toMatchObject({
      code: 2,
      hints: 'larder: Which server? Write: --url redis://127.0.0.1:6379, or set REDIS_URL',
    })
    expect(await say('stats', { REDIS_URL: 'redis://127.0.0.1:1' })).toMatchObject({
      code: 2,
      hints: 'larder: Which cache? Write: --name CACHE, or set LARDER_NAME',
    })
  })
})

describe('help', () => {
  test('of all names every command', async () => {
    const { code, output } = await say('--help', {})
    for (const { name, about } of commands)
      expect(output).toMatch(new RegExp(`  ${name} +${about.slice(0, 20)}`))
    expect(code).toBe(0)
  })

  test.each(commands)(
    'of $name names its options and shows how it is used',
    async ({ name, options, examples }) => {
      const { code, output } = await say(`${name} --help`, {})
      for (const option of [...Object.keys(options), 'url', 'name', 'json'])
        expect(output).toContain(`  --${option}`)
      for (const example of examples) expect(output).toContain(example)
      expect(code).toBe(0)
    },
  )

  test('is shown beside the output where no command is written', async () => {
    const { code, output, hints } = await say('', {})
    expect(hints).toContain('Usage: larder COMMAND')
    expect({ code, output }).toEqual({ code: 2, output: '' })
  })
})

describe('a server that cannot be reached', () => {
  test.each(['stats', 'keys', 'get a', 'tags', 'invalidate t', 'clear --yes'])(
    'fails %s with exit code 1 and the reason, without the password',
    async (line) => {
      const { code, hints } = await say(line)
      expect(hints).toMatch(/^larder: Redis at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/)
      expect(hints).not.toContain('hidden')
      expect(code).toBe(1)
    },
  )

  test.each(['stats', 'watch'])('is told as JSON by %s --json', async (command) => {
    const { code, hints } = await say(`${command} --json`)
    expect(JSON.parse(hints)).toEqual({ error: expect.stringContaining('ECONNREFUSED') })
    expect(code).toBe(1)
  })
})
