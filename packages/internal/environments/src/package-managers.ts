/** Package managers and runtimes that npm fetches, in the versions that are tested. */
const packages = {
  bun: 'bun@1.4.5',
  deno: 'deno@2.9.6',
  pnpm: 'pnpm@10.34.8',
  yarn: '@yarnpkg/cli-dist@4.18.1',
}

/** The arguments of npx that run a program of another version than the installed one, if any is. */
export function npxArguments(program: keyof typeof packages, ...args: readonly string[]): string[] {
  return ['--yes', '--prefer-offline', `--package=${packages[program]}`, '--', program, ...args]
}
