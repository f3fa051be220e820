import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.Tag;
import software.amazon.awssdk.services.kinesis.waiters.KinesisWaiter;

/** What a Java program does with a stream. A line per step; ends with 0 when all went as on AWS. */
final class Scenario {
  static final String STREAM = "orders";
  static final String FIRST = "shardId-000000000000";

  /** With the `blocking` client, or with the `asynchronous` one, which also subscribes. */
  public static void main(String[] words) throws Exception {
    if (words[0].equals("blocking")) withBlocking();
    else withAsynchronous();
    System.out.println("content types: " + String.join(", ", Clients.contentTypes));
  }

  private static void withBlocking() throws Exception {
    try (var kinesis = Clients.blocking("app"); var impostor = Clients.blocking("impostor")) {
      var scenario = new Scenario(kinesis, impostor);
      scenario.changeAndRead();
      scenario.describeAndRemove();
    }
  }

  private static void withAsynchronous() throws Exception {
    try (var kinesis = Clients.asynchronous("app"); var impostor = Clients.asynchronous("impostor")) {
      var scenario = new Scenario(Clients.blocking(kinesis), Clients.blocking(impostor));
      scenario.changeAndRead();
      new FanOut(scenario, kinesis).run();
      scenario.describeAndRemove();
    }
  }

  final KinesisClient kinesis;
  private final KinesisClient impostor;
  private final KinesisWaiter waiter;

  Scenario(KinesisClient kinesis, KinesisClient impostor) {
    this.kinesis = kinesis;
    this.impostor = impostor;
    var soon = BackoffStrategy.fixedDelay(Duration.ofMillis(150));
    this.waiter = KinesisWaiter.builder()
        .client(kinesis)
        .overrideConfiguration(options -> options.maxAttempts(100).backoffStrategyV2(soon))
        .build();
  }

  interface Step {
    void run() throws Exception;
  }

  static void step(String name, Step step) throws Exception {
    step.run();
    System.out.println(name + ": as on AWS");
  }

  private void changeAndRead() throws Exception {
    step("create", this::create);
    step("put", this::put);
    step("read", this::read);
    step("split", this::split);
    step("merge", this::merge);
  }

  private void describeAndRemove() throws Exception {
    step("tags", this::tags);
    step("policies", this::policies);
    step("errors", this::errors);
    step("remove", this::remove);
  }

  private void create() {
    kinesis.createStream(request -> request.streamName(STREAM).shardCount(2).tags(Map.of("team", "shop")));
    waitUntilActive();
    Expect.equal(summary().openShardCount(), 2);
    Expect.equal(summary().streamModeDetails().streamMode(), StreamMode.PROVISIONED);
  }

  private void waitUntilActive() {
    waiter.waitUntilStreamExists(request -> request.streamName(STREAM));
  }

  StreamDescriptionSummary summary() {
    return kinesis.describeStreamSummary(request -> request.streamName(STREAM)).streamDescriptionSummary();
  }

  private void put() {
    Expect.equal(putOne("one"), FIRST);
    var entries = Stream.of("two", "three").map(Scenario::entry).toList();
    var answer = kinesis.putRecords(request -> request.streamName(STREAM).records(entries));
    Expect.equal(answer.failedRecordCount(), 0);
    Expect.equal(answer.records().stream().map(record -> record.shardId()).distinct().toList(), List.of(FIRST));
  }

  /** The shard that got it. */
  String putOne(String word) {
    var one = entry(word);
    return kinesis.putRecord(request -> request.streamName(STREAM)
        .data(one.data()).partitionKey(one.partitionKey()).explicitHashKey(one.explicitHashKey())).shardId();
  }

  private static PutRecordsRequestEntry entry(String word) {
    var data = SdkBytes.fromUtf8String(word);
    return PutRecordsRequestEntry.builder().data(data).partitionKey("a").explicitHashKey("0").build();
  }

