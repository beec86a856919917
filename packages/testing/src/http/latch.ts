/** A promise that the test resolves. */
export function createLatch() {
  let resolveOpened: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    resolveOpened = resolve
  })
  return { open: () => resolveOpened(), opened }
}
