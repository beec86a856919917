type Numbers = Int32Array | Float64Array | Uint8Array

/** Least to grow by, so that small arrays do not grow again and again. */
const least = 64

/** The same numbers with room for a quarter more: doubling would leave a third of the room empty on average. */
export function grown<A extends Numbers>(numbers: A): A {
  const length = numbers.length + Math.max(least, numbers.length >>> 2)
  const wider = new (numbers.constructor as new (length: number) => A)(length)
  wider.set(numbers)
  return wider
}
