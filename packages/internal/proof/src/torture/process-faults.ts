import type { ChildProcess } from 'node:child_process'
import type { ToProcess } from './messages'
import type { Fault } from './topology'

const hour = 3_600_000

/** Faults of one process at a time, chosen at random. */
export function processFaults(children: readonly ChildProcess[], random: () => number): readonly Fault[] {
  let child: ChildProcess | undefined
  const pickChild = () => {
    child = children[Math.floor(random() * children.length)]
    return child
  }
  const send = (message: ToProcess) => void pickChild()?.send(message)
  const doNothing = () => undefined
  return [
    {
      name: 'process stopped',
      inject: () => pickChild()?.kill('SIGSTOP'),
      heal: () => child?.kill('SIGCONT'),
    },
    {
      name: 'process stalls',
      inject: () => send({ kind: 'stall', length: 100 + 700 * random() }),
      heal: doNothing,
    },
    {
      name: 'clock of a process set',
      inject: () => send({ kind: 'set clock', by: 2 * hour * (random() - 0.5) }),
      heal: doNothing,
    },
  ]
}
