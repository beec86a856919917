import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { temporaryFolder } from '@larder/servers'

const runProgram = promisify(execFile)

/** The input of promtool: files by name, or text on stdin. */
interface PromtoolInput {
  readonly files?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs promtool, and returns its output. @throws Error with the output if promtool rejects the input. */
export async function runPromtool(
  args: readonly string[],
  { files = {}, input = '' }: PromtoolInput,
): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(folder.file(name), content)
  try {
    const running = runProgram('promtool', [...args], { cwd: folder.path })
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
