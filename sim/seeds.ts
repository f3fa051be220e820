/** Seeds that once failed. They are always run: each stands for a bug that must not come back. */
export const failedOnce: readonly number[] = [];
