import { type CommandUse, type Names, requiredCommands } from '@larder/redis'

/** A command with its arguments. */
export type RedisCommand = readonly [command: string, ...args: string[]]

/** Commands that change nothing and need the rights of the connection for commands. */
export const commandProbes = (names: Names) => probesFor('command', names)

/** Commands that change nothing and need the rights that a Cluster also requires. */
export const clusterProbes = (names: Names) => probesFor('cluster', names)

/** Commands that change nothing and need the rights of the connection that subscribes; it must be a separate one. */
export const subscriptionProbes = (names: Names) => probesFor('subscription', names)

function probesFor(use: CommandUse, names: Names): readonly RedisCommand[] {
  return requiredCommands
    .filter((required) => required.use === use)
    .flatMap((required) => required.createProbes(names))
}
