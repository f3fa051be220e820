/** The version that changes, and that is meant where no qualifier says which. */
export const latest = '$LATEST';
