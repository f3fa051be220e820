/**
 * Whether the program has given OpenTelemetry something to tell metrics to: then it has the package, too. The
 * API keeps what is given to it under this name (@opentelemetry/api, `internal/global-utils`).
 */
export function hasMeterProvider(): boolean {
  const given = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1')) as
    | { metrics?: unknown }
    | undefined;
  return given?.metrics !== undefined;
}
