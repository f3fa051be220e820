// The same tests as of one machine, on a gateway that is alone on three fake brokers: a slice, for each run.
//
//   ENGINE=kafka npm test -- test/services test/stream test/transcripts      all of them there

process.env['ENGINE'] = 'kafka';
await import('./encryption.test.ts');
await import('./end-of-shard.test.ts');
await import('../../stream/lifecycle.test.ts');
await import('../../stream/put.test.ts');
