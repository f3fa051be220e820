import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Reading as a registered consumer, which only the asynchronous client can. */
final class FanOut {
  private static final String OPEN = "shardId-000000000004";

  /** The SDK gives up on a Kinesis stream that is silent for 10 s. */
  private static final long PATIENCE_SECONDS = 11;

  private final Scenario scenario;
  private final KinesisAsyncClient kinesis;

  FanOut(Scenario scenario, KinesisAsyncClient kinesis) {
    this.scenario = scenario;
    this.kinesis = kinesis;
  }

  void run() throws Exception {
    var consumer = registerConsumer();
    Scenario.step("fan-out to the end of a shard", () -> readClosedShard(consumer));
    Scenario.step("fan-out after a silence", () -> readAsItComes(consumer));
  }

  private String registerConsumer() throws InterruptedException {
    var stream = scenario.summary().streamARN();
    var consumer = scenario.kinesis
        .registerStreamConsumer(request -> request.streamARN(stream).consumerName("reader")).consumer().consumerARN();
    while (status(consumer) != ConsumerStatus.ACTIVE) Thread.sleep(100);
    return consumer;
  }

  private ConsumerStatus status(String consumer) {
    return scenario.kinesis.describeStreamConsumer(request -> request.consumerARN(consumer))
        .consumerDescription().consumerStatus();
  }

  /** All that is there, then the children, then the end. */
  private void readClosedShard(String consumer) throws Exception {
    var subscription = new Subscription(consumer, Scenario.FIRST, ShardIteratorType.TRIM_HORIZON);
    subscription.ended.get(10, TimeUnit.SECONDS);
    var events = List.copyOf(subscription.events);
    var records = new ArrayList<Record>();
    for (var event : events) records.addAll(event.records());
    Expect.equal(Scenario.words(records), List.of("one", "two", "three", "four"));
    var last = events.get(events.size() - 1);
    Expect.equal(Scenario.children(last.childShards()), List.of(2, 3));
    Expect.equal(last.continuationSequenceNumber(), null);
  }

  /** Records as they are put; then the consumer is taken away, which the stream says before it ends. */
  private void readAsItComes(String consumer) throws Exception {
    var subscription = new Subscription(consumer, OPEN, ShardIteratorType.LATEST);
    subscription.started.get(10, TimeUnit.SECONDS);
    refuseAnother(consumer);
    staySilent(subscription);
    Expect.equal(scenario.putOne("five"), OPEN);
    var event = subscription.next();
    while (event.records().isEmpty()) event = subscription.next();
    Expect.equal(Scenario.words(event.records()), List.of("five"));
    Expect.equal(event.continuationSequenceNumber(), event.records().get(0).sequenceNumber());
    Expect.equal(event.millisBehindLatest(), 0L);
    scenario.kinesis.deregisterStreamConsumer(request -> request.consumerARN(consumer));
    Expect.equal(failureOf(subscription), ResourceNotFoundException.class);
  }

  /** Events come all the same: empty ones. */
  private static void staySilent(Subscription subscription) throws Exception {
    Thread.sleep(PATIENCE_SECONDS * 1000);
    if (subscription.ended.isDone()) {
      var reason = subscription.ended.handle((none, error) -> error).get();
      throw new AssertionError("the subscription ended while there was nothing to say: " + reason);
    }
    for (var silent = 0; silent < 10; silent += 5) {
      var event = subscription.next();
      Expect.equal(event.records(), List.of());
      Expect.equal(event.continuationSequenceNumber() != null, true);
    }
  }

  private void refuseAnother(String consumer) throws Exception {
    var second = new Subscription(consumer, OPEN, ShardIteratorType.LATEST);
    Expect.equal(failureOf(second), ResourceInUseException.class);
  }

  private static Class<?> failureOf(Subscription subscription) throws Exception {
    return Expect.thrown(ExecutionException.class, () -> subscription.ended.get(10, TimeUnit.SECONDS))
        .getCause().getClass();
  }

  private final class Subscription {
    final BlockingQueue<SubscribeToShardEvent> events = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> started = new CompletableFuture<>();
    final CompletableFuture<Void> ended;

    Subscription(String consumer, String shard, ShardIteratorType from) {
      var handler = SubscribeToShardResponseHandler.builder()
          .onResponse(response -> started.complete(null))
          .subscriber(event -> events.add((SubscribeToShardEvent) event))
          .build();
      ended = kinesis.subscribeToShard(
          request -> request.consumerARN(consumer).shardId(shard).startingPosition(start -> start.type(from)),
          handler);
    }

    SubscribeToShardEvent next() throws InterruptedException {
      var event = events.poll(10, TimeUnit.SECONDS);
      if (event == null) throw new AssertionError("no event came for 10 s");
      return event;
    }
  }
}
