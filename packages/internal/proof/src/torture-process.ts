import { watchEventLoop } from './torture/event-loop-watch'
import type { ToParent, ToProcess } from './torture/messages'
import { openCache } from './torture/open-cache'
import { type Parent, startWorkload } from './torture/workload'

/** One process of a torture run: a cache and its workload, controlled by messages of the parent. */
const sendToParent = (message: ToParent) => void process.send?.(message)

const pendingQueries = new Map<number, (version: number) => void>()
let queryCount = 0

const parent: Parent = {
  queryDatabase(kind, item) {
    queryCount += 1
    const id = queryCount
    sendToParent({ kind, id, item })
    return new Promise((resolve) => pendingQueries.set(id, resolve))
  },
  reportWrite: (write, reads) => sendToParent({ kind: 'wrote', write, reads }),
}

let opened: ReturnType<typeof openCache> | undefined
let workload: ReturnType<typeof startWorkload> | undefined
const stalls = watchEventLoop()

async function recover(): Promise<void> {
  await workload?.stopAndRecover()
  sendToParent({ kind: 'recovered' })
}

async function finishRun(): Promise<void> {
  await workload?.readAll()
  await opened?.cache.close()
  const done: ToParent = { kind: 'done', reads: workload?.reads ?? [], stalls }
  process.send?.(done, () => process.exit())
}

function stall(length: number): void {
  const end = performance.now() + length
  while (performance.now() < end);
}

process.on('message', (message: ToProcess) => {
  if (message.kind === 'start') {
    opened = openCache(message.assignment.address)
    workload = startWorkload(opened.cache, message.assignment, parent)
  }
  if (message.kind === 'version') {
    pendingQueries.get(message.id)?.(message.version)
    pendingQueries.delete(message.id)
  }
  if (message.kind === 'news') workload?.addNews(message.write)
  if (message.kind === 'set clock') opened?.setClock(message.by)
  if (message.kind === 'stall') stall(message.length)
  if (message.kind === 'rest') void recover()
  if (message.kind === 'finish') void finishRun()
})
process.on('disconnect', () => process.exit(1))
