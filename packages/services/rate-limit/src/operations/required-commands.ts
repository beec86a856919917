import { kitCommands } from '@larder/redis/kit'

/** Every command that limiters and their scripts send, with arguments of a check. A user needs no other rights. */
export const requiredCommands = [
  ...kitCommands,
  'exists KEY',
  'mget KEY',
  'getrange KEY 0 1',
  'setrange KEY 0 value',
  'append KEY value',
  'set KEY value',
  'del KEY',
  'unlink KEY',
  'pttl KEY',
  'pexpire KEY 1',
  'lindex KEY 0',
  'lpop KEY',
  'llen KEY',
  'rpush KEY value',
  'ltrim KEY 0 1',
] as const
