/** A failure whose message is the sentence that the user sees. */
export class UserFacingError extends Error {}

/** The user chose not to go on: nothing is shown. */
export class Cancelled extends Error {}
