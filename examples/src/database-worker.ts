import { parentPort } from 'node:worker_threads'
import { openDatabase } from './guide/database'
import { answerQuery, type QueryRequest } from './guide/remote-query'

const { query } = await openDatabase()
parentPort?.on('message', async (request: QueryRequest) => {
  parentPort?.postMessage(await answerQuery(query, request))
})
parentPort?.postMessage('ready')
