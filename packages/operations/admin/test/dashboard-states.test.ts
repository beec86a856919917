// needs: chromium
import { createCache, type Service } from '@larder/core'
import { memoryStore } from '@larder/memory'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type AdminHandler, type AdminOptions, adminHandler } from '../src/index'
import { openBrowser, openDashboard, readText } from './support/browser'
import { findWeakContrasts } from './support/contrast'
import { createManagedApp } from './support/managed-app'

let isAway = false

const longName = `report(${'every region and customer segment, '.repeat(10)})`
const hostileNames = ['<img src=x onerror=alert(1)>', '\u202egnp.exe', '   ', 'x'.repeat(3_000), longName]

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
afterEach(() => {
  isAway = false
  vi.restoreAllMocks()
})

const readStatus = (page: Page) => page.evaluate(() => document.body.dataset.status)

/** An app with reads of every kind, and what the dashboard shows of them. */
async function openBusyDashboard(options: Partial<AdminOptions> = {}) {
  const app = createManagedApp({
    showValues: true,
    warmUps: { prices: () => [] },
    services: [limiter],
    ...options,
  })
  const cache = options.caches === undefined ? app.cache : [options.caches].flat()[0]
  if (cache === undefined) throw new Error('The dashboard needs a cache.')
  let answer: AdminHandler = app.handleRequest
  const dashboard = await openDashboard(browser, (request) => answer(request))
  await expect.poll(() => readStatus(dashboard.page)).toBe('pass')
  return {
    ...dashboard,
    cache,
    answerWith: (handler: AdminHandler) => {
      answer = handler
    },
    restore: () => {
      answer = app.handleRequest
    },
  }
}

let requests = 0
const limiter: Service = {
  kind: 'limiter',
  name: 'api',
  resources: [],
  instruments: [
    {
      kind: 'counter',
      name: 'limiter.requests',
      unit: '{request}',
      description: 'Requests, by whether they were admitted',
      read(observe) {
        requests += 1
        observe(requests, { 'limiter.result': 'allowed' })
        observe(0, { 'limiter.result': 'refused' })
      },
    },
    {
      kind: 'gauge',
      name: 'limiter.circuit.open',
      unit: '{circuit}',
      description: '1 while Redis is left alone',
      read: (observe) => observe(isAway ? 1 : 0),
    },
  ],
}

type BusyDashboard = Awaited<ReturnType<typeof openBusyDashboard>>

const refuse = (status: number) => async () => new Response(null, { status })

