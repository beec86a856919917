import type { Command } from './command'
import { advise } from './commands/advise'
import { audit } from './commands/audit'
import { caches } from './commands/caches'
import { clear } from './commands/clear'
import { doctor } from './commands/doctor'
import { errors } from './commands/errors'
import { get } from './commands/get'
import { invalidate } from './commands/invalidate'
import { keys } from './commands/keys'
import { limits, sessions } from './commands/services'
import { stats } from './commands/stats'
import { sweep } from './commands/sweep'
import { tags } from './commands/tags'
import { warm } from './commands/warm'
import { watch } from './commands/watch'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  caches,
  stats,
  keys,
  get,
  tags,
  invalidate,
  clear,
  watch,
  errors,
  advise,
  audit,
  sweep,
  warm,
  doctor,
  limits,
  sessions,
]
