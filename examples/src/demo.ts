import { startProgress } from '@larder/report'
import { compareCalls } from './compare'
import { compareHttp } from './compare-http'
import { startDatabaseThread } from './guide/database-thread'
import { measureHits } from './hits'
import { stayUp } from './operate/stay'
import { printGoals } from './report/goals'
import { measureRevalidation } from './revalidation'
import { measureTwoProcesses } from './two-processes'

const url = process.env.REDIS_URL
const seconds = Number(process.env.DEMO_SECONDS ?? 6)
/** The share of hits grows with the reads: who holds against it what it should be, asks for so many. */
const leastReads = Number(process.env.DEMO_READS ?? 0)

console.log(`
A city guide: 42 000 cities with their regions and countries in a real PostgreSQL (PGlite, in a thread of its own).
Readers ask for cities as people do, a few of them often and most of them rarely (Zipf); 2 % of the calls are votes, which
change a page. Every read is checked against the votes that were acknowledged before it.
`)
const loading = startProgress('loading the database')
const database = await startDatabaseThread()
loading.clear()

const goals = [
  ...(await compareCalls(database.query, seconds, leastReads)),
  ...(await measureHits(database.query, url)),
  ...(await compareHttp(database.query, seconds / 3)),
  await measureRevalidation(database.query),
  ...(url === undefined ? [] : await measureTwoProcesses(database.query, url, seconds)),
]
printGoals(goals)
if (url === undefined)
  console.log('\nWith REDIS_URL set, the guide also runs in two processes, with Redis behind both.')
if (process.env.DEMO_STAY === undefined) {
  console.log('\nWith DEMO_STAY=1, the guide stays up afterwards, with its dashboard.')
  await database.close()
} else {
  await stayUp(database.query, Number(process.env.PORT ?? 3000))
}
