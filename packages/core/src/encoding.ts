export type {
  CreateEntryCodec,
  EntryCodec,
  EntryCodecOptions,
  EntryHeader,
  HeaderResult,
  PayloadFormat,
  ValueResult,
} from './contracts/entry-codec'
export { brotli, deflate, gzip, zstd } from './encoding/compression'
export { createEntryCodec } from './encoding/entry-codec'
export { json } from './encoding/json'
export { msgpack } from './encoding/msgpack'
export { encryption, type SealKey, type SealOptions, signature } from './encoding/sealers'
export { v8 } from './encoding/v8'
export { type ValidationRules, validateValue } from './encoding/validate-value'
export { keyOfTag } from './entry/reserved-tags'
