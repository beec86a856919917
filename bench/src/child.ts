import type { Answer, Order } from './measuring/messages'
import type { Samples, Task } from './workload'
import { workloadNamed } from './workloads'

/** The process of one participant: does what it is told, and ends with the bench. */
let task: Task | undefined

async function obey(order: Order): Promise<Samples> {
  if (order.do === 'prepare') {
    task = await workloadNamed(order.workload).prepare(order.stage)
    return {}
  }
  if (order.do === 'measure') return (await task?.measure(order.round)) ?? {}
  await task?.end()
  return {}
}

function answer(result: Answer): void {
  process.send?.(result)
}

process.on('message', (order: Order) => {
  obey(order).then(
    (samples) => answer({ ok: true, samples }),
    (error: unknown) => answer({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
  )
})
process.once('disconnect', () => process.exit())
