import type { Engine } from '../../src/log/log.ts';

/** An engine that answers some calls otherwise. */
export function alteredEngine(engine: Engine, calls: Partial<Engine>): Engine {
  return {
    writer: engine.writer,
    prepare: (stream, needs) => engine.prepare(stream, needs),
    append: (key, batch) => engine.append(key, batch),
    read: (key, request) => engine.read(key, request),
    seek: (key, time) => engine.seek(key, time),
    position: (key) => engine.position(key),
    grown: (key, past, signal) => engine.grown(key, past, signal),
    seal: (key) => engine.seal(key),
    trim: (key, before) => engine.trim(key, before),
    drop: (stream) => engine.drop(stream),
    close: () => engine.close(),
    ...calls,
  };
}
