/** Places that are taken and given back, and the line of those who wait for one. */
export function createPlaces() {
  const waiting: { readonly places: number; readonly enter: () => void }[] = []
  let taken = 0

  function admit(): void {
    for (let first = waiting[0]; first !== undefined && taken < first.places; first = waiting[0]) {
      waiting.shift()
      taken += 1
      first.enter()
    }
  }

  return {
    /** How many wait. */
    get waiting() {
      return waiting.length
    },
    /** Resolves to true with one of so many places, and to false without one after an abort. */
    take(places: number, signal: AbortSignal): Promise<boolean> {
      return new Promise((resolve) => {
        const visitor = { places, enter }
        function enter(): void {
          signal.removeEventListener('abort', leave)
          resolve(true)
        }
        function leave(): void {
          waiting.splice(waiting.indexOf(visitor), 1)
          resolve(false)
          admit()
        }
        if (signal.aborted) return resolve(false)
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(visitor)
        admit()
      })
    },
    giveBack(): void {
      taken -= 1
      admit()
    },
  }
}

export type Places = ReturnType<typeof createPlaces>
