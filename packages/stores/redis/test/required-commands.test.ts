import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { requiredCommands } from '../src/index'

const readFile = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** The names of the required commands with a matching use. */
const requiredNames = (isIncluded: (use: string) => boolean) =>
  requiredCommands.filter(({ use }) => isIncluded(use)).map(({ name }) => name)

describe('the required commands', () => {
  test('are exactly those that the README grants', () => {
    const readme = readFile('../README.md')
    const block = readme.match(/^ACL SETUSER[^`]*/m)?.[0] ?? ''
    const granted = [...block.matchAll(/\+(\S+)/g)].map(([, name]) => name)
    expect(granted).toEqual(requiredNames((use) => use !== 'cluster'))
    const grantedInText = readme.match(/A Cluster also needs `([^`]*)`/)?.[1]?.split(' ')
    expect(grantedInText).toEqual(requiredNames((use) => use === 'cluster').map((name) => `+${name}`))
  })

  test('contain every command that a script calls', () => {
    const names = requiredNames(() => true)
    const folder = new URL('../src/scripts/', import.meta.url)
    const text = readdirSync(folder)
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n')
    const called = [...text.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name = '']) => name.toLowerCase())
    expect(called.length).toBeGreaterThan(20)
    expect(names).toEqual(expect.arrayContaining(called))
  })
})
