// needs: chromium
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openDashboard, readText } from './support/browser'
import { createManagedApp } from './support/managed-app'

const hostile = '<img src=x onerror="document.title=`owned`">'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** An app whose cache has entries, among them a hostile key and a hostile tag. */
async function createFilledApp() {
  const app = createManagedApp({
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
    await page.click('#details button')
    const reads = setInterval(() => void cache.getOrCompute('user:1', () => 1), 5)
    await expect.poll(() => readText(page, '#tiles')).toMatch(/Hit ratio100/)
    await expect.poll(() => readText(page, '#top-keys')).toContain('user:1')
    clearInterval(reads)
    await expect.poll(() => readText(page, '#top-tags')).toContain('team:0')
    await expect.poll(() => page.locator('#graph text').allTextContents()).toContain('company')
    await cache.invalidate('team:0')
    await expect.poll(() => readText(page, '#history')).toContain('team:0')
    const plot = page.locator('#charts path.plot').nth(1)
    await expect.poll(() => plot.getAttribute('d')).toMatch(/^M/)
    expect(pageErrors).toEqual([])
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
    expect(await page.title()).toBe('Larder')
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
    expect(await dashboard.page.title()).toBe('Larder')
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

  test('shows the problem if an action is refused', async () => {
    const { cache } = await createFilledApp()
    const { handleRequest } = createManagedApp({ caches: cache, authorize: () => ({ may: 'read' }) })
    await using dashboard = await openDashboard(browser, handleRequest)
    await dashboard.page.click('#clear')
    await expect
      .poll(() => readText(dashboard.page, '#notice'))
      .toBe('This request needs write access; you have read access.')
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

  test.each(['light', 'dark'] as const)(
    'has enough contrast in %s mode, and fits a phone without scrolling sideways',
    async (colorScheme) => {
      const { cache, handleRequest } = await createFilledApp()
      await using dashboard = await openDashboard(browser, handleRequest, {
        colorScheme,
        viewport: { width: 360, height: 740 },
      })
      const { page } = dashboard
      await expect.poll(() => readText(page, '#health')).toBe('healthy')
      await expect.poll(() => readText(page, '#top-tags')).toContain('user')
      const reads = setInterval(() => void cache.get(hostile.repeat(5)), 5)
      await expect.poll(() => readText(page, '#top-keys')).toContain(hostile)
      clearInterval(reads)
      const { wide, contrast } = await page.evaluate(() => {
        const style = getComputedStyle(document.body)
        const luminanceOf = (color: string) => {
          const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
            const share = Number(part) / 255
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
          })
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue
        }
        const [dark = 0, bright = 0] = [luminanceOf(style.color), luminanceOf(style.backgroundColor)].sort(
          (a, b) => a - b,
        )
        return { wide: document.documentElement.scrollWidth, contrast: (bright + 0.05) / (dark + 0.05) }
      })
      expect(wide).toBe(360)
      // WCAG 2.2, level AAA.
      expect(contrast).toBeGreaterThan(7)
    },
  )

  test('continues after the server was away', async () => {
    const { handleRequest } = await createFilledApp()
    let isAway = false
    const handleUnlessAway = async (request: Request) =>
      isAway ? new Response(null, { status: 503 }) : handleRequest(request)
    await using dashboard = await openDashboard(browser, handleUnlessAway)
    const { page } = dashboard
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
    isAway = true
    await page.evaluate(() => window.dispatchEvent(new Event('offline')))
    isAway = false
    await expect.poll(() => readText(page, '#health')).toBe('healthy')
  })
})
