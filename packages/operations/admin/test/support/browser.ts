import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createRequestListener } from '@remix-run/node-fetch-server'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { AdminHandler } from '../../src/index'

/** Starts a headless Chromium, the one on the PATH. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findProgram('chromium'),
    args: ['--no-sandbox', '--disable-gpu'],
  })
}

const execute = promisify(execFile)

async function findProgram(program: string): Promise<string> {
  return (await execute('which', [program])).stdout.trim()
}

/** Opens the dashboard of the handler on a page, and collects the errors of the page. */
export async function openDashboard(
  browser: Browser,
  handleRequest: AdminHandler,
  options: BrowserContextOptions = {},
) {
  const listener = createRequestListener((request) => handleRequest(request))
  const server = createServer((req, res) => {
    // Mounts the handler as Express does: below a path that the handler does not see.
    req.url = req.url?.replace(/^\/larder/, '') || '/'
    void listener(req, res)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const pageErrors: string[] = []
  page.on('pageerror', (error) => pageErrors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text())
  })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/larder`)
  return {
    page,
    pageErrors,
    /** Ends every connection, as a process that dies does. */
    dropConnections: async () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The text of an element of the page. */
export const readText = (page: Page, selector: string) => page.locator(selector).textContent()
