import com.amazonaws.SDKGlobalConfiguration;
import com.amazonaws.services.kinesis.AmazonKinesis;
import com.amazonaws.services.kinesis.AmazonKinesisAsync;
import com.amazonaws.services.kinesis.model.AddTagsToStreamRequest;
import com.amazonaws.services.kinesis.model.AmazonKinesisException;
import com.amazonaws.services.kinesis.model.ChildShard;
import com.amazonaws.services.kinesis.model.CreateStreamRequest;
import com.amazonaws.services.kinesis.model.DeleteResourcePolicyRequest;
import com.amazonaws.services.kinesis.model.DeleteStreamRequest;
import com.amazonaws.services.kinesis.model.DeregisterStreamConsumerRequest;
import com.amazonaws.services.kinesis.model.DescribeStreamRequest;
import com.amazonaws.services.kinesis.model.DescribeStreamSummaryRequest;
import com.amazonaws.services.kinesis.model.GetRecordsRequest;
import com.amazonaws.services.kinesis.model.GetRecordsResult;
import com.amazonaws.services.kinesis.model.GetResourcePolicyRequest;
import com.amazonaws.services.kinesis.model.GetShardIteratorRequest;
import com.amazonaws.services.kinesis.model.InvalidArgumentException;
import com.amazonaws.services.kinesis.model.ListShardsRequest;
import com.amazonaws.services.kinesis.model.ListStreamConsumersRequest;
import com.amazonaws.services.kinesis.model.ListTagsForStreamRequest;
import com.amazonaws.services.kinesis.model.MergeShardsRequest;
import com.amazonaws.services.kinesis.model.PutRecordRequest;
import com.amazonaws.services.kinesis.model.PutRecordsRequest;
import com.amazonaws.services.kinesis.model.PutRecordsRequestEntry;
import com.amazonaws.services.kinesis.model.PutRecordsResultEntry;
import com.amazonaws.services.kinesis.model.PutResourcePolicyRequest;
import com.amazonaws.services.kinesis.model.Record;
import com.amazonaws.services.kinesis.model.RegisterStreamConsumerRequest;
import com.amazonaws.services.kinesis.model.RemoveTagsFromStreamRequest;
import com.amazonaws.services.kinesis.model.ResourceInUseException;
import com.amazonaws.services.kinesis.model.ResourceNotFoundException;
import com.amazonaws.services.kinesis.model.Shard;
import com.amazonaws.services.kinesis.model.ShardFilter;
import com.amazonaws.services.kinesis.model.SplitShardRequest;
import com.amazonaws.services.kinesis.model.StreamDescriptionSummary;
import com.amazonaws.services.kinesis.model.Tag;
import com.amazonaws.waiters.MaxAttemptsRetryStrategy;
import com.amazonaws.waiters.PollingStrategy;
import com.amazonaws.waiters.Waiter;
import com.amazonaws.waiters.WaiterParameters;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What a Java program of some years ago does with a stream. A line per step; ends with 0 when all went as on AWS. This
 * SDK has no SubscribeToShard and no TagResource.
 */
final class Scenario {
  private static final String STREAM = "orders";
  private static final String FIRST = "shardId-000000000000";

  public static void main(String[] none) throws Exception {
    var kinesis = Clients.of("app");
    var impostor = Clients.of("impostor");
    try {
      run(new Scenario(kinesis, impostor));
    } finally {
      // Their threads hold the program.
      kinesis.shutdown();
      impostor.shutdown();
    }
    System.out.println("content types: " + String.join(", ", Clients.contentTypes));
  }

  private static void run(Scenario scenario) throws Exception {
    step("create", scenario::create);
    step("put", scenario::put);
    step("read", scenario::read);
    step("split", scenario::split);
    step("merge", scenario::merge);
    step("consumers", scenario::consumers);
    step("tags", scenario::tags);
    step("policies", scenario::policies);
    step("errors", scenario::errors);
    step("remove", scenario::remove);
  }

  private final AmazonKinesisAsync kinesis;
  private final AmazonKinesis impostor;

