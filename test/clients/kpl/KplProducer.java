import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordFailedException;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * Puts known records at a rate: KEY NUMBER TIME, of so many keys. Properties: stream, records, perSecond, keys,
 * endpoint (of https), authority (a file of PEM), region, metrics. Prints how far it is, and in the end how
 * many of them were acknowledged after how many attempts.
 */
public final class KplProducer implements FutureCallback<UserRecordResult> {
  private final String stream = System.getProperty("stream");
  private final int records = Integer.getInteger("records");
  private final int perSecond = Integer.getInteger("perSecond");
  private final int keys = Integer.getInteger("keys");
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger again = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  public static void main(String[] arguments) throws Exception {
    new KplProducer().run();
  }

  private void run() throws Exception {
    var producer = new KinesisProducer(configuration());
    Executor directly = Runnable::run;
    var started = System.nanoTime();
    for (var index = 0; index < records; index++) {
      var due = started + index * 1_000_000_000L / perSecond;
      var early = (due - System.nanoTime()) / 1_000_000;
      if (early > 0) Thread.sleep(early);
      var key = "k" + index % keys;
      var text = key + " " + index / keys + " " + System.currentTimeMillis();
      var data = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      Futures.addCallback(producer.addUserRecord(stream, key, data), this, directly);
      if (index % 100 == 0) System.out.println("put " + index);
    }
    producer.flushSync();
    // The results of the last ones are still on their way from the native process.
    while (acknowledged.get() + failures.size() < records) Thread.sleep(10);
    System.out.println("acknowledged " + acknowledged + " again " + again + " failed " + failures.size());
    failures.stream().limit(10).forEach(System.out::println);
    if (Boolean.getBoolean("linger")) System.in.read();
    producer.destroy();
  }

  private static KinesisProducerConfiguration configuration() {
    var endpoint = URI.create(System.getProperty("endpoint"));
    return new KinesisProducerConfiguration().setRegion(System.getProperty("region"))
        .setKinesisEndpoint(endpoint.getHost()).setKinesisPort(endpoint.getPort())
        .setCloudwatchEndpoint(endpoint.getHost()).setCloudwatchPort(endpoint.getPort())
        .setCaCertFile(System.getProperty("authority")).setCaCertPath("")
        .setMetricsLevel(System.getProperty("metrics", "none")).setMetricsUploadDelay(1_000)
        .setAggregationEnabled(true).setRecordMaxBufferedTime(200);
  }

  @Override
  public void onSuccess(UserRecordResult result) {
    if (result.getAttempts().size() > 1) again.incrementAndGet();
    acknowledged.incrementAndGet();
  }

  @Override
  public void onFailure(Throwable failure) {
    var text = String.valueOf(failure);
    if (failure instanceof UserRecordFailedException failed) {
      var attempts = failed.getResult().getAttempts();
      text = attempts.get(attempts.size() - 1).getErrorCode() + ": " + attempts.get(attempts.size() - 1).getErrorMessage();
    }
    failures.add(text);
  }
}