  private void read() {
    var latest = iterator(start().shardIteratorType(ShardIteratorType.LATEST));
    var all = readFrom(start().shardIteratorType(ShardIteratorType.TRIM_HORIZON));
    Expect.equal(words(all.records()), List.of("one", "two", "three"));
    var two = start().startingSequenceNumber(all.records().get(1).sequenceNumber());
    var at = readFrom(two.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER));
    Expect.equal(words(at.records()), List.of("two", "three"));
    var after = readFrom(two.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER));
    Expect.equal(words(after.records()), List.of("three"));
    var arrived = all.records().get(0).approximateArrivalTimestamp();
    var since = readFrom(start().shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(arrived));
    Expect.equal(words(since.records()), List.of("one", "two", "three"));
    putOne("four");
    var tip = kinesis.getRecords(request -> request.shardIterator(latest));
    Expect.equal(words(tip.records()), List.of("four"));
    Expect.equal(tip.millisBehindLatest(), 0L);
  }

  private static GetShardIteratorRequest.Builder start() {
    return GetShardIteratorRequest.builder().streamName(STREAM).shardId(FIRST);
  }

  private String iterator(GetShardIteratorRequest.Builder start) {
    return kinesis.getShardIterator(start.build()).shardIterator();
  }

  private GetRecordsResponse readFrom(GetShardIteratorRequest.Builder start) {
    var from = iterator(start);
    return kinesis.getRecords(request -> request.shardIterator(from));
  }

  static List<String> words(List<Record> records) {
    return records.stream().map(record -> record.data().asUtf8String()).toList();
  }

  private void split() {
    var quarter = BigInteger.TWO.pow(126).toString();
    kinesis.splitShard(request -> request.streamName(STREAM).shardToSplit(FIRST).newStartingHashKey(quarter));
    waitUntilActive();
    var parent = readFrom(start().shardIteratorType(ShardIteratorType.LATEST));
    Expect.equal(parent.nextShardIterator(), null);
    Expect.equal(children(parent.childShards()), List.of(2, 3));
  }

  static List<Integer> children(List<ChildShard> shards) {
    return shards.stream().map(shard -> index(shard.shardId())).toList();
  }

  private static int index(String shardId) {
    return Integer.parseInt(shardId.substring(shardId.length() - 12));
  }

  private void merge() {
    kinesis.mergeShards(request -> request.streamName(STREAM)
        .shardToMerge("shardId-000000000002").adjacentShardToMerge("shardId-000000000003"));
    waitUntilActive();
    var open = new ArrayList<Shard>();
    var page = kinesis.listShards(request -> request.streamName(STREAM).maxResults(1)
        .shardFilter(filter -> filter.type(ShardFilterType.AT_LATEST)));
    open.addAll(page.shards());
    while (page.nextToken() != null) {
      var token = page.nextToken();
      page = kinesis.listShards(request -> request.nextToken(token));
      open.addAll(page.shards());
    }
    Expect.equal(open.stream().map(shard -> index(shard.shardId())).toList(), List.of(1, 4));
  }

  private void tags() {
    kinesis.addTagsToStream(request -> request.streamName(STREAM).tags(Map.of("stage", "test")));
    kinesis.removeTagsFromStream(request -> request.streamName(STREAM).tagKeys("team"));
    var old = kinesis.listTagsForStream(request -> request.streamName(STREAM)).tags();
    Expect.equal(pairs(old), Map.of("stage", "test"));

    var arn = summary().streamARN();
    kinesis.tagResource(request -> request.resourceARN(arn).tags(Map.of("cost", "low")));
    kinesis.untagResource(request -> request.resourceARN(arn).tagKeys("stage"));
    var now = kinesis.listTagsForResource(request -> request.resourceARN(arn)).tags();
    Expect.equal(pairs(now), Map.of("cost", "low"));
  }

  private static Map<String, String> pairs(List<Tag> tags) {
    var pairs = new LinkedHashMap<String, String>();
    for (var tag : tags) pairs.put(tag.key(), tag.value());
    return pairs;
  }

  private void policies() {
    var arn = summary().streamARN();
    var policy = """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Principal":"*","Action":"kinesis:PutRecord","Resource":"%s"}
        ]}""".formatted(arn);
    kinesis.putResourcePolicy(request -> request.resourceARN(arn).policy(policy));
    Expect.equal(kinesis.getResourcePolicy(request -> request.resourceARN(arn)).policy(), policy);
    kinesis.deleteResourcePolicy(request -> request.resourceARN(arn));
  }

  private void errors() throws Exception {
    var missing = Expect.thrown(ResourceNotFoundException.class,
        () -> kinesis.describeStream(request -> request.streamName("nothing")));
    var details = missing.awsErrorDetails();
    Expect.equal(details.errorMessage(), "Stream nothing under account 000000000000 not found.");
    Expect.equal(missing.statusCode(), 400);
    Expect.thrown(ResourceInUseException.class,
        () -> kinesis.createStream(request -> request.streamName(STREAM).shardCount(1)));
    Expect.thrown(InvalidArgumentException.class,
        () -> kinesis.getRecords(request -> request.shardIterator("nonsense")));
    Expect.equal(code(() -> kinesis.describeStream(request -> request.streamName("?"))), "ValidationException");
    Expect.equal(code(impostor::listStreams), "InvalidSignatureException");
  }

  private static String code(Callable<?> call) throws Exception {
    return Expect.thrown(KinesisException.class, call).awsErrorDetails().errorCode();
  }

  private void remove() {
    kinesis.deleteStream(request -> request.streamName(STREAM).enforceConsumerDeletion(true));
    waiter.waitUntilStreamNotExists(request -> request.streamName(STREAM));
    Expect.equal(kinesis.listStreams().streamNames(), List.of());
  }
}