  private Scenario(AmazonKinesisAsync kinesis, AmazonKinesis impostor) {
    this.kinesis = kinesis;
    this.impostor = impostor;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void step(String name, Step step) throws Exception {
    step.run();
    System.out.println(name + ": as on AWS");
  }

  private void create() {
    kinesis.createStream(new CreateStreamRequest().withStreamName(STREAM).withShardCount(2));
    waitUntilActive();
    Expect.equal(summary().getOpenShardCount(), 2);
    Expect.equal(summary().getStreamModeDetails().getStreamMode(), "PROVISIONED");
  }

  private void waitUntilActive() {
    waitFor(kinesis.waiters().streamExists());
  }

  private static void waitFor(Waiter<DescribeStreamRequest> waiter) {
    var soon = new PollingStrategy(new MaxAttemptsRetryStrategy(100), context -> Thread.sleep(100));
    waiter.run(new WaiterParameters<>(new DescribeStreamRequest().withStreamName(STREAM)).withPollingStrategy(soon));
  }

  private StreamDescriptionSummary summary() {
    return kinesis.describeStreamSummary(new DescribeStreamSummaryRequest().withStreamName(STREAM))
        .getStreamDescriptionSummary();
  }

  private void put() throws Exception {
    Expect.equal(kinesis.putRecordAsync(record("one")).get().getShardId(), FIRST);
    var entries = Stream.of("two", "drei – 三").map(Scenario::entry).toList();
    var answer = kinesis.putRecords(new PutRecordsRequest().withStreamName(STREAM).withRecords(entries));
    Expect.equal(answer.getFailedRecordCount(), 0);
    var shards = answer.getRecords().stream().map(PutRecordsResultEntry::getShardId).distinct().toList();
    Expect.equal(shards, List.of(FIRST));
  }

  private static PutRecordRequest record(String word) {
    return new PutRecordRequest().withStreamName(STREAM)
        .withData(data(word)).withPartitionKey("a").withExplicitHashKey("0");
  }

  private static PutRecordsRequestEntry entry(String word) {
    return new PutRecordsRequestEntry().withData(data(word)).withPartitionKey("a").withExplicitHashKey("0");
  }

  private static ByteBuffer data(String word) {
    return StandardCharsets.UTF_8.encode(word);
  }

  private void read() throws Exception {
    var latest = iterator(start().withShardIteratorType("LATEST"));
    var all = readFrom(start().withShardIteratorType("TRIM_HORIZON")).getRecords();
    Expect.equal(words(all), List.of("one", "two", "drei – 三"));
    var two = start().withStartingSequenceNumber(all.get(1).getSequenceNumber());
    var at = readFrom(two.withShardIteratorType("AT_SEQUENCE_NUMBER"));
    Expect.equal(words(at.getRecords()), List.of("two", "drei – 三"));
    var after = readFrom(two.withShardIteratorType("AFTER_SEQUENCE_NUMBER"));
    Expect.equal(words(after.getRecords()), List.of("drei – 三"));
    readSince(all);
    kinesis.putRecord(record("four"));
    var tip = kinesis.getRecords(new GetRecordsRequest().withShardIterator(latest));
    Expect.equal(words(tip.getRecords()), List.of("four"));
    Expect.equal(tip.getMillisBehindLatest(), 0L);
  }

  /** In JSON, this SDK says milliseconds where seconds are meant: AWS refuses them in the same words. */
  private void readSince(List<Record> all) throws Exception {
    var arrived = all.get(0).getApproximateArrivalTimestamp();
    var since = start().withShardIteratorType("AT_TIMESTAMP").withTimestamp(arrived);
    if (SDKGlobalConfiguration.isCborDisabled()) {
      var refused = Expect.thrown(InvalidArgumentException.class, () -> readFrom(since)).getErrorMessage();
      Expect.equal(refused.startsWith("The timestampInMillis parameter cannot be greater than"), true);
    } else {
      Expect.equal(words(readFrom(since).getRecords()), words(all));
    }
  }

  private static GetShardIteratorRequest start() {
    return new GetShardIteratorRequest().withStreamName(STREAM).withShardId(FIRST);
  }

  private String iterator(GetShardIteratorRequest start) {
    return kinesis.getShardIterator(start).getShardIterator();
  }

  private GetRecordsResult readFrom(GetShardIteratorRequest start) {
    return kinesis.getRecords(new GetRecordsRequest().withShardIterator(iterator(start)));
  }

  private static List<String> words(List<Record> records) {
    return records.stream().map(record -> StandardCharsets.UTF_8.decode(record.getData().duplicate()).toString())
        .toList();
  }

  private void split() {
    var quarter = BigInteger.TWO.pow(126).toString();
    kinesis.splitShard(new SplitShardRequest().withStreamName(STREAM)
        .withShardToSplit(FIRST).withNewStartingHashKey(quarter));
    waitUntilActive();
    var parent = readFrom(start().withShardIteratorType("LATEST"));
    Expect.equal(parent.getNextShardIterator(), null);
    Expect.equal(parent.getChildShards().stream().map(ChildShard::getShardId).map(Scenario::index).toList(),
        List.of(2, 3));
  }

  private static int index(String shardId) {
    return Integer.parseInt(shardId.substring(shardId.length() - 12));
  }

  private void merge() {
    kinesis.mergeShards(new MergeShardsRequest().withStreamName(STREAM)
        .withShardToMerge("shardId-000000000002").withAdjacentShardToMerge("shardId-000000000003"));
    waitUntilActive();
    var open = new ArrayList<Shard>();
    var page = kinesis.listShards(new ListShardsRequest().withStreamName(STREAM).withMaxResults(1)
        .withShardFilter(new ShardFilter().withType("AT_LATEST")));
    open.addAll(page.getShards());
    while (page.getNextToken() != null) {
      page = kinesis.listShards(new ListShardsRequest().withNextToken(page.getNextToken()));
      open.addAll(page.getShards());
    }
    Expect.equal(open.stream().map(Shard::getShardId).map(Scenario::index).toList(), List.of(1, 4));
  }

  private void consumers() {
    var arn = summary().getStreamARN();
    var registered = kinesis
        .registerStreamConsumer(new RegisterStreamConsumerRequest().withStreamARN(arn).withConsumerName("reader"))
        .getConsumer();
    Expect.equal(registered.getConsumerStatus(), "CREATING");
    var listed = kinesis.listStreamConsumers(new ListStreamConsumersRequest().withStreamARN(arn)).getConsumers();
    Expect.equal(listed.size(), 1);
    Expect.equal(listed.get(0).getConsumerARN(), registered.getConsumerARN());
    kinesis.deregisterStreamConsumer(
        new DeregisterStreamConsumerRequest().withConsumerARN(registered.getConsumerARN()));
  }

  private void tags() {
    kinesis.addTagsToStream(new AddTagsToStreamRequest().withStreamName(STREAM)
        .withTags(Map.of("team", "shop", "stage", "test")));
    kinesis.removeTagsFromStream(new RemoveTagsFromStreamRequest().withStreamName(STREAM).withTagKeys("team"));
    var left = new LinkedHashMap<String, String>();
    for (Tag tag : kinesis.listTagsForStream(new ListTagsForStreamRequest().withStreamName(STREAM)).getTags()) {
      left.put(tag.getKey(), tag.getValue());
    }
    Expect.equal(left, Map.of("stage", "test"));
  }

  private void policies() {
    var arn = summary().getStreamARN();
    var policy = """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Principal":"*","Action":"kinesis:PutRecord","Resource":"%s"}
        ]}""".formatted(arn);
    kinesis.putResourcePolicy(new PutResourcePolicyRequest().withResourceARN(arn).withPolicy(policy));
    Expect.equal(kinesis.getResourcePolicy(new GetResourcePolicyRequest().withResourceARN(arn)).getPolicy(), policy);
    kinesis.deleteResourcePolicy(new DeleteResourcePolicyRequest().withResourceARN(arn));
  }

  private void errors() throws Exception {
    var missing = Expect.thrown(ResourceNotFoundException.class,
        () -> kinesis.describeStream(new DescribeStreamRequest().withStreamName("nothing")));
    Expect.equal(missing.getErrorMessage(), "Stream nothing under account 000000000000 not found.");
    Expect.equal(missing.getStatusCode(), 400);
    Expect.thrown(ResourceInUseException.class,
        () -> kinesis.createStream(new CreateStreamRequest().withStreamName(STREAM).withShardCount(1)));
    Expect.thrown(InvalidArgumentException.class,
        () -> kinesis.getRecords(new GetRecordsRequest().withShardIterator("nonsense")));
    var malformed = new DescribeStreamRequest().withStreamName("?");
    Expect.equal(code(() -> kinesis.describeStream(malformed)), "ValidationException");
    Expect.equal(code(impostor::listStreams), "InvalidSignatureException");
  }

  private static String code(Callable<?> call) throws Exception {
    return Expect.thrown(AmazonKinesisException.class, call).getErrorCode();
  }

  private void remove() {
    kinesis.deleteStream(new DeleteStreamRequest().withStreamName(STREAM).withEnforceConsumerDeletion(true));
    waitFor(kinesis.waiters().streamNotExists());
    Expect.equal(kinesis.listStreams().getStreamNames(), List.of());
  }
}
