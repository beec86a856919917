// needs: chromium
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { homepage } from '../package.json'
import type { AdminOptions } from '../src/index'
import { openBrowser, openDashboard, readText } from './support/browser'
import { createManagedApp } from './support/managed-app'

const hostile = '<img src=x onerror="document.title=`owned`">'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
afterEach(() => {
  vi.restoreAllMocks()
})

/** An app whose cache has entries, among them a hostile key and a hostile tag. */
async function createFilledApp(options: Partial<AdminOptions> = {}) {
  const app = createManagedApp({
    ...options,
    showValues: true,
    warmUps: { prices: () => [() => app.cache.set('price', 1)] },
  })
  const { cache } = app
  await cache.link('team', 'company')
  for (let id = 0; id < 5; id += 1)
    await cache.getOrCompute(`user:${id}`, () => ({ id }), { tags: [`team:${id % 2}:lead`, `user:${id}`] })
  await cache.set(hostile, hostile, { tags: [hostile] })
  return app
}

describe('the dashboard', () => {
  test('shows health, reads, tags and invalidations live', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page, pageErrors } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    await page.click('#health')
    expect(await readText(page, '#detail')).toContain('Every invalidation is in the log.')
    await page.click('#details menu > button')
    const reads = setInterval(() => void cache.getOrCompute('user:1', () => 1), 5)
    await expect.poll(() => readText(page, '#tiles')).toMatch(/Hit ratio100/)
    await expect.poll(() => readText(page, '#top-keys')).toContain('user:1')
    clearInterval(reads)
    await page.click('#read-tags')
    await expect.poll(() => readText(page, '#tags')).toContain('entries of 6 sampled')
    await expect.poll(() => page.locator('#graph text').allTextContents()).toContain('company')
    await cache.invalidate('team:0')
    await expect.poll(() => readText(page, '#history')).toContain('team:0')
    await expect.poll(() => readText(page, '#top-tags')).toContain('team:0')
    const plot = page.locator('#charts path.plot').nth(1)
    await expect.poll(() => plot.getAttribute('d')).toMatch(/^M/)
    expect(pageErrors).toEqual([])
  })

  test('has the hit ratio of stats(): without requests that no rule of HTTP is for, which warn of nothing', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    const load = cache.wrap(async (id: number) => id, { name: 'load' })
    await load(1)
    await expect.poll(() => readText(page, '#functions')).toContain('load')
    const responses = cache.namespace('http')
    const reads = setInterval(() => void Promise.all([load(1), responses.get(`/live/${Math.random()}`)]), 5)
    await expect.poll(() => readText(page, '#functions')).toMatch(/http\/\*\S{2,}0\.0 %/)
    await expect.poll(() => readText(page, '#tiles')).toMatch(/Hit ratio(9\d|100)/)
    clearInterval(reads)
    expect(await page.locator('#functions a').count()).toBe(0)
  })

  test('shows hostile keys, values and tags as text', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page, pageErrors } = dashboard
    const reads = setInterval(() => void cache.get(hostile), 5)
    await expect.poll(() => readText(page, '#top-keys')).toContain(hostile)
    clearInterval(reads)
    await cache.invalidate(hostile)
    await expect.poll(() => readText(page, '#history')).toContain(hostile)
    await cache.set(hostile, hostile)
    await page.fill('#find input', '<img*')
    await page.click('#find button')
    await page.click('#keys td button')
    await expect.poll(() => readText(page, '#detail')).toContain(hostile)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('shop – Larder')
    expect(pageErrors).toEqual([])
  })

  test('does not run a script that is injected into it', async () => {
    const { handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const result = await dashboard.page.evaluate(() => {
      const script = document.createElement('script')
      try {
        script.textContent = 'document.title = "owned"'
        document.body.append(script)
        document.body.insertAdjacentHTML('beforeend', '<b onclick="0" style="color:red">x</b>')
      } catch (error) {
        return String(error)
      }
      return document.title
    })
    expect(result).toContain('TrustedScript')
    await expect.poll(() => dashboard.page.title()).toBe('shop – Larder')
  })

  test('invalidates the given names after a confirmation', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await page.fill('#invalidate textarea', 'user:1\nuser:2')
    await page.click('#invalidate button')
    await page.click('#confirm button[value=no]')
    expect(await cache.get('user:1')).toEqual({ id: 1 })
    await page.click('#invalidate button')
    await expect.poll(() => readText(page, '#question')).toBe('Invalidate 2 tags: user:1, user:2?')
    await page.click('#confirm button[value=yes]')
    await expect.poll(() => readText(page, '#notice')).toBe('Invalidated: applied.')
    expect(await cache.getMany(['user:1', 'user:2', 'user:3'])).toEqual([undefined, undefined, { id: 3 }])
  })

  test('clears the cache and runs a warm-up after a confirmation', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await page.click('#clear')
    await expect
      .poll(() => readText(page, '#question'))
      .toBe('This invalidates every entry of "shop", in every process.')
    await page.click('#confirm button[value=yes]')
    await expect.poll(() => cache.get('user:3')).toBeUndefined()
    await page.click('#warm button')
    await page.click('#confirm button[value=yes]')
    await expect.poll(() => cache.get('price')).toBe(1)
    await expect.poll(() => readText(page, '#warm')).toContain('1 done')
  })

  test('says of each function how it does in the last minute, whatever it did before', async () => {
    const { cache, handleRequest } = await createFilledApp()
    let isDown = false
    const load = cache.wrap(
      async (id: number) => {
        if (isDown) throw new Error('gone')
        return id
      },
      { name: 'load', staleIfError: 0 },
    )
    await load(0)
    for (let read = 0; read < 2_000; read += 1) await load(0)
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    const recent = page.locator('#functions tr', { hasText: 'load' }).locator('td').nth(3)
    await expect.poll(() => recent.textContent()).toBe('–')
    isDown = true
    for (let id = 1; id < 50; id += 1) await load(id).catch(() => undefined)
    await expect.poll(() => recent.textContent()).toBe('0.0 %, 49 failed')
    expect(await recent.locator('a').getAttribute('href')).toContain('#lardersourcefailing')
  })

  test('shows no control that changes anything to those who may only read', async () => {
    const { cache } = await createFilledApp()
    const { handleRequest } = createManagedApp({ caches: cache, authorize: () => ({ may: 'read' }) })
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    for (const control of ['#invalidate', '#warm', '#clear'])
      expect(await page.locator(control).isVisible()).toBe(false)
    expect(await page.locator('#find').isVisible()).toBe(true)
  })

  test('lists the functions, the costliest first, and opens the reasons and keys of one', async () => {
    const { cache, handleRequest } = await createFilledApp()
    const forecast = cache.wrap(async (id: number) => id, { name: 'forecast', ttl: 0 })
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    for (let id = 0; id < 3; id += 1) await forecast(id)
    const row = page.locator('#functions tr', { hasText: 'forecast' })
    await expect.poll(() => row.textContent()).toMatch(/^forecast30\.0 %0\.0 %3 absent3\d+ ms(\d+ ms|–)3–$/)
    await row.locator('button').click()
    expect(await readText(page, '#detail')).toMatch(/not stored because ofttl 3.*forecast\([012]\): \d+ ms/s)
  })

  test('says which process answers', async () => {
    const { handleRequest } = createManagedApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    await expect
      .poll(() => readText(dashboard.page, '#process'))
      .toMatch(new RegExp(`^Figures of process ${process.pid} on .*, ${process.version}, up `))
  })

  test('colours the page and says what is wrong when the store is gone, and when the process is', async () => {
    const { cache, handleRequest } = await createFilledApp({ runbook: 'https://wiki.example/larder?a=1&b="' })
    const circuits = ['entries', 'leases'].map((part) => ({
      name: `redis (${part})`,
      state: 'open' as const,
    }))
    const healthy = cache.stats()
    let isAway = false
    await using dashboard = await openDashboard(browser, async (request) =>
      isAway ? new Response(null, { status: 503 }) : handleRequest(request),
    )
    const { page } = dashboard
    const readStatus = () => page.evaluate(() => document.body.dataset.status)
    await expect.poll(readStatus).toBe('pass')
    expect(await page.locator('#alarm').isVisible()).toBe(false)
    vi.spyOn(cache, 'stats').mockReturnValue({ ...healthy, circuits })
    await expect.poll(readStatus).toBe('fail')
    expect(await readText(page, '#alarm')).toBe(
      'redis (entries), redis (leases): Calls keep failing and are suspended for a while. runbook',
    )
    const link = page.locator('#alarm a')
    expect(await link.getAttribute('href')).toBe('https://wiki.example/larder?a=1&b="#lardercircuitopen')
    await expect.poll(() => readText(page, '#advice')).toContain('No advice while calls to the store fail')
    isAway = true
    await dashboard.dropConnections()
    await expect.poll(readStatus).toBe('away')
    expect(await readText(page, '#alarm')).toMatch(/^The process does not answer: the figures are those of /)
  })

  test('links to the runbook in the repository that the manifest names, unless it is given another', async () => {
    const { handleRequest } = createManagedApp()
    const html = await (await handleRequest(new Request('http://app.example/'))).text()
    const repository = homepage.replace('#readme', '')
    expect(html).toContain(`content="${repository}/blob/main/docs/operate/runbook.md"`)
  })

  test('marks the figures that are not as they should be, and says why in the words of the store', async () => {
    const { cache } = createManagedApp()
    const figures = { usedMemory: 90_000_000, maxMemory: 100_000_000, evictionPolicy: 'noeviction' }
    vi.spyOn(cache, 'stats').mockReturnValue({
      ...cache.stats(),
      lag: 24_000,
      outbox: 3,
      errors: 9,
      circuits: [{ name: 'redis (log)', state: 'closed' }],
      servers: [{ ...figures, server: 'redis:6379', fragmentation: 1, clients: 12, evicted: 0 }],
    })
    const on = vi.spyOn(cache, 'on')
    await using dashboard = await openDashboard(browser, createManagedApp({ caches: cache }).handleRequest)
    const { page } = dashboard
    const report = on.mock.calls.find(([name]) => name === 'error')?.[1] as (event: object) => void
    report({ operation: 'redis set', error: new Error('OOM command not allowed') })
    await expect
      .poll(() => page.locator('.tile.fail, .tile.warn').allInnerTexts())
      .toEqual([
        expect.stringMatching(/^Lag\s24\.0 s/),
        expect.stringMatching(/^Waiting\s3/),
        expect.stringMatching(
          /^Redis memory\s[\d.]+ MiB\s+of [\d.]+ MiB, 12 clients, 0 keys evicted\s+runbook/,
        ),
        expect.stringMatching(/^Errors\s9\s+since the start, the last .* ago\s+runbook/),
      ])
    const sections = page.locator('#alarm a')
    expect(
      await sections.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash)),
    ).toEqual(['#lardernotcurrent', '#larderoutboxgrowing', '#lardererrors'])
    expect(await readText(page, '#alarm')).toMatch(
      /Last error, .* ago, once: redis set: OOM command not allowed/,
    )
  })

  test('marks a function whose reads never hit, whose computations fail, or whose values are not kept', async () => {
    const { cache, handleRequest } = createManagedApp()
    const failing = cache.wrap(async () => Promise.reject(new Error('gone')), { name: 'failing' })
    const unkept = cache.wrap(async (id: number) => id, { name: 'unkept', ttl: 0 })
    const kept = cache.wrap(async (id: number) => id, { name: 'kept' })
    for (let call = 0; call < 25; call += 1) {
      await failing().catch(() => undefined)
      await unkept(call)
      await kept(1)
    }
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    const sectionsOf = (name: string) =>
      page
        .locator('#functions tr', { hasText: new RegExp(`^${name}`) })
        .locator('a')
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash))
    await expect.poll(() => sectionsOf('failing')).toContain('#lardersourcefailing')
    expect(await sectionsOf('unkept')).toEqual(['#larderfunctionneverhits', '#lardernothingkept'])
    expect(await sectionsOf('kept')).toEqual([])
  })

  test('says in words that a panel is empty', async () => {
    const { handleRequest } = createManagedApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#functions')).toMatch(/^Nothing was read yet/)
    expect(await readText(page, '#top-keys')).toMatch(/^Nothing was read/)
    expect(await readText(page, '#top-tags')).toMatch(/^No tag was invalidated/)
    expect(await readText(page, '#advice')).toMatch(/^No advice yet/)
    expect(await readText(page, '#history')).toMatch(/^No invalidation/)
    await page.fill('#find input', 'none*')
    await page.click('#find button')
    await expect.poll(() => readText(page, '#keys')).toBe('No key matches.')
    await page.click('#read-tags')
    await expect.poll(() => readText(page, '#tags')).toBe('None of 0 sampled entries has a tag.')
  })

  test('leaves a table as it is while text in it is selected', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#functions')).toContain('other reads')
    await page.evaluate(() => {
      getSelection()?.selectAllChildren(document.querySelector('#functions td') as Element)
    })
    const before = await readText(page, '#functions')
    await cache.get('user:1')
    await expect.poll(() => readText(page, '#top-keys')).toContain('user:1')
    expect(await readText(page, '#functions')).toBe(before)
    expect(await page.evaluate(() => String(getSelection()))).toBe('other reads')
  })

  test('finds a key by its exact name in one request, and cuts a long one in the middle', async () => {
    const { cache, handleRequest } = createManagedApp()
    const long = `report(${'x'.repeat(150)})`
    await cache.set(long, 1)
    const requests: string[] = []
    await using dashboard = await openDashboard(browser, (request) => {
      requests.push(new URL(request.url).pathname)
      return handleRequest(request)
    })
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    requests.length = 0
    await page.fill('#find input', long)
    await page.click('#find button')
    await expect.poll(() => readText(page, '#details')).toContain(long)
    expect(requests.filter((path) => path.includes('keys'))).toHaveLength(1)
    await page.click('#details menu > button')
    await page.fill('#find input', 'report*')
    await page.click('#find button')
    await expect.poll(() => readText(page, '#keys td button')).toMatch(/^report\(x+…x+\)$/)
    expect((await readText(page, '#keys td button'))?.length).toBeLessThanOrEqual(80)
  })

  test('shows characters that change the direction of text as their codes', async () => {
    const { cache, handleRequest } = createManagedApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    await cache.get('user\u202egpj.exe')
    await cache.get('  ')
    await expect.poll(() => readText(page, '#top-keys')).toContain('user\\u202egpj.exe')
    await expect.poll(() => readText(page, '#top-keys')).toContain('"  "')
  })

  test('reads no entry when it is opened', async () => {
    const { cache, handleRequest } = await createFilledApp()
    const explain = vi.spyOn(cache, 'explain')
    const keys = vi.spyOn(cache, 'keys')
    await using dashboard = await openDashboard(browser, handleRequest)
    await expect.poll(() => readText(dashboard.page, '#functions')).toContain('other reads')
    expect([explain.mock.calls, keys.mock.calls]).toEqual([[], []])
  })

  test('can be used with the keyboard alone', async () => {
    const { cache, handleRequest } = await createFilledApp()
    await using dashboard = await openDashboard(browser, handleRequest)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(() => document.activeElement?.id === 'clear')) break
    }
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('#confirm').isVisible()).toBe(true)
    expect(await page.evaluate(() => (document.activeElement as HTMLButtonElement).value)).toBe('no')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => cache.get('user:3')).toBeUndefined()
  })
})
