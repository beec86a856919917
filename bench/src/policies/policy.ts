/** Keeps keys in so many places. Asked for a key, it says whether it had it, and has it from now on if it wants to. */
export type Policy = (room: number) => (key: number) => boolean
