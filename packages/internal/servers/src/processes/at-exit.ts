const pending = new Set<() => void>()

/** Runs `work` when this process exits, unless the returned cancel function was called before. */
export function atExit(work: () => void): () => void {
  pending.add(work)
  return () => void pending.delete(work)
}

function finish(): void {
  for (const work of pending) work()
  pending.clear()
}

process.once('exit', finish)

// A signal ends a process without an `exit` event. If there are other listeners, they decide whether it exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    finish()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  })
}
