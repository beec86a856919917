// needs: chromium
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSiteServer } from './built-site'

const server = createSiteServer()
let browser: Browser
let origin: string

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(async () => {
  await browser?.close()
  server.close()
})

/** Opens a page of the site, and collects what the browser reports as an error. */
async function open(address: string, width: number, colorScheme: 'dark' | 'light') {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(origin + address)
  await page.waitForFunction('document.querySelector("#app").__vue_app__ !== undefined')
  return { page, errors, [Symbol.asyncDispose]: () => context.close() }
}

/** How many pixels a page is wider than its window. */
async function overflowOf(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))
}

describe.each([
  ['a desktop', 1440],
  ['a phone', 390],
] as const)('on %s', (_, width) => {
  test.each(['/', '/guide/quick-start', '/reference/options', '/architecture/overview', '/packages/redis'])(
    '%s fits, without an error of the browser',
    async (address) => {
      await using site = await open(address, width, 'light')
      expect(await overflowOf(site.page)).toBeLessThanOrEqual(0)
      expect(site.errors).toEqual([])
    },
  )
})

test('the colours follow the preference of the reader', async () => {
  await using light = await open('/guide/tags', 1440, 'light')
  await using dark = await open('/guide/tags', 1440, 'dark')
  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor')
  expect(await background(light.page)).toBe('rgb(255, 255, 255)')
  expect(await background(dark.page)).toBe('rgb(22, 24, 26)')
})

describe.each(['light', 'dark'] as const)('in the %s theme', (colours) => {
  test.each(['/', '/guide/tags', '/reference/methods', '/architecture/overview'])(
    'a screen reader and weak eyes can read %s',
    async (address) => {
      await using site = await open(address, 1440, colours)
      await site.page.evaluate(axe.source)
      expect(await site.page.evaluate(findBarriers)).toEqual([])
    },
  )
})

/**
 * Breaches of WCAG 2.1 AA, apart from two of VitePress itself: buttons nested in the headings of its sidebar, and the label of
 * its search, which leaves out the shortcut. Runs in the page.
 */
async function findBarriers(): Promise<string[]> {
  const { axe: checker } = globalThis as unknown as { axe: typeof axe }
  const { violations } = await checker.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    rules: { 'nested-interactive': { enabled: false }, 'label-content-name-mismatch': { enabled: false } },
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

test.each(['/guide/freshness', '/guide/http', '/reference/options', '/reference/errors'])(
  'on a phone, the tables of %s need no scrolling',
  async (address) => {
    await using site = await open(address, 390, 'light')
    const widths = await site.page.$$eval('.vp-doc table', (tables) =>
      tables.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    )
    expect(widths.length).toBeGreaterThan(0)
    expect(Math.max(...widths)).toBeLessThanOrEqual(0)
  },
)

test.each([
  ['timeout', '/guide/redis'],
  ['circuit breaker', '/operate/runbook'],
  ['stale', '/guide/consistency'],
  ['ttl', '/guide/freshness'],
])('the search for "%s" has the page that explains it among its first results', async (words, address) => {
  await using site = await open('/', 1440, 'light')
  await site.page.getByRole('button', { name: 'Search' }).click()
  await site.page.getByRole('searchbox').fill(words)
  await site.page.locator(`.results > li:nth-child(-n + 5) a[href*="${address}"]`).first().waitFor()
})

test('the search finds an option, and leads to its page', async () => {
  await using site = await open('/', 1440, 'light')
  await site.page.getByRole('button', { name: 'Search' }).click()
  await site.page.getByRole('searchbox').fill('staleWhileRevalidate')
  await site.page.locator('.results a[href*="/reference/options"]').first().click()
  await site.page.waitForURL(/\/reference\/options/)
  await site.page.locator('h1', { hasText: 'All options' }).waitFor()
})
