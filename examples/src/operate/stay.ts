import { setTimeout as sleep } from 'node:timers/promises'
import type { Query } from '../guide/database'
import type { Guide } from '../guide/guide'
import { serveOperatedGuide } from './operated-guide'

/** Cities that the readers ask for. */
const cities = 2_000

/** Keeps the guide running, with readers and voters, until somebody ends the process. */
export async function stayUp(query: Query, port: number): Promise<void> {
  const { guide, port: own } = await serveOperatedGuide(query, port)
  const address = `http://127.0.0.1:${own}`
  console.log(`
The guide stays up, with some readers and voters, until Ctrl-C:

  dashboard   ${address}/larder
  metrics     ${address}/metrics
  a page      ${address}/cities/7
`)
  await Promise.all([readers(guide), voters(guide)])
}

async function readers(guide: Guide): Promise<never> {
  for (;;) {
    const asked = Array.from({ length: 10 }, () => guide.city(popularCity()))
    await Promise.all(asked)
    await sleep(20)
  }
}

async function voters(guide: Guide): Promise<never> {
  for (;;) {
    await guide.vote(popularCity(), 5)
    await sleep(500)
  }
}

/** Few are asked for often, and many now and then. */
function popularCity(): number {
  return 1 + Math.floor(cities * Math.random() ** 4)
}
