import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { ensurePrograms } from '@larder/servers'
import { createRequestListener } from '@remix-run/node-fetch-server'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { AdminHandler } from '../../src/index'

/** A Chromium without a window, from Debian. */
export async function openBrowser(): Promise<Browser> {
  await ensurePrograms({ programs: ['chromium'], packages: ['chromium', 'fonts-dejavu-core'] })
  return chromium.launch({
    executablePath: await whereIs('chromium'),
    args: ['--no-sandbox', '--disable-gpu'],
  })
}

const run = promisify(execFile)

async function whereIs(program: string): Promise<string> {
  return (await run('which', [program])).stdout.trim()
}

/** A page that shows the dashboard of this handler, and everything that went wrong on it. */
export async function openDashboard(
  browser: Browser,
  handle: AdminHandler,
  options: BrowserContextOptions = {},
) {
  const listener = createRequestListener((request) => handle(request))
  const server = createServer((req, res) => {
    // As Express mounts it: below a path, which the handler does not see.
    req.url = req.url?.replace(/^\/larder/, '') || '/'
    void listener(req, res)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/larder`)
  return {
    page,
    faults,
    async [Symbol.asyncDispose]() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a part of the page says. */
export const said = (page: Page, selector: string) => page.locator(selector).textContent()
