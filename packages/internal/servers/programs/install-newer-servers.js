#!/usr/bin/env node
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { libraries, newerServers, release } from './newer-servers.js'
import { readPackageLists, unpackPackages } from './unpack-packages.js'

/**
 * Unpacks the servers of `test:long` that the machine's own release lacks below the project's cache, and writes an
 * executable for each: `…/larder-servers/redis-8`. Prints their paths as JSON. Does nothing the second time.
 */
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/larder-servers', import.meta.url))
if (process.arch !== 'x64') throw new Error('The newer servers are pinned for amd64 only.')

const servers = Object.entries(newerServers).map(([name, server]) => ({
  ...server,
  executable: join(cache, name),
  target: join(cache, `${name}_${server.package.version.replaceAll(/[^\w.]/g, '-')}`),
  name,
}))
const missing = servers.filter(({ target }) => !existsSync(target))
if (missing.length > 0) {
  const aptOptions = await readPackageLists(release, cache)
  for (const server of missing) {
    process.stderr.write(`${server.name}: unpacking ${server.package.version} of Debian's ${release} …\n`)
    await unpackPackages([...libraries, server.package], { aptOptions, cache, target: server.target })
  }
}
for (const server of servers) {
  writeFileSync(server.executable, launcherOf(server.target, server))
  chmodSync(server.executable, 0o755)
}
console.log(JSON.stringify(Object.fromEntries(servers.map(({ name, executable }) => [name, executable]))))

/**
 * A shell script that becomes the server, with the loader and the libraries of its own release.
 *
 * @param {string} root
 * @param {{ binary: string, calledAs: string }} server
 */
function launcherOf(root, { binary, calledAs }) {
  const folders = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu']
    .map((path) => join(root, path))
    .join(':')
  const loader = join(root, 'usr/lib64/ld-linux-x86-64.so.2')
  return `#!/bin/sh\nexec '${loader}' --argv0 ${calledAs} --library-path '${folders}' '${join(root, binary)}' "$@"\n`
}
