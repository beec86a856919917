import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { startProgress } from '@larder/report'
import { startDatabaseThread } from './guide/database-thread'
import { cachedGuide, guideOn } from './guide/guide'
import { frameworks } from './http/frameworks'

/** One of the applications by itself, for looking at with curl. */
const [name = 'express', port = '3000'] = process.argv.slice(2)
const serve = Object.entries(frameworks).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1]
if (serve === undefined) {
  console.error(`npm run example -- [${Object.keys(frameworks).join('|').toLowerCase()}] [port]`)
  process.exit(2)
}
const loading = startProgress('loading the database')
const database = await startDatabaseThread()
loading.clear()
const cache = createCache({ name: 'guide', store: memoryStore(), ttl: '10m' })
const serving = await serve(cachedGuide(cache, guideOn(database.query)), cache, Number(port))

console.log(`The city guide listens on http://127.0.0.1:${serving.port}. Ask twice, vote, and ask again:

  curl -i http://127.0.0.1:${serving.port}/cities/7
  curl -i -X POST -H 'content-type: application/json' -d '{"stars":5}' http://127.0.0.1:${serving.port}/cities/7/votes
`)
