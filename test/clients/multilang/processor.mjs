// A record processor for the MultiLangDaemon, in JavaScript, that says what it hears: on stderr, since stdout
// is the daemon's.
import kcl from 'aws-kcl';

let shard = '';

function say(what, more = '') {
  process.stderr.write(`heard ${what} ${Date.now()} ${shard} ${more}\n`);
}

kcl({
  initialize({ shardId }, done) {
    shard = shardId;
    say('begin');
    done();
  },
  processRecords({ records, checkpointer }, done) {
    for (const { sequenceNumber, data } of records) {
      say('record', `${sequenceNumber} ${Buffer.from(data, 'base64')}`);
    }
    checkpointer.checkpoint(() => done());
  },
  leaseLost(_, done) {
    say('leave');
    done();
  },
  shardEnded({ checkpointer }, done) {
    say('end');
    checkpointer.checkpoint(() => done());
  },
  shutdownRequested({ checkpointer }, done) {
    checkpointer.checkpoint(() => {
      say('leave');
      done();
    });
  },
}).run();
