import { createRemoteQuery, type QueryResponse } from './guide/remote-query'
import { driveTiered, type FromSecond } from './two-processes'

const [url = '', seconds = '5'] = process.argv.slice(2)
const sendMessage = (message: FromSecond) => process.send?.(message)

const { query, receive } = createRemoteQuery((request) => sendMessage({ kind: 'query', request }))
process.on('message', (response: QueryResponse) => receive(response))

sendMessage({ kind: 'ready' })
sendMessage({ kind: 'result', result: await driveTiered(query, url, Number(seconds), 3, () => undefined) })
process.disconnect()
