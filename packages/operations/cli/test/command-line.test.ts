import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../src/commands'
import { runCommandLine } from '../src/run-command-line'
import { createFakeTerminal } from './support/terminal'

/** Port 1 refuses connections. */
const unreachable = { REDIS_URL: 'redis://someone:hidden@127.0.0.1:1', LARDER_NAME: 'shop' }

async function runLine(line: string, environment: Record<string, string> = unreachable) {
  const terminal = createFakeTerminal()
  const code = await runCommandLine(line.split(' ').filter(Boolean), environment, terminal)
  return { code, output: terminal.output, hints: terminal.hints.join('\n') }
}

describe('an invalid command line has exit code 2 and a message that says what to write', () => {
  test.each([
    ['stat', 'Unknown command "stat". Did you mean: larder stats'],
    [
      'frobnicate',
      'The commands are: caches, stats, keys, get, tags, invalidate, clear, watch, errors, advise, audit, sweep, warm, doctor, limits, sessions.',
    ],
    ['keys --patern x', 'larder keys has no option --patern. Did you mean: --pattern'],
    ['stats --cursor 1', 'larder stats has no option --cursor. See: larder stats --help'],
    ['keys --limit many', 'Write: --limit 100'],
    ['keys --limit 0', 'Write: --limit 100'],
    ['keys --limit', 'Write: --limit COUNT'],
    ['keys --pattern --all', "Write: --pattern 'user:*', or --pattern=--all"],
    ['keys --all=yes', '--all takes no value. Write: --all'],
    ['keys --all --cursor 0:1', 'Write either --all or --cursor'],
    ['get', 'An argument is missing. Write: larder get KEY'],
    ['get a b', 'Unexpected argument "b". Write: larder get KEY'],
    ['invalidate', 'Write: larder invalidate TAG'],
    ['clear', 'Write: larder clear --yes'],
    ['invalidate --pattern a*', "Write: larder invalidate --pattern 'a*' --yes"],
    ['errors', 'Write: --admin https://app.example/larder, or set LARDER_ADMIN'],
    ['watch', 'Write: larder watch --json'],
    ['watch --json --for ever', '--for must be a duration. Write: --for 30s'],
    ['advise', 'Write: --admin https://app.example/larder, or set LARDER_ADMIN'],
    ['advise --admin app.example', 'The admin API must be a URL'],
    ['explain a', 'Unknown command "explain". Did you mean: larder get'],
    ['ls', 'Did you mean: larder keys'],
    ['stats --url http://localhost', 'The URL is not one of a Redis server. Write: --url redis://'],
    ['stats --url redis://localhost/cache', 'The URL is not one of a Redis server.'],
    ['stats --url redis://localhost:port', 'The URL is not one of a Redis server.'],
    ['stats --url redis://user:p#ss@localhost', 'special characters in a password as %XX'],
    ['stats --constructor', 'larder stats has no option --constructor.'],
  ])('%s', async (line, message) => {
    const { code, output, hints } = await runLine(line)
    expect(hints).toContain(message)
    expect({ code, output }).toEqual({ code: 2, output: '' })
  })

  test('without a URL names the option and the variable to set', async () => {
    expect(await runLine('stats', { LARDER_NAME: 'shop' })).toMatchObject({
      code: 2,
      hints: 'larder: No server given. Write: --url redis://127.0.0.1:6379, or set REDIS_URL',
    })
  })
})

test('--version prints the version of the package, with a command too', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  for (const line of ['--version', 'stats --version'])
    expect(await runLine(line, {})).toEqual({ code: 0, output: `${version}\n`, hints: '' })
})

describe('the help', () => {
  test('of the program names every command', async () => {
    const { code, output } = await runLine('--help', {})
    for (const { name, description } of commands)
      expect(output).toMatch(new RegExp(`  ${name} +${description.slice(0, 20)}`))
    expect(code).toBe(0)
  })

  test.each(commands)(
    'of larder $name names its options and has examples',
    async ({ name, options, examples }) => {
      const { code, output } = await runLine(`${name} --help`, {})
      for (const option of [...Object.keys(options), 'url', 'name', 'json'])
        expect(output).toContain(`  --${option}`)
      for (const example of examples) expect(output).toContain(example)
      expect(code).toBe(0)
    },
  )

  test('goes to standard error if no command is given', async () => {
    const { code, output, hints } = await runLine('', {})
    expect(hints).toContain('Usage: larder COMMAND')
    expect({ code, output }).toEqual({ code: 2, output: '' })
  })
})

describe('a server that cannot be reached', () => {
  test.each(['stats', 'keys', 'get a', 'tags', 'invalidate t', 'clear --yes'])(
    'makes larder %s fail with exit code 1 and the reason, without the password',
    async (line) => {
      const { code, hints } = await runLine(line)
      expect(hints).toMatch(/^larder: Cannot use Redis at 127\.0\.0\.1:1: .*ECONNREFUSED/)
      expect(hints).not.toContain('hidden')
      expect(code).toBe(1)
    },
  )

  test.each(['stats', 'watch'])('is reported as JSON by larder %s --json', async (command) => {
    const { code, hints } = await runLine(`${command} --json`)
    expect(JSON.parse(hints)).toEqual({ error: expect.stringContaining('ECONNREFUSED') })
    expect(code).toBe(1)
  })
})
