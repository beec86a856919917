import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The version of this package, as its manifest says. */
export const version: string = require('../package.json').version
