import { kitCommands } from '@larder/redis/kit'

/** Every command that sessions and their scripts send, with arguments of a check. A user needs no other rights. */
export const requiredCommands = [
  ...kitCommands,
  'get KEY',
  'mget KEY',
  'set KEY value',
  'del KEY',
  'pexpire KEY 1',
  'pttl KEY',
  'zadd KEY 1 member',
  'zcard KEY',
  'zcount KEY 0 1',
  'zrange KEY 0 1',
  'zrem KEY member',
  'zremrangebyscore KEY 0 1',
] as const
