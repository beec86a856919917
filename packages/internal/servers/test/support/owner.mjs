// A process that starts a server, says where it is, and then ends in the way it was told.
import { startRedis } from '../../dist/index.js'

const endings = {
  closes: (server) => server.close(),
  forgets: () => undefined,
  exits: () => process.exit(0),
  throws: () => {
    throw new Error('A crash, on purpose.')
  },
  waits: () => setInterval(() => undefined, 1_000),
}

const server = await startRedis()
const [, folder] = (await server.command('CONFIG', 'GET', 'dir')).split('\n')
process.stdout.write(`${JSON.stringify({ pid: server.pid, folder: folder.trim() })}\n`)
await endings[process.argv[2]](server)
