import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const blockBytes = 512

/** The files of a packed package: their paths without the leading `package/`, and their contents. */
export function readTarball(path: string): ReadonlyMap<string, Buffer> {
  const bytes = gunzipSync(readFileSync(path))
  const files = new Map<string, Buffer>()
  for (let offset = 0; offset + blockBytes <= bytes.length; ) {
    const name = textAt(bytes, offset, 100)
    if (name === '') break
    const size = Number.parseInt(textAt(bytes, offset + 124, 12), 8)
    const start = offset + blockBytes
    files.set(name.replace(/^package\//, ''), bytes.subarray(start, start + size))
    offset = start + Math.ceil(size / blockBytes) * blockBytes
  }
  return files
}

function textAt(bytes: Buffer, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end < 0 ? length : end).trim()
}
