import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The site as `vitepress build` has written it. */
export const built = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url))

/** The addresses of all pages: `/guide/tags`. */
export function listAddresses(): string[] {
  return readdirSync(built, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && path !== '404.html')
    .map((path) => `/${path.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1')}`)
}

/** The file that a server sends for an address. */
export function fileOf(address: string): string | undefined {
  const path = join(built, address)
  const candidates = [path, `${path}.html`, join(path, 'index.html')]
  return candidates.find((file) => existsSync(file) && statSync(file).isFile())
}

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  png: 'image/png',
}

/** Serves the site on a free port, as a host of static files does. */
export function createSiteServer() {
  return createServer((request, response) => {
    const file = fileOf(new URL(request.url ?? '/', 'http://site').pathname)
    if (file === undefined) return response.writeHead(404).end()
    const extension = relative(built, file).split('.').at(-1) ?? ''
    response.setHeader('content-type', mediaTypes[extension] ?? 'text/plain')
    return response.end(readFileSync(file))
  })
}
