/** Where root keys come from: `file:PATH`, `env:NAME` or `command:COMMAND`. */
export const rootKeyPlace = /^(file|env|command):(.+)$/s;
