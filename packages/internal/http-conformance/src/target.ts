import type { ServerMessage } from './messages'
import { type TargetName, targets } from './targets'

/** Process: an application with a cache in front of the origin. Arguments: target, URL of the origin. */
const [, , name, origin = ''] = process.argv
const port = await targets[name as TargetName](new URL(origin))
process.send?.({ port } satisfies ServerMessage)
process.on('disconnect', () => process.exit())
