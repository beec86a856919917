/** A limited number of places for clients of `GET live`. */
export interface LivePlaces {
  readonly capacity: number
  /** Takes a place until it is released; false if all are taken. */
  tryTake(): boolean
  release(): void
}

export function createLivePlaces(capacity: number): LivePlaces {
  let taken = 0
  return {
    capacity,
    tryTake() {
      if (taken >= capacity) return false
      taken += 1
      return true
    },
    release() {
      taken -= 1
    },
  }
}
