import { type CommandUse, type Names, requiredCommands } from '@larder/redis'

/** A command with its arguments. */
export type Words = readonly [command: string, ...args: string[]]

function probesFor(use: CommandUse, names: Names): readonly Words[] {
  return requiredCommands
    .filter((required) => required.use === use)
    .flatMap((required) => required.createProbes(names))
}

/** Harmless commands that need the rights of the connection for commands. */
export const neededCommands = (names: Names) => probesFor('command', names)

/** Harmless commands that need the additional rights on a Cluster. */
export const neededOnCluster = (names: Names) => probesFor('cluster', names)

/** Harmless commands that need the rights of a subscription. They need a separate connection. */
export const neededToListen = (names: Names) => probesFor('subscription', names)
