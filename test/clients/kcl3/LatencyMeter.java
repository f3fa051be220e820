import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.ShardRecordProcessor;

/**
 * Counts how many records took how many milliseconds from the call of PutRecords, whose time is the third word
 * of their data, to processRecords. Begins when it is told to, by a line on stdin, and prints the counts after
 * so many seconds.
 */
final class LatencyMeter {
  private final AtomicLongArray counts = new AtomicLongArray(60_000);
  private volatile boolean isCounting;

  LatencyMeter(int seconds) {
    if (seconds == 0) return;
    var timer = new Thread(() -> measure(seconds));
    timer.setDaemon(true);
    timer.start();
  }

  private void measure(int seconds) {
    try {
      if (System.in.read() < 0) return;
      isCounting = true;
      Thread.sleep(seconds * 1_000L);
      isCounting = false;
    } catch (java.io.IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
    var text = new StringBuilder("latencies");
    for (var milliseconds = 0; milliseconds < counts.length(); milliseconds++) {
      var count = counts.get(milliseconds);
      if (count > 0) text.append(' ').append(milliseconds).append(':').append(count);
    }
    System.out.println(text);
  }

  ShardRecordProcessor processor() {
    return new Processor();
  }

  private final class Processor implements ShardRecordProcessor {
    private long checkpointAt;

    @Override
    public void initialize(InitializationInput input) {
      System.out.println("heard begin " + System.currentTimeMillis() + " " + input.shardId());
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
      var now = System.currentTimeMillis();
      for (var record : input.records()) {
        if (!isCounting) break;
        var putAt = Long.parseLong(StandardCharsets.UTF_8.decode(record.data()).toString().split(" ")[2]);
        counts.incrementAndGet((int) Math.max(0, Math.min(now - putAt, counts.length() - 1)));
      }
      // As most applications do, not after every event.
      if (now < checkpointAt) return;
      checkpointAt = now + 1_000;
      checkpoint(input);
    }

    private static void checkpoint(ProcessRecordsInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (software.amazon.kinesis.exceptions.KinesisClientLibException failure) {
        System.out.println("no checkpoint: " + failure);
      }
    }

    @Override
    public void shardEnded(ShardEndedInput input) {}

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}
  }
}
