import { kindOf, type OptionKind } from '@larder/core'
import { isStorableStatus } from '../policy/storable-status'

/** Field names, hosts or parameters; `example` is what to write. */
export const nameListKind = (example: string): OptionKind =>
  kindOf(`a list of names such as ${example}`, (value) => isListOf(value, isName))

export const statusListKind = kindOf(
  'a list of status codes that may be stored, such as [404, 410]',
  (value) => isListOf(value, isStatus),
)

/** A size in bytes, which may be infinite. */
export const bodySizeKind = kindOf(
  'a number of bytes such as 1_048_576',
  (value) => typeof value === 'number' && value >= 0,
)

const isListOf = (value: unknown, isMember: (member: unknown) => boolean) =>
  Array.isArray(value) && value.every(isMember)

const isName = (value: unknown) => typeof value === 'string' && value !== ''

const isStatus = (value: unknown) =>
  Number.isInteger(value) && isStorableStatus(value as number) && (value as number) <= 599
