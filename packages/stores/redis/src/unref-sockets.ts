import type { RedisClient } from './client'

interface ClientHandles {
  readonly stream?: { unref?(): void }
  readonly reconnectTimeout?: { unref?(): void } | null
}

/**
 * Unrefs the client's socket and reconnection timer, so that an idle client does not keep the process alive. A call in
 * progress does, by its own timeout.
 */
export function unrefSockets<T extends RedisClient>(client: T): T {
  const handles = client as unknown as ClientHandles
  client.on('connect', () => handles.stream?.unref?.())
  client.on('reconnecting', () => handles.reconnectTimeout?.unref?.())
  return client
}
