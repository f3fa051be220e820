/** Where a secret may come from: `file:PATH`, `env:NAME` or `command:COMMAND`. */
export const secretPlace = /^(file|env|command):(.+)$/s;
