import type { ParticipantCommand, ParticipantReply } from './measuring/messages'
import type { Samples } from './samples'
import type { ParticipantTask } from './workload'
import { workloadNamed } from './workloads'

/** The process of one participant: executes the commands of the bench and exits with it. */
let task: ParticipantTask | undefined

async function executeCommand(command: ParticipantCommand): Promise<Samples> {
  if (command.do === 'prepare') {
    task = await workloadNamed(command.workload).prepareTask(command.context)
    return {}
  }
  if (command.do === 'measure') return (await task?.measureRound(command.round)) ?? {}
  await task?.close()
  return {}
}

function sendReply(reply: ParticipantReply): void {
  process.send?.(reply)
}

process.on('message', (command: ParticipantCommand) => {
  executeCommand(command).then(
    (samples) => sendReply({ ok: true, samples }),
    (error: unknown) =>
      sendReply({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
  )
})
process.once('disconnect', () => process.exit())
