/** Figures that are missed, each with what it was found to be owing to. Written by hand, after the run of the date that it begins with. */
export const shortfalls: readonly string[] = [];
