import { guideOverHttp } from './http/guide-over-http'
import { driveLoad } from './load/drive'

const [port, seconds, readers] = process.argv.slice(2).map(Number) as [number, number, number]

/** Drives the guide over HTTP from a process of its own: for a while to warm up, and then to say what it saw. */
const guide = guideOverHttp(port, readers)
const load = { seconds, readers, writes: 0.02, onProgress: () => undefined }
await driveLoad(guide, { ...load, seed: 4 })
const measured = await driveLoad(guide, { ...load, seed: 5 })
process.send?.(measured, () => process.exit())
