import com.amazonaws.services.kinesis.clientlibrary.exceptions.KinesisClientLibException;
import com.amazonaws.services.kinesis.clientlibrary.interfaces.IRecordProcessorCheckpointer;
import com.amazonaws.services.kinesis.clientlibrary.interfaces.v2.IRecordProcessor;
import com.amazonaws.services.kinesis.clientlibrary.interfaces.v2.IShutdownNotificationAware;
import com.amazonaws.services.kinesis.clientlibrary.lib.worker.ShutdownReason;
import com.amazonaws.services.kinesis.clientlibrary.types.InitializationInput;
import com.amazonaws.services.kinesis.clientlibrary.types.ProcessRecordsInput;
import com.amazonaws.services.kinesis.clientlibrary.types.ShutdownInput;
import java.nio.charset.StandardCharsets;

/** Prints what it hears of a shard, and says so to the library afterwards. */
final class RecordPrinter implements IRecordProcessor, IShutdownNotificationAware {
  private String shard;

  @Override
  public void initialize(InitializationInput input) {
    shard = input.getShardId();
    say("begin");
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    if (input.getRecords().isEmpty()) return;
    var now = System.currentTimeMillis();
    var lines = new StringBuilder();
    for (var record : input.getRecords()) {
      var data = StandardCharsets.UTF_8.decode(record.getData());
      lines.append("heard record ").append(now).append(' ').append(shard).append(' ')
          .append(record.getSequenceNumber()).append(' ').append(data).append('\n');
    }
    print(lines);
    checkpoint(input.getCheckpointer());
  }

  @Override
  public void shutdown(ShutdownInput input) {
    var isEnd = input.getShutdownReason() == ShutdownReason.TERMINATE;
    say(isEnd ? "end" : "leave");
    if (isEnd) checkpoint(input.getCheckpointer());
  }

  @Override
  public void shutdownRequested(IRecordProcessorCheckpointer checkpointer) {
    print("asked to leave " + shard + "\n");
    checkpoint(checkpointer);
  }

  private void say(String what) {
    print("heard " + what + " " + System.currentTimeMillis() + " " + shard + "\n");
  }

  /** In one piece: many shards are printed of at a time. */
  private static void print(CharSequence lines) {
    synchronized (System.out) {
      System.out.print(lines);
      System.out.flush();
    }
  }

  private void checkpoint(IRecordProcessorCheckpointer checkpointer) {
    try {
      checkpointer.checkpoint();
    } catch (KinesisClientLibException failure) {
      print("no checkpoint of " + shard + ": " + failure + "\n");
    }
  }
}
