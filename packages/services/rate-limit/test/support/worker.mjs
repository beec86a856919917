// One of several processes: asks without pause, and prints between which two moments each admitted request was decided.
import { once } from 'node:events'
import { createRateLimiter } from '../../dist/index.js'

const [url, limit, window, duration] = process.argv.slice(2)
const limiter = createRateLimiter({
  name: 'processes',
  url,
  policies: [{ name: 'p', limit: Number(limit), window: Number(window) }],
  // A stall of this machine must not look like an outage, in which each process counts by itself.
  storeTimeout: '1m',
})
await limiter.peek('ann')
process.send('ready')
await once(process, 'message')
const admitted = []
const end = Date.now() + Number(duration)
while (Date.now() < end) {
  const asked = Date.now()
  const verdicts = await Promise.all([1, 2, 3].map(() => limiter.consume('ann')))
  const decided = Date.now()
  for (const { allowed, by } of verdicts) if (allowed) admitted.push({ asked, decided, by })
}
console.log(JSON.stringify(admitted))
await limiter.close()
process.disconnect()
