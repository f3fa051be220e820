import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.kinesis.exceptions.KinesisClientLibException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;

/** Prints what it hears of a shard, and says so to the library afterwards. */
final class RecordPrinter implements ShardRecordProcessor {
  private final PrintStream out;
  private String shard;

  RecordPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard = input.shardId();
    say("begin");
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    if (input.records().isEmpty()) return;
    var now = System.currentTimeMillis();
    var lines = new StringBuilder();
    for (var record : input.records()) {
      var data = StandardCharsets.UTF_8.decode(record.data());
      lines.append("heard record ").append(now).append(' ').append(shard).append(' ')
          .append(record.sequenceNumber()).append(' ').append(data).append('\n');
    }
    print(lines);
    checkpoint(input.checkpointer());
  }

  @Override
  public void shardEnded(ShardEndedInput input) {
    say("end");
    checkpoint(input.checkpointer());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    say("leave");
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    print("asked to leave " + shard + "\n");
    checkpoint(input.checkpointer());
  }

  private void say(String what) {
    print("heard " + what + " " + System.currentTimeMillis() + " " + shard + "\n");
  }

  /** In one piece: many shards are printed of at a time. */
  private void print(CharSequence lines) {
    synchronized (out) {
      out.print(lines);
      out.flush();
    }
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer) {
    try {
      checkpointer.checkpoint();
    } catch (KinesisClientLibException failure) {
      print("no checkpoint of " + shard + ": " + failure + "\n");
    }
  }
}
