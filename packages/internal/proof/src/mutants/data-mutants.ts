import type { Mutant } from './mutant'

/**
 * Each mutant gives a caller another value than its function has returned, or lets two callers share one. Random calls of all
 * methods must find it.
 */
export const dataMutants: readonly Pick<Mutant, 'name' | 'edits'>[] = [
  {
    name: 'copies of a flat record are the record itself',
    edits: [
      {
        file: 'entry/copy.ts',
        find: '=> ({ ...(value as object) })',
        replace: '=> value',
      },
    ],
  },
  {
    name: 'copies of a record share the records in it',
    edits: [
      {
        file: 'entry/copy.ts',
        find: 'copy[name] = copyTree(part)',
        replace: 'copy[name] = part',
      },
    ],
  },
  {
    name: 'copies of a list share the records in it',
    edits: [
      {
        file: 'entry/copy.ts',
        find: 'copy[index] = copyTree(item)',
        replace: 'copy[index] = item',
      },
    ],
  },
  {
    name: 'an entry shares its value with the caller that set it',
    edits: [
      {
        file: 'storage/to-local-entry.ts',
        find: 'value: copy(entry.value)',
        replace: 'value: entry.value',
      },
    ],
  },
  {
    name: 'get returns the value of the entry itself',
    edits: [
      {
        file: 'methods/read-methods.ts',
        find: 'return served.copy(served.value) as never',
        replace: 'return served.value as never',
      },
    ],
  },
  {
    name: 'namespaces share their keys',
    edits: [
      {
        file: 'entry/key.ts',
        find: "return path === '' ? key : path + key",
        replace: 'return key',
      },
    ],
  },
  {
    name: 'long keys are cut',
    edits: [
      {
        file: 'entry/key.ts',
        find: 'sha256Hex(name)',
        replace: 'name.length > 0',
      },
    ],
  },
  {
    name: 'keys of wrapped functions leave out the arguments',
    edits: [
      {
        file: 'entry/canonical-key.ts',
        find: "if (count === 1) return formatArgument(args[0], '1')",
        replace: "if (count === 1) return ''",
      },
    ],
  },
  {
    name: 'getMany returns the values in the order of another list',
    edits: [
      {
        file: 'methods/read-methods.ts',
        find: 'return qualified.map((key) => valueOfHit(lookups.get(key)) as never)',
        replace: 'return qualified.reverse().map((key) => valueOfHit(lookups.get(key)) as never)',
      },
    ],
  },
  {
    name: 'setMany stores one value under all keys',
    edits: [
      {
        file: 'methods/write-methods.ts',
        find: 'const preparing = mapInSlices(pairs, ([key, value]) =>',
        replace: 'const [[, value] = []] = pairs\n    const preparing = mapInSlices(pairs, ([key]) =>',
      },
    ],
  },
  {
    name: 'a function of many keys gives all of them the value of the first',
    edits: [
      {
        file: 'compute/batch-values.ts',
        find: '[key, result[index]]',
        replace: '[key, result[index * 0]]',
      },
    ],
  },
  {
    name: 'a failed function has returned undefined',
    edits: [
      {
        file: 'compute/run-computation.ts',
        find: 'throw new ComputeFailure(error, remembered)',
        replace: 'value = undefined',
      },
    ],
  },
  {
    name: 'the tags of an entry end nothing',
    edits: [
      {
        file: 'invalidation/verdict.ts',
        find: 'for (const tag of subject.tags) {',
        replace: 'for (const tag of [] as string[]) {',
      },
    ],
  },
  {
    name: 'deleteMany deletes the first key alone',
    edits: [
      {
        file: 'methods/write-methods.ts',
        find: 'const records = mapInSlices(keys, (key)',
        replace: 'const records = mapInSlices(keys.slice(0, 1), (key)',
      },
    ],
  },
]
