import type { FromServer } from './messages'
import { type TargetName, targets } from './targets'

const [, , name, origin = ''] = process.argv
const port = await targets[name as TargetName](new URL(origin))
process.send?.({ port } satisfies FromServer)
process.on('disconnect', () => process.exit())
