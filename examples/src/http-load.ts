import { guideOverHttp } from './http/guide-over-http'
import { driveLoad, type Measured } from './load/drive'

/** The load over HTTP, with the durations of the responses from the cache, in ms, sorted. */
export type HttpMeasured = Measured & { readonly hitTimes: readonly number[] }

const [port, seconds, readers, pause] = process.argv.slice(2).map(Number) as [number, number, number, number]
const hitTimes: number[] = []

/** Drives the guide over HTTP from a process of its own: for a while to warm up, and then to say what it saw. */
const guide = guideOverHttp(port, readers, (duration) => hitTimes.push(duration))
const load = { seconds, readers, pause, writes: 0.02, onProgress: () => undefined }
await driveLoad(guide, { ...load, seed: 4 })
hitTimes.length = 0
const measured = await driveLoad(guide, { ...load, seed: 5 })
const result: HttpMeasured = { ...measured, hitTimes: hitTimes.sort((a, b) => a - b) }
process.send?.(result, () => process.exit())