/** Each state of the cache, the process and the page, and how it comes about. */
const states: Readonly<Record<string, (dashboard: BusyDashboard) => Promise<unknown>>> = {
  'is empty': async ({ page }) => {
    await page.click('#find button')
    await expect.poll(() => readText(page, '#keys')).toBe('No key matches.')
  },
  'has reads': async ({ page, cache }) => {
    const load = cache.wrap(async (id: number) => id, { name: 'load', tags: ([id]) => [`a:${id}`] })
    for (let id = 0; id < 30; id += 1) await load(id % 5)
    await cache.invalidate('a:1')
    await page.click('#read-tags')
    await page.click('#find button')
    await expect.poll(() => readText(page, '#keys')).toContain('load(0)')
    await expect.poll(() => readText(page, '#functions')).toContain('load')
    await expect.poll(() => readText(page, '#tags')).toContain('sampled')
  },
  'has functions that fail, and values that are not kept': async ({ page, cache }) => {
    const failing = cache.wrap(async () => Promise.reject(new Error('gone')), { name: 'failing' })
    const unkept = cache.wrap(async (id: number) => id, { name: 'unkept', ttl: 0 })
    for (let id = 0; id < 25; id += 1) await Promise.all([failing().catch(() => 0), unkept(id)])
    await expect.poll(() => page.locator('#functions a').count()).toBeGreaterThan(2)
  },
  'has hostile and long names': async ({ page, cache }) => {
    for (const name of hostileNames) await cache.getOrCompute(name, () => 1)
    await cache.wrap(async () => 1, { name: longName })()
    await cache.invalidate(hostileNames[0] ?? '')
    await page.fill('#find input', '*x*')
    await page.click('#find button')
    await expect.poll(() => readText(page, '#keys')).toContain('<img')
    await expect.poll(() => readText(page, '#top-keys')).toContain('gnp.exe')
  },
  'has services, one of which does without its store': async ({ page }) => {
    await expect.poll(() => readText(page, '#services')).toContain('limiter apianswersrequests: allowed ')
    isAway = true
    await expect.poll(() => readStatus(page)).toBe('warn')
    expect(await readText(page, '#alarm')).toContain('limiter api: Calls to Redis keep failing.')
    await expect.poll(() => page.locator('#services a').count()).toBe(1)
  },
  'has invalidations that wait': async ({ page, cache }) => {
    vi.spyOn(cache, 'stats').mockReturnValue({ ...cache.stats(), outbox: 3, errors: 1 })
    await expect.poll(() => readStatus(page)).toBe('warn')
  },
  'has lost its store': async ({ page, cache }) => {
    const circuits = [{ name: 'redis (entries)', state: 'open' as const }]
    vi.spyOn(cache, 'stats').mockReturnValue({
      ...cache.stats(),
      lag: 24_000,
      outbox: 3,
      errors: 9,
      circuits,
    })
    await expect.poll(() => readStatus(page)).toBe('fail')
  },
  'shows a key': async ({ page, cache }) => {
    await cache.set('a', { text: 'x'.repeat(500) }, { tags: ['t', 'u'] })
    await page.fill('#find input', 'a')
    await page.click('#find button')
    await expect.poll(() => page.locator('#details').isVisible()).toBe(true)
  },
  'asks for a confirmation': async ({ page }) => {
    await page.click('#clear')
    await expect.poll(() => page.locator('#confirm').isVisible()).toBe(true)
  },
  'says why an action failed': async ({ page, answerWith }) => {
    answerWith(async () => Response.json({ detail: 'The store failed. Try again later.' }, { status: 503 }))
    await page.click('#read-tags')
    await page.click('#clear')
    await expect.poll(() => readText(page, '#notice')).toContain('The store failed')
    expect(await readText(page, '#tags')).toBe('The store failed. Try again later.')
  },
  'has no process': async ({ page, answerWith, dropConnections }) => {
    answerWith(refuse(502))
    await dropConnections()
    await expect.poll(() => readStatus(page)).toBe('away')
  },
}

describe.each(Object.entries(states))('a dashboard that %s', (_, reachState) => {
  test('has the contrast of WCAG AA and fits its width, in each theme and on each screen', async () => {
    await using dashboard = await openBusyDashboard()
    const { page } = dashboard
    await reachState(dashboard)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const width of [1440, 768, 390]) {
        await page.setViewportSize({ width, height: 844 })
        expect([colorScheme, width, await page.evaluate(findWeakContrasts)]).toEqual([colorScheme, width, []])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      }
    }
  })
})

