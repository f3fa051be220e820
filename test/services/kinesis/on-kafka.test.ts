// The same tests as of one machine, on a gateway that is alone on three fake brokers.
//
//   ENGINE=kafka npm test -- test/services/kinesis      all of them there

process.env['ENGINE'] = 'kafka';
await import('./encryption.test.ts');
await import('./end-of-shard.test.ts');
