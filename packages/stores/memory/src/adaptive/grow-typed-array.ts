type NumericArray = Int32Array | Float64Array | Uint8Array

/** Elements to grow by at least, so that small arrays are not copied again and again. */
const minGrowth = 64

/** A copy with a quarter more elements. Doubling would leave a third of the array unused on average. */
export function growTypedArray<A extends NumericArray>(array: A): A {
  const length = array.length + Math.max(minGrowth, array.length >>> 2)
  const copy = new (array.constructor as new (length: number) => A)(length)
  copy.set(array)
  return copy
}
