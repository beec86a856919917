import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from './at-exit'

/** A folder that is gone with this process at the latest. */
export interface TemporaryFolder {
  readonly path: string
  /** The path of a file in it. */
  file(name: string): string
  remove(): void
}

/** Makes a folder of its own for a server's files. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'larder-'))
  const erase = () => rmSync(path, { recursive: true, force: true })
  const forget = atExit(erase)
  return {
    path,
    file: (name) => join(path, name),
    remove() {
      forget()
      erase()
    },
  }
}
