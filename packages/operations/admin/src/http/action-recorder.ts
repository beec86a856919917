import type { AdminAction, AdminOptions } from '../options'

/** Publishes actions. An exception of a listener is reported, and does not fail the request. */
export type RecordAction = (action: Omit<AdminAction, 'at'>) => void

export function createActionRecorder(
  onAction: AdminOptions['onAction'],
  reportError: (error: unknown) => void,
): RecordAction {
  const channel = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel').channel('larder:admin')
  return (record) => {
    const action: AdminAction = { at: new Date(), ...record }
    if (channel?.hasSubscribers) channel.publish(action)
    try {
      onAction?.(action)
    } catch (error) {
      reportError(error)
    }
  }
}
