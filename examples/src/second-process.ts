import type { Query } from './guide/database'
import { driveTiered, type FromSecond } from './two-processes'

const [url = '', seconds = '5'] = process.argv.slice(2)
const waiting = new Map<number, (rows: never[]) => void>()
let queries = 0

const say = (message: FromSecond) => process.send?.(message)

/** The database is in the other process: queries go there and their rows come back. */
const query: Query = (sql, params = []) =>
  new Promise((resolve) => {
    queries += 1
    waiting.set(queries, resolve)
    say({ kind: 'query', id: queries, sql, params })
  })

process.on('message', ({ id, rows }: { id: number; rows: never[] }) => {
  waiting.get(id)?.(rows)
  waiting.delete(id)
})

say({ kind: 'ready' })
say({ kind: 'result', result: await driveTiered(query, url, Number(seconds), 3, () => undefined) })
process.disconnect()