describe('the live figures', () => {
  test.each([502, 503])('continue after a proxy had no process and answered %d', async (status) => {
    await using dashboard = await openBusyDashboard()
    const { page, cache } = dashboard
    dashboard.answerWith(refuse(status))
    await dashboard.dropConnections()
    await expect.poll(() => readStatus(page)).toBe('away')
    expect(await readText(page, '#alarm')).toMatch(/^The process does not answer: the figures are those of /)
    await cache.invalidate('missed meanwhile')
    dashboard.restore()
    await expect.poll(() => readStatus(page), { timeout: 4_500 }).toBe('pass')
    await expect.poll(() => readText(page, '#history')).toContain('missed meanwhile')
  })

  test.each([
    ['a refusal', refuse(403)],
    ['a login page', async () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a redirection', async () => Response.redirect('http://login.example/')],
  ])('end with the access, and say so after %s, until there is access again', async (_, answer) => {
    await using dashboard = await openBusyDashboard()
    const { page } = dashboard
    dashboard.answerWith(answer)
    await dashboard.dropConnections()
    await expect.poll(() => readText(page, '#alarm')).toMatch(/^Your access has ended\. Log in again/)
    dashboard.restore()
    await expect.poll(() => readStatus(page), { timeout: 4_500 }).toBe('pass')
  })

  test('say that the process sends none, although it answers', async () => {
    await using dashboard = await openBusyDashboard()
    const { page, cache } = dashboard
    const handleRequest = adminHandler({ caches: cache, authorize: () => true })
    dashboard.answerWith(async (request) =>
      new URL(request.url).pathname === '/live'
        ? new Response(null, { status: 503 })
        : handleRequest(request),
    )
    await dashboard.dropConnections()
    await expect.poll(() => readText(page, '#alarm')).toMatch(/^The process answers, but sends no figures/)
  })

  test('of another version of Larder are not shown as if they were of this one', async () => {
    await using dashboard = await openBusyDashboard()
    const { page } = dashboard
    const state = JSON.stringify({ process: { version: '9.9.9' }, stats: {} })
    dashboard.answerWith(async () => {
      const body = new ReadableStream({
        start: (controller) =>
          controller.enqueue(new TextEncoder().encode(`event: state\ndata: ${state}\n\n`)),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    await dashboard.dropConnections()
    await expect
      .poll(() => readText(page, '#alarm'), { timeout: 4_500 })
      .toMatch(/^This page is of Larder [\d.]+, and the process that answers of 9\.9\.9: reload it\.$/)
    expect(dashboard.pageErrors.filter((message) => message.includes('TypeError'))).toEqual([])
  })

  test('begin when the process answers for the first time', async () => {
    const { handleRequest } = createManagedApp()
    let isReady = false
    await using dashboard = await openDashboard(browser, async (request) =>
      isReady || new URL(request.url).pathname === '/'
        ? handleRequest(request)
        : new Response(null, { status: 503 }),
    )
    const { page } = dashboard
    await expect.poll(() => readText(page, '#alarm')).toBe('The process does not answer.')
    isReady = true
    await expect.poll(() => readStatus(page), { timeout: 4_500 }).toBe('pass')
    expect(await page.title()).toBe('shop – Larder')
  })
})

describe('the table of functions', () => {
  async function openWithFunctions() {
    const cache = createCache({ name: 'shop', store: memoryStore(), ttl: '1h' })
    const [often, seldom] = ['often', 'seldom'].map((name) => cache.wrap(async (id: number) => id, { name }))
    for (let id = 0; id < 9; id += 1) await often?.(0)
    await seldom?.(1)
    const dashboard = await openBusyDashboard({ caches: cache })
    const readNames = () => dashboard.page.locator('#functions tbody td:first-child').allTextContents()
    await expect.poll(async () => (await readNames()).length).toBe(2)
    return { ...dashboard, readNames, callSeldom: () => seldom?.(1) }
  }

  test('is ordered by the heading that is chosen, and turned around by choosing it again', async () => {
    await using dashboard = await openWithFunctions()
    const { page, readNames } = dashboard
    const heading = page.getByRole('columnheader', { name: 'reads' })
    await heading.getByRole('button').click()
    await expect.poll(readNames).toEqual(['often', 'seldom'])
    expect(await heading.getAttribute('aria-sort')).toBe('descending')
    await heading.getByRole('button').click()
    await expect.poll(readNames).toEqual(['seldom', 'often'])
    expect(await heading.getAttribute('aria-sort')).toBe('ascending')
  })

  test('keeps its rows in place while one of them has the focus, and renews their figures', async () => {
    await using dashboard = await openWithFunctions()
    const { page, readNames, callSeldom } = dashboard
    await page.getByRole('columnheader', { name: 'reads' }).getByRole('button').click()
    await expect.poll(readNames).toEqual(['often', 'seldom'])
    const link = page.locator('#functions tbody button', { hasText: 'seldom' })
    await link.focus()
    for (let call = 0; call < 20; call += 1) await callSeldom()
    await expect
      .poll(() => page.locator('#functions tr', { hasText: 'seldom' }).textContent())
      .toContain('21')
    expect(await readNames()).toEqual(['often', 'seldom'])
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.locator('#health').focus()
    await expect.poll(readNames).toEqual(['seldom', 'often'])
  })

  test('has rows and cells for a screen reader on a narrow screen too', async () => {
    await using dashboard = await openWithFunctions()
    await dashboard.page.setViewportSize({ width: 390, height: 844 })
    await expect
      .poll(() => dashboard.page.getByRole('row', { name: /often/ }).getByRole('cell').count())
      .toBe(10)
  })
})

test('every control of the dashboard has a name', async () => {
  await using dashboard = await openBusyDashboard()
  const controls = dashboard.page.locator('button, input, select, textarea, [role=region], ol[tabindex], svg')
  const visible = await controls.filter({ visible: true }).all()
  expect(visible.length).toBeGreaterThan(10)
  for (const control of visible) await expect.poll(() => control.ariaSnapshot()).toMatch(/"[^"]+"/)
})
