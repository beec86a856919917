// tier: slow
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addressOf } from '../src/addresses'
import { readContents } from '../src/contents'
import { root } from '../src/repository'
import { built, fileOf, listAddresses } from './built-site'

const listed = readContents().flatMap(({ pages }) => pages)

/** Folders whose README lists their pages. */
const withOwnList = ['docs/decisions/', 'docs/reference/api/']

/** The pages of `docs` but the home page, the list itself, and pages of folders that have a list of their own. */
function listPages(): string[] {
  const own = new Set(['docs/README.md', 'docs/index.md'])
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('docs', path))
    .filter((path) => path.endsWith('.md') && !own.has(path))
    .filter((path) => path.endsWith('README.md') || !withOwnList.some((folder) => path.startsWith(folder)))
}

/** The addresses within the site that a built page links to. */
function linksOf(address: string): string[] {
  const html = readFileSync(fileOf(address) ?? '', 'utf8')
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)]
    .map(([, href = '']) => new URL(href, `http://site${address}`))
    .filter(({ host }) => host === 'site')
    .map(({ pathname, hash }) => decodeURIComponent(pathname + hash))
}

/** Whether the site has a page at the address, with the element that its hash names. */
function isThere(link: string): boolean {
  const [path = '', id] = link.split('#')
  const file = fileOf(path)
  return file !== undefined && (!id || readFileSync(file, 'utf8').includes(` id="${id}"`))
}

describe('the site', () => {
  test('has every page of the docs and every README of a published package', () => {
    expect(listed.map(({ path }) => path)).toEqual(expect.arrayContaining(listPages()))
    expect(
      listed.filter(({ path }) => fileOf(addressOf(path)?.replace('.md', '') ?? '') === undefined),
    ).toEqual([])
  })

  test('has no link that leads nowhere, to a page or to a heading', () => {
    const addresses = listAddresses()
    const links = addresses.flatMap((address) => linksOf(address).map((link) => ({ address, link })))
    const there = new Map([...new Set(links.map(({ link }) => link))].map((link) => [link, isThere(link)]))
    expect(addresses.length).toBeGreaterThan(80)
    expect(there.size).toBeGreaterThan(100)
    expect(links.filter(({ link }) => !there.get(link))).toEqual([])
  })

  test('lists its pages in llms.txt, each of them there as Markdown', () => {
    const list = readFileSync(join(built, 'llms.txt'), 'utf8')
    const links = [...list.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)
    expect(list).toMatch(/^# Larder\n\n> /)
    expect(links).toHaveLength(listed.length)
    expect(links.filter((link) => fileOf(link) === undefined)).toEqual([])
  })
})
