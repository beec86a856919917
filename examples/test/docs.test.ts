// tier: slow
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { here, listDocs, listReadmes, root } from './pages'

/** The examples of a page, each a module of its own, as files beside this one that exist in memory only. */
function examplesOf(page: string): [file: string, text: string][] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```ts\n(.*?)```/gs)]
  return blocks.map(([, text = ''], at) => [
    join(here, `${relative(root, page).replaceAll(/[/.]/g, '-')}-${at}.ts`),
    `${text}\nexport {}\n`,
  ])
}

test('every example in the docs compiles', () => {
  const examples = new Map([...listReadmes(), ...listDocs('guide', 'operate')].flatMap(examplesOf))
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, join(here, '..'))
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  host.readFile = (file) => examples.get(file) ?? readFile(file)
  const { fileExists, getSourceFile } = {
    fileExists: host.fileExists.bind(host),
    getSourceFile: host.getSourceFile.bind(host),
  }
  host.fileExists = (file) => examples.has(file) || fileExists(file)
  host.getSourceFile = (file, target, ...rest) => {
    const text = examples.get(file)
    return text === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, text, target)
  }
  const program = ts.createProgram([...examples.keys()], options, host)
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file?.fileName.split('/').at(-1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  expect(examples.size).toBeGreaterThan(15)
  expect(problems).toEqual([])
})
