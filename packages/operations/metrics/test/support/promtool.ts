import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { ensurePrograms, prometheus, temporaryFolder } from '@larder/servers'

const run = promisify(execFile)

/** What promtool is to look at: files by name, or what comes in. */
interface Material {
  readonly files?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs promtool. @throws what it printed, if it finds fault. */
export async function promtool(
  args: readonly string[],
  { files = {}, input = '' }: Material,
): Promise<string> {
  await ensurePrograms(prometheus)
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(folder.file(name), content)
  try {
    const running = run('promtool', [...args], { cwd: folder.path })
    running.child.stdin?.end(input)
    const { stdout, stderr } = await running
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(stdout + stderr)
  } finally {
    folder.remove()
  }
}
